//! Runs reproducible studies of any experiment: reads specifications, derives and schedules runs, stores their records,
//! and builds tables from them.
//!
//! An experiment implements [`Kind`](experiment::Kind) and [`run::Experiment`]. The program sets a
//! [`Drawer`](figure::Drawer), which draws figures, and a [`Writer`](results::page::Writer), which writes reports. This
//! crate depends on no experiment, figure or report.
//!
//! | module | contents |
//! |---|---|
//! | [`spec`] | TOML in, checked settings or diagnostics out |
//! | [`figure`] | the interface between the engine and the code that draws figures |
//! | [`experiment`] | the declaration of an experiment: its settings, measurements and objective |
//! | [`sweep`] | axes to trials to runs |
//! | [`table`] | records to data frames |
//! | [`store`] | segments on disk, atomic writes, the journal |
//! | [`run`] | the executor and its events; prepared studies and custom experiments |
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

mod digest {
    pub use restudy_core::{
        digest::*,
        record::{Kept, Measured, Observation, Outcome, Own, Place, Record, own_link, run_digest},
    };
}
