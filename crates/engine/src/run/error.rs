use miette::Diagnostic;
use thiserror::Error;

/// Why runs could not be done.
#[derive(Debug, Error, Diagnostic)]
pub enum RunError {
    /// The data of a trial cannot be had.
    #[error("{message}")]
    #[diagnostic(help("{help}"))]
    Data {
        /// What is wrong, with file, line and value.
        message: String,
        /// What to do.
        help: String,
    },
    /// The study would leave more behind than can be kept.
    #[error(
        "the study asks for {count} {what} in {runs} runs: more than can be kept, about {needed} MB of memory where {room} MB are free"
    )]
    #[diagnostic(help("{help}"))]
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
