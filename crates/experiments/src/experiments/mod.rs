//! The experiments that are built in, one file each.

pub mod network;

pub use network::OfNetwork;
