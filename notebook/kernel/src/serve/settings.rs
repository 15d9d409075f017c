//! The settings that `restudy notebook install` writes.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::Deserialize;

/// `kernel.json` in the home of the kernel.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    pub format: u32,
    pub evcxr: PathBuf,
    /// The compiler of the library: the first line of `rustc -vV`.
    pub rustc: String,
    /// Environment variables of evcxr.
    pub env: BTreeMap<String, String>,
    /// The command that rebuilds the library.
    pub rebuild: Vec<String>,
    /// The code that a process runs before its first cell.
    pub start: String,
}

/// The folder above the one of this executable.
pub fn home() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
    own.parent().and_then(|bin| bin.parent()).map(Into::into).ok_or_else(|| "this program has no folder".into())
}

impl Settings {
    pub fn read(home: &std::path::Path) -> Result<Self, String> {
        let file = home.join("kernel.json");
        let again = "install the kernel again: `restudy notebook install`";
        let text =
            fs::read_to_string(&file).map_err(|error| format!("cannot read {}: {error}\n{again}", file.display()))?;
        let settings: Self =
            serde_json::from_str(&text).map_err(|error| format!("{} is damaged: {error}\n{again}", file.display()))?;
        if settings.format == 1 {
            Ok(settings)
        } else {
            Err(format!("{} is of version {}, this kernel reads 1\n{again}", file.display(), settings.format))
        }
    }
}
