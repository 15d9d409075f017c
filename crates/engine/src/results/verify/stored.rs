//! The stored records, from which a sweep goes on and which other commands show, against what they should be.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{Difference, place};
use crate::{
    digest::{Digest, Place, Record},
    results::{
        reading,
        witness::{VouchedBy, Witness},
    },
    run::Task,
    store::{
        self, Damage,
        index::{self, Brief},
    },
    sweep::Study,
};

/// What the stored records of a folder came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Records that are not what they should be.
    pub found: Vec<Difference>,
    /// What could not be read.
    pub damage: Vec<Damage>,
    /// Why nothing could be read at all, if so.
    pub unreadable: Option<String>,
    /// Records that were compared, bit by bit, with those computed again.
    pub compared: usize,
    /// Records that were held against the digests of the manifest alone.
    pub by_digest: usize,
    /// Records of runs that the study does not ask for: nothing is said of them.
    pub unasked: usize,
    /// Runs of the study that were not computed again, and of which no whole record is here that is the one of the manifest.
    pub missing: usize,
    /// Runs of the study, computed again or not, of which no whole record is here that is the right one.
    pub unstored: usize,
    /// What binds the measurements of those that were held against digests.
    pub vouched_by: VouchedBy,
}

/// Compares every stored record with the one computed again, or, where it was not, with the digests of the manifest; and the index with the records.
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
            (Some(_), Some(own)) => Verdict::Compared(record.first_difference(own).map(parted)),
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
        vouched_by: witness.vouched_by(),
    };
    let judged = match store::each(folder, judge) {
        Ok((judged, damage)) => {
            let lost = |damage: &Damage| {
                let how =
                    format!("{}; nothing is shown or proven from it, and `restudy sweep` mends it", damage.reason);
                Difference::new(reading::segment_name(&damage.file), how)
            };
            result.found.extend(damage.iter().map(lost));
            result.damage = damage;
            judged
        }
        Err(error) => {
            let how = format!("the stored runs were not compared: {error}; `restudy sweep` does not go on with them");
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
        result.found.push(Difference::new("segments/index", "it does not say what the runs in the segments say"));
    }
    result
}

enum Verdict {
    Unasked,
    Compared(Option<String>),
    ByDigest(Option<String>),
}

/// How a stored record differs from the one computed again.
fn parted(place: Place) -> String {
    match place {
        Place::Epoch(epoch) => format!("its stored measurement of epoch {epoch} is not the one computed again"),
        Place::Length => "it has more or fewer measurements than were computed again".into(),
        Place::Outcome => "it did not end so when it was computed again".into(),
        Place::Kept => "its stored parameters are not those computed again".into(),
    }
}
