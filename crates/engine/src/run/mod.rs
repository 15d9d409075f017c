//! The executor: which runs are missing, in which groups, on which threads; it tells the world by [`Event`]s.
//!
//! What a run is,
//! it knows only through [`Experiment`]; where results go, only through the [`WorkQueue`] it is given.
//!
//! Runs are done in groups, and a group may take hours. While it is under way, each thread hands finished runs on, and keeps the others every two seconds,
//! as far as the experiment [hands over](Handover) where they are: a kill then costs seconds.

pub mod contents;
mod custom;
mod drawable;
mod error;
mod event;
mod execute;
mod facts;
mod group;
mod handover;
mod prepared;
mod reading;
mod room;
mod shard;
mod work;

use std::ops::ControlFlow;

pub use contents::{Contents, Kept};
pub use custom::{
    Declared, End, Experiment as CustomExperiment, Listed, Literal, Log, Logged, Own, ReadSettingError, SettingValues,
    register as register_own, value_names,
};
pub use drawable::require_figures;
pub use error::RunError;
pub use event::Event;
pub use execute::{Taken, WorkQueue, execute, verify, work_at};
pub use facts::{DataFacts, Unscaled};
pub use group::{by_shape, groups, groups_at};
pub use handover::Handover;
pub use prepared::{
    DataOverrides, How, Points, Prepared, Runner, Schedule, baseline, can_run, prepare, register, without_data,
};
pub use reading::{Dropped, Filled, LabelCount, Reading};
pub use room::require as require_room;
pub use shard::Shard;

use crate::{
    digest::{Digest, Record},
    record::Observation,
    seed::Seed,
};

/// One run to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// The trial, by its place in the study.
    pub trial: usize,
    /// The seed.
    pub seed: Seed,
    /// The identity of the run.
    pub id: Digest,
}

/// What is run: the network is one, a reader's own is another.
pub trait Experiment: Sync {
    /// What must be equal for runs to be done together. Groups begin, and shards are made, in the order of these numbers.
    fn shape(&self, task: &Task) -> Vec<u64>;

    /// The largest number of runs of the shape of this one that are done together.
    fn most_together(&self, _task: &Task) -> usize {
        1
    }

    /// As [`most_together`](Self::most_together) where results are verified: 1 where it is to be shown that the group changes nothing.
    fn most_together_verified(&self, task: &Task) -> usize {
        self.most_together(task)
    }

    /// Runs of one shape are put side by side in the order of this number; equal ones share work, or end at about the same time.
    fn affinity(&self, _task: &Task) -> u64 {
        0
    }

    /// The steps of a run, to show progress by.
    fn steps(&self, task: &Task) -> u64;

    /// What a run costs, in nanoseconds or anything proportional: the dearest group begins first.
    fn cost(&self, task: &Task) -> f64;

    /// What a run weighs where a study is divided into [shards](Shard). All machines that have a part of one study must agree on it, so it is a whole
    /// number, and does not change with what is known of costs.
    fn weight(&self, task: &Task) -> u64 {
        self.steps(task)
    }

    /// Does runs of one shape, at most [`most_together`](Self::most_together); `watch` is told of every measurement and may break off (then `None`).
    /// Between measurements, `stopped` says whether to break off; it costs next to nothing, and should be asked several times a second.
    ///
    /// # Errors
    /// What the runs need cannot be had.
    fn run(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<Record>>, RunError>;

    /// Does runs as [`run`](Self::run) does, but goes on from where `handover` has kept them, and keeps where they are. The bits are the same.
    /// Either every run is handed over as it is finished, or all are given in the end.
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
