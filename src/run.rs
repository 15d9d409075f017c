//! The runs of `restudy-experiments`, with all experiments of this program registered.

pub use restudy_experiments::run::*;

use crate::experiment::Contradiction;

/// As [`restudy_engine::run::register_own`], after [`crate::init`].
///
/// # Errors
/// The declaration of the experiment contradicts itself.
pub fn register_own<E: CustomExperiment>(experiment: E) -> Result<(), Contradiction> {
    crate::init();
    restudy_experiments::run::register_own(experiment)
}
