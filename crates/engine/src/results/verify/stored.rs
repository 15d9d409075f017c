//! Checks the stored records, which sweeps resume from and other commands show.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{Difference, place};
use crate::{
    digest::{Digest, Place, Record},
    results::{
        reading,
        witness::{Evidence, Witness},
    },
    run::Task,
    store::{
        self, Damage,
        index::{self, Brief},
    },
    sweep::Study,
};

/// The result of checking the stored records of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The differences.
    pub found: Vec<Difference>,
    /// The damage in the segments.
    pub damage: Vec<Damage>,
    /// Why the segments could not be read at all, if so.
    pub unreadable: Option<String>,
    /// The number of records that were compared, bit by bit, with recomputed ones.
    pub compared: usize,
    /// The number of records that were compared only with the digests in the manifest.
    pub by_digest: usize,
    /// The number of records that are not part of the study, and were not checked.
    pub unasked: usize,
    /// The number of runs of the study that were not recomputed and have no intact record that matches the manifest.
    pub missing: usize,
    /// The number of runs of the study, recomputed or not, without an intact right record.
    pub unstored: usize,
    /// The evidence for the measurements of records that were compared with digests.
    pub evidence: Evidence,
}

/// Compares every stored record with the recomputed one, or, without one, with the digests in the manifest; and the
/// index with the records.
#[must_use]
pub fn stored(
    folder: &Path,
    study: &Study,
    tasks: &[Task],
    computed: &BTreeMap<Digest, Record>,
    witness: &Witness,
) -> Stored {
    let tasks: BTreeMap<Digest, &Task> = tasks.iter().map(|task| (task.id, task)).collect();
    let mut unstored: BTreeSet<Digest> = tasks.keys().copied().collect();
    let missing = |unstored: &BTreeSet<Digest>| unstored.iter().filter(|id| !computed.contains_key(*id)).count();
    let judge = |file: &Path, record: Record| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let task = tasks.get(&record.id).copied();
        let verdict = match (task, computed.get(&record.id)) {
            (None, _) => Verdict::Unasked,
            (Some(_), Some(own)) => Verdict::Compared(record.first_difference(own).map(describe)),
            (Some(_), None) => Verdict::ByDigest(
                witness.contradiction(&record).map(|other| format!("it has {} than the manifest", other.what())),
            ),
        };
        (name, task.copied(), Brief::of(&record), verdict)
    };
    let mut result = Stored {
        found: Vec::new(),
        damage: Vec::new(),
        unreadable: None,
        compared: 0,
        by_digest: 0,
        unasked: 0,
        missing: 0,
        unstored: 0,
        evidence: witness.evidence(),
    };
    let judged = match store::each(folder, judge) {
        Ok((judged, damage)) => {
            let lost = |damage: &Damage| {
                let how = format!("{}; the damaged part is not used, and `restudy sweep` repairs it", damage.reason);
                Difference::new(reading::segment_name(&damage.file), how)
            };
            result.found.extend(damage.iter().map(lost));
            result.damage = damage;
            judged
        }
        Err(error) => {
            let how = format!("the stored runs were not compared: {error}; `restudy sweep` cannot resume from them");
            result.found.push(Difference::new("segments", how));
            result.unreadable = Some(error.to_string());
            (result.missing, result.unstored) = (missing(&unstored), unstored.len());
            return result;
        }
    };
    let mut briefs: BTreeMap<String, Vec<Brief>> = BTreeMap::new();
    for (segment, task, brief, verdict) in judged {
        let fault = match verdict {
            Verdict::Unasked => {
                result.unasked += 1;
                None
            }
            Verdict::Compared(fault) => {
                result.compared += 1;
                fault
            }
            Verdict::ByDigest(fault) => {
                result.by_digest += 1;
                fault
            }
        };
        if let (Some(fault), Some(task)) = (fault, task) {
            let what = format!("segments/{segment}, run {} ({})", task.id.short(), place(study, &task));
            result.found.push(Difference::new(what, fault));
        } else if let Some(task) = task {
            unstored.remove(&task.id);
        }
        briefs.entry(segment).or_default().push(brief);
    }
    (result.missing, result.unstored) = (missing(&unstored), unstored.len());
    let damaged: BTreeSet<_> = result
        .damage
        .iter()
        .map(|damage| damage.file.file_name().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    briefs.retain(|segment, _| !damaged.contains(segment));
    if !index::is_true(folder, &briefs) {
        result.found.push(Difference::new("segments/index", "it does not match the runs in the segments"));
    }
    result
}

enum Verdict {
    Unasked,
    Compared(Option<String>),
    ByDigest(Option<String>),
}

/// Describes how a stored record differs from the recomputed one.
fn describe(place: Place) -> String {
    match place {
        Place::Epoch(epoch) => format!("its stored measurement of epoch {epoch} is not the one computed"),
        Place::Length => "its number of measurements is not the one computed".into(),
        Place::Outcome => "its outcome is not the one computed".into(),
        Place::Kept => "its stored parameters are not those computed".into(),
    }
}
