use std::fmt::Display;

use miette::Diagnostic;
use thiserror::Error;

/// Why runs could not be done.
#[derive(Debug, Error)]
pub enum RunError {
    /// Data, an experiment or a figure does not allow the runs.
    #[error("{message}")]
    Source {
        /// The stable code of the mistake, for programs: `data.csv.unclosed-quote`.
        code: &'static str,
        /// What is wrong, with file, line and value.
        message: String,
        /// What to do.
        help: String,
    },
    /// The study would leave more behind than can be kept.
    #[error(
        "the study asks for {count} {what} in {runs} runs: more than can be kept, about {needed} MB of memory where {room} MB are free"
    )]
    Large {
        /// What there are too many of.
        what: &'static str,
        /// How many there would be.
        count: u128,
        /// In so many runs.
        runs: usize,
        /// What all of it would take.
        needed: u128,
        /// What there is.
        room: u128,
        /// What to do.
        help: &'static str,
    },
}

impl Diagnostic for RunError {
    fn code(&self) -> Option<Box<dyn Display + '_>> {
        if let Self::Source { code, .. } = self { Some(Box::new(code)) } else { None }
    }

    fn help(&self) -> Option<Box<dyn Display + '_>> {
        match self {
            Self::Source { help, .. } => Some(Box::new(help)),
            Self::Large { help, .. } => Some(Box::new(help)),
        }
    }
}
