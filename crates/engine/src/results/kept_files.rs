//! The files that runs have kept, as far as a report shows them.
//!
//! Each row of one stored array stands for a file, and has the digests of its name and content. The names themselves
//! are in the results folder alone, and may be missing there, so only the pictures of a run depend on the folder: which
//! runs are shown, and how many files there are, follows from the results.

use std::{collections::BTreeMap, path::Path};

use polars::prelude::DataFrame;

use super::{Manifest, Rendered, page};
use crate::{
    digest::{Digest, Outcome},
    experiment::Pictures,
    seed::Seed,
    sweep::Study,
    table::{self, RunRow},
};

/// The kept files of a study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFiles {
    /// The number of files of all runs.
    pub files: usize,
    /// For each trial that has kept files, in the order of the study: its first run with some, of the first stage.
    pub runs: Vec<RunFiles>,
}

/// The kept files of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFiles {
    /// The index of its trial in the study.
    pub trial: usize,
    /// Its seed.
    pub seed: Seed,
    /// Its pictures.
    pub pictures: Pictures,
}

/// A run, and the numbers of its array.
struct Run {
    trial: usize,
    seed: Seed,
    id: Digest,
    values: Vec<f64>,
}

impl KeptFiles {
    /// Returns the kept files of finished runs, sorted by trial, then seed; `None` if the study keeps no pictures.
    #[must_use]
    pub fn of_rows(study: &Study, rows: &[RunRow<'_>], folder: &Path) -> Option<Self> {
        let array = study.kind.picture_array()?;
        let (mut files, mut first): (usize, Vec<Run>) = (0, Vec::new());
        for row in rows.iter().filter(|row| has_ended_well(&row.record.outcome)) {
            let Some(([height, _], values)) = row.record.kept.arrays().nth(array) else { continue };
            files += height;
            if is_first(study, &first, row.trial, row.seed) && height > 0 {
                first.push(Run { trial: row.trial, seed: row.seed, id: row.record.id, values: values.to_vec() });
            }
        }
        Some(Self::named(study, files, first, folder))
    }

    /// Returns the same from the tables `runs` and `weights`.
    #[must_use]
    pub fn of_tables(study: &Study, tables: &BTreeMap<&'static str, DataFrame>, folder: &Path) -> Option<Self> {
        let block = study.declaration().keeps.get(study.kind.picture_array()?)?;
        let (runs, weights) = (tables.get("runs")?, tables.get("weights")?);
        let (ids, blocks) = (table::texts(weights, "run")?, table::texts(weights, "block")?);
        let (columns, numbers) = (table::wholes(weights, "column")?, table::floats(weights, "value")?);
        let mut values: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        let mut files = 0;
        for place in (0..numbers.len()).filter(|place| blocks[*place] == block) {
            files += usize::from(columns[place] == 0);
            values.entry(ids[place]).or_default().push(numbers[place]);
        }
        let mut first: Vec<Run> = Vec::new();
        let (trials, seeds) = (table::wholes(runs, "trial")?, table::wholes(runs, "seed")?);
        for (run, (trial, seed)) in table::texts(runs, "run")?.into_iter().zip(trials.into_iter().zip(seeds)) {
            let (trial, seed) = (trial as usize, Seed(seed));
            if is_first(study, &first, trial, seed)
                && let Some((id, values)) = run.parse().ok().zip(values.remove(run))
            {
                first.push(Run { trial, seed, id, values });
            }
        }
        Some(Self::named(study, files, first, folder))
    }

    fn named(study: &Study, files: usize, first: Vec<Run>, folder: &Path) -> Self {
        let wanted: Vec<_> = first.iter().map(|run| (run.id, run.values.as_slice())).collect();
        let pictures = study.kind.pictures(folder, &wanted);
        let runs = first.iter().zip(pictures);
        let runs = runs.map(|(run, pictures)| RunFiles { trial: run.trial, seed: run.seed, pictures });
        Self { files, runs: runs.collect() }
    }

    /// Whether the names of some files are not known, so that a report made earlier may have shown more pictures.
    #[must_use]
    pub fn lacks_names(&self) -> bool {
        self.runs.iter().any(|run| run.pictures.unnamed > 0)
    }
}

/// Whether the table `weights` has the arrays of a run that ended so.
fn has_ended_well(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Completed | Outcome::Converged { .. })
}

/// Whether a run is of the first stage, and of another trial than the last run found; rows are sorted by trial.
fn is_first(study: &Study, found: &[Run], trial: usize, seed: Seed) -> bool {
    !study.confirms(seed) && found.last().is_none_or(|run| run.trial != trial)
}

impl Rendered {
    /// Takes the digests of pages that `folder` does not have from its manifest, if the names of kept files are missing
    /// there, too: nothing else says which pictures the pages showed.
    #[must_use]
    pub fn with_digests_of_absent_pages(mut self, folder: &Path, manifest: &Manifest) -> Self {
        if !self.lacks_names {
            return self;
        }
        for name in page::writer().map_or(&[][..], |writer| writer.names()) {
            if !folder.join(name).exists()
                && let Some(digest) = manifest.files.get(*name)
            {
                self.manifest.files.insert((*name).to_owned(), *digest);
            }
        }
        self.files.insert("manifest.json".into(), self.manifest.to_text().into_bytes());
        self
    }
}
