//! Witnesses: checks of stored records against the manifest.
//!
//! A record has its own digests, which a forger can compute too. The root covers identity, last measurement, parameters
//! and outcome; the measurements before the last are covered by a digest for each run in the manifest, or, in manifests
//! without these, by the digest of the table `metrics`. Code that reads records checks them with a [`Witness`] before
//! it shows or keeps them.

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

/// The claims of a manifest about its runs.
#[derive(Debug)]
pub struct Witness {
    claims: BTreeMap<Digest, Claim>,
    evidence: Evidence,
}

#[derive(Debug, Clone, Copy)]
struct Claim {
    digest: Digest,
    measurements: Option<Digest>,
    /// The hidden units of the network; `None` if unknown, or for another experiment.
    shape: Option<usize>,
}

/// The evidence for the measurements before the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// A digest for each run in the manifest.
    Manifest,
    /// The table `metrics`, whose digest is in the manifest: stored, or made again from all records.
    Table,
    /// None: the manifest is of an early version, and neither that table nor every record is available.
    Nothing,
}

/// How a record contradicts the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// Its digest differs: the last measurement, the parameters or the outcome.
    Digest,
    /// Its measurements differ, though its digest is the same.
    Measurements,
    /// The shape of its network differs; the flat parameters may be equal.
    Shape,
}

impl Contradiction {
    /// Returns what differs, as the object of a sentence.
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
    /// Reads the claims of the manifest of `folder`. For a manifest of an early version, reads the table `metrics` if
    /// it matches the manifest; its columns are those of `study`, or of `study.toml` in the folder if only that has the
    /// specification of the manifest.
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

    /// As [`new`](Self::new), with the stored table from `metrics`, which is called only if it is needed.
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
            return Self { claims, evidence: Evidence::Manifest };
        }
        let mut witness = Self { claims, evidence: Evidence::Nothing };
        let listed = manifest.tables.get("metrics").map(|entry| entry.digest);
        if !is_of(study, manifest) {
            return witness;
        }
        let table = metrics().filter(|table| Some(table::logical_digest(table)) == listed);
        if let Some(digests) = table.and_then(|table| of_table(study, manifest, &table)) {
            witness.take(digests);
        }
        witness
    }

    /// Checks all records of a study together, if there is no other evidence for their measurements: they must give the
    /// table `metrics` of the manifest.
    pub fn check_all(&mut self, study: &Study, manifest: &Manifest, records: &BTreeMap<Digest, Record>) {
        if self.evidence != Evidence::Nothing || !is_of(study, manifest) {
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
        self.evidence = Evidence::Table;
        for (id, claim) in &mut self.claims {
            claim.measurements = digests.get(id).copied();
        }
    }

    /// Returns the evidence for the measurements before the last one.
    #[must_use]
    pub fn evidence(&self) -> Evidence {
        self.evidence
    }

    /// Whether the manifest lists a run.
    #[must_use]
    pub fn lists(&self, id: &Digest) -> bool {
        self.claims.contains_key(id)
    }

    /// Returns the digests of the measurements of the runs with evidence.
    #[must_use]
    pub fn measurements(&self) -> BTreeMap<Digest, Digest> {
        self.claims.iter().filter_map(|(id, claim)| Some((*id, claim.measurements?))).collect()
    }

    /// Returns how a record contradicts the manifest; `None` if it matches, or if the manifest does not list its run.
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

/// Whether the table `metrics` matches the digests of measurements in the manifest; `true` without such digests, or for
/// another study.
#[must_use]
pub fn agrees_with_table(study: &Study, manifest: &Manifest, metrics: &DataFrame) -> bool {
    let Some(listed) = manifest.measurements.as_ref().filter(|_| is_of(study, manifest)) else { return true };
    of_table(study, manifest, metrics)
        .is_some_and(|found| manifest.runs.iter().zip(listed).all(|(run, digest)| found.get(&run.id) == Some(digest)))
}

/// Whether the manifest was made from this study, so that trials have the same indices.
fn is_of(study: &Study, manifest: &Manifest) -> bool {
    Digest::of(study.canonical_toml().as_bytes()) == manifest.specification
}

/// The digest of the measurements of each run, from the table `metrics`; `None` if it is no such table of this study.
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
        // Two trials on files with the same content share runs, whose rows may be adjacent.
        let follows = |row: &usize| runs[*row] == id && (*row == start || steps[*row] >= steps[*row - 1]);
        let end = start + (start..runs.len()).take_while(follows).count();
        let measured = study.measured(study.trials.get(*trials.get(id)?)?);
        // The row offset and column of each value of a measurement.
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
            // All rows of a measurement must repeat its position, since every one is read.
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
