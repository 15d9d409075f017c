//! What a results folder is for, in `segments/experiment`: the network, or an experiment of a reader's own.
//!
//! The file is one line of JSON, `{"format":1,"experiment":"plain 1"}` with the experiment's name and version, or with `null` for
//! the network. Whoever works in the folder writes it **before anything else is stored there**: a sweep that is killed never
//! leaves runs of which only its author knows what they are. It is made without replacing: of two processes that come at once for
//! different experiments, one finds the name of the other, and goes. Another version of the same experiment takes it over.
//!
//! It stands with the runs, so that whoever moves or deletes these moves or deletes it. Folders of older versions have none;
//! what they are for, the manifest says, or else the journal.

use std::{fmt, fs, io, io::Read, path::Path};

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Store, StoreError, atomic, journal, read};
use crate::digest::grammar::is_line;

/// The file, by its path in the folder.
pub const OWNER: &str = "segments/experiment";

const FORMAT: u32 = 1;

/// More bytes than any such file has.
const MOST_BYTES: u64 = 4096;

/// The longest title of an experiment, in bytes.
const MOST_TITLE: usize = 1000;

/// What a folder is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// The network of this crate.
    Network,
    /// An experiment of a notebook: its name, a space, and its version.
    Experiment(String),
    /// An experiment that declares itself, which specifications name: its name, a space, and its version.
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

/// Why a folder is not for what is to be computed.
#[derive(Debug, Error, Diagnostic)]
pub enum OwnerError {
    /// It is for something else.
    #[error("{folder} is for {found}, not for {own}")]
    #[diagnostic(help("{help}; nothing was changed"))]
    Other {
        /// The results folder.
        folder: String,
        /// What it is for.
        found: String,
        /// What was to be computed.
        own: String,
        /// What to do.
        help: String,
    },
    /// File and manifest contradict each other.
    #[error("{file} says that the folder is for {found}, and manifest.json that it is for {claimed}")]
    #[diagnostic(help(
        "one of them was edited, or copied from another folder: restore it, or move the folder away; nothing was changed"
    ))]
    Contradiction {
        /// The file.
        file: String,
        /// What it says.
        found: String,
        /// What the manifest says.
        claimed: String,
    },
    /// It cannot be read.
    #[error("{file} does not say what the folder is for: {reason}")]
    #[diagnostic(help(
        "it was edited: restore it, or remove it if you know what the runs in segments/ are; nothing was changed"
    ))]
    Malformed {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An experiment cannot be called so.
    #[error("an experiment cannot be called {title:?}")]
    #[diagnostic(help(
        "give it a name and a version on one line of at most {MOST_TITLE} bytes, without control characters"
    ))]
    Title {
        /// What it was to be called.
        title: String,
    },
    /// The runs that are here are of no run of the network, and a notebook computed them.
    #[error("{folder} holds {runs}, none of them of this study: {notebook} computed them")]
    #[diagnostic(help(
        "they are those of an experiment of a reader's own, or of another specification. Run the cell that computed them again, which \
         goes on from them and says what the folder is for; or use another folder with --results. Nothing was changed"
    ))]
    Foreign {
        /// The results folder.
        folder: String,
        /// How many runs it holds.
        runs: String,
        /// The notebook.
        notebook: String,
    },
}

impl Owner {
    /// What a maker of results is, by the experiment that it names.
    #[must_use]
    pub fn of(experiment: Option<&str>) -> Self {
        experiment.map_or(Self::Network, |title| Self::Experiment(title.into()))
    }

    /// The name and the version of the experiment; none of the network.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::Network => None,
            Self::Experiment(title) | Self::Declared(title) => Some(title),
        }
    }

    /// Name and version, apart.
    #[must_use]
    pub fn parts(&self) -> Option<(&str, &str)> {
        self.title().map(|title| title.rsplit_once(' ').unwrap_or((title, "")))
    }

    /// Whether both may share a folder: an experiment may in any of its versions.
    #[must_use]
    pub fn shares(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && self.parts().map(|(name, _)| name) == other.parts().map(|(name, _)| name)
    }

    /// The error of whoever comes as `own` to a folder that is for this.
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

/// How an experiment goes on: by its notebook, or by its program.
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

/// The notebook that computed last in a folder, by the journal, where that can be printed as it is.
#[must_use]
pub fn notebook(folder: &Path) -> Option<String> {
    let entries = journal::read(folder);
    let notebook = entries.into_iter().rev().find_map(|entry| entry.asked.notebook)?;
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

/// What the file in `folder` says; nothing where there is none.
///
/// # Errors
/// It cannot be read, is of a newer format, or was changed.
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
    // In the one form that is written: whatever else says the same was written by something else.
    if stored.format != FORMAT || encode(&owner).ok().is_none_or(|bytes| bytes != text) {
        return Err(malformed("it is not in the form in which restudy writes it".into()).into());
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
    /// Opens a folder for one purpose, and says in it which, before anything else is written there.
    ///
    /// # Errors
    /// As [`open`](Self::open); or the folder is for something else.
    pub fn open_for(folder: &Path, own: &Owner) -> Result<Self, StoreError> {
        let bytes = encode(own)?;
        // Before the folder is touched, and again when it is held: another process may come between.
        require(folder, own)?;
        let store = Self::open(folder)?;
        let path = folder.join(OWNER);
        atomic::no_link(&path)?;
        if owner(folder)?.is_none() {
            atomic::create(&path, &bytes)?;
        }
        match require(folder, own)? {
            Some(found) if found == *own => {}
            // Another version of it, or somebody has removed the file meanwhile.
            _ => atomic::write(&path, &bytes)?,
        }
        Ok(store)
    }
}

/// Refuses a folder whose file says that it is for something else.
fn require(folder: &Path, own: &Owner) -> Result<Option<Owner>, StoreError> {
    match owner(folder)? {
        Some(found) if !found.shares(own) => Err(found.refuses(folder, own).into()),
        found => Ok(found),
    }
}

/// Whether a folder has runs and does not say itself what it is for, as those of older versions.
#[must_use]
pub fn is_silent(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(OWNER)).is_err() && super::has_segments(folder)
}

#[cfg(test)]
mod tests;
