//! The data sets of a study of the network, and facts about them.

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

/// Returns the first trial of every distinct data set, in the order of the study.
#[must_use]
pub fn firsts(study: &Study) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    let new = |index: &usize| {
        let data = study.trials[*index].data();
        // Most trials have the data of the one before; this saves formatting them.
        let same = index.checked_sub(1).is_some_and(|before| study.trials[before].data() == data);
        !same && seen.insert(format!("{data:?}"))
    };
    (0..study.trials.len()).filter(new).collect()
}

/// The baseline that always predicts the more frequent class: its errors on the validation points, or on all points if
/// these are chosen for every run. `facts` describe data from files; generators are drawn here. There is no baseline if
/// trials use different points.
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
        return Baseline::Unknown("the number of points of each class is not recorded here");
    };
    let divided = data.seeding() == DataSeed::PerRun;
    // If data is divided for every run, the runs together are measured on all points, as are the folds of a trial.
    let [minus, plus] = if divided || study.folds > 1 { facts.points() } else { facts.validation };
    let points = minus.saturating_add(plus);
    let constant =
        Constant { wrong: minus.min(plus), points, seen: points, fixed: !divided || study.folds > 1, divided };
    if constant.points == 0 { Baseline::None } else { Baseline::Constant(constant) }
}

/// The settings of data that determine its points, without those for scaling and choosing inputs.
fn points(data: &Data, folds: bool) -> String {
    let mut json = serde_json::to_value(data).unwrap_or_default();
    for settings in json.as_object_mut().into_iter().flat_map(|kinds| kinds.values_mut()) {
        if let Some(settings) = settings.as_object_mut() {
            settings.remove("standardise");
            settings.remove("encode");
            // Together the folds cover all rows, however these are divided.
            if folds {
                ["fold", "seed", "stratified"].iter().for_each(|key| _ = settings.remove(*key));
            }
            // Only `drop` changes the set of points.
            settings.retain(|key, value| key != "missing" || value == "drop");
            // With `drop`, the used columns determine which rows are left out.
            if settings.get("missing").is_none_or(|missing| missing != "drop") {
                settings.remove("features");
            }
        }
    }
    json.to_string()
}

impl NetworkExperiment<'_> {
    /// Returns facts about every distinct data set that is read from files; those of generators follow from the
    /// settings.
    ///
    /// # Errors
    /// The data cannot be read, and results have no facts about it.
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
