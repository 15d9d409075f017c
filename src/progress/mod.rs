//! Progress displays for the events of the executor: a bar, plain lines, JSON lines, or none.
//!
//! Bars and plain lines go to the standard error, so that the standard output holds results alone; JSON lines are for a
//! program to read and go to the standard output.
//!
//! **To add a display**: write one file that implements [`Progress`], and add one line to `Mode::consumer`.

mod bar;
mod best;
mod json;
pub mod output;
mod pace;
mod plain;

use std::io::IsTerminal;

pub use pace::{Pace, counts_steps, speed};

use crate::{
    run::{Event, Task},
    store::journal,
    sweep::{Axis, AxisValue, Study},
};

/// A consumer of events. All worker threads call it.
pub trait Progress: Sync {
    /// Receives an event.
    fn event(&self, event: &Event<'_>);
}

/// How to show progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// A progress bar, for terminals.
    Bar,
    /// A line every few seconds, for pipes and logs.
    Plain,
    /// One JSON object per line on standard output.
    Json,
    /// No progress.
    None,
}

impl Mode {
    /// The default for standard error: a bar on a terminal, plain lines elsewhere.
    #[must_use]
    pub fn suited() -> Self {
        if std::io::stderr().is_terminal() { Self::Bar } else { Self::Plain }
    }

    /// Returns the display for a sweep.
    #[must_use]
    pub fn start<'a>(self, study: &'a Study) -> Box<dyn Progress + 'a> {
        self.consumer(study, None, true)
    }

    /// Returns the display for a verification, without the best trial.
    #[must_use]
    pub fn start_proof<'a>(self, study: &'a Study) -> Box<dyn Progress + 'a> {
        self.consumer(study, None, false)
    }

    /// Returns the display for one of several computations of the same runs, which `part` names.
    #[must_use]
    pub fn start_part<'a>(self, study: &'a Study, part: &str) -> Box<dyn Progress + 'a> {
        self.consumer(study, Some(part), false)
    }

    fn consumer<'a>(self, study: &'a Study, part: Option<&str>, sweep: bool) -> Box<dyn Progress + 'a> {
        let name = part.map_or_else(|| study.name.clone(), |part| format!("{}, {part}", study.name));
        match self {
            Self::Bar => Box::new(bar::Bar::new(study, name, sweep)),
            Self::Plain => Box::new(plain::Plain::new(study, name, sweep)),
            Self::Json => Box::new(json::Json::new(study, part)),
            Self::None => Box::new(Silence),
        }
    }
}

struct Silence;

impl Progress for Silence {
    fn event(&self, _: &Event<'_>) {}
}

/// The values of a trial on the swept axes: `hidden 7, learning-rate 0.02`.
#[must_use]
pub fn trial_name(study: &Study, trial: usize) -> String {
    named(study.axes.iter().zip(&study.trials[trial].values))
}

/// As [`trial_name`], without the fold.
fn compared_name(study: &Study, trial: usize) -> String {
    let values = study.compared_axes().iter().zip(&study.trials[trial].values);
    named(values)
}

fn named<'a>(values: impl Iterator<Item = (&'a Axis, &'a AxisValue)>) -> String {
    let parts: Vec<_> = values.map(|(axis, value)| format!("{} {}", short(&axis.path), value.brief())).collect();
    if parts.is_empty() { "the only trial".into() } else { parts.join(", ") }
}

/// The runs and steps to do, at the beginning.
fn to_do(study: &Study, missing: usize, runs: usize, steps: u64) -> String {
    let steps = match (counts_steps(study), steps) {
        (false, _) => String::new(),
        (true, 1) => ", 1 step".into(),
        (true, steps) => format!(", {steps} steps"),
    };
    format!("{missing} of {} to do{steps}", counted(runs))
}

fn counted(runs: usize) -> String {
    if runs == 1 { "1 run".into() } else { format!("{runs} runs") }
}

/// The message about a process `owner` without progress on `tasks` for `seconds`.
fn stuck(study: &Study, owner: &str, tasks: &[Task], seconds: u64, given_up: bool) -> String {
    let mut trials: Vec<_> = tasks.iter().map(|task| task.trial).collect();
    trials.dedup();
    let place = trials.first().map_or_else(String::new, |&trial| trial_name(study, trial));
    let more = if trials.len() > 1 { format!(" and {} more", trials.len() - 1) } else { String::new() };
    let (runs, since) = (counted(tasks.len()), journal::utc(journal::now().saturating_sub(seconds)));
    let at = format!("it works on {runs} of {place}{more}, without progress since {since}");
    if given_up {
        format!("no longer waiting for {owner}: {at}; this process computes them too, and the results must agree")
    } else {
        format!("waiting for {owner}: {at}")
    }
}

/// The last component of a path.
fn short(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{digest::Digest, seed::Seed, sweep};

    #[test]
    fn a_stuck_process_is_named_with_its_runs() {
        let text = "[study]\nquestion = \"?\"\n[data.xor]\n[sweep]\n\"model.hidden\" = [1, 4]\n";
        let study = sweep::parse("small", Path::new("small.toml"), text, &[]).unwrap();
        let tasks = [0, 0, 1].map(|trial| Task { trial, seed: Seed(0), id: Digest([0; 32]) });
        let message = stuck(&study, "process 7 on a", &tasks[..1], 0, false);
        assert!(message.starts_with("waiting for process 7 on a: it works on 1 run of hidden 1, "), "{message}");
        assert!(message.contains("since 2") && message.ends_with(" UTC"), "{message}");
        let message = stuck(&study, "process 7", &tasks, 600, true);
        assert!(
            message.starts_with("no longer waiting for process 7: it works on 3 runs of hidden 1 and 1 more, "),
            "{message}"
        );
    }
}
