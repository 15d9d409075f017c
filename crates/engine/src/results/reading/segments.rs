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
    store::{
        self,
        index::{self, Brief},
    },
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
    /// Runs that are stored otherwise than the manifest lists them, or in two ways, so that a sweep refuses to go on: those that a manifest
    /// lists that vouches for them are not in `runs`.
    pub refused: BTreeSet<Digest>,
    /// Whether nothing binds the measurements before the last one of the runs that the manifest lists.
    pub unbound: bool,
    /// Whether a segment could not be opened at all, or is of a newer version: then others may hold anything.
    pub failed: bool,
}

/// What is looked at of a record.
struct Seen {
    file: String,
    brief: Brief,
    measurements: Digest,
    contradiction: Option<Contradiction>,
    other_trace: bool,
}

/// Reads every segment of a folder. What a manifest that does not vouch contradicts is none of the findings, but refused.
#[must_use]
pub fn segments(folder: &Path, study: &Study, manifest: Option<&Manifest>) -> Segments {
    let mut found = Segments::default();
    if !store::has_segments(folder) {
        return found;
    }
    let witness = manifest.map(|manifest| witness(folder, study, manifest));
    let manifest = manifest.filter(|manifest| manifest.has_root_of_runs());
    let listed: BTreeMap<_, _> = manifest.iter().flat_map(|own| &own.runs).map(|run| (run.id, run)).collect();
    let by = witness.as_ref().map(Witness::vouched_by);
    found.unbound = manifest.is_some() && by == Some(VouchedBy::Nothing);
    let seen = |file: &Path, record: Record| Seen {
        file: name(file),
        contradiction: witness.as_ref().and_then(|witness| witness.contradiction(&record)),
        other_trace: listed.get(&record.id).is_some_and(|run| {
            let row = RunRow { trial: run.trial, seed: Seed(run.seed), record: &record };
            run.digest == record.digest() && RunEntry::new(&row).trace != run.trace
        }),
        measurements: record.measurements(),
        brief: Brief::of(&record),
    };
    let (seen, damage) = match store::each(folder, seen) {
        Ok(seen) => seen,
        Err(error) => {
            found.failed = true;
            found.findings.push(Finding::damaged("segments", format!("the stored runs cannot be read: {error}")));
            return found;
        }
    };
    let damaged: BTreeSet<_> = damage.iter().map(|damage| name(&damage.file)).collect();
    found.findings.extend(damage.into_iter().map(|damage| Finding::damaged(name(&damage.file), damage.reason)));
    let mut wrong: BTreeMap<String, Vec<(Digest, Contradiction)>> = BTreeMap::new();
    let mut indexed: BTreeMap<String, Vec<Brief>> = BTreeMap::new();
    let (mut traces, mut twice, mut known) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
    for Seen { file, brief, measurements, contradiction, other_trace } in seen {
        if !damaged.contains(&file) {
            let segment = file.rsplit('/').next().unwrap_or_default().to_owned();
            indexed.entry(segment).or_default().push(brief.clone());
        }
        if let Some(contradiction) = contradiction {
            found.refused.insert(brief.id);
            if manifest.is_some() {
                wrong.entry(file).or_default().push((brief.id, contradiction));
                continue;
            }
        }
        traces.extend(other_trace.then_some(brief.id));
        let differs = *known.entry(brief.id).or_insert((brief.digest, measurements)) != (brief.digest, measurements);
        twice.extend(differs.then_some(brief.id));
        found.runs.entry(brief.id).or_insert(brief);
    }
    found.findings.extend(wrong.iter().filter_map(|(file, wrong)| contradicted(file, wrong)));
    if let Some(first) = traces.first() {
        let reason = format!("its trace of {} is not that of the measurements", some(*first, traces.len()));
        found.findings.push(Finding::contradicts("manifest.json", reason));
    }
    if !index::is_true(folder, &indexed) {
        let reason = "it does not say what the segments say: it is not used, and can be deleted";
        found.findings.push(Finding::contradicts("segments/index", reason));
    }
    if let Some(first) = twice.first() {
        // Nothing says which of them is right.
        let reason = format!("it holds different results of {}", some(*first, twice.len()));
        found.findings.push(Finding::contradicts("segments", reason).stopping());
        found.refused.extend(twice.iter().copied());
        twice.iter().for_each(|id| _ = found.runs.remove(id));
    }
    found
}

/// What the manifest says of its runs; where it says too little of them, and every one of them is here, they speak for each other.
pub(super) fn witness(folder: &Path, study: &Study, manifest: &Manifest) -> Witness {
    let mut witness = Witness::new(folder, study, manifest);
    if witness.vouched_by() == VouchedBy::Nothing {
        let own = |_: &Path, record: Record| {
            (witness.lists(&record.id) && witness.contradiction(&record).is_none()).then_some(record)
        };
        let records = store::each(folder, own).map(|(records, _)| records).unwrap_or_default();
        let records = records.into_iter().flatten().map(|record| (record.id, record)).collect();
        witness.ask_all(study, manifest, &records);
    }
    witness
}

/// The records of a file that are not those of the manifest.
fn contradicted(file: &str, wrong: &[(Digest, Contradiction)]) -> Option<Finding> {
    let (first, contradiction) = wrong.first()?;
    let reason = format!("it holds {} of {} than the manifest lists", contradiction.what(), some(*first, wrong.len()));
    Some(Finding::contradicts(file, reason).stopping())
}

/// A run, and how many others.
pub(super) fn some(first: Digest, runs: usize) -> String {
    match runs {
        1 => format!("run {}", first.short()),
        runs => format!("run {} and {} more", first.short(), runs - 1),
    }
}

/// The name of a segment, by its path in the folder.
#[must_use]
pub fn name(file: &Path) -> String {
    format!("segments/{}", file.file_name().unwrap_or_default().to_string_lossy())
}
