//! Progress: consumers of the executor's events. Bars on a terminal, plain lines in a pipe, JSON lines for programs, or silence.
//!
//! Bars and plain lines go to the standard error, so
//! that the standard output holds results alone; JSON lines are for a program to read and go to the standard output.
//!
//! **To add a consumer**: one new file that implements [`Progress`], and one line in [`Mode::start`].

mod bar;
mod best;
mod json;
pub mod output;
mod pace;
mod plain;

use std::io::IsTerminal;

pub use pace::Pace;

use crate::{
    run::{Event, Task},
    store::journal,
    sweep::{Axis, AxisValue, Study},
};

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
    named(study.axes.iter().zip(&study.trials[trial].values))
}

/// The same of a trial on all its folds.
fn compared_name(study: &Study, trial: usize) -> String {
    let values = study.compared_axes().iter().zip(&study.trials[trial].values);
    named(values)
}

/// Settings with their values.
fn named<'a>(values: impl Iterator<Item = (&'a Axis, &'a AxisValue)>) -> String {
    let parts: Vec<_> = values.map(|(axis, value)| format!("{} {}", short(&axis.path), value.brief())).collect();
    if parts.is_empty() { "the only trial".into() } else { parts.join(", ") }
}

/// So many runs, in words.
fn counted(runs: usize) -> String {
    if runs == 1 { "1 run".into() } else { format!("{runs} runs") }
}

/// What is said of somebody who is at `tasks` and gets nowhere for so many seconds.
fn stuck(study: &Study, owner: &str, tasks: &[Task], seconds: u64, given_up: bool) -> String {
    let mut trials: Vec<_> = tasks.iter().map(|task| task.trial).collect();
    trials.dedup();
    let place = trials.first().map_or_else(String::new, |&trial| trial_name(study, trial));
    let more = if trials.len() > 1 { format!(" and {} more", trials.len() - 1) } else { String::new() };
    let (runs, since) = (counted(tasks.len()), journal::utc(journal::now().saturating_sub(seconds)));
    let at = format!("it is at {runs} of {place}{more}, and has neither begun nor finished any since {since}");
    if given_up {
        format!("no longer waiting for {owner}: {at}; they are done here too, and must come out the same")
    } else {
        format!("waiting for {owner}: {at}")
    }
}

/// The last part of a path.
fn short(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{digest::Digest, seed::Seed, sweep};

    #[test]
    fn who_is_waited_for_is_named_with_what_it_is_at() {
        let text = "[study]\nquestion = \"?\"\n[data.xor]\n[sweep]\n\"model.hidden\" = [1, 4]\n";
        let study = sweep::parse("small", Path::new("small.toml"), text, &[]).unwrap();
        let tasks = [0, 0, 1].map(|trial| Task { trial, seed: Seed(0), id: Digest([0; 32]) });
        let said = stuck(&study, "process 7 on a", &tasks[..1], 0, false);
        assert!(said.starts_with("waiting for process 7 on a: it is at 1 run of hidden 1, and has neither"), "{said}");
        assert!(said.contains("since 2") && said.ends_with(" UTC"), "{said}");
        let said = stuck(&study, "process 7", &tasks, 600, true);
        assert!(
            said.starts_with("no longer waiting for process 7: it is at 3 runs of hidden 1 and 1 more, "),
            "{said}"
        );
    }
}
