//! Runs of the network: their identities, their data, and their training. The rest is in `restudy-engine`.

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

/// Converts an error of data into one of runs.
pub(crate) fn of_data(DataError { code, message, help }: DataError) -> RunError {
    RunError::Source { code, message, help }
}
