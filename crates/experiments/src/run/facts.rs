//! The data sets of a study of the network, and what is to be known of them.

use std::collections::BTreeSet;

use super::{DataFacts, NetworkExperiment, RunError};
use crate::{
    data::{Data, DataSeed, Source},
    experiments::{OfNetwork, network},
    seed::Seed,
    stats::Constant,
    sweep::Study,
    table::Baseline,
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

/// What always naming the more frequent class gets wrong: of the validation points, or of all where these are chosen anew for every run. `facts` are
/// those of data from files; what is drawn is drawn here. Trials on different points are not ranked.
#[must_use]
pub(super) fn one_class(study: &Study, facts: &[DataFacts]) -> Baseline {
    if !study.trials.iter().all(|trial| network::is(&*trial.settings)) {
        return Baseline::None;
    }
    let sets = firsts(study);
    let Some(&first) = sets.first() else { return Baseline::None };
    // Folds are of the same points.
    let points: BTreeSet<String> =
        sets.iter().map(|trial| points(study.trials[*trial].data(), study.folds > 1)).collect();
    if points.len() > 1 {
        return Baseline::Unknown("the trials see different points, and errors on different points do not rank them");
    }
    let data: &Data = study.trials[first].data();
    let facts = match data.dimension() {
        Some(_) => {
            let seed = study.seeds.first().copied().unwrap_or(Seed(0));
            data.load(data.seeding().of(seed)).ok().map(|split| DataFacts::new(first, Vec::new(), &split))
        }
        None => facts.iter().find(|facts| facts.trial == first).cloned(),
    };
    let Some(facts) = facts else {
        return Baseline::Unknown("what a constant answer gets wrong on these points is not noted here");
    };
    let divided = data.seeding() == DataSeed::PerRun;
    // Of data that is divided anew, the runs together are measured on all points, and so are the folds of a trial.
    let [minus, plus] = if divided || study.folds > 1 { facts.points() } else { facts.validation };
    let points = minus.saturating_add(plus);
    let constant =
        Constant { wrong: minus.min(plus), points, seen: points, fixed: !divided || study.folds > 1, divided };
    if constant.points == 0 { Baseline::None } else { Baseline::Constant(constant) }
}

/// The settings of data that say which points there are: how inputs are scaled or chosen is left out.
fn points(data: &Data, folds: bool) -> String {
    let mut json = serde_json::to_value(data).unwrap_or_default();
    for settings in json.as_object_mut().into_iter().flat_map(|kinds| kinds.values_mut()) {
        if let Some(settings) = settings.as_object_mut() {
            settings.remove("standardise");
            settings.remove("encode");
            // Together the folds are all rows, however these are divided.
            if folds {
                ["fold", "seed", "stratified"].iter().for_each(|key| _ = settings.remove(*key));
            }
            // Only rows that are left out are other points.
            settings.retain(|key, value| key != "missing" || value == "drop");
            // Rows may be left out for what they lack in the columns that are used.
            if settings.get("missing").is_none_or(|missing| missing != "drop") {
                settings.remove("features");
            }
        }
    }
    json.to_string()
}

impl NetworkExperiment<'_> {
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
            .map(|(trial, files)| {
                let facts = DataFacts::new(trial, files, &*self.split(trial, first)?);
                Ok(DataFacts { reading: self.reading(trial), ..facts })
            })
            .collect()
    }
}
