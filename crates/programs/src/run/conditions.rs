//! Conditions of a run that should not change its results, and can be varied to see whether they do.

use std::{collections::BTreeMap, ffi::OsString, process};

use super::container::Engine;
use crate::spec::Command;

/// A condition that can be varied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// The folder of the run.
    Folder,
    /// The home folder.
    Home,
    /// The time zone.
    TimeZone,
    /// The locale.
    Locale,
    /// The permissions of new files.
    Umask,
    /// The seed of hashes.
    HashSeed,
    /// The number of threads.
    Threads,
}

/// The variables that tell libraries their number of threads.
pub const THREADS: [&str; 6] = [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "RAYON_NUM_THREADS",
];

/// The variables of the locale.
const LOCALE: [&str; 2] = ["LANG", "LC_ALL"];

impl Condition {
    /// All conditions, in the order in which they are varied.
    pub const ALL: [Self; 7] =
        [Self::Folder, Self::Home, Self::TimeZone, Self::Locale, Self::Umask, Self::HashSeed, Self::Threads];

    /// Returns the name of the condition.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Home => "home",
            Self::TimeZone => "time-zone",
            Self::Locale => "locale",
            Self::Umask => "umask",
            Self::HashSeed => "hash-seed",
            Self::Threads => "threads",
        }
    }

    /// Returns the condition as a message names it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Folder => "the folder of the run",
            Self::Home => "`HOME`",
            Self::TimeZone => "`TZ`",
            Self::Locale => "the locale (`LANG`, `LC_ALL`)",
            Self::Umask => "the umask",
            Self::HashSeed => "`PYTHONHASHSEED`",
            Self::Threads => "the number of threads (`OMP_NUM_THREADS` and the like)",
        }
    }

    /// Returns the condition of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.name() == name)
    }

    /// Returns why the condition cannot be varied here; `None` if it can.
    #[must_use]
    pub fn obstacle(self, command: &Command) -> Option<String> {
        let set = |names: &[&str]| {
            let name = names.iter().find(|name| command.environment.contains_key(**name))?;
            Some(format!("the specification sets `{name}`"))
        };
        match self {
            Self::Folder if !command.hermetic => Some("runs start in the folder of the specification".into()),
            Self::Folder => None,
            Self::Home if command.container.is_some() && Engine::found().is_ok_and(|own| own == Engine::Apptainer) => {
                Some("apptainer sets `HOME`".into())
            }
            Self::Home => set(&["HOME"]),
            Self::TimeZone => set(&["TZ"]),
            Self::Locale if command.container.is_some() => Some("it is not known which locales the image has".into()),
            Self::Locale => {
                set(&LOCALE).or_else(|| other_locale().is_none().then(|| "no other locale is installed".into()))
            }
            Self::Umask => (!cfg!(unix)).then(|| "this system has none".into()),
            Self::HashSeed => set(&["PYTHONHASHSEED"]),
            Self::Threads => set(&THREADS),
        }
    }

    /// Changes the variables of a run. `other` is an empty folder.
    pub(super) fn apply(
        self,
        command: &Command,
        other: &std::path::Path,
        variables: &mut BTreeMap<OsString, OsString>,
    ) {
        let mut set = |name: &str, value: OsString| _ = variables.insert(name.into(), value);
        match self {
            Self::Folder | Self::Umask => {}
            Self::Home => set("HOME", other.into()),
            Self::TimeZone => set("TZ", "<+0545>-5:45".into()),
            Self::Locale => {
                let locale = other_locale().unwrap_or_else(|| "C".into());
                LOCALE.iter().for_each(|name| set(name, locale.clone().into()));
            }
            Self::HashSeed => set("PYTHONHASHSEED", "20".into()),
            Self::Threads => THREADS.iter().for_each(|name| set(name, (command.processors + 1).to_string().into())),
        }
    }
}

/// Returns the variables that are the same for every run, on every machine, unless the specification sets them.
pub(super) fn fixed(command: &Command) -> BTreeMap<OsString, OsString> {
    let threads = THREADS.map(|name| (name, command.processors.to_string()));
    let own = [("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8"), ("TZ", "UTC0"), ("PYTHONHASHSEED", "0")];
    let own = own.map(|(name, value)| (name, value.to_owned()));
    own.into_iter().chain(threads).map(|(name, value)| (name.into(), value.into())).collect()
}

/// An installed locale other than that of the runs, with other rules if possible.
fn other_locale() -> Option<String> {
    static FOUND: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    let find = || {
        let output = process::Command::new("locale").arg("-a").stderr(process::Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let names: Vec<&str> =
            text.lines().filter(|name| !["C", "POSIX"].contains(name) && !name.starts_with("C.")).collect();
        let begins = |start: &str| names.iter().find(|name| name.starts_with(start)).map(|name| (*name).to_owned());
        ["tr_", "de_", "fr_"]
            .iter()
            .find_map(|start| begins(start))
            .or_else(|| names.first().map(|name| (*name).to_owned()))
    };
    FOUND.get_or_init(find).clone()
}
