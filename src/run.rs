//! The runs of `restudy-experiments`, with all experiments of this program registered.

pub use restudy_experiments::run::*;

use crate::experiment::Contradiction;

/// As [`restudy_engine::run::register_custom`], after [`crate::init`].
///
/// # Errors
/// The declaration of the experiment contradicts itself.
pub fn register_custom<E: CustomExperiment>(experiment: E) -> Result<(), Contradiction> {
    crate::init();
    restudy_experiments::run::register_custom(experiment)
}
