//! Reads the results of a study without its data.

use std::{collections::BTreeMap, sync::Arc};

use super::{CachedData, NetworkExperiment};
use crate::{
    data::{DataSeed, Dataset, Source, SplitData},
    experiments::OfNetwork,
    run::{
        DataFacts, DataOverrides, Kept, RunError,
        contents::{self, File, KeptSplit},
    },
    seed::Seed,
    sweep::Study,
    train::Simd,
};

impl<'a> NetworkExperiment<'a> {
    /// Opens a study without its data, from facts in its results: stored runs have their identities, and no run can be
    /// trained. Generators are not drawn either.
    ///
    /// # Errors
    /// The identities of runs are unknown: results have neither the digest of a data file nor the identities of its
    /// runs.
    pub fn without_data(study: &'a Study, simd: Simd, kept: Kept) -> Result<Self, RunError> {
        let mut network = Self::empty(study, simd, DataOverrides::new());
        let listed: BTreeMap<_, _> = kept.runs.iter().map(|task| ((task.trial, task.seed), task.id)).collect();
        let mut unknown = Vec::new();
        network.fill(|network, trial, index| {
            let files = contents::known(study, trial, &kept.contents);
            if files.is_none() {
                unknown.push(network.data.len());
            }
            Ok(CachedData::from_facts(kept.facts.iter().find(|facts| facts.trial == index), files.unwrap_or_default()))
        })?;
        for task in &mut network.tasks {
            if unknown.contains(&network.data_of[task.trial]) {
                let id = listed.get(&(task.trial, task.seed));
                task.id = *id.ok_or_else(|| contents::unknown_identities(study, &study.trials[task.trial]))?;
            }
        }
        network.kept_splits = kept.splits.iter().map(|(key, kept)| (*key, Arc::new(split(kept)))).collect();
        network.kept = Some(kept);
        Ok(network)
    }

    /// Facts about the data, if results are read without it.
    pub(in crate::run) fn known_facts(&self) -> Option<&[DataFacts]> {
        let facts = self.kept.as_ref().map(|kept| kept.facts.as_slice());
        facts.filter(|facts| !facts.is_empty())
    }

    /// The stored points of a trial under a seed.
    pub(super) fn kept_split(&self, trial: usize, seed: Seed) -> Option<Arc<SplitData>> {
        let per_run = self.study.trials[trial].data().seeding() == DataSeed::PerRun;
        let is_it = |(other, under): &&(usize, Seed)| {
            self.data_of.get(*other) == Some(&self.data_of[trial]) && (*under == seed || !per_run)
        };
        let splits = &self.kept_splits;
        splits.keys().find(is_it).map(|key| Arc::clone(&splits[key]))
    }
}

impl CachedData {
    fn from_facts(facts: Option<&DataFacts>, files: Vec<File>) -> Self {
        let sum = |classes: [u64; 2]| classes[0].saturating_add(classes[1]) as usize;
        let (train, validation) = facts.map_or((0, 0), |facts| (sum(facts.train), sum(facts.validation)));
        Self {
            inputs: facts.map_or(0, |facts| facts.inputs),
            train,
            validation,
            split: None,
            files,
            opened: None,
            reading: None,
            absent: true,
        }
    }
}

fn split(kept: &KeptSplit) -> SplitData {
    let [train, validation] =
        kept.0.each_ref().map(|points| Dataset { d: points.d, x: points.x.clone(), y: points.y.clone() });
    SplitData { train, validation }
}
