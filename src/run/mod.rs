//! The executor: which runs are missing, in which groups, on which threads; it tells the world by [`Event`]s.
//!
//! May touch: `digest`, `sweep` and what stands above them; threads, and the files that data is read from, but no
//! terminal and no signal; and what the system says of free memory, which only whoever computes asks for. What a run is,
//! it knows only through [`Experiment`]; where results go, only through the function it is given.

pub mod contents;
mod cost;
mod error;
mod event;
mod execute;
mod facts;
mod group;
mod network;
mod room;
mod shard;

use std::ops::ControlFlow;

pub use contents::{Contents, Kept};
pub use cost::Amount;
pub use error::RunError;
pub use event::Event;
pub use execute::{Desk, Taken, execute, work_at};
pub use facts::{DataFacts, Unscaled, firsts};
pub use group::groups;
pub use network::{Elsewhere, Network};
pub use shard::Shard;

use crate::{
    digest::{Digest, Record},
    seed::Seed,
    train::Point,
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

/// What is run. The network of this crate is one; a reader's own is another.
pub trait Experiment: Sync {
    /// What must be equal for runs to be done together.
    type Shape: Ord;

    /// The shape of a run.
    fn shape(&self, task: &Task) -> Self::Shape;

    /// Runs of one shape are put side by side in the order of this number; equal ones share work, or end at about the same time.
    fn company(&self, _task: &Task) -> u64 {
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

    /// Does runs of one shape, at most [`MOST_LANES`](crate::train::MOST_LANES); `watch` is told of every measurement and may break off (then `None`).
    /// Between measurements, `stopped` says whether to break off; it costs next to nothing, and should be asked several times a second.
    ///
    /// # Errors
    /// What the runs need cannot be had.
    fn run(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Point) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<Record>>, RunError>;
}

#[cfg(test)]
mod tests;
