//! Reads the stored records that match the manifest.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::segments;
use crate::{
    digest::{Digest, Record},
    results::{
        Manifest,
        witness::{Evidence, Witness},
    },
    store,
    sweep::Study,
};

/// Returns the record of a run that matches the manifest; `None` if there is no intact one.
#[must_use]
pub fn record(folder: &Path, study: &Study, manifest: &Manifest, id: Digest) -> Option<Record> {
    let witness = Witness::new(folder, study, manifest);
    let own =
        |_: &Path, record: Record| (record.id == id && witness.contradiction(&record).is_none()).then_some(record);
    let (found, _) = store::each(folder, own).ok()?;
    found.into_iter().flatten().next().filter(|_| witness.lists(&id))
}

/// Returns the digest of the measurements of each run, from the manifest or from the stored runs; without runs whose
/// measurements cannot be checked.
#[must_use]
pub fn measurements(folder: &Path, study: &Study, manifest: &Manifest) -> BTreeMap<Digest, Digest> {
    segments::witness(folder, study, manifest).measurements()
}

/// Returns the intact records of some runs; those in the manifest must match it, and their measurements must be
/// checked.
#[must_use]
pub fn records(
    folder: &Path,
    study: &Study,
    manifest: Option<&Manifest>,
    wanted: &BTreeMap<Digest, Digest>,
) -> BTreeMap<Digest, Record> {
    let witness = manifest.map(|manifest| segments::witness(folder, study, manifest));
    let matches = |record: &Record| {
        witness.as_ref().is_none_or(|witness| {
            let unchecked = witness.evidence() == Evidence::Nothing && witness.lists(&record.id);
            !unchecked && witness.contradiction(record).is_none()
        })
    };
    let own = |_: &Path, record: Record| {
        (wanted.get(&record.id) == Some(&record.digest()) && matches(&record)).then_some(record)
    };
    let found = store::each(folder, own).map(|(found, _)| found).unwrap_or_default();
    found.into_iter().flatten().map(|record| (record.id, record)).collect()
}

/// Returns the stored records of runs that the manifest lists and that are not in `matching`, unchecked.
#[must_use]
pub fn unchecked_records(
    folder: &Path,
    manifest: &Manifest,
    matching: &BTreeMap<Digest, Record>,
) -> BTreeMap<Digest, Record> {
    let wanted: BTreeSet<_> = manifest.runs.iter().map(|run| run.id).filter(|id| !matching.contains_key(id)).collect();
    if wanted.is_empty() || !store::has_segments(folder) {
        return BTreeMap::new();
    }
    let own = |_: &Path, record: Record| wanted.contains(&record.id).then_some(record);
    let found = store::each(folder, own).map(|(found, _)| found).unwrap_or_default();
    found.into_iter().flatten().map(|record| (record.id, record)).collect()
}
