//! The parts of a report about the network: methods, data, and the explorer with curves, planes and runs that the page
//! can train again.
//!
//! `explorer` makes the data for the script of the page. `core.wasm` is built from `web/` and trains a run in the
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

/// The WebAssembly module that trains runs; `web/build` makes it.
const CORE: &[u8] = include_bytes!("core.wasm");

/// The additions of the network to its reports.
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
            "The section Data above gives their source, the number of points of each class, the division and the scaling."
        } else {
            "The section Data above gives their source; this manifest does not record the number of points."
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
