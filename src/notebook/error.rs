use std::{io, path::Path};

use miette::Diagnostic;
use thiserror::Error;

use crate::store::StoreError;

/// An error of reading, running or writing a notebook, or of installing the kernel.
#[derive(Debug, Error, Diagnostic)]
pub enum NotebookError {
    /// The notebook or the request is not usable.
    #[error("{message}")]
    #[diagnostic(help("{help}"))]
    Usage {
        /// The problem.
        message: String,
        /// The remedy.
        help: String,
    },
    /// A file cannot be read or written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] StoreError),
    /// Another program failed.
    #[error("{message}")]
    #[diagnostic(help("{help}"))]
    Program {
        /// The failed program and its last output.
        message: String,
        /// The remedy.
        help: String,
    },
}

impl NotebookError {
    /// A problem that the user can fix.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    /// A failure of another program.
    pub(crate) fn program(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Program { message: message.into(), help: help.into() }
    }

    /// A failed file operation.
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::File(StoreError::io(action, path, source))
    }
}
