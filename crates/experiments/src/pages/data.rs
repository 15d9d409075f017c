//! What is known of the data of a study: how many points of which class, from which file, and how far their inputs spread.
//!
//! Of a generator all of it follows from the settings. Of a file it does not, and the report is written where the file need not be: a
//! manifest keeps these facts, which are computed from the file when the study is.

use super::{DataFacts, firsts};
use crate::{data::Source, experiments::OfNetwork, seed::Seed, sweep::Study};

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
        let sees = |trial: &usize| study.trials[*trial].data() == data;
        Set { trials: (0..study.trials.len()).step_by(study.folds).filter(sees).collect(), facts }
    };
    // The folds of a trial are one data set, which is described with the first of them held out.
    let firsts = firsts(study).into_iter().filter(|trial| study.first_fold(*trial) == *trial);
    firsts.take(MOST_SETS).map(set).collect()
}
