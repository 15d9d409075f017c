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

/// Why a results folder cannot be used.
#[derive(Debug, Error, Diagnostic)]
pub enum StoreError {
    /// The operating system reported an error.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was attempted.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
        /// The remedy.
        #[help]
        help: &'static str,
    },
    /// A link is in the place of a file or folder of the results.
    #[error("{} is a symbolic link, which restudy does not follow in results", path.display())]
    #[diagnostic(help(
        "nothing was written. To keep results on another disk, link the folder above them or use --results; otherwise remove the link"
    ))]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// Another process holds the exclusive lock.
    #[error("another restudy has locked {}", folder.display())]
    #[diagnostic(help("wait until it has finished, or choose another folder with --results"))]
    Busy {
        /// The results folder.
        folder: PathBuf,
    },
    /// The folder belongs to another experiment.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Owner(#[from] OwnerError),
    /// The file has a newer format.
    #[error("{} has format {found}; this version reads formats up to {NEWEST}", path.display())]
    #[diagnostic(help("use a newer version of restudy; nothing was changed"))]
    Newer {
        /// The file.
        path: PathBuf,
        /// The format number in it.
        found: u64,
    },
    /// Two results of one run differ, which the contract excludes.
    #[error("run {run} has two results that differ{epoch}:\n  {}\n  {}", origins[0], origins[1])]
    #[diagnostic(help(
        "nothing was removed. One result was computed by a changed program or a faulty machine, or is forged; the lines above name both files and who computed them. \
             Remove the segment that you do not trust, and repeat the command: runs that no other segment holds are computed again. \
             To find the first step that differs, sweep the run with both programs and --set evaluate.every={{steps=1}}, and compare the folders with \
             `restudy verify --bisect A B --steps`"
    ))]
    Disagreement {
        /// The run.
        run: String,
        /// Where they first differ, as a clause of the message.
        epoch: String,
        /// For each result: its file, the differing value, its digest, and who computed it.
        origins: [String; 2],
    },
    /// The settings of a run exclude the shape of its result.
    #[error("run {run} has a result that does not match its settings:\n  {origin}")]
    #[diagnostic(help(
        "nothing was removed. A changed program computed the result (a custom experiment whose code changed needs a new version), or it is forged: \
             remove its segment, and repeat the command"
    ))]
    Unfit {
        /// The run.
        run: String,
        /// The digest of the result, its file, and who computed it.
        origin: String,
    },
}

impl StoreError {
    /// Returns an error of the operating system with the remedy for its kind.
    #[must_use]
    pub fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        let help = match source.kind() {
            io::ErrorKind::PermissionDenied => "check the permissions of the folder, or choose another place",
            io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only: choose another folder with --results",
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "free disk space and repeat the command: finished runs are kept"
            }
            io::ErrorKind::FileTooLarge if action == "read" => {
                "files of more than 8 GB are not read: restore the file from a copy if it was damaged, or move it away"
            }
            io::ErrorKind::FileTooLarge => {
                "raise the limit on file sizes (ulimit -f) and repeat the command: finished runs are kept"
            }
            io::ErrorKind::NotFound if matches!(action, "write" | "write to") => {
                "the folder was removed or renamed while restudy worked in it: restore it, or repeat the command"
            }
            io::ErrorKind::NotFound => "check the path",
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                "a file is in the place of a folder: move it away, or choose another folder with --results"
            }
            _ => "committed runs are unchanged; fix the cause and repeat the command",
        };
        Self::Io { action, path: path.into(), source, help }
    }

    /// Replaces the remedy by one for a file that the user named, which is not in the results folder.
    #[must_use]
    pub fn of_named(mut self) -> Self {
        if let Self::Io { source, help, .. } = &mut self {
            *help = match source.kind() {
                io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only: choose another place for the file",
                io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                    "a file is in the place of a folder: move it away, or choose another place"
                }
                io::ErrorKind::IsADirectory => "this is a folder: name a file in it",
                io::ErrorKind::NotFound => "the folder does not exist: create it, or choose another place",
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free disk space, or choose another place",
                _ => help,
            };
        }
        self
    }

    /// Whether the device was full, so that a smaller file may still fit.
    #[must_use]
    pub fn is_full(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        matches!(self, Self::Io { source, .. } if matches!(source.kind(), StorageFull | QuotaExceeded | FileTooLarge))
    }

    /// Returns the error for a result that does not match the settings of its run.
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
    fn the_remedy_matches_the_action() {
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
                && help("write", NotFound)[1].contains("create it")
        );
        assert!(!help("write", StorageFull)[1].contains("finished runs"), "a file that the user named has no runs");
        assert_eq!(help("write", PermissionDenied)[0], help("write", PermissionDenied)[1]);
    }
}
