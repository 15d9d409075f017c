//! Reproducible studies of any experiment: what a specification asks, which runs it takes, where they are kept, which are missing, in which groups and
//! on which threads they are done, and what tables they make.
//!
//! An experiment is a [`Kind`](experiment::Kind) and a [`run::Experiment`]; figures are drawn by a
//! [`Drawer`](figure::Drawer) and reports written by a [`Writer`](results::page::Writer), which the program sets. This crate
//! depends on no experiment, no figure and no report.
//!
//! | module | holds |
//! |---|---|
//! | [`spec`] | TOML in, checked settings or diagnostics out |
//! | [`figure`] | figures as the engine sees them |
//! | [`experiment`] | what an experiment says of itself: settings, measurements, what decides |
//! | [`sweep`] | axes to trials to runs |
//! | [`table`] | records to data frames |
//! | [`store`] | segments on disk, atomic writes, the journal |
//! | [`run`] | the executor and its events; studies that are ready to run, and experiments of one's own |
//! | [`results`] | every file of the results folder as bytes; verification |
//!
//! A module may use only those above it, and all of `restudy-core`, `restudy-stats` and `restudy-escape`.

pub mod experiment;
pub mod figure;
pub mod results;
pub mod run;
pub mod spec;
pub mod store;
pub mod sweep;
pub mod table;

use restudy_core::{math, measure, record, seed, validation};
use restudy_escape as escape;
use restudy_stats as stats;

/// Digests, and what has them.
mod digest {
    pub use restudy_core::{
        digest::*,
        record::{Kept, Measured, Observation, Outcome, Own, Place, Record, own_link, run_digest},
    };
}
