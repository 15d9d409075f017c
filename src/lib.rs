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
//! Who may know whom stands in the `Cargo.toml` of each crate. What is pure stands below this one, `no_std` + `alloc`: the compiler proves that nothing in it
//! prints, opens a file, reads a clock, starts a thread or calls the mathematics of the platform.
//!
//! | crate | holds | knows |
//! |---|---|---|
//! | `restudy-core` | mathematics, seeds and draws, digests, identity, root | nothing |
//! | `restudy-network` | generators of data, the model and its gradients, metrics, the trainer | core |
//! | `restudy-escape` | text of others, for a terminal, a page, a drawing, a table, a shell | nothing |
//! | `restudy-engine` | the store, the executor, what an experiment is | core |
//! | `restudy-stats` | means, quantiles, bootstrap intervals | core |
//! | `restudy-figure` | tables in, SVG, PNG and PDF out | core, stats, escape |
//! | `restudy` | all that follows | all |
//!
//! Inside a crate, a module may use only those above it in its list; `tests/architecture.rs` holds it to that.
//!
//! | module | holds |
//! |---|---|
//! | [`fault`], [`math`], [`seed`] | of `restudy-core` |
//! | [`metric`], [`model`], [`train`] | of `restudy-network` |
//! | [`stats`] | of `restudy-stats` |
//! | [`digest`] | digests and identities, and what a run leaves behind: of both |
//! | [`data`] | data sets: the generators of `restudy-network`, and the readers of files |
//! | [`escape`] | text of others, for a terminal, a page, a drawing, a table, a shell |
//! | [`figure`] | of `restudy-figure` |
//! | [`plane`] | what a network says about the plane, as figures draw it |
//! | [`spec`] | TOML in, checked settings or diagnostics out |
//! | [`sweep`] | axes to trials to runs |
//! | [`store`] | segments on disk, atomic writes, the journal |
//! | [`program`] | what this program knows of its own making |
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
//! The derivation is in [`model`], the step that trains in `crates/network/src/train/advance.rs`, the whole story of a sweep in `results/compute.rs`.
//! The contract is [one text](contract), and `tests/contract/contract.py` is a second implementation from that text alone.
pub mod contract {
    #![doc = include_str!("contract.md")]
}

pub use restudy_core::{fault, math, seed};
pub use restudy_engine::store;
pub use restudy_escape as escape;
pub use restudy_figure as figure;
pub use restudy_network::{metric, model, train};
pub use restudy_stats as stats;

pub mod cli;
pub mod data;
pub mod digest;
pub mod notebook;
pub mod plane;
pub mod program;
pub mod progress;
pub mod report;
pub mod results;
pub mod run;
pub mod spec;
pub mod sweep;
pub mod table;
