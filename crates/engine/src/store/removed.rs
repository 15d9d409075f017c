//! The runs that were removed from a folder: `removed.jsonl`, one JSON object a line. It is history: no result depends
//! on it.

use std::{collections::BTreeSet, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{StoreError, json, read, write};
use crate::digest::{Digest, Record};

/// The file in a results folder.
pub const REMOVED: &str = "removed.jsonl";

/// A run that was removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RemovedRun {
    /// The identity of the run.
    pub run: Digest,
    /// The digest of its record.
    pub digest: Digest,
    /// How it ended.
    pub outcome: String,
    /// The epoch of its last measurement, or the step, as in the table `runs`.
    pub epoch: u64,
    /// What it had kept beside the store: names, sizes and digests; null if that is not known.
    #[serde(default)]
    pub files: Json,
    /// When it was removed, in seconds since 1970.
    pub removed: u64,
    /// The version of the program that removed it.
    pub restudy: String,
}

impl RemovedRun {
    /// Describes a run that is removed now.
    #[must_use]
    pub fn now(record: &Record, files: Json, version: &str) -> Self {
        Self {
            run: record.id,
            digest: record.digest(),
            outcome: record.outcome.name().into(),
            epoch: record.observations.last().map_or(0, |point| point.epoch),
            files,
            removed: super::journal::now(),
            restudy: version.into(),
        }
    }
}

/// Returns the runs that were removed from `folder`, in the order of the file. Lines that cannot be read are skipped.
#[must_use]
pub fn removed(folder: &Path) -> Vec<RemovedRun> {
    let bytes = read(&folder.join(REMOVED)).unwrap_or_default();
    bytes.split(|byte| *byte == b'\n').filter_map(|line| json::from_slice(line).ok()).collect()
}

/// Adds runs to the list. A run that is listed with the same digest is not added again: an earlier removal of it was
/// interrupted, or it was computed again and removed again.
///
/// # Errors
/// The list cannot be written; it is unchanged then.
pub fn note_removed(folder: &Path, runs: &[RemovedRun]) -> Result<(), StoreError> {
    let known: BTreeSet<_> = removed(folder).into_iter().map(|run| (run.run, run.digest)).collect();
    let new: Vec<_> = runs.iter().filter(|run| !known.contains(&(run.run, run.digest))).collect();
    if new.is_empty() {
        return Ok(());
    }
    let file = folder.join(REMOVED);
    let mut bytes = read(&file).unwrap_or_default();
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    for run in new {
        bytes.extend(serde_json::to_vec(run).expect("a run can be written"));
        bytes.push(b'\n');
    }
    write(&file, &bytes)
}
