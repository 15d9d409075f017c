//! The index: what the segments hold, in brief, so that looking at a large study need not read all of it.
//!
//! `segments/index` stands beside the segments it was made from and names them. For each run it has the identity, the digest,
//! the end and the last measurement. It is the 14 bytes `RESTUDY INDEX\n`, a version (four bytes, little-endian), the BLAKE3
//! digest of the rest, and the rest: a list of segments in the postcard wire format, each with its name, its number of bytes
//! and its runs by identity.
//!
//! **It is only ever a shortcut.** A sweep writes it when it compacts, and never reads it; no proof and no table is made
//! from it. A segment that is there under that name with that many bytes is taken from the index, any other is read itself; an index
//! that is damaged, of another version or of segments that are gone is as good as none. Deleting it loses nothing.

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

/// A finished run, in brief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// The identity.
    pub id: Digest,
    /// The digest of the run.
    pub digest: Digest,
    /// How it ended.
    pub outcome: Outcome,
    /// The epoch of the last measurement.
    pub epoch: u64,
    /// The first epoch measured to have succeeded: with a training error of zero, if it is one of the network.
    pub success_epoch: Option<u64>,
    /// The two halves of the values of the last measurement: of the network, metrics on the training and on the validation points.
    pub finals: [Vec<f64>; 2],
}

impl Brief {
    /// The values of the last measurement, as its record has them.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        self.finals.concat()
    }
}

/// The first epoch of a run that is measured with a zero in the second place: the training error, in the segments of this format.
fn zero_epoch(record: &Record) -> Option<u64> {
    record.observations.iter().find(|point| point.values.get(1) == Some(&0.0)).map(|point| point.epoch)
}

impl Brief {
    /// What there is to say of a run.
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
    /// The name of its file.
    segment: String,
    /// The number of its bytes.
    bytes: u64,
    /// Its runs.
    runs: Vec<Brief>,
}

/// The finished runs of a folder, in brief.
#[derive(Debug, Default)]
pub struct Briefs {
    /// By identity, each once.
    runs: Vec<Brief>,
    /// Where the runs begin whose identity begins with a number of 16 bits; one entry more for the end of the last.
    starts: Vec<usize>,
    /// What could not be read of the segments that were.
    pub damage: Vec<Damage>,
    /// Segments that were read, since the index does not have them.
    pub read: usize,
}

impl Briefs {
    /// The runs that are committed in `folder`: from the index as far as it goes, else from the segments.
    ///
    /// # Errors
    /// As [`load`](super::load) of the segments that are read.
    pub fn load(folder: &Path) -> Result<Self, StoreError> {
        let mut indexed = read(folder);
        let mut found = Self::default();
        let mut seen = BTreeSet::new();
        // A file that has vanished was replaced by one that holds its runs, so the folder is listed until it stays the same.
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
                        "it holds different results of run {}; `restudy sweep` says whose, and does not go on",
                        pair[0].id.short()
                    ),
                });
            }
        }
        found.starts = starts(&found.runs);
        Ok(found)
    }

    /// The runs of a segment; says whether it was there.
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

    /// The run with this identity.
    #[must_use]
    pub fn get(&self, id: &Digest) -> Option<&Brief> {
        // Identities are spread evenly, so that few begin alike. Looking among all of them would miss the cache at every turn.
        let bucket = beginning(id);
        let runs = self.runs.get(*self.starts.get(bucket)?..*self.starts.get(bucket + 1)?)?;
        let place = runs.partition_point(|run| run.id < *id);
        runs.get(place).filter(|run| run.id == *id)
    }

    /// Every run, by identity.
    #[must_use]
    pub fn runs(&self) -> &[Brief] {
        &self.runs
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

/// The first 16 bits of an identity.
fn beginning(id: &Digest) -> usize {
    usize::from(u16::from_be_bytes([id.0[0], id.0[1]]))
}

/// Runs by identity, then digest. Their places are sorted, since the runs themselves are large, and whole identities are looked at only where
/// their beginnings are equal.
fn sorted(runs: Vec<Brief>) -> Vec<Brief> {
    let first = |run: &Brief| run.id.0.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    let mut order: Vec<_> = runs.iter().map(first).zip(0..).collect();
    let whole = |place: usize| (runs[place].id, runs[place].digest, place);
    order.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| whole(one.1).cmp(&whole(other.1))));
    let mut runs: Vec<_> = runs.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, place)| runs[place].take()).collect()
}

/// Where the runs of each beginning begin, in runs by identity.
fn starts(runs: &[Brief]) -> Vec<usize> {
    let mut starts = vec![0; (1 << 16) + 1];
    for (place, run) in runs.iter().enumerate() {
        starts[beginning(&run.id) + 1] = place + 1;
    }
    // Where none begins so, it is where the one before ends.
    for bucket in 1..starts.len() {
        starts[bucket] = starts[bucket].max(starts[bucket - 1]);
    }
    starts
}

/// Writes the index of a folder whose segments are these, with these runs in their order; leaves it alone where it is that already.
///
/// # Errors
/// It cannot be written; then there is none, which harms nobody.
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
    // As a folder lists them.
    parts.sort_by(|one, other| one.segment.cmp(&other.segment));
    let text = encode(&parts);
    let path = folder.join("segments").join("index");
    if super::read(&path).is_ok_and(|stored| stored == text) { Ok(()) } else { write(&path, &text) }
}

/// Whether the index of a folder says of each segment what its runs say, which are given by the names of their segments. One that is not there, or
/// damaged, or says nothing of a segment, says nothing wrong.
pub fn is_true(folder: &Path, runs: &BTreeMap<String, Vec<Brief>>) -> bool {
    // As bytes: a NaN is not equal to itself.
    let bytes = |runs: &[Brief]| postcard::to_allocvec(runs).ok();
    let says = |part: &Part| runs.get(&part.segment).is_none_or(|own| bytes(own) == bytes(&part.runs));
    read(folder).iter().all(says)
}

/// Whether the index of a folder is whole, and of these segments.
pub(super) fn is_of(folder: &Path, segments: &[PathBuf]) -> bool {
    let names = segments.iter().filter_map(|file| file.file_name()?.to_str());
    read(folder).iter().map(|part| part.segment.as_str()).eq(names)
}

fn encode(parts: &[Part]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend([0; 32]);
    let start = bytes.len();
    let mut bytes = postcard::to_extend(parts, bytes).expect("an index has no part that postcard cannot write");
    let digest = Digest::of(&bytes[start..]);
    bytes[start - 32..start].copy_from_slice(&digest.0);
    bytes
}

/// The parts of the index in a folder; none where there is none to be trusted.
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
