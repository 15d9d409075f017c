//! The owner of a results folder, in `segments/experiment`: the network, or another experiment.
//!
//! The file is one line of JSON, `{"format":1,"experiment":"plain 1"}` with the name and version of an experiment of a
//! notebook, or with `null` for the network; experiments that declare themselves have their title under `declared`. A
//! process writes it **before anything else is stored** in the folder: a killed sweep never leaves runs of an unknown
//! experiment. It is created without replacing: of two concurrent processes with different experiments, one reads the
//! name of the other, and stops. Another version of the same experiment replaces it.
//!
//! It is in the folder of the runs, so that it is moved and deleted with them. Folders of older versions have none;
//! their owner is in the manifest, or else follows from the journal.

use std::{fmt, fs, io, io::Read, path::Path};

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Store, StoreError, atomic, journal, read};
use crate::digest::grammar::is_line;

/// The path of the file in the results folder.
pub const OWNER: &str = "segments/experiment";

const FORMAT: u32 = 1;

/// More bytes than any valid file has.
const MOST_BYTES: u64 = 4096;

/// In bytes.
const MOST_TITLE: usize = 1000;

/// The experiment that a folder belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// The network.
    Network,
    /// A custom experiment of a notebook: its name, a space, and its version.
    Experiment(String),
    /// A declared experiment, which specifications name: its name, a space, and its version.
    Declared(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: u32,
    experiment: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    declared: Option<String>,
}

/// Why a folder cannot be used for an experiment.
#[derive(Debug, Error, Diagnostic)]
pub enum OwnerError {
    /// The folder belongs to another experiment.
    #[error("{folder} belongs to {found}, not to {own}")]
    #[diagnostic(help("{help}; nothing was changed"))]
    Other {
        /// The results folder.
        folder: String,
        /// Its owner.
        found: String,
        /// The experiment to be computed.
        own: String,
        /// The remedy.
        help: String,
    },
    /// The owner file and the manifest contradict each other.
    #[error("{file} names {found} as the owner of the folder, but manifest.json names {claimed}")]
    #[diagnostic(help(
        "one of the files was edited, or copied from another folder: restore it, or move the folder away; nothing was changed"
    ))]
    Contradiction {
        /// The file.
        file: String,
        /// The owner in it.
        found: String,
        /// The owner in the manifest.
        claimed: String,
    },
    /// The owner file cannot be read.
    #[error("{file} does not name the owner of the folder: {reason}")]
    #[diagnostic(help(
        "the file was edited: restore it, or remove it if you are sure which experiment computed the runs in segments/; nothing was changed"
    ))]
    Malformed {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The title of an experiment is invalid.
    #[error("{title:?} is no valid title of an experiment")]
    #[diagnostic(help(
        "use a name and a version on one line of at most {MOST_TITLE} bytes, without control characters"
    ))]
    Title {
        /// The invalid title.
        title: String,
    },
    /// The folder has no run of this study, and a notebook computed its runs.
    #[error("{folder} has {runs}, none of this study; {notebook} computed them")]
    #[diagnostic(help(
        "the runs are those of a custom experiment, or of another specification. Run the cell that computed them again: it resumes from them, \
             and records the owner of the folder. Or use another folder with --results. Nothing was changed"
    ))]
    Foreign {
        /// The results folder.
        folder: String,
        /// The number of its runs, in words.
        runs: String,
        /// The notebook.
        notebook: String,
    },
}

impl Owner {
    /// Returns the owner with this title of a custom experiment; the network without one.
    #[must_use]
    pub fn of(experiment: Option<&str>) -> Self {
        experiment.map_or(Self::Network, |title| Self::Experiment(title.into()))
    }

    /// Returns name and version of the experiment; `None` for the network.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::Network => None,
            Self::Experiment(title) | Self::Declared(title) => Some(title),
        }
    }

    /// Returns name and version separately.
    #[must_use]
    pub fn parts(&self) -> Option<(&str, &str)> {
        self.title().map(|title| title.rsplit_once(' ').unwrap_or((title, "")))
    }

    /// Whether both may share a folder: versions of one experiment may.
    #[must_use]
    pub fn shares(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && self.parts().map(|(name, _)| name) == other.parts().map(|(name, _)| name)
    }

    /// Returns the error for a process with the experiment `own` in a folder of this owner.
    #[must_use]
    pub fn refuses(&self, folder: &Path, own: &Self) -> OwnerError {
        let help = match self {
            Self::Network => "give the study or the experiment another name, or use another results folder".into(),
            Self::Experiment(_) | Self::Declared(_) => {
                format!("{}; or give the study another name, or use another results folder", remedy(folder, self))
            }
        };
        OwnerError::Other { folder: folder.display().to_string(), found: self.to_string(), own: own.to_string(), help }
    }
}

/// Returns how to continue an experiment: with its notebook, or with its program.
#[must_use]
pub fn remedy(folder: &Path, owner: &Owner) -> String {
    let name = owner.parts().map_or("own", |(name, _)| name);
    if let Owner::Declared(_) = owner {
        return match notebook(folder) {
            Some(notebook) => format!("run the cell that sweeps a study of `{name}` in {notebook} again"),
            None => format!("sweep a specification of `{name}` with the program that has it"),
        };
    }
    let cell = format!("the cell with `sweep_own` of `{name}`");
    match notebook(folder) {
        Some(notebook) => format!("run {cell} in {notebook} again"),
        None => format!("run {cell} in its notebook again"),
    }
}

/// Returns the notebook that last computed in a folder, according to the journal, if its name is safe to print.
#[must_use]
pub fn notebook(folder: &Path) -> Option<String> {
    let entries = journal::read(folder);
    let notebook = entries.into_iter().rev().find_map(|entry| entry.request.notebook)?;
    let plain = notebook.chars().all(|c| c.is_alphanumeric() || c == ' ' || c.is_ascii_graphic());
    plain.then_some(notebook)
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            None => f.write_str("the network"),
            Some((name, "")) => write!(f, "the experiment `{name}`"),
            Some((name, version)) => write!(f, "the experiment `{name}`, version {version}"),
        }
    }
}

/// Reads the owner of `folder`; `None` without the file.
///
/// # Errors
/// The file cannot be read, is of a newer format, or was changed.
pub fn owner(folder: &Path) -> Result<Option<Owner>, StoreError> {
    let path = folder.join(OWNER);
    let malformed = |reason: String| OwnerError::Malformed { file: path.display().to_string(), reason };
    let file = match read::open(&path) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Err(malformed(error.to_string()).into()),
        Err(error) => return Err(StoreError::io("read", &path, error)),
    };
    let mut text = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut text).map_err(|error| StoreError::io("read", &path, error))?;
    let stored: Stored = serde_json::from_slice(&text).map_err(|error| malformed(error.to_string()))?;
    if stored.format > FORMAT {
        return Err(StoreError::Newer { path, found: stored.format.into() });
    }
    let owner = match (stored.experiment, stored.declared) {
        (None, Some(title)) => Owner::Declared(title),
        (title, _) => Owner::of(title.as_deref()),
    };
    // Only the canonical form is accepted: anything else was not written by restudy.
    if stored.format != FORMAT || encode(&owner).ok().is_none_or(|bytes| bytes != text) {
        return Err(malformed("it is not in the form that restudy writes".into()).into());
    }
    Ok(Some(owner))
}

fn encode(owner: &Owner) -> Result<Vec<u8>, OwnerError> {
    if let Some(title) = owner.title() {
        let printable = is_line(title);
        if title.is_empty() || title.trim() != title || title.len() > MOST_TITLE || !printable {
            return Err(OwnerError::Title { title: title.into() });
        }
    }
    let title = || owner.title().map(Into::into);
    let (experiment, declared) = if matches!(owner, Owner::Declared(_)) { (None, title()) } else { (title(), None) };
    let stored = Stored { format: FORMAT, experiment, declared };
    let text = serde_json::to_string(&stored).unwrap_or_default();
    Ok(format!("{text}\n").into_bytes())
}

impl Store {
    /// Opens a folder for one experiment, and records the owner before anything else is written.
    ///
    /// # Errors
    /// As [`open`](Self::open); or the folder belongs to another experiment.
    pub fn open_for(folder: &Path, own: &Owner) -> Result<Self, StoreError> {
        let bytes = encode(own)?;
        // Before the folder is touched, and again under the lock: another process may come between.
        require(folder, own)?;
        let store = Self::open(folder)?;
        let path = folder.join(OWNER);
        atomic::no_link(&path)?;
        if owner(folder)?.is_none() {
            atomic::create(&path, &bytes)?;
        }
        match require(folder, own)? {
            Some(found) if found == *own => {}
            // Another version of it, or the file was removed meanwhile.
            _ => atomic::write(&path, &bytes)?,
        }
        Ok(store)
    }
}

/// Refuses a folder that belongs to another experiment.
fn require(folder: &Path, own: &Owner) -> Result<Option<Owner>, StoreError> {
    match owner(folder)? {
        Some(found) if !found.shares(own) => Err(found.refuses(folder, own).into()),
        found => Ok(found),
    }
}

/// Whether a folder has runs and no owner file, as those of older versions.
#[must_use]
pub fn is_silent(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(OWNER)).is_err() && super::has_segments(folder)
}

#[cfg(test)]
mod tests;
