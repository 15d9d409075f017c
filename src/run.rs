//! Runs, as `restudy-experiments` has them, where everything is known that this program has.

pub use restudy_experiments::run::*;

use crate::experiment::Contradiction;

/// As [`restudy_engine::run::register_custom`]; what this program has itself is known first.
///
/// # Errors
/// What the experiment declares contradicts itself.
pub fn register_custom<E: CustomExperiment>(experiment: E) -> Result<(), Contradiction> {
    crate::init();
    restudy_experiments::run::register_custom(experiment)
}
