//! The executor: groups the missing runs, computes them on threads, and reports progress by [`Event`]s.
//!
//! It computes runs with an [`Experiment`] and stores records in a [`WorkQueue`].
//!
//! A group of runs may take hours. Meanwhile, each thread passes on finished runs, and saves the state of the others
//! every two seconds if the experiment [hands it over](Handover): a kill then costs seconds of work.

pub mod contents;
mod custom;
mod drawable;
mod error;
mod event;
mod execute;
mod facts;
mod group;
mod handover;
mod memory;
mod prepared;
mod reading;
mod shard;
mod work;

use std::ops::ControlFlow;

pub use contents::{Contents, Kept};
pub use custom::{
    CustomStudy, Declared, End, ExecutableExperiment, Experiment as CustomExperiment, ExperimentBuilder, Literal, Log,
    Logged, ReadSettingError, SettingValues, register as register_custom, value_names,
};
pub use drawable::require_figures;
pub use error::RunError;
pub use event::Event;
pub use execute::{Taken, WorkQueue, execute, verify, work_at};
pub use facts::{DataFacts, Unscaled};
pub use group::{by_shape, groups, groups_at};
pub use handover::Handover;
pub use memory::require as require_memory;
pub use prepared::{
    Condition, DataOverrides, Described, Points, PrepareOptions, Prepared, Runner, Schedule, baseline, can_run,
    conditions, described, prepare, register, without_data,
};
pub use reading::{Dropped, Filled, LabelCount, Reading};
pub use shard::Shard;

use crate::{
    digest::{Digest, Record},
    record::Observation,
    seed::Seed,
};

/// A run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// The index of the trial in the study.
    pub trial: usize,
    /// The seed.
    pub seed: Seed,
    /// The identity of the run.
    pub id: Digest,
}

/// An experiment with a study: it computes runs.
pub trait Experiment: Sync {
    /// Returns the shape of a run: only runs of equal shape are computed together. Groups and shards are formed in the
    /// order of shapes.
    fn shape(&self, task: &Task) -> Vec<u64>;

    /// Returns the largest number of runs of this shape that are computed together.
    fn most_together(&self, _task: &Task) -> usize {
        1
    }

    /// Returns the same number for verifications: 1 if the verification should show that grouping changes no result.
    fn most_together_verified(&self, task: &Task) -> usize {
        self.most_together(task)
    }

    /// Returns the order of runs within a shape; runs with equal numbers share work, or end at about the same time.
    fn affinity(&self, _task: &Task) -> u64 {
        0
    }

    /// Returns the number of steps of a run, for progress.
    fn steps(&self, task: &Task) -> u64;

    /// Returns whether [`steps`](Self::steps) are those of observations. Otherwise a run counts as one step, done when
    /// it ends.
    fn counts_steps(&self) -> bool {
        true
    }

    /// Returns the cost of a run, proportional to its time: the most expensive group begins first.
    fn cost(&self, task: &Task) -> f64;

    /// Returns the weight of a run for the division into [shards](Shard). All machines of a study must agree on it, so
    /// it is a whole number and independent of measured costs.
    fn weight(&self, task: &Task) -> u64 {
        self.steps(task)
    }

    /// Computes runs of one shape, at most [`most_together`](Self::most_together). `watch` receives every observation
    /// and may stop the runs; the result is then `None`. Between measurements, call `stopped` several times a second:
    /// it is cheap, and returns whether to stop.
    ///
    /// # Errors
    /// The data of the runs are not available.
    fn run(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<Record>>, RunError>;

    /// Computes runs as [`run`](Self::run) does, but continues from the checkpoints of `handover`, and saves new ones.
    /// The bits are the same. Either each run is handed over when it is finished, or all are returned at the end.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    fn resume(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        _handover: &dyn Handover,
    ) -> Result<Option<Vec<Record>>, RunError> {
        self.run(tasks, watch, stopped)
    }
}
