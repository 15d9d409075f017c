use std::time::Duration;

use super::Task;
use crate::digest::Record;

/// What the executor and its callers tell the world while they work. Whoever shows progress consumes these, nobody else.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// Work begins: how many runs are asked for, how many of them are there already, and how many steps are to be trained. A study that confirms sends it once for each of its stages.
    Started {
        /// Runs of the study.
        runs: usize,
        /// Runs that are there already.
        cached: usize,
        /// Steps of the missing runs.
        steps: u64,
        /// What they [cost](super::Experiment::cost).
        cost: f64,
    },
    /// Steps were trained, in any of the runs under way.
    Advanced {
        /// How many.
        steps: u64,
        /// Their share of what the run costs.
        cost: f64,
    },
    /// A run is finished, but not yet committed.
    Finished {
        /// Which.
        task: &'a Task,
        /// What it left behind.
        record: &'a Record,
    },
    /// Runs are safe on disk.
    Committed {
        /// How many in this batch.
        runs: usize,
    },
    /// Nothing is left to do here but runs that other processes are at.
    Waiting {
        /// How many they are at, here or elsewhere in the folder.
        runs: usize,
    },
    /// Nothing is left to do here but runs of somebody who is there and gets nowhere. Told once, and once more when they are done here too.
    Stuck {
        /// Who it is, for people.
        owner: &'a str,
        /// Runs that it is at.
        tasks: &'a [Task],
        /// For how long it has neither begun nor committed anything.
        still: Duration,
        /// Whether it is waited for no longer.
        given_up: bool,
    },
    /// Training is over; tables, figures and report are being made.
    Rendering,
    /// Work is over, completely or not.
    Stopped,
}
