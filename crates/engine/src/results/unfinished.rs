//! A study whose runs are not all stored: how far it is, and the tables of its stored runs.
//!
//! Nothing proves these tables: they have no manifest, and they change with every run.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;

use super::render::{RenderError, TABLES, make};
use crate::{run::Prepared, seed::Seed, sweep::Study, table::RunRow};

/// How far an unfinished study is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// The number of stored runs.
    pub stored: usize,
    /// The number of runs of the finished study, with those under further seeds.
    pub runs: usize,
    /// The number of trials.
    pub trials: usize,
    /// The number of trials without a stored run.
    pub empty: usize,
    /// The number of stored runs under further seeds, which no row contains.
    pub further: usize,
    /// The number of stored runs of seeds that lack other folds, which no row contains.
    pub of_parts: usize,
}

impl Unfinished {
    /// Counts the stored runs of a study, given by trial and seed.
    #[must_use]
    pub fn of(study: &Study, stored: impl Iterator<Item = (usize, Seed)>) -> Self {
        let (mut all, mut further) = (0, 0);
        let mut folds: BTreeMap<(usize, Seed), usize> = BTreeMap::new();
        for (trial, seed) in stored {
            all += 1;
            if study.confirms(seed) {
                further += 1;
            } else {
                *folds.entry((study.first_fold(trial), seed)).or_default() += 1;
            }
        }
        let begun: BTreeSet<_> = folds.keys().map(|(trial, _)| trial).collect();
        Self {
            stored: all,
            runs: study.run_count(),
            trials: study.compared(),
            empty: study.compared() - begun.len(),
            further,
            of_parts: folds.values().filter(|folds| **folds < study.folds).sum(),
        }
    }

    /// Returns the number of stored runs and what it means: `120 of 720 runs; an unfinished study: numbers will
    /// change`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { stored, runs, .. } = self;
        let state = if stored < runs { "numbers will change" } else { "its sweep has not written the results" };
        format!("{stored} of {runs} run{}; an unfinished study: {state}", if *runs == 1 { "" } else { "s" })
    }

    /// Returns what the rows of a table lack, as sentences.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let runs = |count: usize, one: &str, several: &str| match count {
            1 => format!("1 run {one}"),
            count => format!("{count} runs {several}"),
        };
        let mut notes = Vec::new();
        if self.empty > 0 {
            let has = if self.empty == 1 { "has" } else { "have" };
            notes.push(format!("{} of {} trials {has} no run yet.", self.empty, self.trials));
        }
        if self.of_parts > 0 {
            let what = runs(self.of_parts, "is", "are");
            notes.push(format!("{what} in no row: a seed counts once all of its folds are stored."));
        }
        if self.further > 0 {
            let what = runs(self.further, "is under a further seed", "are under further seeds");
            notes.push(format!("{what}, and in no row."));
        }
        notes
    }
}

/// Returns the tables of the stored runs, which must be sorted by trial, then seed.
///
/// # Errors
/// The data is not available.
pub fn tables(network: &dyn Prepared, rows: &[RunRow<'_>]) -> Result<BTreeMap<&'static str, DataFrame>, RenderError> {
    TABLES.iter().map(|name| Ok((*name, make(name, network, rows)?))).collect()
}
