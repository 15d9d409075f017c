//! Reads the segments of a folder, and checks them against the manifest.

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
        witness::{Contradiction, Evidence, Witness},
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
    /// Summaries of the intact runs that do not contradict the manifest.
    pub runs: BTreeMap<Digest, Brief>,
    /// Segments that are damaged or contradict the manifest.
    pub findings: Vec<Finding>,
    /// Runs that contradict the manifest or have two results, so that a sweep refuses to run. Those that contradict a
    /// manifest with a valid root are not in `runs`.
    pub refused: BTreeSet<Digest>,
    /// Whether the measurements before the last of the listed runs cannot be checked.
    pub unchecked: bool,
    /// Whether a segment could not be opened, or is of a newer version, so that the other fields are incomplete.
    pub failed: bool,
}

/// The checked part of a record.
struct ReadRecord {
    file: String,
    brief: Brief,
    measurements: Digest,
    contradiction: Option<Contradiction>,
    other_trace: bool,
}

/// Reads every segment of a folder. Runs that contradict a manifest with a wrong root are refused, but no findings.
#[must_use]
pub fn segments(folder: &Path, study: &Study, manifest: Option<&Manifest>) -> Segments {
    let mut found = Segments::default();
    if !store::has_segments(folder) {
        return found;
    }
    let witness = manifest.map(|manifest| witness(folder, study, manifest));
    let manifest = manifest.filter(|manifest| manifest.has_root_of_runs());
    let listed: BTreeMap<_, _> = manifest.iter().flat_map(|own| &own.runs).map(|run| (run.id, run)).collect();
    let by = witness.as_ref().map(Witness::evidence);
    found.unchecked = manifest.is_some() && by == Some(Evidence::Nothing);
    let check = |file: &Path, record: Record| ReadRecord {
        file: name(file),
        contradiction: witness.as_ref().and_then(|witness| witness.contradiction(&record)),
        other_trace: listed.get(&record.id).is_some_and(|run| {
            let row = RunRow { trial: run.trial, seed: Seed(run.seed), record: &record };
            run.digest == record.digest() && RunEntry::new(&row).trace != run.trace
        }),
        measurements: record.measurements(),
        brief: Brief::of(&record),
    };
    let (records, damage) = match store::each(folder, check) {
        Ok(found) => found,
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
    for ReadRecord { file, brief, measurements, contradiction, other_trace } in records {
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
        let reason = format!("its trace of {} does not match the measurements", some(*first, traces.len()));
        found.findings.push(Finding::contradicts("manifest.json", reason));
    }
    if !index::is_true(folder, &indexed) {
        let reason = "it does not match the segments: it is not used, and can be deleted";
        found.findings.push(Finding::contradicts("segments/index", reason));
    }
    if let Some(first) = twice.first() {
        // Neither result is known to be right.
        let reason = format!("it has different results of {}", some(*first, twice.len()));
        found.findings.push(Finding::contradicts("segments", reason).stopping());
        found.refused.extend(twice.iter().copied());
        twice.iter().for_each(|id| _ = found.runs.remove(id));
    }
    found
}

/// The witness of the manifest. If that does not cover the measurements, all records together may match the table
/// `metrics`.
pub(super) fn witness(folder: &Path, study: &Study, manifest: &Manifest) -> Witness {
    let mut witness = Witness::new(folder, study, manifest);
    if witness.evidence() == Evidence::Nothing {
        let own = |_: &Path, record: Record| {
            (witness.lists(&record.id) && witness.contradiction(&record).is_none()).then_some(record)
        };
        let records = store::each(folder, own).map(|(records, _)| records).unwrap_or_default();
        let records = records.into_iter().flatten().map(|record| (record.id, record)).collect();
        witness.check_all(study, manifest, &records);
    }
    witness
}

/// The finding about the records of a file that contradict the manifest.
fn contradicted(file: &str, wrong: &[(Digest, Contradiction)]) -> Option<Finding> {
    let (first, contradiction) = wrong.first()?;
    let reason = format!("it has {} of {} than the manifest lists", contradiction.what(), some(*first, wrong.len()));
    Some(Finding::contradicts(file, reason).stopping())
}

/// Names a run, and the number of others.
pub(super) fn some(first: Digest, runs: usize) -> String {
    match runs {
        1 => format!("run {}", first.short()),
        runs => format!("run {} and {} more", first.short(), runs - 1),
    }
}

/// Returns the path of a segment in the folder.
#[must_use]
pub fn name(file: &Path) -> String {
    format!("segments/{}", file.file_name().unwrap_or_default().to_string_lossy())
}
