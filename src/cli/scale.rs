//! Notices about data from files: unscaled inputs (usual learning rates suit inputs of about the size of 1), and
//! columns that contain no information, or the label.

use std::collections::BTreeSet;

use super::text;
use crate::{data::Source, experiments::OfNetwork, results, run::Prepared};

/// The most notices that are printed.
const MOST: usize = 12;

/// Prints notices about inputs with a spread far from 1, and about suspicious columns.
pub(super) fn warn(network: &dyn Prepared) {
    // Data that cannot be loaded is an error of the command that needs it.
    let Ok(facts) = results::facts(network) else { return };
    let mut seen = BTreeSet::new();
    let notices = facts.iter().filter_map(|facts| facts.reading.as_ref()).flat_map(|reading| &reading.notices);
    for notice in notices.filter(|notice| seen.insert(*notice)).take(MOST) {
        text::warn(notice);
    }
    let odd = facts.iter().find_map(|facts| Some((facts.trial, facts.unscaled?)));
    let Some((trial, unscaled)) = odd else { return };
    let mut data = network.study().trials[trial].data().clone();
    let file = data.files_mut().first().map_or_else(String::new, |file| (*file).clone());
    text::warn(unscaled.notice(&file, data.key()));
}
