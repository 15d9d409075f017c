//! The experiments of this program: how each looks to the engine.
//!
//! One file an experiment.

pub mod network;

pub use network::OfNetwork;
