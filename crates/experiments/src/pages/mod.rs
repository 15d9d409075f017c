//! What a report says of the network, and what its reader can explore: curves, planes, and runs that are trained again in the page.
//!
//! `explorer` puts the numbers beside the script of the page; `core.wasm` is the core of this crate, built from `web/`, which trains a run again in the
//! browser.

mod about_data;
mod data;
mod explorer;
mod network;
mod planes;
#[cfg(test)]
mod tests;

use restudy_report::{
    Input, Trained,
    addition::{Addition, DataSection, Explorer},
    base64, count,
    mention::mention,
    results::Results,
    words::{self, Entries},
};

use crate::{
    experiments,
    run::{DataFacts, firsts},
    sweep::Study,
};

/// The core as a module of WebAssembly; `web/build` makes it.
const CORE: &[u8] = include_bytes!("core.wasm");

/// What the network adds to its reports.
#[derive(Debug)]
pub(crate) struct Network;

impl Addition for Network {
    fn is_of(&self, study: &Study) -> bool {
        experiments::network::is(&*study.spec.settings)
    }

    fn methods(&self, study: &Study) -> Entries {
        network::methods(study)
    }

    fn symbols(&self) -> &'static str {
        " Y is the output, y the label (−1 or +1), n the number of points."
    }

    fn random(&self) -> &'static str {
        "initial parameters and the order of examples"
    }

    fn effort(&self, study: &Study) -> String {
        format!("At most {} in all.", count(network::epochs(study), "epoch"))
    }

    fn data(&self, study: &Study, facts: &[DataFacts]) -> DataSection {
        let sets = data::sets(study, facts);
        let known = sets.iter().all(|set| set.facts.is_some());
        let summary = if known {
            "Where they come from, how many there are of which class, how they are divided and scaled stands above, under Data."
        } else {
            "Where they come from stands above, under Data; how many there are is not noted in this manifest."
        };
        DataSection {
            entries: about_data::entries(study, &sets),
            notice: about_data::notice(study, &sets),
            summary: summary.into(),
        }
    }

    fn explorer(&self, input: &Input<'_>, results: &Results) -> Option<Explorer> {
        Some(Explorer { data: explorer::data(input, results)?, core: CORE })
    }
}
