//! Runs of the network: which there are, what they learn from, and how they are trained. All else is that of `restudy-engine`.

mod cost;
mod estimate;
mod facts;
mod network;
#[cfg(test)]
mod tests;

pub use cost::Amount;
pub use facts::firsts;
use facts::one_class;
pub use network::{NetworkExperiment, Networks};
pub use restudy_engine::run::*;

use crate::data::DataError;

/// Data that cannot be had is a reason why runs cannot be done.
pub(crate) fn of_data(DataError { code, message, help }: DataError) -> RunError {
    RunError::Source { code, message, help }
}
