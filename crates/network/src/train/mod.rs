//! The trainer: stochastic gradient descent, one example a step.
//!
//! May touch: `fault`, `math`, `seed`, `data`, `model`, `metric`. A [`Job`] is a setting, data and a seed; the kernel walks
//! several jobs of one shape in lockstep, one per lane, and tells an [`Observer`] about every measurement. Sums stay in order
//! inside a lane, so a run has the same bits alone and in any group, and on every processor.

mod advance;
mod block;
mod ending;
mod evaluate;
mod group;
mod indices;
mod job;
mod kernel;
mod lanes;
mod order;
mod reference;
mod setting;
mod walk;

pub use ending::Ending;
pub use group::{Finished, MOST_LANES, Shape, is_diverged, train};
pub use kernel::Kernel;
pub use order::Order;
pub use reference::step;
pub use setting::{Evaluate, Every, Sampling, Setting, Stop, Train};
pub use walk::Walk;

use alloc::{string::String, vec::Vec};
use core::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::{data::Split, model::Params, seed::Seed};

/// One run to train: what, on what, from which seed.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// What determines the run besides data and seed.
    pub setting: &'a Setting,
    /// The points.
    pub split: &'a Split,
    /// The seed of initialisation and order.
    pub seed: Seed,
}

/// One measurement: where in the run, and every metric of the setting on both parts of the data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Completed epochs.
    pub epoch: u64,
    /// Completed steps.
    pub step: u64,
    /// Metrics on the training points, in the order of the setting.
    pub train: Vec<f64>,
    /// Metrics on the validation points, in the order of the setting.
    pub validation: Vec<f64>,
}

/// How a run ended. Divergence is a result, not a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Trained to its last epoch.
    Completed,
    /// Stopped early, because a condition of `[stop]` held.
    Converged {
        /// The epoch of the last measurement.
        epoch: u64,
    },
    /// A loss or a parameter was no longer finite.
    Diverged {
        /// The epoch of the measurement that found it.
        epoch: u64,
    },
    /// An experiment of the reader's own could not finish.
    Failed {
        /// What it said.
        message: String,
    },
}

impl Outcome {
    /// The name in tables.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Converged { .. } => "converged",
            Self::Diverged { .. } => "diverged",
            Self::Failed { .. } => "failed",
        }
    }
}

/// Whoever wants to know what happens in a run while it happens.
pub trait Observer {
    /// Lane `lane` was measured. Breaking ends the whole group without a result.
    fn measured(&mut self, lane: usize, point: &Point, params: &Params) -> ControlFlow<()>;

    /// Asked between measurements, after so many steps as take a fraction of a second at most. Breaking ends the whole group
    /// without a result.
    fn paused(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests;
