use std::time::Duration;

use super::Task;
use crate::digest::Record;

/// An event of the executor, for progress displays.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A stage begins. A study with `confirm` has two stages, others have one.
    Started {
        /// The number of runs of the stage.
        runs: usize,
        /// The number of stored runs.
        cached: usize,
        /// The number of steps of the missing runs.
        steps: u64,
        /// The [cost](super::Experiment::cost) of these steps.
        cost: f64,
    },
    /// Steps were done, in any of the current runs.
    Advanced {
        /// The number of steps.
        steps: u64,
        /// Their share of the cost of the run.
        cost: f64,
    },
    /// A run is finished, but not yet stored.
    Finished {
        /// The run.
        task: &'a Task,
        /// Its record.
        record: &'a Record,
    },
    /// Runs were stored on disk.
    Committed {
        /// The number of runs.
        runs: usize,
    },
    /// All remaining runs are leased by other processes.
    Waiting {
        /// The number of leased runs.
        runs: usize,
    },
    /// All remaining runs are leased by a process that is alive and makes no progress. Sent once when this is noticed,
    /// and once when this process takes over the runs.
    Stuck {
        /// The other process, for display.
        owner: &'a str,
        /// The runs that it has leased.
        tasks: &'a [Task],
        /// The time since it last began or stored a run.
        still: Duration,
        /// Whether this process has taken over the runs.
        given_up: bool,
    },
    /// All runs are done; tables, figures and report are being made.
    Rendering,
    /// Work has ended, completely or not.
    Stopped,
}
