//! What is known of the data of a study: how many points of which class, from which file, and how far their inputs spread.
//!
//! Of a generator all of it follows from the settings. Of a file it does not, and the report is written where the file need not be: a
//! manifest keeps these facts, which are computed from the file when the study is.

use super::{DataFacts, firsts};
use crate::{
    data::{Data, DataSeed, Source},
    experiments::OfNetwork,
    seed::Seed,
    sweep::Study,
};

/// The most data sets that a report describes.
pub(super) const MOST_SETS: usize = 8;

/// A data set of the study with the trials that see it.
pub(super) struct Set {
    /// These trials, by place in the study.
    pub trials: Vec<usize>,
    /// What is known of it: nothing of a file in a manifest that an earlier version wrote.
    pub facts: Option<DataFacts>,
}

/// The data sets that a report describes.
pub(super) fn sets(study: &Study, facts: &[DataFacts]) -> Vec<Set> {
    let seed = study.seeds.first().copied().unwrap_or(Seed(0));
    let set = |first: usize| {
        let data = study.trials[first].data();
        let drawn = || DataFacts::new(first, Vec::new(), &data.load(data.seeding().of(seed)).ok()?).into();
        let facts = match data.dimension() {
            Some(_) => drawn(),
            None => facts.iter().find(|facts| facts.trial == first).cloned(),
        };
        Set { trials: (0..study.trials.len()).filter(|trial| study.trials[*trial].data() == data).collect(), facts }
    };
    firsts(study).into_iter().take(MOST_SETS).map(set).collect()
}

/// The share of points that naming the more frequent class always gets wrong: of the validation points, or of all where these are
/// chosen anew for every run. None where there are several data sets, or not enough is known.
pub(super) fn chance(study: &Study, sets: &[Set]) -> Option<f64> {
    let [Set { facts: Some(facts), .. }] = sets else { return None };
    let data: &Data = study.trials.get(facts.trial)?.data();
    let [minus, plus] = match data.seeding() {
        DataSeed::PerRun => facts.points(),
        DataSeed::Fixed(_) => facts.validation,
    };
    let all = minus.saturating_add(plus);
    (all > 0).then(|| minus.min(plus) as f64 / all as f64)
}
