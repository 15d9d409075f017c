//! What every reproducible study rests on: mathematics, seeds and draws, digests and identities.
//!
//! `no_std` + `alloc`: the compiler proves that nothing in it prints, opens a file, reads a clock, starts a thread, hashes randomly or calls the
//! mathematics of the platform. It knows no experiment.
//!
//! | module | holds |
//! |---|---|
//! | [`validation`] | the checks of settings, and the errors that they find |
//! | [`math`] | exp, ln, sigmoid and their kin; sums in order |
//! | [`seed`] | seeds, streams, draws |
//! | [`digest`] | digests, the identity of a run, the root of a study |
//! | [`measure`] | what is said of a measurement |
//! | [`record`] | what a run leaves behind |
//!
//! A module may use only those above it. Where a text says "the contract", it means the arithmetic contract, `src/contract.md` beside the program.
#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod digest;
pub mod math;
pub mod measure;
pub mod record;
pub mod seed;
pub mod validation;
