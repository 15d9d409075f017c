//! The experiments of this program: how each looks to the engine.
//!
//! May touch: `experiment` and what stands above it. One file an experiment.

pub mod network;

pub use network::OfNetwork;
