//! The index: a summary of the segments, so that read-only commands need not read all of a large study.
//!
//! `segments/index` names the segments that it was made from. For each run it has the identity, the digest, the outcome
//! and the last measurement. It is the 14 bytes `RESTUDY INDEX\n`, a version (four bytes, little-endian), the BLAKE3
//! digest of the rest, and the rest: a list of segments in the postcard wire format, each with its name, its number of
//! bytes and its runs by identity.
//!
//! **It is only a cache.** A sweep writes it when it compacts, and never reads it; no proof and no table is made from
//! it. A segment with that name and that number of bytes is taken from the index, any other is read itself; an index
//! that is damaged, of another version or of segments that are gone is ignored. Deleting it loses nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{Damage, StoreError, Written, runs::files, segment, write};
use crate::{
    digest::{Digest, Record},
    record::Outcome,
};

const MAGIC: &[u8; 14] = b"RESTUDY INDEX\n";
const VERSION: u32 = 1;

/// The summary of a finished run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// The identity of the run.
    pub id: Digest,
    /// The digest of the run.
    pub digest: Digest,
    /// The outcome of the run.
    pub outcome: Outcome,
    /// The epoch of the last measurement.
    pub epoch: u64,
    /// The first epoch that was measured as a success: for the network, with a training error of zero.
    pub success_epoch: Option<u64>,
    /// The two halves of the values of the last measurement: for the network, metrics on the training and on the
    /// validation points.
    pub finals: [Vec<f64>; 2],
}

impl Brief {
    /// Returns the values of the last measurement in the order of the record.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        self.finals.concat()
    }
}

/// The first epoch with a zero in the second place, which is the training error in format 1.
fn zero_epoch(record: &Record) -> Option<u64> {
    record.observations.iter().find(|point| point.values.get(1) == Some(&0.0)).map(|point| point.epoch)
}

impl Brief {
    /// Summarizes a run.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let last = record.observations.last();
        Self {
            id: record.id,
            digest: record.digest(),
            outcome: record.outcome.clone(),
            epoch: last.map_or(0, |point| point.epoch),
            success_epoch: record.own.map_or_else(|| zero_epoch(record), |own| own.success),
            finals: last.map(|point| point.halves().map(<[f64]>::to_vec)).unwrap_or_default(),
        }
    }
}

/// The runs of one segment.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Part {
    segment: String,
    bytes: u64,
    runs: Vec<Brief>,
}

/// The summaries of the finished runs of a folder.
#[derive(Debug, Default)]
pub struct Briefs {
    /// Sorted by identity, without duplicates.
    runs: Vec<Brief>,
    /// For each value of the first 16 bits of an identity, the index of its first run, and at the end the number of
    /// runs.
    starts: Vec<usize>,
    /// The damage in the segments that were read.
    pub damage: Vec<Damage>,
    /// The number of segments that were read because the index does not cover them.
    pub read: usize,
}

impl Briefs {
    /// Loads the committed runs in `folder`, from the index where it covers them, otherwise from the segments.
    ///
    /// # Errors
    /// As [`load`](super::load), for the segments that are read.
    pub fn load(folder: &Path) -> Result<Self, StoreError> {
        let mut indexed = read(folder);
        let mut found = Self::default();
        let mut seen = BTreeSet::new();
        // A file that vanished was replaced by one with its runs, so the folder is listed until it stays the same.
        let mut listed = files(folder)?;
        loop {
            for file in &listed {
                if !seen.contains(file) && found.take(file, &mut indexed)? {
                    seen.insert(file.clone());
                }
            }
            let again = files(folder)?;
            if again == listed {
                break;
            }
            listed = again;
        }
        if !found.runs.is_sorted_by(|one, next| one.id < next.id) {
            found.runs = sorted(found.runs);
            found.runs.dedup_by_key(|run| (run.id, run.digest));
            if let Some(pair) = found.runs.windows(2).find(|pair| pair[0].id == pair[1].id) {
                found.damage.push(Damage {
                    file: folder.join("segments"),
                    reason: format!(
                        "it has different results of run {}; `restudy sweep` names their origins",
                        pair[0].id.short()
                    ),
                });
            }
        }
        found.starts = starts(&found.runs);
        Ok(found)
    }

    /// Adds the runs of a segment; returns whether the file exists.
    fn take(&mut self, file: &Path, indexed: &mut [Part]) -> Result<bool, StoreError> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let bytes = fs::metadata(file).map_or(0, |metadata| metadata.len());
        if let Some(part) = indexed.iter_mut().find(|part| part.segment == name && part.bytes == bytes) {
            self.runs.append(&mut part.runs);
            return Ok(true);
        }
        let bytes = match super::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(StoreError::io("read", file, error)),
        };
        let (mut runs, reason) = segment::decode_as(file, &bytes, |record| Brief::of(&record))?;
        self.damage.extend(reason.map(|reason| Damage { file: file.into(), reason }));
        self.runs.append(&mut runs);
        self.read += 1;
        Ok(true)
    }

    /// Returns the run with this identity.
    #[must_use]
    pub fn get(&self, id: &Digest) -> Option<&Brief> {
        // Identities are uniformly distributed, so a bucket has few runs; a binary search over all runs would miss the
        // cache at every step.
        let bucket = beginning(id);
        let runs = self.runs.get(*self.starts.get(bucket)?..*self.starts.get(bucket + 1)?)?;
        let place = runs.partition_point(|run| run.id < *id);
        runs.get(place).filter(|run| run.id == *id)
    }

    /// Returns all runs, sorted by identity.
    #[must_use]
    pub fn runs(&self) -> &[Brief] {
        &self.runs
    }

    /// Whether there are no runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

fn beginning(id: &Digest) -> usize {
    usize::from(u16::from_be_bytes([id.0[0], id.0[1]]))
}

/// Sorts runs by identity, then digest. Sorts their positions, since the runs themselves are large, and compares whole
/// identities only where the first 64 bits are equal.
fn sorted(runs: Vec<Brief>) -> Vec<Brief> {
    let first = |run: &Brief| run.id.0.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    let mut order: Vec<_> = runs.iter().map(first).zip(0..).collect();
    let whole = |place: usize| (runs[place].id, runs[place].digest, place);
    order.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| whole(one.1).cmp(&whole(other.1))));
    let mut runs: Vec<_> = runs.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, place)| runs[place].take()).collect()
}

/// The start of each bucket in sorted runs.
fn starts(runs: &[Brief]) -> Vec<usize> {
    let mut starts = vec![0; (1 << 16) + 1];
    for (place, run) in runs.iter().enumerate() {
        starts[beginning(&run.id) + 1] = place + 1;
    }
    // An empty bucket begins where the one before it ends.
    for bucket in 1..starts.len() {
        starts[bucket] = starts[bucket].max(starts[bucket - 1]);
    }
    starts
}

/// Writes the index for these segments, whose runs are `records` in this order; leaves an equal index unchanged.
///
/// # Errors
/// The index cannot be written; then there is none, and nothing is lost.
pub(super) fn renew<'a>(
    folder: &Path,
    segments: &[Written],
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<(), StoreError> {
    let mut briefs = records.into_iter().map(Brief::of);
    let part = |Written { path, bytes, runs }: &Written| Part {
        segment: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        bytes: *bytes as u64,
        runs: briefs.by_ref().take(*runs).collect(),
    };
    let mut parts: Vec<_> = segments.iter().map(part).collect();
    // In the order in which the folder is listed.
    parts.sort_by(|one, other| one.segment.cmp(&other.segment));
    let text = encode(&parts);
    let path = folder.join("segments").join("index");
    if super::read(&path).is_ok_and(|stored| stored == text) { Ok(()) } else { write(&path, &text) }
}

/// Returns the runs in the index: those that the store had when it was compacted the last time.
#[must_use]
pub fn listed(folder: &Path) -> BTreeSet<Digest> {
    read(folder).into_iter().flat_map(|part| part.runs).map(|run| run.id).collect()
}

/// Whether the index agrees with `runs`, which has the summaries of each segment by its name. An index that is missing
/// or damaged, or does not cover a segment, agrees.
pub fn is_true(folder: &Path, runs: &BTreeMap<String, Vec<Brief>>) -> bool {
    // Compared as bytes: a NaN does not equal itself.
    let bytes = |runs: &[Brief]| postcard::to_allocvec(runs).ok();
    let says = |part: &Part| runs.get(&part.segment).is_none_or(|own| bytes(own) == bytes(&part.runs));
    read(folder).iter().all(says)
}

/// Whether the index is intact and covers exactly these segments.
pub(super) fn is_of(folder: &Path, segments: &[PathBuf]) -> bool {
    let names = segments.iter().filter_map(|file| file.file_name()?.to_str());
    read(folder).iter().map(|part| part.segment.as_str()).eq(names)
}

fn encode(parts: &[Part]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend([0; 32]);
    let start = bytes.len();
    let mut bytes = postcard::to_extend(parts, bytes).expect("postcard can write an index");
    let digest = Digest::of(&bytes[start..]);
    bytes[start - 32..start].copy_from_slice(&digest.0);
    bytes
}

/// The entries of the index; empty if it is missing or damaged.
fn read(folder: &Path) -> Vec<Part> {
    super::read(&folder.join("segments").join("index")).ok().and_then(|bytes| decode(&bytes)).unwrap_or_default()
}

fn decode(bytes: &[u8]) -> Option<Vec<Part>> {
    let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(&VERSION.to_le_bytes())?;
    let (digest, rest) = rest.split_first_chunk::<32>()?;
    if Digest::of(rest).0 != *digest {
        return None;
    }
    let parts: Vec<Part> = postcard::from_bytes(rest).ok()?;
    let names: BTreeSet<_> = parts.iter().map(|part| &part.segment).collect();
    (names.len() == parts.len()).then_some(parts)
}

#[cfg(test)]
mod tests;
