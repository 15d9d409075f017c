//! Leases: which process computes which runs, so that processes in one folder do not compute the same runs.
//!
//! Every working process has a file `segments/NAME.claim`, which only this process writes and keeps locked. The lock
//! ends with the process, so a file that another process can lock is void. The file begins with the number of its
//! edition (eight bytes, little-endian); the first eight bytes of the identity of each leased run follow. New leases
//! are appended; when runs are committed, the file is written again as the next edition.
//!
//! A thread of the owner touches the file every few seconds. If the owner is stopped, or its machine is lost while the
//! lock stays, the file is no longer touched, and its leases are ignored until it is touched again. An owner that works
//! on one run for days keeps touching its file. A lease depends on changes of the modification time, measured by the
//! clock of the observing process: the clocks of several machines need not agree.
//!
//! An owner may touch its file and still make no progress: one of its threads waits for a disk, or a debugger has
//! stopped the others. Every lease and every commit changes the content of the file, so that others see progress. A
//! process that has been idle for half a minute, waiting for an owner without progress in that time, reports once who
//! the owner is and which runs it has. After ten minutes the owner is given up: the waiting process computes its runs
//! too, until the owner makes progress again. So a run of more than ten minutes may be computed by two processes, of
//! which one would be idle otherwise, and by no third; if both complete it, it counts as a replication. All these times
//! are in [`TIMEOUTS`].
//!
//! The name of the file names its owner: `PROCESS-HOST-XXXXXX.claim`. Only messages depend on it.
//!
//! Leases only save work: where a lease is not seen, or cannot be made, a run is computed twice with the same bits.

mod other;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, TryLockError},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant, SystemTime},
};

use super::{atomic::UNFINISHED, origin};
use crate::digest::Digest;
use other::Other;
pub use other::Stalled;

const ENDING: &str = "claim";

/// The times after which other owners are ignored, reported or given up.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// The interval in which an owner touches its file.
    pub beat: Duration,
    /// An owner whose file is not touched for longer has no leases.
    pub silence: Duration,
    /// An owner without progress for longer, while this process waits for it, is reported.
    pub report: Duration,
    /// An owner without progress for longer, while this process waits for it, is given up.
    pub give_up: Duration,
}

/// The timeouts outside of tests.
pub const TIMEOUTS: Timeouts = Timeouts {
    beat: Duration::from_secs(5),
    silence: Duration::from_secs(30),
    report: Duration::from_secs(30),
    give_up: Duration::from_secs(600),
};

/// The first bytes of an identity.
type Key = [u8; 8];

/// The leases of this process, and those of other processes that were read.
#[derive(Debug)]
pub struct Leases {
    segments: PathBuf,
    path: PathBuf,
    file: File,
    edition: u64,
    own: BTreeSet<Key>,
    others: BTreeMap<PathBuf, Other>,
    #[doc(hidden)]
    pub timeouts: Timeouts,
    /// Dropping it ends the thread that touches the file.
    heart: Option<Sender<()>>,
}

impl Leases {
    /// Creates the file of this process in `folder`, and reads those of other processes.
    ///
    /// # Errors
    /// The file cannot be written or locked.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        let segments = folder.join("segments");
        // Locked before it has its final name, so that no process takes it for void.
        let file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&segments)?;
        file.as_file().try_lock().map_err(|error| match error {
            TryLockError::Error(error) => error,
            TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
        })?;
        let unique = file.path().file_name().unwrap_or_default().to_string_lossy().replacen(UNFINISHED, "", 1);
        let path = segments.join(other::file_name(std::process::id(), &origin::host().unwrap_or_default(), &unique));
        let file = file.persist(&path).map_err(|error| error.error)?;
        let heart = file.try_clone().and_then(|file| beat(file, TIMEOUTS.beat)).ok();
        let (own, others) = (BTreeSet::new(), BTreeMap::new());
        let mut leases = Self { segments, path, file, edition: 0, own, others, timeouts: TIMEOUTS, heart };
        leases.rewrite()?;
        leases.refresh();
        Ok(leases)
    }

    /// Whether other processes work in this folder.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        !self.others.is_empty()
    }

    /// Finds new processes, and removes the files of those that have ended.
    pub fn refresh(&mut self) {
        let found = files(&self.segments);
        self.others.retain(|path, other| found.contains(path) && !is_void(path, other.file()));
        for path in found {
            if path != self.path
                && !self.others.contains_key(&path)
                && let Ok(file) = File::options().read(true).write(true).open(&path)
                && !is_void(&path, &file)
            {
                self.others.insert(path, Other::new(file));
            }
        }
        self.others.values_mut().for_each(Other::check_touched);
    }

    /// Returns the number of runs that other live processes have leased.
    #[must_use]
    pub fn leased_elsewhere(&self) -> usize {
        self.respected().map(Other::runs).sum()
    }

    fn respected(&self) -> impl Iterator<Item = &Other> {
        self.others.values().filter(|other| other.is_respected(&self.timeouts))
    }

    /// Returns the owners that have leased some of `runs` and made no progress while this process was idle since
    /// `idle`: each is reported once, and once more when it is given up.
    pub fn stalled(&mut self, runs: &[Digest], idle: Instant) -> Vec<Stalled> {
        let timeouts = self.timeouts;
        // A run that two processes compute is given to no third.
        let holders = |run: &Key| self.respected().filter(|other| other.has(run)).count();
        let shared: BTreeSet<Key> = runs.iter().map(key).filter(|run| holders(run) > 1).collect();
        let others = self.others.iter_mut().filter(|(_, other)| other.is_respected(&timeouts));
        others.filter_map(|(path, other)| other.stalled(path, runs, &shared, idle, &timeouts)).collect()
    }

    /// Leases those of `runs` that no other process has, and returns for each whether this process has it now.
    pub fn lease(&mut self, runs: &[Digest]) -> Vec<bool> {
        self.read_others();
        let mut ours: Vec<bool> = runs.iter().map(|run| !self.is_taken(run)).collect();
        let wanted: Vec<Key> = runs.iter().zip(&ours).filter(|(_, ours)| **ours).map(|(run, _)| key(run)).collect();
        if wanted.is_empty() {
            return ours;
        }
        // A lease that cannot be written is only invisible to others.
        let _ = self.file.write_all(wanted.as_flattened());
        self.own.extend(&wanted);
        // Another process may have leased the same at the same moment; then both give it up and try again.
        if self.read_others() {
            let before = self.own.len();
            for (run, ours) in runs.iter().zip(&mut ours).filter(|(_, ours)| **ours) {
                if self.is_taken(run) {
                    *ours = false;
                    self.own.remove(&key(run));
                }
            }
            if self.own.len() < before {
                let _ = self.rewrite();
            }
        }
        ours
    }

    /// Whether other processes released leases since the last call: their runs are committed, and the store must be
    /// read before a run is started that only seems to be free.
    pub fn were_released(&mut self) -> bool {
        let released: Vec<bool> = self.others.values_mut().map(Other::has_released).collect();
        released.contains(&true)
    }

    /// Releases the leases of committed runs.
    pub fn release<'a>(&mut self, runs: impl IntoIterator<Item = &'a Digest>) {
        for run in runs {
            self.own.remove(&key(run));
        }
        let _ = self.rewrite();
    }

    fn is_taken(&self, run: &Digest) -> bool {
        self.respected().any(|other| other.has(&key(run)))
    }

    /// Reads the new leases of other processes; returns whether there are any.
    fn read_others(&mut self) -> bool {
        self.others.values_mut().for_each(Other::check_touched);
        let news: Vec<bool> = self.others.values_mut().map(Other::read).collect();
        news.contains(&true)
    }

    fn rewrite(&mut self) -> io::Result<()> {
        self.edition += 1;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.set_len(0)?;
        let mut bytes = self.edition.to_le_bytes().to_vec();
        bytes.extend(self.own.iter().flatten());
        self.file.write_all(&bytes)
    }
}

impl Drop for Leases {
    fn drop(&mut self) {
        drop(self.heart.take());
        let _ = fs::remove_file(&self.path);
    }
}

/// Touches the file at an interval until the sender is dropped. This needs a thread of its own, since the others train.
fn beat(file: File, every: Duration) -> io::Result<Sender<()>> {
    let (heart, end) = channel();
    let beat = move || {
        while end.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
            // An owner that cannot touch its file loses its leases: then runs are computed twice.
            let _ = file.set_modified(SystemTime::now());
        }
    };
    thread::Builder::new().name("claims".into()).spawn(beat)?;
    Ok(heart)
}

/// Removes all leases in `folder`. Only safe while no other process works there.
pub(super) fn remove_all(folder: &Path) {
    for path in files(&folder.join("segments")) {
        let _ = fs::remove_file(path);
    }
}

pub(super) fn is_empty(folder: &Path) -> bool {
    files(&folder.join("segments")).is_empty()
}

/// Whether the process that made the file has ended; then the file is removed.
fn is_void(path: &Path, file: &File) -> bool {
    let void = file.try_lock().is_ok();
    if void {
        let _ = fs::remove_file(path);
        let _ = file.unlock();
    }
    void
}

/// The lease files in a folder of segments.
fn files(segments: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(segments).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == ENDING)).collect()
}

fn key(run: &Digest) -> Key {
    let mut key = Key::default();
    key.copy_from_slice(&run.0[..8]);
    key
}

#[cfg(test)]
mod tests;
