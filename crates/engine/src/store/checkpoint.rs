//! Checkpoints: the state of runs in progress, so that a kill costs seconds of a run and not all of it.
//!
//! The process that computes a run writes a checkpoint about every two seconds to `segments/IDENTITY.checkpoint`; a
//! process that takes the run over resumes from it, with the same bits. The file is removed once the run is committed.
//! Shorter runs never have one.
//!
//! # The file
//!
//! Numbers are little-endian. The file begins with a header of 64 bytes: `RESTUDY RUN\n`, a version (four bytes), the
//! identity of the run (32), a number that identifies the process that made the file (8), and the capacity for a state
//! (8). Two slots follow, each of 96 bytes and that capacity: the BLAKE3 digest of the header and the rest of the slot
//! (32), the number of the slot (8), the completed steps (8), the length of its part of the log (8), the BLAKE3 digest
//! of that part (32), the length of the state (8), the state. The rest is the log of measurements, each with its epoch,
//! its step, the number of its values (8 each), the values and its link (32).
//!
//! # Why a kill leaves a valid checkpoint
//!
//! The file is first written under a temporary name and renamed. After that, new measurements are appended to the log,
//! then the older slot is overwritten: a kill in between leaves the other slot and the part of the log that it names.
//! So the cost of a checkpoint is that of the new measurements and the parameters, however long the run is. Nothing is
//! synced: a power loss may destroy a checkpoint, and then the run starts from the beginning.
//!
//! A file that is damaged, of another run, of another version, or unusable for the experiment is ignored. Only the
//! process that made a file writes into it: a process that takes the run over replaces the file; the first process then
//! reads a foreign number in the header, and writes no more checkpoints of this run.
//!
//! A checkpoint is trusted, as a stored run is; `verify` computes runs from the beginning.

mod bytes;

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard},
    time::{Duration, SystemTime},
};

use tempfile::Builder;

use super::{Runs, atomic, read};
use crate::{
    digest::{Digest, Record},
    record::Observation,
};
use bytes::{HEAD, Slot};

const ENDING: &str = "checkpoint";

/// Older checkpoints of runs that were not committed are removed when a study is finished.
const STALE: Duration = Duration::from_secs(30 * 86_400);

/// A run between two steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint<'a> {
    /// The completed steps.
    pub step: u64,
    /// The measurements up to that step.
    pub points: Cow<'a, [Observation]>,
    /// The link of the hash chain at each measurement.
    pub chain: Cow<'a, [Digest]>,
    /// The rest of the state that the next steps depend on, in a format of the experiment.
    pub state: Cow<'a, [u8]>,
}

impl Checkpoint<'_> {
    /// Whether a run can have measured this. Like a [record](Record::is_in_shape), a checkpoint is untrusted input.
    fn is_in_shape(&self) -> bool {
        let follows = |pair: &[Observation]| {
            let [one, next] = [&pair[0], &pair[1]];
            one.step < next.step && one.epoch <= next.epoch && one.values.len() == next.values.len()
        };
        let ends = self.points.last().is_none_or(|last| last.step <= self.step);
        let links = self.points.len() == self.chain.len();
        // A value that was not measured is NaN; an infinite value ends its run.
        let is_valid = |point: &Observation| point.values.iter().all(|value| !value.is_infinite());
        ends && links && self.points.iter().all(is_valid) && self.points.windows(2).all(follows)
    }
}

/// The checkpoints in a results folder.
#[derive(Debug)]
pub struct Checkpoints {
    segments: PathBuf,
    /// The runs with a checkpoint that this process has seen, and their completed steps.
    known: Mutex<BTreeMap<Digest, u64>>,
}

impl Checkpoints {
    /// Lists the checkpoints in `folder`.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let step = |(id, path): (Digest, PathBuf)| (id, newest(&path, &id).map_or(0, |slot| slot.step));
        Self { segments: folder.join("segments"), known: Mutex::new(files(folder).into_iter().map(step).collect()) }
    }

    /// Returns the completed steps in the checkpoint of a run; `None` without a checkpoint.
    #[must_use]
    pub fn step(&self, id: &Digest) -> Option<u64> {
        self.known().get(id).copied()
    }

    /// Returns the reader and writer of the checkpoint of a run.
    #[must_use]
    pub fn keeper(&self, id: Digest) -> Keeper<'_> {
        Keeper { folder: self, id, written: None, lost: false }
    }

    /// Removes the checkpoints of committed runs.
    pub fn remove<'a>(&self, ids: impl IntoIterator<Item = &'a Digest>) {
        let mut known = self.known();
        for id in ids {
            if known.remove(id).is_some() {
                let _ = fs::remove_file(self.path(id));
            }
        }
    }

    fn path(&self, id: &Digest) -> PathBuf {
        self.segments.join(format!("{id}.{ENDING}"))
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<Digest, u64>> {
        self.known.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Reads and writes the checkpoint of one run.
#[derive(Debug)]
pub struct Keeper<'a> {
    folder: &'a Checkpoints,
    id: Digest,
    written: Option<Written>,
    /// Whether the file was replaced or removed: another process computes the run, or has committed it.
    lost: bool,
}

#[derive(Debug)]
struct Written {
    head: [u8; HEAD],
    slots: u64,
    points: usize,
    log: u64,
    digest: blake3::Hasher,
}

impl Keeper<'_> {
    /// Reads the checkpoint; `None` if there is none that the run can resume from.
    #[must_use]
    pub fn kept(&self) -> Option<Checkpoint<'static>> {
        let path = self.folder.path(&self.id);
        let bytes = read(&path).ok()?;
        let found = bytes::decode(&bytes, &self.id).filter(Checkpoint::is_in_shape);
        self.folder.known().insert(self.id, found.as_ref().map_or(0, |found| found.step));
        found
    }

    /// Writes a checkpoint. Does nothing if the file cannot be written or now belongs to another process.
    pub fn keep(&mut self, checkpoint: &Checkpoint<'_>) {
        if self.lost {
            return;
        }
        let written = self.written.take().and_then(|written| self.add(written, checkpoint));
        if !self.lost {
            self.written = written.or_else(|| self.make(checkpoint));
            self.folder.known().extend(self.written.as_ref().map(|_| (self.id, checkpoint.step)));
        }
    }

    /// Updates the file of this process; `None` if it has to be written from the start.
    fn add(&mut self, mut written: Written, checkpoint: &Checkpoint<'_>) -> Option<Written> {
        let opened = File::options().read(true).write(true).open(self.folder.path(&self.id));
        let mut head = [0; HEAD];
        let own = opened.and_then(|mut file| file.read_exact(&mut head).map(|()| file));
        let Some(mut file) = own.ok().filter(|_| head == written.head) else {
            self.lost = true;
            return None;
        };
        let room = bytes::room(&head);
        let new = checkpoint.points.get(written.points..)?;
        let log = bytes::log(new, checkpoint.chain.get(written.points..)?);
        let slot = bytes::slot(&mut written.digest, &log, &written.head, written.slots, written.log, checkpoint);
        if checkpoint.state.len() as u64 > room {
            return None;
        }
        let mut write = |place: u64, bytes: &[u8]| {
            file.seek(SeekFrom::Start(place))?;
            file.write_all(bytes)
        };
        write(bytes::log_place(room) + written.log, &log).ok()?;
        write(bytes::slot_place(written.slots, room), &slot).ok()?;
        written.points = checkpoint.points.len();
        written.log += log.len() as u64;
        written.slots += 1;
        Some(written)
    }

    /// Writes the whole file, in place of any other.
    fn make(&self, checkpoint: &Checkpoint<'_>) -> Option<Written> {
        let mut file = Builder::new().prefix(atomic::UNFINISHED).make_in(&self.folder.segments, atomic::open).ok()?;
        let name = format!("{} {} {:?}", std::process::id(), file.path().display(), SystemTime::now());
        // Spare room: a state that does not fit makes the whole file be written again.
        let room = checkpoint.state.len() as u64 + 64;
        let head = bytes::head(&self.id, &Digest::of(name.as_bytes()), room);
        let log = bytes::log(&checkpoint.points, &checkpoint.chain);
        let mut digest = blake3::Hasher::new();
        let mut start = head.to_vec();
        start.extend(bytes::slot(&mut digest, &log, &head, 0, 0, checkpoint));
        start.resize(bytes::log_place(room) as usize, 0);
        let plain = file.as_file_mut();
        plain.write_all(&start).and_then(|()| plain.write_all(&log)).ok()?;
        file.persist(self.folder.path(&self.id)).ok()?;
        Some(Written { head, slots: 1, points: checkpoint.points.len(), log: log.len() as u64, digest })
    }
}

/// Removes the checkpoints of stored runs, and those that were not updated for a month.
pub(super) fn tidy(folder: &Path, runs: &Runs) {
    for (id, path) in files(folder) {
        let touched = fs::symlink_metadata(&path).and_then(|about| about.modified()).ok();
        let is_stale = touched.and_then(|touched| touched.elapsed().ok()).is_some_and(|age| age > STALE);
        if runs.contains(&id) || is_stale {
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether no stored run has a checkpoint, which a kill can leave.
#[must_use]
pub fn is_tidy(folder: &Path, runs: &BTreeMap<Digest, Record>) -> bool {
    !files(folder).iter().any(|(id, _)| runs.contains_key(id))
}

/// The checkpoint files in a folder, with the identities in their names.
fn files(folder: &Path) -> Vec<(Digest, PathBuf)> {
    let entries = fs::read_dir(folder.join("segments")).into_iter().flatten().flatten().map(|entry| entry.path());
    let named = entries.filter(|path| path.extension().is_some_and(|extension| extension == ENDING));
    named.filter_map(|path| Some((path.file_stem()?.to_str()?.parse().ok()?, path))).collect()
}

/// The newest intact slot; its part of the log is not checked.
fn newest(path: &Path, id: &Digest) -> Option<Slot> {
    let mut file = super::open(path).ok()?;
    let mut start = vec![0; HEAD];
    file.read_exact(&mut start).ok()?;
    let slots = bytes::log_place(bytes::checked_room(&start, id)?) - HEAD as u64;
    file.take(slots).read_to_end(&mut start).ok()?;
    bytes::slots(&start, id).into_iter().next()
}

#[cfg(test)]
mod tests;
