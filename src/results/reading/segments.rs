//! What the segments of a folder hold, held against the manifest.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::Finding;
use crate::{
    digest::{Digest, Record},
    results::{
        Manifest,
        manifest::RunEntry,
        witness::{Contradiction, VouchedBy, Witness},
    },
    seed::Seed,
    store::{self, index::Brief},
    sweep::Study,
    table::RunRow,
};

/// The runs in the segments of a folder.
#[derive(Debug, Default)]
pub struct Segments {
    /// Those that are intact and not contradicted, in brief.
    pub runs: BTreeMap<Digest, Brief>,
    /// What is damaged or contradicts the manifest.
    pub findings: Vec<Finding>,
    /// Whether nothing binds the measurements before the last one of the runs that the manifest lists.
    pub unbound: bool,
    /// Whether a segment could not be opened at all, or is of a newer version: then others may hold anything.
    pub failed: bool,
}

/// What is looked at of a record.
struct Seen {
    brief: Brief,
    contradiction: Option<Contradiction>,
    other_trace: bool,
}

/// Reads every segment of a folder. `manifest` must be one that vouches.
#[must_use]
pub fn segments(folder: &Path, study: &Study, manifest: Option<&Manifest>) -> Segments {
    let mut found = Segments::default();
    if !store::has_segments(folder) {
        return found;
    }
    let witness = manifest.map(|manifest| witness(folder, study, manifest));
    let listed: BTreeMap<_, _> = manifest.iter().flat_map(|own| &own.runs).map(|run| (run.id, run)).collect();
    found.unbound = witness.as_ref().is_some_and(|witness| witness.vouched_by() == VouchedBy::Nothing);
    let seen = |record: Record| Seen {
        brief: Brief::of(&record),
        contradiction: witness.as_ref().and_then(|witness| witness.contradiction(&record)),
        other_trace: listed.get(&record.id).is_some_and(|run| {
            let row = RunRow { trial: run.trial, seed: Seed(run.seed), record: &record };
            run.digest == record.digest() && RunEntry::new(&row).trace != run.trace
        }),
    };
    let mut twice = BTreeSet::new();
    let scanned = store::scan(folder, seen, |file, runs, damage| {
        let file = name(file);
        found.findings.extend(damage.map(|reason| Finding::damaged(&file, reason)));
        let (mut wrong, mut traces): (Vec<(Digest, Contradiction)>, Vec<Digest>) = Default::default();
        for Seen { brief, contradiction, other_trace } in runs {
            if let Some(contradiction) = contradiction {
                wrong.push((brief.id, contradiction));
                continue;
            }
            traces.extend(other_trace.then_some(brief.id));
            let differs = found.runs.get(&brief.id).is_some_and(|own| own.digest != brief.digest);
            twice.extend(differs.then_some(brief.id));
            found.runs.entry(brief.id).or_insert(brief);
        }
        found.findings.extend(contradicted(&file, &wrong));
        if let Some(first) = traces.first() {
            let reason = format!("its trace of {} is not that of the measurements", some(*first, traces.len()));
            found.findings.push(Finding::contradicts("manifest.json", reason));
        }
    });
    if let Err(error) = scanned {
        found.failed = true;
        found.findings.push(Finding::damaged("segments", format!("the stored runs cannot all be read: {error}")));
    }
    if let Some(first) = twice.first() {
        // Nothing says which of them is right.
        let reason = format!("it holds different results of {}", some(*first, twice.len()));
        found.findings.push(Finding::contradicts("segments", reason));
        twice.iter().for_each(|id| _ = found.runs.remove(id));
    }
    found
}

/// What the manifest says of its runs; where it says too little of them, and every one of them is here, they speak for each other.
pub(super) fn witness(folder: &Path, study: &Study, manifest: &Manifest) -> Witness {
    let mut witness = Witness::new(folder, study, manifest);
    if witness.vouched_by() == VouchedBy::Nothing {
        let mut records = BTreeMap::new();
        let own =
            |record: Record| (witness.lists(&record.id) && witness.contradiction(&record).is_none()).then_some(record);
        let _ = store::scan(folder, own, |_, found, _| {
            records.extend(found.into_iter().flatten().map(|record| (record.id, record)));
        });
        witness.ask_all(study, manifest, &records);
    }
    witness
}

/// The records of a file that are not those of the manifest.
fn contradicted(file: &str, wrong: &[(Digest, Contradiction)]) -> Option<Finding> {
    let (first, contradiction) = wrong.first()?;
    let reason = format!("it holds {} of {} than the manifest lists", contradiction.what(), some(*first, wrong.len()));
    Some(Finding::contradicts(file, reason))
}

/// A run, and how many others.
fn some(first: Digest, runs: usize) -> String {
    match runs {
        1 => format!("run {}", first.short()),
        runs => format!("run {} and {} more", first.short(), runs - 1),
    }
}

fn name(file: &Path) -> String {
    format!("segments/{}", file.file_name().unwrap_or_default().to_string_lossy())
}
