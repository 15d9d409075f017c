//! The experiments of this program, as the engine sees them: the network, with the files that its data is read from, its settings, its runs, its figures
//! of the plane, the proof of one run, and what a report says of it.
//!
//! Nothing here knows the command line, progress or notebooks: an edit there compiles none of this again.
//!
//! | module | holds |
//! |---|---|
//! | [`math`], [`seed`], [`measure`], [`validation`] | of `restudy-core` |
//! | [`metric`], [`model`], [`train`] | of `restudy-network` |
//! | [`stats`] | of `restudy-stats` |
//! | [`spec`], [`experiment`], [`sweep`], [`table`], [`store`], [`results`] | of `restudy-engine` |
//! | [`digest`] | digests and identities, and what a run leaves behind |
//! | [`escape`], [`figure`], [`report`] | of the crates of these names |
//! | [`data`] | data sets: the generators of `restudy-network`, and the readers of files |
//! | [`experiments`] | the network as the engine sees it |
//! | [`run`](mod@run) | how runs of the network are done |
//! | [`plane`] | what a network says about the plane, as figures draw it |
//! | [`drawer`] | figures, as the engine takes them |
//! | [`export`] | figures for papers and slides |
//! | [`proof`] | the proof of one run of the network |
//! | [`pages`] | what a report says of the network, and what its reader can explore |

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

/// Makes known to the engine who draws figures and writes reports, and the network.
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
