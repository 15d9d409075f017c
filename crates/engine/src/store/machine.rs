//! A description of this machine for verdicts that are passed on: what may change results, and nothing that names the
//! machine or its user.

use serde::{Deserialize, Serialize};

use super::{Instructions, origin};

/// A machine, as far as results may depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Machine {
    /// The operating system: `linux`.
    pub system: String,
    /// The architecture: `x86_64`.
    pub architecture: String,
    /// The model of the processor, where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processor: Option<String>,
    /// The number of processors that this process may use.
    pub processors: usize,
    /// The name of the SIMD instructions, for runs that restudy computes itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
}

impl Machine {
    /// Describes this machine; `instructions` are those of the runs, if restudy computes them itself.
    #[must_use]
    pub fn here(instructions: Option<Instructions>) -> Self {
        Self {
            system: std::env::consts::OS.into(),
            architecture: std::env::consts::ARCH.into(),
            processor: processor().map(|model| anonymous(&model)).filter(|model| !model.is_empty()),
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            instructions: instructions.map(|own| own.name.into()),
        }
    }
}

/// The model of the processor.
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
fn processor() -> Option<String> {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let line = |text: String| {
        let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix(':'));
        value("model name").or_else(|| value("Model")).map(str::to_owned)
    };
    // On many machines without x86, only the device tree has a name.
    read("/proc/cpuinfo").and_then(line).or_else(|| read("/proc/device-tree/model").map(|text| text.replace('\0', "")))
}

/// The model of the processor.
#[cfg(target_os = "macos")]
fn processor() -> Option<String> {
    let output = std::process::Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The model of the processor.
#[cfg(target_os = "windows")]
fn processor() -> Option<String> {
    std::env::var("PROCESSOR_IDENTIFIER").ok()
}

/// What stands in place of a word that is left out.
const LEFT_OUT: &str = "…";

/// Returns a text on one line without its words that are paths, or contain the name of the machine or of the user:
/// these are replaced by `…`.
#[must_use]
pub fn anonymous(text: &str) -> String {
    let host = origin::host();
    let short = host.as_deref().and_then(|host| host.split('.').next()).map(str::to_owned);
    let users = ["USER", "LOGNAME", "USERNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
    let home = ["HOME", "USERPROFILE"].into_iter().filter_map(std::env::var_os);
    let homes = home.filter_map(|home| Some(std::path::Path::new(&home).file_name()?.to_string_lossy().into_owned()));
    let names: Vec<_> = host.into_iter().chain(short).chain(users).chain(homes).filter(|name| name.len() > 1).collect();
    without(text, &names)
}

fn without(text: &str, names: &[String]) -> String {
    let named = |word: &str| names.iter().any(|name| contains(&word.to_lowercase(), &name.to_lowercase()));
    let shown = |word| if is_path(word) || named(word) { LEFT_OUT } else { word };
    text.split_whitespace().map(shown).collect::<Vec<_>>().join(" ")
}

/// Whether a word contains a path: a slash that does not join two words, as in `GNU/Linux`, or more than one.
fn is_path(word: &str) -> bool {
    let mut before = None;
    let mut slashes = 0;
    for c in word.chars() {
        let joins = before.is_some_and(|before: char| before.is_alphanumeric() || before == '_');
        if c == '\\' || c == '/' && !joins {
            return true;
        }
        slashes += usize::from(c == '/');
        before = Some(c);
    }
    slashes > 1
}

/// Whether a word contains a name that is not a part of a longer one.
fn contains(word: &str, name: &str) -> bool {
    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    word.match_indices(name)
        .any(|(place, _)| ends(word[..place].chars().next_back()) && ends(word[place + name.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_hosts_and_users_are_left_out() {
        let names = ["quokka".to_owned(), "Ada".to_owned()];
        for (text, shown) in [
            ("Python 3.12.3", "Python 3.12.3"),
            ("pip 24.0 from /usr/lib/python3/dist-packages/pip (python 3.12)", "pip 24.0 from … (python 3.12)"),
            ("Linux quokka 6.8.0 x86_64 GNU/Linux", "Linux … 6.8.0 x86_64 GNU/Linux"),
            ("built by ada@build: canada, adage", "built by … canada, adage"),
            ("cc (GCC) 13.2 --prefix=/opt ~/bin file:///x C:\\Users\\x home/lin/x", "cc (GCC) 13.2 … … … … …"),
            ("  two \t words\nand a line  ", "two words and a line"),
        ] {
            assert_eq!(without(text, &names), shown, "{text}");
        }
    }

    #[test]
    fn this_machine_is_described() {
        let machine = Machine::here(None);
        assert_eq!((machine.system.as_str(), machine.instructions), (std::env::consts::OS, None));
        assert!(machine.processors > 0);
    }
}
