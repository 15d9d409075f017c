use std::{
    io,
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

use super::FORMAT;
use crate::digest::Record;

/// Why the results folder could not be used.
#[derive(Debug, Error, Diagnostic)]
pub enum StoreError {
    /// The operating system said no.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
        /// What to do.
        #[help]
        help: &'static str,
    },
    /// Another process holds the lock.
    #[error("another restudy is working in {}", folder.display())]
    #[diagnostic(help("wait until it is done, or give this one another folder with --results"))]
    Busy {
        /// The results folder.
        folder: PathBuf,
    },
    /// The file was written by a newer version.
    #[error("{} has format {found}; this restudy reads formats up to {FORMAT}", path.display())]
    #[diagnostic(help("use the restudy that wrote it, or a newer one; nothing was changed"))]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
    /// Two results of one run differ, which cannot be under one contract.
    #[error("{}: run {run} differs from another result of the same run{epoch}", path.display())]
    #[diagnostic(help(
        "one of them was computed by a changed program or damaged: remove the segment you do not trust, and run `restudy verify`"
    ))]
    Disagreement {
        /// The segment with the second result.
        path: PathBuf,
        /// The run.
        run: String,
        /// Where they first differ, as a clause.
        epoch: String,
    },
}

impl StoreError {
    /// A fault of the operating system, with the remedy that fits its kind.
    #[must_use]
    pub fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        let help = match source.kind() {
            io::ErrorKind::PermissionDenied => {
                "check the permissions of the folder, or choose another place for what is written"
            }
            io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only: choose another folder with --results",
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room and run the same command again: finished runs are kept"
            }
            io::ErrorKind::FileTooLarge => {
                "raise the limit on the size of files (ulimit -f) and run the same command again: finished runs are kept"
            }
            io::ErrorKind::NotFound => "check the path",
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                "a file stands where a folder is needed: move it away, or choose another folder with --results"
            }
            _ => "what was committed before is untouched; run the same command again once the cause is mended",
        };
        Self::Io { action, path: path.into(), source, help }
    }

    pub(super) fn disagreement(path: &Path, record: &Record, other: &Record) -> Self {
        let first = record.chain.iter().zip(&other.chain).position(|(a, b)| a != b);
        let epoch = first.map_or(String::new(), |i| format!(", first at epoch {}", record.points[i].epoch));
        Self::Disagreement { path: path.into(), run: record.id.short(), epoch }
    }
}
