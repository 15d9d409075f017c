use std::fmt::Display;

use miette::Diagnostic;
use thiserror::Error;

/// Why runs cannot be done.
#[derive(Debug, Error)]
pub enum RunError {
    /// The data, the experiment or a figure does not allow the runs.
    #[error("{message}")]
    Source {
        /// The stable code, for programs: `data.csv.unclosed-quote`.
        code: &'static str,
        /// The message, with file, line and value.
        message: String,
        /// The remedy.
        help: String,
    },
    /// The machine does not allow the runs: a disk is full.
    #[error("{message}")]
    Machine {
        /// The stable code, for programs: `program.folder`.
        code: &'static str,
        /// The message.
        message: String,
        /// The remedy.
        help: String,
    },
    /// The results of the study would not fit into memory.
    #[error(
        "the study asks for {count} {what} in {runs} runs: its tables need about {needed} MB of memory, and only {free} MB are free"
    )]
    Large {
        /// The items that exceed the memory.
        what: &'static str,
        /// The number of these items.
        count: u128,
        /// The number of runs.
        runs: usize,
        /// The memory that all of it needs, in MB.
        needed: u128,
        /// The free memory, in MB.
        free: u128,
        /// The remedy.
        help: &'static str,
    },
}

impl Diagnostic for RunError {
    fn code(&self) -> Option<Box<dyn Display + '_>> {
        match self {
            Self::Source { code, .. } | Self::Machine { code, .. } => Some(Box::new(code)),
            Self::Large { .. } => None,
        }
    }

    fn help(&self) -> Option<Box<dyn Display + '_>> {
        match self {
            Self::Source { help, .. } | Self::Machine { help, .. } => Some(Box::new(help)),
            Self::Large { help, .. } => Some(Box::new(help)),
        }
    }
}
