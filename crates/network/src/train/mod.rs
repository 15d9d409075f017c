//! The trainer: stochastic gradient descent, with one example in each step.
//!
//! A [`Job`] is a setting, data and a seed. The trainer runs several jobs of one shape in lockstep, one per lane, and
//! passes every measurement to an [`Observer`]. Sums stay in order inside a lane, so a run has the same bits alone and
//! in any group, and on every processor. Between two steps a run can be saved as a [`State`] and [resumed](resume) on
//! any machine, with the same bits.

mod advance;
mod block;
mod ending;
mod evaluate;
mod group;
mod indices;
mod job;
mod lanes;
mod order;
mod reference;
mod setting;
mod shape;
mod simd;
mod state;
mod walk;

pub use ending::Ending;
pub use group::{Finished, MOST_LANES, is_diverged, resume, train};
pub use order::Order;
pub use reference::step;
pub use setting::{Evaluate, Every, Sampling, Setting, Stop, Train};
pub use shape::Shape;
pub use simd::Simd;
pub use state::State;
pub use walk::Walk;

pub use restudy_core::record::{Observation, Outcome};

use core::ops::ControlFlow;

use crate::{data::SplitData, model::Params, seed::Seed};

/// One run to train.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The settings of the run, apart from data and seed.
    pub setting: &'a Setting,
    /// The points.
    pub split: &'a SplitData,
    /// The seed of the initialization and the order.
    pub seed: Seed,
}

/// Receives the events of a group of runs while it trains, and can cancel it.
pub trait Observer {
    /// Receives a measurement of run `lane`. `Break` cancels the whole group without a result.
    fn measured(&mut self, lane: usize, point: &Observation, params: &Params) -> ControlFlow<()>;

    /// Receives the end of run `lane`, after its last measurement.
    fn ended(&mut self, _lane: usize, _outcome: &Outcome, _params: &Params) {}

    /// Called after measurements and between them, at least several times a second, while a run continues. `Break`
    /// cancels the whole group without a result.
    fn paused(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Whether to receive the state of every unfinished run; called after each [pause](Self::paused), even one that
    /// cancels.
    fn wants_states(&mut self) -> bool {
        false
    }

    /// Receives the state of run `lane`.
    fn state(&mut self, _lane: usize, _state: State) {}
}

#[cfg(test)]
mod tests;
