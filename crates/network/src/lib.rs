//! A neural network with one hidden ReLU layer and logistic loss: its data, its gradient derived by hand, its metrics
//! and its trainer. This crate and `restudy-core` implement the arithmetic contract, `src/contract.md` of the program.
//!
//! `no_std` + `alloc`: the same code runs on every processor and in WebAssembly, with the same bits.
//!
//! | module | contains |
//! |---|---|
//! | [`data`] | labeled points and their generators |
//! | [`model`] | the network, its gradient in three forms, and the gradient check |
//! | [`metric`] | the metrics |
//! | [`train`] | the vectorized steps, measurement, stopping, the observer |
//! | [`record`] | records of runs, with the chain over their measurements |
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
