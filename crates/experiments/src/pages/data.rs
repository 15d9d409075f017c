//! Facts about the data sets of a study: points of each class, files, and the spread of inputs.
//!
//! Facts about a generator follow from its settings. Facts about a file are computed with the study and kept in the
//! manifest, because a report can be written without the file.

use super::{DataFacts, firsts};
use crate::{data::Source, experiments::OfNetwork, seed::Seed, sweep::Study};

/// The most data sets that a report describes.
pub(super) const MOST_SETS: usize = 8;

/// A data set of the study with the trials that see it.
pub(super) struct Set {
    /// Indices of the trials.
    pub trials: Vec<usize>,
    /// `None` for a file if an earlier version wrote the manifest.
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
    // The folds of a trial count as one data set, described with the first fold held out.
    let firsts = firsts(study).into_iter().filter(|trial| study.first_fold(*trial) == *trial);
    firsts.take(MOST_SETS).map(set).collect()
}
