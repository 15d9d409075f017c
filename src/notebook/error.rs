use std::{io, path::Path};

use miette::Diagnostic;
use thiserror::Error;

use crate::store::StoreError;

/// Why a notebook could not be read, run or written, or the kernel not be installed.
#[derive(Debug, Error, Diagnostic)]
pub enum NotebookError {
    /// The notebook or what was asked of it cannot be used.
    #[error("{message}")]
    #[diagnostic(help("{help}"))]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
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
        /// What failed, and what it said last.
        message: String,
        /// What to do.
        help: String,
    },
}

impl NotebookError {
    /// Something that the person at the keyboard can mend.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    /// Another program that failed.
    pub(crate) fn program(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Program { message: message.into(), help: help.into() }
    }

    /// A file that cannot be read or written.
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::File(StoreError::io(action, path, source))
    }
}
