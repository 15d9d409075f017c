//! The data sets of a study of the network, and what is to be known of them.

use std::collections::BTreeSet;

use super::{DataFacts, Network, RunError};
use crate::{experiments::OfNetwork, seed::Seed, sweep::Study};

/// The first trial of every different data set, in the order of the study.
#[must_use]
pub fn firsts(study: &Study) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let new = |index: &usize| {
        let data = study.trials[*index].data();
        // Most often a trial has the data of the one before it, and no text need be made of them.
        let same = index.checked_sub(1).is_some_and(|before| study.trials[before].data() == data);
        !same && seen.insert(format!("{data:?}"))
    };
    (0..study.trials.len()).filter(new).collect()
}

impl Network<'_> {
    /// What is to be known of every different data set that comes from files: of others, the settings say it.
    ///
    /// # Errors
    /// The data cannot be had, and nothing else says what it was.
    pub fn data_facts(&self) -> Result<Vec<DataFacts>, RunError> {
        if let Some(facts) = self.known_facts() {
            return Ok(facts.to_vec());
        }
        let study = self.study();
        let first = study.seeds.first().copied().unwrap_or(Seed(0));
        let of_files = firsts(study).into_iter().map(|trial| (trial, self.contents(trial)));
        of_files
            .filter(|(_, files)| !files.is_empty())
            .map(|(trial, files)| Ok(DataFacts::new(trial, files, &*self.split(trial, first)?)))
            .collect()
    }
}
