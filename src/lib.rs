//! Reproducible studies of a small neural network.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod contract {
    #![doc = include_str!("contract.md")]
}

pub mod data;
pub mod digest;
pub mod fault;
pub mod math;
pub mod metric;
pub mod model;
pub mod seed;
pub mod train;

#[cfg(feature = "std")]
pub mod figure;
#[cfg(feature = "std")]
pub mod spec;
#[cfg(feature = "std")]
pub mod stats;
#[cfg(feature = "std")]
pub mod sweep;
#[cfg(feature = "std")]
pub mod table;
