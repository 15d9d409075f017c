//! `verify --badge`: a picture of the verified root, in a file that is committed.

mod drawing;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::{Value, json};

use self::drawing::Badge;
use crate::{
    cli::{CliError, Code, remedies, text},
    digest::Digest,
    experiment::Promise,
    store::{self, StoreError},
};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Write a badge (SVG) with the number of verified runs and their root, if all is proven.
    #[arg(long, value_name = "FILE.svg", conflicts_with = "bisect")]
    badge: Option<PathBuf>,
    /// With --badge: write nothing, and end with exit code 4 if FILE.svg is not the current badge.
    #[arg(long, requires = "badge")]
    check: bool,
}

pub(super) struct Kept {
    file: PathBuf,
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Written,
    Unchanged,
    Current,
    /// Out of date, with the text of the old badge, if there is one, and of the new one.
    Stale { old: Option<String>, new: String },
    /// The verification failed.
    Unproven,
}

impl Options {
    /// Refuses a badge for an experiment that does not promise equal bits.
    pub(super) fn require_promise(&self, promised: Promise) -> Result<(), CliError> {
        if self.badge.is_none() || promised == Promise::Bits {
            return Ok(());
        }
        Err(CliError::usage(
            Code::BadgeNoPromise,
            "the experiment does not promise equal bits, so a badge cannot state that its runs are verified",
            "leave out --badge",
        ))
    }

    /// Refuses, before anything is trained, a file that cannot be written or is not a badge.
    pub(super) fn require_place(&self, results: &Path) -> Result<(), CliError> {
        let Some(file) = self.badge.as_deref().filter(|_| !self.check) else { return Ok(()) };
        let refuse = |code: Code, why: &str, help: &str| Err(CliError::usage(code, format!("{} {why}", file.display()), help));
        if remedies::is_inside(file, results) {
            return refuse(
                Code::OutputInside,
                "is inside the results folder, where only the study's own files belong",
                "name a file beside the folder, such as results/hidden.svg for results/hidden",
            );
        }
        let above = file.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !above.is_dir() {
            return refuse(Code::BadgeNoFolder, "is in a folder that does not exist", "create the folder first, or name another file");
        }
        let about = match fs::symlink_metadata(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            about => about.map_err(|error| StoreError::io("read", file, error))?,
        };
        if !about.is_file() {
            return refuse(Code::BadgeOtherFile, "is not a regular file", "name another file");
        }
        if about.permissions().readonly() {
            return Err(CliError::machine(
                Code::BadgeReadOnly,
                format!("cannot write {}: it is read-only", file.display()),
                "make it writable, name another file, or only compare it with --check",
            ));
        }
        match read(file)?.as_deref().and_then(drawing::said) {
            Some(_) => Ok(()),
            None => refuse(Code::BadgeOtherFile, "exists and is not a badge of restudy", "name another file, or remove this one"),
        }
    }

    /// Writes or compares the badge of a root. After a sample, `verified` of the `runs` were computed again.
    pub(super) fn keep(
        &self,
        proven: bool,
        root: Digest,
        verified: Option<usize>,
        runs: usize,
    ) -> Result<Option<Kept>, CliError> {
        let Some(file) = &self.badge else { return Ok(None) };
        let kept = |state| Ok(Some(Kept { file: file.clone(), state }));
        if !proven {
            return kept(State::Unproven);
        }
        let badge = Badge { root, verified, runs };
        let new = badge.svg();
        let old = read(file)?;
        // A checkout may change line ends.
        let same = old.as_ref().is_some_and(|old| old.replace("\r\n", "\n") == new);
        if same {
            return kept(if self.check { State::Current } else { State::Unchanged });
        }
        if self.check {
            let old = old.map(|old| drawing::said(&old).unwrap_or("nothing that is a badge").to_owned());
            return kept(State::Stale { old, new: badge.statement() });
        }
        store::write(file, new.as_bytes()).map_err(StoreError::of_named)?;
        kept(State::Written)
    }
}

/// The text of a badge; none if the file does not exist.
fn read(file: &Path) -> Result<Option<String>, StoreError> {
    match store::read(file) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io("read", file, error)),
    }
}

impl Kept {
    /// Whether the badge is missing or out of date.
    pub(super) fn is_stale(&self) -> bool {
        matches!(self.state, State::Stale { .. })
    }

    pub(super) fn say(&self, quiet: bool) {
        let file = self.file.display();
        match &self.state {
            State::Written if !quiet => text::say(format!("badge  wrote {file}")),
            State::Unchanged if !quiet => text::say(format!("badge  {file} is unchanged")),
            State::Current if !quiet => text::say(format!("badge  {file} is current")),
            State::Written | State::Unchanged | State::Current => {}
            State::Unproven => text::say(format!("badge  {file} was neither written nor compared: the verification failed")),
            State::Stale { old, new } => {
                let old = match old {
                    Some(old) => format!("is out of date: it says \"{old}\", not"),
                    None => "is missing: it should say".into(),
                };
                let remedy = text::command_line_without_flag("--check");
                text::say(format!("badge  {file} {old} \"{new}\"; write it with `{remedy}`"));
            }
        }
    }

    pub(super) fn json(&self) -> Value {
        let state = match &self.state {
            State::Written => "written",
            State::Unchanged => "unchanged",
            State::Current => "current",
            State::Stale { old: Some(_), .. } => "stale",
            State::Stale { old: None, .. } => "missing",
            State::Unproven => "unproven",
        };
        json!({ "file": self.file.to_string_lossy(), "state": state })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_requires_the_promise_of_equal_bits() {
        let options = |badge: Option<&str>| Options { badge: badge.map(PathBuf::from), check: false };
        assert!(options(Some("moons.svg")).require_promise(Promise::Bits).is_ok());
        assert!(options(Some("moons.svg")).require_promise(Promise::Nothing).is_err());
        assert!(options(None).require_promise(Promise::Nothing).is_ok());
    }
}
