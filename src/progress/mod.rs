//! Progress: consumers of the executor's events. Bars on a terminal, plain lines in a pipe, JSON lines for programs, or silence.
//!
//! May touch: `run` and what stands above it; the terminal and the clock. Bars and plain lines go to the standard error, so
//! that the standard output holds results alone; JSON lines are for a program to read and go to the standard output.
//!
//! **To add a consumer**: one new file that implements [`Progress`], and one line in [`Mode::start`].

mod bar;
mod best;
mod json;
pub mod output;
mod plain;

use std::io::IsTerminal;

use crate::{run::Event, sweep::Study};

/// A consumer of events. Called from all threads that work.
pub trait Progress: Sync {
    /// Something happened.
    fn event(&self, event: &Event<'_>);
}

/// How to show progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// A bar that is drawn anew, for terminals.
    Bar,
    /// A line now and then, for pipes and logs.
    Plain,
    /// A JSON object a line on the standard output, for programs.
    Json,
    /// Nothing.
    None,
}

impl Mode {
    /// What suits the standard error as it is: bars on a terminal, plain lines elsewhere.
    #[must_use]
    pub fn suited() -> Self {
        if std::io::stderr().is_terminal() { Self::Bar } else { Self::Plain }
    }

    /// The consumer, for a study that is swept.
    #[must_use]
    pub fn start<'a>(self, study: &'a Study) -> Box<dyn Progress + 'a> {
        self.consumer(study, true)
    }

    /// The consumer, for a study that is verified: nobody asks then which trial is the best.
    #[must_use]
    pub fn start_proof<'a>(self, study: &'a Study) -> Box<dyn Progress + 'a> {
        self.consumer(study, false)
    }

    fn consumer<'a>(self, study: &'a Study, sweep: bool) -> Box<dyn Progress + 'a> {
        match self {
            Self::Bar => Box::new(bar::Bar::new(study, sweep)),
            Self::Plain => Box::new(plain::Plain::new(study, sweep)),
            Self::Json => Box::new(json::Json::new(study)),
            Self::None => Box::new(Silence),
        }
    }
}

struct Silence;

impl Progress for Silence {
    fn event(&self, _: &Event<'_>) {}
}

/// The setting of a trial on the swept axes, for people: `hidden 7, learning-rate 0.02`.
#[must_use]
pub fn trial_name(study: &Study, trial: usize) -> String {
    let values = study.axes.iter().zip(&study.trials[trial].values);
    let parts: Vec<_> = values.map(|(axis, value)| format!("{} {value}", short(&axis.path))).collect();
    if parts.is_empty() { "the only trial".into() } else { parts.join(", ") }
}

/// So many runs, in words.
fn counted(runs: usize) -> String {
    if runs == 1 { "1 run".into() } else { format!("{runs} runs") }
}

/// The last part of a path.
fn short(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
