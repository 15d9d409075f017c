//! Records of a folder as far as its manifest has them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::segments;
use crate::{
    digest::{Digest, Record},
    results::{
        Manifest,
        witness::{VouchedBy, Witness},
    },
    store,
    sweep::Study,
};

/// The record of a run that the manifest lists, as it has it; none if no intact one is here.
#[must_use]
pub fn record(folder: &Path, study: &Study, manifest: &Manifest, id: Digest) -> Option<Record> {
    let witness = Witness::new(folder, study, manifest);
    let own =
        |_: &Path, record: Record| (record.id == id && witness.contradiction(&record).is_none()).then_some(record);
    let (found, _) = store::each(folder, own).ok()?;
    found.into_iter().flatten().next().filter(|_| witness.lists(&id))
}

/// The digest of the measurements of each run, as the manifest lists it or what is stored beside it gives it; not of those whose measurements nothing binds.
#[must_use]
pub fn measurements(folder: &Path, study: &Study, manifest: &Manifest) -> BTreeMap<Digest, Digest> {
    segments::witness(folder, study, manifest).measurements()
}

/// The records of some runs that are here whole, as the manifest has them where it lists them; none of those whose measurements nothing binds.
#[must_use]
pub fn records(
    folder: &Path,
    study: &Study,
    manifest: Option<&Manifest>,
    wanted: &BTreeMap<Digest, Digest>,
) -> BTreeMap<Digest, Record> {
    let witness = manifest.map(|manifest| segments::witness(folder, study, manifest));
    let bound = |record: &Record| {
        witness.as_ref().is_none_or(|witness| {
            let unbound = witness.vouched_by() == VouchedBy::Nothing && witness.lists(&record.id);
            !unbound && witness.contradiction(record).is_none()
        })
    };
    let own = |_: &Path, record: Record| {
        (wanted.get(&record.id) == Some(&record.digest()) && bound(&record)).then_some(record)
    };
    let found = store::each(folder, own).map(|(found, _)| found).unwrap_or_default();
    found.into_iter().flatten().map(|record| (record.id, record)).collect()
}

/// The stored records of runs that the manifest lists, and that are not among `bound`: as they are stored, whatever the manifest says of them.
#[must_use]
pub fn unbound_records(
    folder: &Path,
    manifest: &Manifest,
    bound: &BTreeMap<Digest, Record>,
) -> BTreeMap<Digest, Record> {
    let wanted: BTreeSet<_> = manifest.runs.iter().map(|run| run.id).filter(|id| !bound.contains_key(id)).collect();
    if wanted.is_empty() || !store::has_segments(folder) {
        return BTreeMap::new();
    }
    let own = |_: &Path, record: Record| wanted.contains(&record.id).then_some(record);
    let found = store::each(folder, own).map(|(found, _)| found).unwrap_or_default();
    found.into_iter().flatten().map(|record| (record.id, record)).collect()
}
