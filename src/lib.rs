//! Reproducible studies of a small neural network: every number, figure and report can be computed again by anyone, on any
//! machine, to the last bit, and the tool proves it.
//!
//! A TOML [specification](spec) asks a question. It is [expanded](sweep) into trials and runs; the [executor](run) trains
//! what is missing; the [store] keeps it; [tables](table), [figures](figure) and the [report] are [made](results) from
//! the runs alone, and [verified](results::verify) by making them again. What makes this possible is the
//! [arithmetic contract](contract), and a core that cannot break it.
//!
//! # The house
//!
//! A module may use only those above it in this list; `tests/architecture.rs` holds it to that. The first block is the core,
//! `no_std` + `alloc`, and is the whole crate without default features: the compiler proves that nothing in it prints, opens a
//! file, reads a clock, starts a thread or calls the mathematics of the platform.
//!
//! | module | holds |
//! |---|---|
//! | [`fault`] | what is wrong with a setting |
//! | [`math`] | exp, ln, sigmoid and their kin; sums in order |
//! | [`seed`] | seeds, streams, draws |
//! | [`data`] | data sets and their generators (readers of files stand on `std`) |
//! | [`model`] | the network, its gradient in two forms, the check of both |
//! | [`metric`] | what is measured |
//! | [`train`] | the kernel in lanes, measurement, stopping, the observer |
//! | [`digest`] | the chain over a run, the identity of a run, the root of a study |
//! | | |
//! | [`escape`] | text of others, for a terminal, a page, a drawing, a table, a shell |
//! | [`stats`] | means, quantiles, bootstrap intervals |
//! | [`figure`] | tables in, SVG, PNG and PDF out |
//! | [`spec`] | TOML in, checked settings or diagnostics out |
//! | [`sweep`] | axes to trials to runs |
//! | [`store`] | segments on disk, atomic writes, the journal |
//! | [`run`] | the executor and its events |
//! | [`table`] | records to data frames |
//! | [`report`] | Markdown and HTML |
//! | [`results`] | every file of the results folder as bytes; verification |
//! | [`progress`] | consumers of events |
//! | [`notebook`] | notebook files; the Rust kernel, installed; notebooks run and checked |
//! | [`cli`] | one file a command; the only place that prints results, exits or handles signals |
//!
//! # Where to begin
//!
//! The derivation is in [`model`], the step that trains in `train/advance.rs`, the whole story of a sweep in `results/compute.rs`.
//! The contract is [one text](contract), and `tests/contract/contract.py` is a second implementation from that text alone.
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
pub mod cli;
#[cfg(feature = "std")]
pub mod escape;
#[cfg(feature = "std")]
pub mod figure;
#[cfg(feature = "std")]
pub mod notebook;
#[cfg(feature = "std")]
pub mod progress;
#[cfg(feature = "std")]
pub mod report;
#[cfg(feature = "std")]
pub mod results;
#[cfg(feature = "std")]
pub mod run;
#[cfg(feature = "std")]
pub mod spec;
#[cfg(feature = "std")]
pub mod stats;
#[cfg(feature = "std")]
pub mod store;
#[cfg(feature = "std")]
pub mod sweep;
#[cfg(feature = "std")]
pub mod table;
