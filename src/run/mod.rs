//! Studies that are ready to run, and runs of the network: which there are, what they learn from, and how they are trained. The executor is that of
//! `restudy-engine`.
//!
//! May touch: `digest`, `sweep` and what stands above them, and the files that data is read from.

pub mod contents;
mod cost;
mod facts;
mod network;
mod own;
mod prepared;
#[cfg(test)]
mod tests;

pub use contents::{Contents, Kept};
pub use cost::Amount;
pub use facts::{DataFacts, Unscaled, firsts};
pub use network::{Elsewhere, Network, Networks};
pub use own::{
    Declared, End, Experiment as OwnExperiment, Listed, Literal, Log, Logged, Own, SettingError, SettingValues,
    register as register_own, value_names,
};
pub use prepared::{How, Points, Prepared, Runner, Schedule, can_run, prepare, register, without_data};
pub use restudy_engine::run::*;

use crate::data::DataError;

/// Data that cannot be had is a reason why runs cannot be done.
pub(crate) fn of_data(DataError { message, help }: DataError) -> RunError {
    RunError::Data { message, help }
}
