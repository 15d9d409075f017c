//! The neural network as an experiment of the engine: readers of data files, settings, runs, figures of the plane, the
//! proof of one run, and the network's parts of a report.
//!
//! This crate does not depend on the command line, progress or notebooks: an edit there does not recompile it.
//!
//! | module | contents |
//! |---|---|
//! | [`math`], [`seed`], [`measure`], [`validation`] | of `restudy-core` |
//! | [`metric`], [`model`], [`train`] | of `restudy-network` |
//! | [`stats`] | of `restudy-stats` |
//! | [`spec`], [`experiment`], [`sweep`], [`table`], [`store`], [`results`] | of `restudy-engine` |
//! | [`digest`] | digests, identities, and records of runs |
//! | [`escape`], [`figure`], [`report`] | of the crates of these names |
//! | [`data`] | data sets: the generators of `restudy-network`, and the readers of files |
//! | [`experiments`] | the network as an experiment of the engine |
//! | [`run`](mod@run) | runs of the network |
//! | [`plane`] | the output of a network over the plane, for figures |
//! | [`drawer`] | the figures of `restudy-figure` for the engine |
//! | [`export`] | figures for papers and slides |
//! | [`proof`] | the proof of one run of the network |
//! | [`pages`] | the sections of a report about the network, and its interactive parts |

pub use restudy_core::{math, measure, seed, validation};
pub use restudy_engine::{experiment, results, spec, store, sweep, table};
pub use restudy_escape as escape;
pub use restudy_figure as figure;
pub use restudy_network::{metric, model, train};
pub use restudy_report as report;
pub use restudy_stats as stats;

pub mod data;
pub mod digest;
pub mod drawer;
pub mod experiments;
pub mod export;
pub mod pages;
pub mod plane;
pub mod proof;
pub mod run;
#[cfg(test)]
mod tests;

/// Registers the network, the drawer of figures and the writer of reports with the engine. Further calls do nothing.
pub fn init() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        restudy_engine::figure::set_drawer(&drawer::Program);
        results::page::set_writer(&report::Pages);
        report::addition::add(&pages::Network);
        experiment::register(experiments::network::kind()).expect("the network does not contradict itself");
        run::register(std::sync::Arc::new(run::Networks));
    });
}
