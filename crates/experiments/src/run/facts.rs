//! The data sets of a study of the network, and what is to be known of them.

use std::collections::BTreeSet;

use super::{DataFacts, Network, RunError};
use crate::{
    data::{Data, DataSeed, Source},
    experiments::{OfNetwork, network},
    seed::Seed,
    stats::Constant,
    sweep::Study,
};

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

/// What always naming the more frequent class gets wrong: of the validation points, or of all where these are chosen anew for every run. None
/// where there are several data sets, or not enough is known. `facts` are those of data from files; what is drawn is drawn here.
#[must_use]
pub(super) fn one_class(study: &Study, facts: &[DataFacts]) -> Option<Constant> {
    if !study.trials.iter().all(|trial| network::is(&*trial.settings)) {
        return None;
    }
    let &[first] = firsts(study).as_slice() else { return None };
    let data: &Data = study.trials.get(first)?.data();
    let facts = match data.dimension() {
        Some(_) => {
            let seed = study.seeds.first().copied().unwrap_or(Seed(0));
            DataFacts::new(first, Vec::new(), &data.load(data.seeding().of(seed)).ok()?)
        }
        None => facts.iter().find(|facts| facts.trial == first)?.clone(),
    };
    let [minus, plus] = match data.seeding() {
        DataSeed::PerRun => facts.points(),
        DataSeed::Fixed(_) => facts.validation,
    };
    let (wrong, points) = (minus.min(plus), minus.saturating_add(plus));
    let seen = facts.validation.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
    (points > 0 && seen > 0).then_some(Constant { wrong, points, seen })
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
