//! Runs, as `restudy-experiments` has them, where everything is known that this program has.

pub use restudy_experiments::run::*;

use crate::experiment::Contradiction;

/// As [`restudy_engine::run::register_own`]; what this program has itself is known first.
///
/// # Errors
/// What the experiment declares contradicts itself.
pub fn register_own<E: CustomExperiment>(experiment: E) -> Result<(), Contradiction> {
    crate::init();
    restudy_experiments::run::register_own(experiment)
}
