//! One hidden ReLU layer under logistic loss: its data, its gradient derived by hand, its metrics and its trainer. This crate and `restudy-core` are the
//! arithmetic contract, which `src/contract.md` beside the program writes down.
//!
//! `no_std` + `alloc`: the same code runs on every processor and in WebAssembly, with the same bits.
//!
//! | module | holds |
//! |---|---|
//! | [`data`] | labelled points and their generators |
//! | [`model`] | the network, its gradient in three forms, the check of all |
//! | [`metric`] | what is measured |
//! | [`train`] | the kernel in lanes, measurement, stopping, the observer |
//! | [`record`] | what a run leaves behind, and the chain over it |
//!
//! A module may use only those above it, and all of `restudy-core`.
#![cfg_attr(not(test), no_std)]

extern crate alloc;

use restudy_core::{digest, math, seed, validation};

pub mod data;
pub mod metric;
pub mod model;
pub mod record;
pub mod train;
