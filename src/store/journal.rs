//! The journal: how it went. One JSON line a sweep in `journal/`, one file a process, so that nobody overwrites anybody.
//!
//! Nothing in it enters a result; deleting it loses only history.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::train::Kernel;

/// How a sweep was asked for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Asked {
    /// The command line.
    pub command: Vec<String>,
    /// The notebook, where a cell asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notebook: Option<String>,
    /// The identifier of the cell, or its execution count where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
}

/// One sweep, as it went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When it began, in seconds since 1970.
    pub started: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// The version of this program.
    pub restudy: String,
    /// The profile it was built with.
    pub profile: String,
    /// Operating system and architecture.
    pub machine: String,
    /// The instructions of the kernel.
    pub kernel: String,
    /// Threads that trained.
    pub threads: usize,
    /// Runs computed, and runs that were there already.
    pub computed: usize,
    /// Runs that were there already.
    pub cached: usize,
    /// Steps trained.
    pub steps: u64,
    /// How it was asked for.
    #[serde(flatten)]
    pub asked: Asked,
}

impl Entry {
    /// An entry that says where and by what, with nothing done yet.
    #[must_use]
    pub fn of_this_machine(restudy: &str, kernel: Kernel, asked: &Asked) -> Self {
        Self {
            started: now(),
            seconds: 0.0,
            restudy: restudy.into(),
            profile: if cfg!(debug_assertions) { "debug" } else { "optimised" }.into(),
            machine: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            kernel: kernel.name().into(),
            threads: 0,
            computed: 0,
            cached: 0,
            steps: 0,
            asked: asked.clone(),
        }
    }

    /// Writes the entry to a file of its own.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn write(&self, folder: &Path) -> Result<PathBuf, StoreError> {
        let journal = folder.join("journal");
        fs::create_dir_all(&journal).map_err(|error| StoreError::io("create", &journal, error))?;
        let path = journal.join(format!("{}-{}.json", self.started, std::process::id()));
        let text = serde_json::to_string(self).expect("an entry is plain data") + "\n";
        super::write(&path, text.as_bytes())?;
        Ok(path)
    }
}

/// Every entry that can be read, oldest first.
#[must_use]
pub fn read(folder: &Path) -> Vec<Entry> {
    let files = fs::read_dir(folder.join("journal")).into_iter().flatten().flatten();
    let mut entries: Vec<Entry> =
        files.filter_map(|file| serde_json::from_slice(&super::read(&file.path()).ok()?).ok()).collect();
    entries.sort_by_key(|entry| entry.started);
    entries
}

/// Seconds since 1970.
#[must_use]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}
