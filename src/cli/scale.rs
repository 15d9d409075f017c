//! A word about inputs from files that nothing scales: a learning rate that suits inputs of about the size of 1 suits no others, and the
//! study then answers no question.

use super::text;
use crate::{data::Source, experiments::OfNetwork, results, run::Prepared};

/// Says which data from files has inputs whose spread is far from 1.
pub(super) fn warn(network: &dyn Prepared) {
    // What cannot be had is told by whoever needs it.
    let Ok(facts) = results::facts(network) else { return };
    let odd = facts.iter().find_map(|facts| Some((facts.trial, facts.unscaled?)));
    let Some((trial, unscaled)) = odd else { return };
    let mut data = network.study().trials[trial].data().clone();
    let file = data.files_mut().first().map_or_else(String::new, |file| (*file).clone());
    text::warn(unscaled.notice(&file, data.key()));
}
