//! Checkpoints: where runs under way are, so that a kill costs seconds of them and not the whole.
//!
//! The process that does a run keeps its checkpoint about every two seconds in `segments/IDENTITY.checkpoint`; the one that takes the run over goes on from there, with
//! the same bits. Once the run is committed, the file is removed. Runs of less time never have one.
//!
//! # The file
//!
//! Numbers are little-endian. It begins with 64 bytes: `RESTUDY RUN\n`, a version (four bytes), the identity of the run (32), a number of the
//! process that made the file (8), and the room for a state (8). Two slots follow, each as large as that room and 96 bytes: a BLAKE3 digest of the 64 bytes
//! and what is in the slot (32), its number (8), the steps that are done (8), how much of the log belongs to it (8), the BLAKE3 digest of that (32), the
//! length of the state (8), the state. The rest is the log of measurements, each with its epoch, its step, the number of its values (8 each), the values and
//! its link (32).
//!
//! # Why no kill spoils it
//!
//! The file is made whole under a temporary name and renamed. After that, what was measured is put behind the log, then the slot that was not written last
//! is overwritten: a kill in between leaves the other slot, and the part of the log that it names. So keeping costs as much as was measured since, and the
//! parameters, however long the run is. Nothing is synced: a loss of power may take a checkpoint away, and then the run begins anew.
//!
//! A file that is damaged, of another run, of another version, or not what an experiment can go on from is as good as none. Its maker alone writes into it:
//! the process that takes the run over makes a new one in its place, and the other finds a number that is not its own, and keeps no more of this run.
//!
//! A checkpoint is taken at its word, as a stored run is; `verify` computes runs from the beginning.

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

/// What is older, and of a run that no study has asked for since, is removed when a study is finished.
const STALE: Duration = Duration::from_secs(30 * 86_400);

/// A run between two steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint<'a> {
    /// The steps that are done.
    pub step: u64,
    /// What was measured up to there.
    pub points: Cow<'a, [Observation]>,
    /// The link of the chain at each measurement.
    pub chain: Cow<'a, [Digest]>,
    /// What else the next steps follow from: only the experiment knows.
    pub state: Cow<'a, [u8]>,
}

impl Checkpoint<'_> {
    /// Whether a run can have measured this. Like a [record](Record::is_in_shape), it may come from anyone.
    fn is_in_shape(&self) -> bool {
        let follows = |pair: &[Observation]| {
            let [one, next] = [&pair[0], &pair[1]];
            one.step < next.step && one.epoch <= next.epoch && one.values.len() == next.values.len()
        };
        let ends = self.points.last().is_none_or(|last| last.step <= self.step);
        let links = self.points.len() == self.chain.len();
        // What was not measured is no number; what is infinite has ended its run.
        let goes_on = |point: &Observation| point.values.iter().all(|value| !value.is_infinite());
        ends && links && self.points.iter().all(goes_on) && self.points.windows(2).all(follows)
    }
}

/// The checkpoints in a results folder.
#[derive(Debug)]
pub struct Checkpoints {
    segments: PathBuf,
    /// The runs that have one, as far as this process knows, and after how many steps.
    known: Mutex<BTreeMap<Digest, u64>>,
}

impl Checkpoints {
    /// Those in `folder`.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let step = |(id, path): (Digest, PathBuf)| (id, newest(&path, &id).map_or(0, |slot| slot.step));
        Self { segments: folder.join("segments"), known: Mutex::new(files(folder).into_iter().map(step).collect()) }
    }

    /// After how many steps a run was kept; nothing if it was not.
    #[must_use]
    pub fn step(&self, id: &Digest) -> Option<u64> {
        self.known().get(id).copied()
    }

    /// The place of the checkpoint of a run.
    #[must_use]
    pub fn keeper(&self, id: Digest) -> Keeper<'_> {
        Keeper { folder: self, id, written: None, lost: false }
    }

    /// Removes those of runs that are committed.
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

/// The checkpoint of one run.
#[derive(Debug)]
pub struct Keeper<'a> {
    folder: &'a Checkpoints,
    id: Digest,
    written: Option<Written>,
    /// Whether the file is another's now, or was removed: another process does the run, or has done it.
    lost: bool,
}

/// What this process has written.
#[derive(Debug)]
struct Written {
    head: [u8; HEAD],
    slots: u64,
    points: usize,
    log: u64,
    digest: blake3::Hasher,
}

impl Keeper<'_> {
    /// What was kept; nothing if that cannot be gone on from.
    #[must_use]
    pub fn kept(&self) -> Option<Checkpoint<'static>> {
        let path = self.folder.path(&self.id);
        let bytes = read(&path).ok()?;
        let found = bytes::decode(&bytes, &self.id).filter(Checkpoint::is_in_shape);
        self.folder.known().insert(self.id, found.as_ref().map_or(0, |found| found.step));
        found
    }

    /// Keeps where the run is. What cannot be written is not kept, and neither is what another process keeps.
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

    /// Adds to the file of this process; nothing if it has to be made anew.
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

    /// Makes the file, in place of any other.
    fn make(&self, checkpoint: &Checkpoint<'_>) -> Option<Written> {
        let mut file = Builder::new().prefix(atomic::UNFINISHED).make_in(&self.folder.segments, atomic::open).ok()?;
        let name = format!("{} {} {:?}", std::process::id(), file.path().display(), SystemTime::now());
        // Some room to grow: a state that does not fit makes the whole file anew.
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

/// Removes the checkpoints of runs that are stored, and those that no process has gone on with for a month.
pub(super) fn tidy(folder: &Path, runs: &Runs) {
    for (id, path) in files(folder) {
        let touched = fs::symlink_metadata(&path).and_then(|about| about.modified()).ok();
        let is_stale = touched.and_then(|touched| touched.elapsed().ok()).is_some_and(|age| age > STALE);
        if runs.contains(&id) || is_stale {
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether there are checkpoints of runs that are stored, as after a kill.
#[must_use]
pub fn is_tidy(folder: &Path, runs: &BTreeMap<Digest, Record>) -> bool {
    !files(folder).iter().any(|(id, _)| runs.contains_key(id))
}

/// The checkpoints in a folder, and of which runs they say that they are.
fn files(folder: &Path) -> Vec<(Digest, PathBuf)> {
    let entries = fs::read_dir(folder.join("segments")).into_iter().flatten().flatten().map(|entry| entry.path());
    let named = entries.filter(|path| path.extension().is_some_and(|extension| extension == ENDING));
    named.filter_map(|path| Some((path.file_stem()?.to_str()?.parse().ok()?, path))).collect()
}

/// The slot that was written last, without the log that belongs to it.
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
