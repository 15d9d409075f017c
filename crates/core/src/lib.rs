//! The base of reproducible studies: portable mathematics, seeds and draws, digests and identities, records of runs.
//!
//! `no_std` + `alloc`: the compiler proves that this crate does not print, open a file, read a clock, start a thread,
//! hash randomly or call the mathematics of the platform. It contains no experiment.
//!
//! | module | contains |
//! |---|---|
//! | [`validation`] | checks of settings, and the errors they find |
//! | [`math`] | exp, ln, sigmoid and similar functions; sums in order |
//! | [`seed`] | seeds, streams, draws |
//! | [`digest`] | digests, the identity of a run, the root of a study |
//! | [`measure`] | names, units and directions of measurements |
//! | [`record`] | records of runs |
//!
//! A module may use only those above it. "The contract" means the arithmetic contract, `src/contract.md` of the
//! program.
#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod digest;
pub mod math;
pub mod measure;
pub mod record;
pub mod seed;
pub mod validation;
