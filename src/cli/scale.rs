//! A word about data from files: inputs that nothing scales, for a learning rate that suits inputs of about the size of 1 suits no others, and columns
//! that hold nothing to learn from, or the answer.

use std::collections::BTreeSet;

use super::text;
use crate::{data::Source, experiments::OfNetwork, results, run::Prepared};

/// More notices than these are not printed.
const MOST: usize = 12;

/// Says which data from files has inputs whose spread is far from 1, and which columns are worth a word.
pub(super) fn warn(network: &dyn Prepared) {
    // What cannot be had is told by whoever needs it.
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
