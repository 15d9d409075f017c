mod disagreement;

use std::{
    io,
    path::{Path, PathBuf},
};

use miette::Diagnostic;
use thiserror::Error;

use self::disagreement::origin;
use super::{OwnerError, format::NEWEST};
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
    /// A link stands where results have a folder or a file of their own.
    #[error("{} is a link to somewhere else, which results never are", path.display())]
    #[diagnostic(help(
        "nothing was written. To keep results on another disk, link the folder above them, or name that disk with --results; otherwise remove the link"
    ))]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// Another process holds the lock for itself alone.
    #[error("another restudy is working in {}, and lets nobody else in", folder.display())]
    #[diagnostic(help("wait until it is done, or give this one another folder with --results"))]
    Busy {
        /// The results folder.
        folder: PathBuf,
    },
    /// The folder is not for what is to be computed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Owner(#[from] OwnerError),
    /// The file was written by a newer version.
    #[error("{} has format {found}; this restudy reads formats up to {NEWEST}", path.display())]
    #[diagnostic(help("use the restudy that wrote it, or a newer one; nothing was changed"))]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
    /// Two results of one run differ, which cannot be under one contract.
    #[error("run {run} has two results that differ{epoch}:\n  {}\n  {}", origins[0], origins[1])]
    #[diagnostic(help(
        "nothing was removed. One of them was computed by a changed program or a faulty machine, or is forged: above stands where \
         each is and who computed it; remove the segment that you do not trust, and run the same command again: the other runs of that \
         segment are then computed again, too, if no other segment holds them. \
         To have the very step at which the two part, sweep the run with both programs and --set evaluate.every={{steps=1}}, and compare the folders with \
         `restudy verify --bisect A B --steps`"
    ))]
    Disagreement {
        /// The run.
        run: String,
        /// Where they first differ, as a clause.
        epoch: String,
        /// For each result: where it is, what it has there, its digest, and who computed it.
        origins: [String; 2],
    },
    /// A result is of another shape than its run, which it cannot come from.
    #[error("run {run} has a result that is not of its settings:\n  {origin}")]
    #[diagnostic(help(
        "nothing was removed. It was computed by a changed program, which for an experiment of one's own is one with a new version, or is forged: remove the segment that it is in, and run \
         the same command again"
    ))]
    Unfit {
        /// The run.
        run: String,
        /// The digest of the result, where it is, and who computed it.
        origin: String,
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
            io::ErrorKind::FileTooLarge if action == "read" => {
                "no file of more than 8 GB is read: restore it from a copy if it was damaged, or move it away"
            }
            io::ErrorKind::FileTooLarge => {
                "raise the limit on the size of files (ulimit -f) and run the same command again: finished runs are kept"
            }
            io::ErrorKind::NotFound if matches!(action, "write" | "write to") => {
                "the folder was removed or renamed while restudy worked in it: put it back, or run the same command again"
            }
            io::ErrorKind::NotFound => "check the path",
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                "a file stands where a folder is needed: move it away, or choose another folder with --results"
            }
            _ => "what was committed before is untouched; run the same command again once the cause is mended",
        };
        Self::Io { action, path: path.into(), source, help }
    }

    /// The same of a file that the user named: it is not in the results folder, so that another one of those is no remedy.
    #[must_use]
    pub fn of_named(mut self) -> Self {
        if let Self::Io { source, help, .. } = &mut self {
            *help = match source.kind() {
                io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only: choose another place for the file",
                io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                    "a file stands where a folder is needed: move it away, or choose another place"
                }
                io::ErrorKind::IsADirectory => "a folder is there: name a file in it",
                io::ErrorKind::NotFound => "there is no such folder: make it first, or choose another place",
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room, or choose another place",
                _ => help,
            };
        }
        self
    }

    /// Whether the device had no room, so that less might still fit.
    #[must_use]
    pub fn is_full(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        matches!(self, Self::Io { source, .. } if matches!(source.kind(), StorageFull | QuotaExceeded | FileTooLarge))
    }

    /// A result that its run cannot have, and the folder that it is in.
    #[must_use]
    pub fn unfit(record: &Record, folder: &Path) -> Self {
        Self::Unfit { run: record.id.short(), origin: origin(record, folder) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(action: &'static str, kind: io::ErrorKind) -> [&'static str; 2] {
        let error = || StoreError::io(action, Path::new("x"), kind.into());
        [error(), error().of_named()].map(|error| if let StoreError::Io { help, .. } = error { help } else { "" })
    }

    #[test]
    fn a_remedy_is_of_what_was_tried() {
        use io::ErrorKind::{FileTooLarge, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem, StorageFull};
        for action in ["write", "write to", "create"] {
            assert!(help(action, FileTooLarge).iter().all(|help| help.contains("ulimit -f")), "{action}");
        }
        assert!(
            help("read", FileTooLarge).iter().all(|help| help.contains("more than 8 GB") && !help.contains("ulimit"))
        );
        for kind in [ReadOnlyFilesystem, NotADirectory] {
            let [results, named] = help("write", kind);
            assert!(results.contains("--results") && !named.contains("--results"), "{kind}: {named}");
            assert!(named.contains("choose another place"), "{kind}: {named}");
        }
        assert!(
            help("write", NotFound)[0].contains("while restudy worked")
                && help("write", NotFound)[1].contains("make it")
        );
        assert!(!help("write", StorageFull)[1].contains("finished runs"), "a file that is named holds no runs");
        assert_eq!(help("write", PermissionDenied)[0], help("write", PermissionDenied)[1]);
    }
}
