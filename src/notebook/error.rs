use std::{io, path::Path};

use miette::Diagnostic;
use thiserror::Error;

use crate::store::StoreError;

/// An error of reading, running or writing a notebook, or of installing the kernel.
#[derive(Debug, Error, Diagnostic)]
pub enum NotebookError {
    /// The notebook or what it needs is not usable.
    #[error("{message}")]
    #[diagnostic(help("{help}"))]
    Other {
        /// The kind of the problem.
        cause: NotebookCause,
        /// The problem, with the last output of a program that failed.
        message: String,
        /// The remedy.
        help: String,
    },
    /// A file cannot be read or written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] StoreError),
}

/// What kind of problem a notebook has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotebookCause {
    /// There is no such file.
    Missing,
    /// The file is too large.
    TooLarge,
    /// The file is not a notebook.
    Malformed,
    /// The notebook has a format that cannot be read.
    Format,
    /// A cell is in another language than the notebook.
    Language,
    /// The parameters cannot be set.
    Parameters,
    /// A kernel, or what it needs, is not installed.
    NoKernel,
    /// There is no folder for the kernel.
    NoHome,
    /// The sources of the library are not there.
    NoSources,
    /// Cargo failed.
    Build,
    /// The driver of the kernel failed.
    Driver,
}

impl NotebookError {
    /// A problem with its remedy.
    pub(crate) fn new(cause: NotebookCause, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Other { cause, message: message.into(), help: help.into() }
    }

    /// A failed file operation.
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::File(StoreError::io(action, path, source))
    }
}
