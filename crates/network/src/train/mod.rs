//! The trainer: stochastic gradient descent, one example a step.
//!
//! A [`Job`] is a setting, data and a seed; the kernel walks
//! several jobs of one shape in lockstep, one per lane, and tells an [`Observer`] about every measurement. Sums stay in order
//! inside a lane, so a run has the same bits alone and in any group, and on every processor. Between two steps a run can be taken down as a [`State`], and
//! [resumed](resume) from it anywhere, with the same bits.

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

/// One run to train: what, on what, from which seed.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// What determines the run besides data and seed.
    pub setting: &'a Setting,
    /// The points.
    pub split: &'a SplitData,
    /// The seed of initialisation and order.
    pub seed: Seed,
}

/// Whoever wants to know what happens in a run while it happens.
pub trait Observer {
    /// Lane `lane` was measured. Breaking ends the whole group without a result.
    fn measured(&mut self, lane: usize, point: &Observation, params: &Params) -> ControlFlow<()>;

    /// Run `lane` has ended; it is not measured again. Told after its last measurement.
    fn ended(&mut self, _lane: usize, _outcome: &Outcome, _params: &Params) {}

    /// Asked after measurements and between them, after so many steps as take a fraction of a second at most, as long as any run goes on. Breaking ends
    /// the whole group without a result.
    fn paused(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Asked after each [pause](Self::paused), even where that breaks: whether to be given the state of every run that has not ended.
    fn wants_states(&mut self) -> bool {
        false
    }

    /// The state of run `lane`.
    fn state(&mut self, _lane: usize, _state: State) {}
}

#[cfg(test)]
mod tests;
