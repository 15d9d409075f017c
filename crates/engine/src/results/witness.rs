//! What a manifest says of single runs, held against the records that are stored.
//!
//! A record carries its own digests, so whoever makes one up makes these too. The root binds identity, last measurement, parameters and outcome; the
//! measurements before the last are bound by the digest a run that the manifest lists, or, where it lists none, by the digest of the table
//! `metrics`. Whatever reads records asks here whether they are those of the manifest before it shows or keeps anything of them.

use std::{collections::BTreeMap, path::Path};

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::Manifest;
use crate::{
    digest::{Digest, Measured, Observation, Record},
    store,
    sweep::{self, Study},
    table::{self, RunRow},
};

/// What the manifest of a folder says of its runs.
#[derive(Debug)]
pub struct Witness {
    claims: BTreeMap<Digest, Claim>,
    by: VouchedBy,
}

#[derive(Debug, Clone, Copy)]
struct Claim {
    digest: Digest,
    measurements: Option<Digest>,
    /// The hidden units of the network; none where that is not known, or where another experiment was run.
    shape: Option<usize>,
}

/// What binds the measurements before the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VouchedBy {
    /// A digest for each run, in the manifest.
    Manifest,
    /// The table `metrics`, whose digest is in the manifest: stored, or made again from all records.
    Table,
    /// Nothing: the manifest is of an early version, and neither that table nor every record is here.
    Nothing,
}

/// How a record is not the one that the manifest lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// Its digest: the last measurement, the parameters or the outcome.
    Digest,
    /// Its measurements, though its digest is the same.
    Measurements,
    /// The shape of its network: the same parameters are those of others, too.
    Shape,
}

impl Contradiction {
    /// What is not the same, as the object of a sentence.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::Digest => "another digest",
            Self::Measurements => "other measurements",
            Self::Shape => "another network",
        }
    }
}

impl Witness {
    /// What the manifest of `folder` says of its runs. A manifest of an early version is helped by the table `metrics` if that is
    /// here, and is the one of the manifest; `study` is asked for its metrics if it is the one of the manifest, and otherwise the one that is kept in the folder.
    #[must_use]
    pub fn new(folder: &Path, study: &Study, manifest: &Manifest) -> Self {
        let stored = || table::read(&store::read(&folder.join("metrics.parquet")).ok()?).ok();
        if is_of(study, manifest) {
            return Self::with_table(study, manifest, &mut || stored());
        }
        let file = folder.join("study.toml");
        let kept = sweep::read_kept(&file).and_then(|text| sweep::parse(&manifest.study, &file, &text, &[]));
        match kept {
            Ok(kept) => Self::with_table(&kept, manifest, &mut || stored()),
            Err(_) => Self::with_table(study, manifest, &mut || None),
        }
    }

    /// The same; `metrics` gives the stored table if it is needed.
    pub fn with_table(study: &Study, manifest: &Manifest, metrics: &mut dyn FnMut() -> Option<DataFrame>) -> Self {
        let known = manifest.experiment.is_none() && is_of(study, manifest);
        let claim = |(place, run): (usize, &super::manifest::RunEntry)| {
            let measurements = manifest.measurements.as_ref().and_then(|digests| digests.get(place).copied());
            let trial = study.trials.get(run.trial).filter(|_| known);
            let shape = trial.and_then(|trial| study.kind.kept_rows(&*trial.settings));
            (run.id, Claim { digest: run.digest, measurements, shape })
        };
        let claims = manifest.runs.iter().enumerate().map(claim).collect();
        if manifest.measurements.is_some() {
            return Self { claims, by: VouchedBy::Manifest };
        }
        let mut witness = Self { claims, by: VouchedBy::Nothing };
        let bound = manifest.tables.get("metrics").map(|entry| entry.digest);
        if !is_of(study, manifest) {
            return witness;
        }
        let table = metrics().filter(|table| Some(table::logical_digest(table)) == bound);
        if let Some(digests) = table.and_then(|table| of_table(study, manifest, &table)) {
            witness.take(digests);
        }
        witness
    }

    /// Lets all records of a study speak for each other, where nothing else vouches for their measurements: together they must give the table
    /// `metrics` of the manifest.
    pub fn ask_all(&mut self, study: &Study, manifest: &Manifest, records: &BTreeMap<Digest, Record>) {
        if self.by != VouchedBy::Nothing || !is_of(study, manifest) {
            return;
        }
        let rows = manifest.runs.iter().map(|run| {
            let record = records.get(&run.id)?;
            let known = run.trial < study.trials.len() && self.contradiction(record).is_none();
            known.then_some(RunRow { trial: run.trial, seed: crate::seed::Seed(run.seed), record })
        });
        let Some(rows) = rows.collect::<Option<Vec<_>>>() else { return };
        let table = table::metrics(study, &rows);
        if manifest.tables.get("metrics").map(|entry| entry.digest) == Some(table::logical_digest(&table)) {
            let digests = rows.par_iter().map(|row| (row.record.id, row.record.measurements())).collect();
            self.take(digests);
        }
    }

    fn take(&mut self, digests: BTreeMap<Digest, Digest>) {
        self.by = VouchedBy::Table;
        for (id, claim) in &mut self.claims {
            claim.measurements = digests.get(id).copied();
        }
    }

    /// What binds the measurements before the last one.
    #[must_use]
    pub fn vouched_by(&self) -> VouchedBy {
        self.by
    }

    /// Whether the manifest lists a run.
    #[must_use]
    pub fn lists(&self, id: &Digest) -> bool {
        self.claims.contains_key(id)
    }

    /// The digest of the measurements of each run, of those whose measurements anything binds.
    #[must_use]
    pub fn measurements(&self) -> BTreeMap<Digest, Digest> {
        self.claims.iter().filter_map(|(id, claim)| Some((*id, claim.measurements?))).collect()
    }

    /// How a record is not the one that the manifest lists; nothing if it is, or if the manifest does not list its run.
    #[must_use]
    pub fn contradiction(&self, record: &Record) -> Option<Contradiction> {
        let claim = self.claims.get(&record.id)?;
        if claim.digest != record.digest() {
            return Some(Contradiction::Digest);
        }
        if claim.measurements.is_some_and(|claimed| claimed != record.measurements()) {
            return Some(Contradiction::Measurements);
        }
        let other = claim.shape.is_some_and(|rows| rows != record.kept.shapes.first().map_or(0, |[rows, _]| *rows));
        other.then_some(Contradiction::Shape)
    }
}

/// Whether the table `metrics` says of each run what the manifest lists a digest of; of one without that list, or of another study, nothing can be said.
#[must_use]
pub fn agrees_with_table(study: &Study, manifest: &Manifest, metrics: &DataFrame) -> bool {
    let Some(listed) = manifest.measurements.as_ref().filter(|_| is_of(study, manifest)) else { return true };
    of_table(study, manifest, metrics)
        .is_some_and(|found| manifest.runs.iter().zip(listed).all(|(run, digest)| found.get(&run.id) == Some(digest)))
}

/// Whether a study is the one that a manifest was made of, so that trials have the same places in both.
fn is_of(study: &Study, manifest: &Manifest) -> bool {
    Digest::of(study.canonical_toml().as_bytes()) == manifest.specification
}

/// The digest of the measurements of each run, from the table `metrics`; nothing if it is no such table of this study.
fn of_table(study: &Study, manifest: &Manifest, table: &DataFrame) -> Option<BTreeMap<Digest, Digest>> {
    let runs = table::texts(table, "run")?;
    let (epochs, steps) = (table::wholes(table, "epoch")?, table::wholes(table, "step")?);
    let (chain, splits) = (table::texts(table, "chain")?, table::texts(table, "split")?);
    let trials: BTreeMap<String, usize> = manifest.runs.iter().map(|run| (run.id.to_string(), run.trial)).collect();
    let recorded = table::recorded(study);
    let columns: Vec<_> = recorded.iter().map(|own| table::floats(table, &own.name)).collect::<Option<_>>()?;
    let all = study.parts();
    let parts = all.len();
    let mut digests = BTreeMap::new();
    let mut start = 0;
    while start < runs.len() {
        let id = runs[start];
        // Two trials on files of one content have the same runs, which may stand one behind the other.
        let follows = |row: &usize| runs[*row] == id && (*row == start || steps[*row] >= steps[*row - 1]);
        let end = start + (start..runs.len()).take_while(follows).count();
        let measured = study.measured(study.trials.get(*trials.get(id)?)?);
        // Where each value of a measurement stands in the rows of its parts.
        let mut places = Vec::new();
        for (row, part) in all.iter().enumerate() {
            for own in measured.iter().filter(|own| own.parts().contains(part)) {
                let column = recorded.iter().position(|other| other.name == own.name)?;
                places.push((table::slot(&measured, *part, &own.name)?, row, column));
            }
        }
        places.sort_unstable();
        let id: Digest = id.parse().ok()?;
        let mut digest = Measured::new(id, (end - start) / parts);
        for row in (start..end).step_by(parts) {
            // All rows of a measurement say where it is; the others are read as well.
            let whole = row + parts <= end
                && all.iter().enumerate().all(|(place, part)| {
                    let other = row + place;
                    splits[other] == part.name()
                        && (epochs[row], steps[row], chain[row]) == (epochs[other], steps[other], chain[other])
                });
            if !whole {
                return None;
            }
            let values = places.iter().map(|(_, place, column)| columns[*column][row + place]).collect();
            let point = Observation { epoch: epochs[row], step: steps[row], values };
            digest.row(point.epoch, point.step, point.halves(), chain[row].parse().ok()?);
        }
        digests.insert(id, digest.finish());
        start = end;
    }
    manifest.runs.iter().all(|run| digests.contains_key(&run.id)).then_some(digests)
}
