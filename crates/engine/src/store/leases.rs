//! Leases: who is at which runs, so that processes in one folder do not do the same.
//!
//! Every process that works has a file `segments/NAME.claim`, which it alone writes and holds locked; the lock goes with the process, so a
//! claim that can be locked by somebody else is void. The file begins with the number of its edition (eight bytes,
//! little-endian); the first eight bytes of the identity of each claimed run follow. Runs are added at the end; when they
//! are committed, the file is written anew in the next edition.
//!
//! While its owner lives, a thread of it touches the file every few seconds. An owner who is stopped, or whose machine is gone while the lock
//! is not, falls silent, and his claims count no more until he is heard again; one that works for days on a run is heard all the time. What
//! counts is that the time of the file changes, by the clock of whoever looks: clocks of several machines need not agree.
//!
//! An owner may be heard and get nowhere all the same: a thread of it hangs on a disk, or somebody holds it in a debugger. Every claim and every
//! commit changes its file, so that others see whether it gets on. Whoever has had nothing else to do but to wait for it for half a minute, in which
//! it has not, says once who it is and what it is at. After ten minutes it is waited for no longer: its runs are done here too, until it gets on
//! again. A run of more than ten minutes is so done by two, by one that would have been idle, and by no third; if both come to an end, it counts
//! as a replication. All these times are [`BOUNDS`].
//!
//! The name of the file says whose it is: `PROCESS-HOST-XXXXXX.claim`. Nothing depends on that but what people are told.
//!
//! Leases save work and nothing else: where a claim is not seen, or cannot be made, a run is done twice with the same bits.

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
pub use other::Stuck;

const ENDING: &str = "claim";

/// How long others are listened to and waited for.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How often an owner is heard.
    pub beat: Duration,
    /// Whoever is not heard for longer has no claims.
    pub silence: Duration,
    /// Whoever gets nowhere for longer, while this process waits for it, is named.
    pub word: Duration,
    /// Whoever gets nowhere for longer, while this process waits for it, is waited for no longer.
    pub patience: Duration,
}

/// The bounds that hold everywhere but in tests.
pub const BOUNDS: Bounds = Bounds {
    beat: Duration::from_secs(5),
    silence: Duration::from_secs(30),
    word: Duration::from_secs(30),
    patience: Duration::from_secs(600),
};

/// The first bytes of an identity.
type Key = [u8; 8];

/// The claims of this process, and those of the others as far as they were looked at.
#[derive(Debug)]
pub struct Leases {
    segments: PathBuf,
    path: PathBuf,
    file: File,
    edition: u64,
    own: BTreeSet<Key>,
    others: BTreeMap<PathBuf, Other>,
    #[doc(hidden)]
    pub bounds: Bounds,
    /// Dropped, it ends the thread that touches the file.
    heart: Option<Sender<()>>,
}

impl Leases {
    /// Makes the file of this process in `folder`, and looks for those of others.
    ///
    /// # Errors
    /// The file cannot be written or locked.
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        let segments = folder.join("segments");
        // Locked before it is seen under its own name, so that nobody takes it for void.
        let file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&segments)?;
        file.as_file().try_lock().map_err(|error| match error {
            TryLockError::Error(error) => error,
            TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
        })?;
        let unique = file.path().file_name().unwrap_or_default().to_string_lossy().replacen(UNFINISHED, "", 1);
        let path = segments.join(other::file_name(std::process::id(), &origin::host().unwrap_or_default(), &unique));
        let file = file.persist(&path).map_err(|error| error.error)?;
        let heart = file.try_clone().and_then(|file| beat(file, BOUNDS.beat)).ok();
        let (own, others) = (BTreeSet::new(), BTreeMap::new());
        let mut leases = Self { segments, path, file, edition: 0, own, others, bounds: BOUNDS, heart };
        leases.rewrite()?;
        leases.look();
        Ok(leases)
    }

    /// Whether anybody else works here.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        !self.others.is_empty()
    }

    /// Looks for processes that have come or gone, and removes what the gone ones left.
    pub fn look(&mut self) {
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
        self.others.values_mut().for_each(Other::listen);
    }

    /// How many runs others are at who are heard and get on.
    #[must_use]
    pub fn elsewhere(&self) -> usize {
        self.counting().map(Other::runs).sum()
    }

    /// Those whose claims count.
    fn counting(&self) -> impl Iterator<Item = &Other> {
        self.others.values().filter(|other| other.counts(&self.bounds))
    }

    /// Those who have `runs` and get nowhere, while this process has had nothing else to do since `idle`: each is named once, and once more
    /// when it is waited for no longer.
    pub fn stuck(&mut self, runs: &[Digest], idle: Instant) -> Vec<Stuck> {
        let bounds = self.bounds;
        // A run that two are at is given to no third.
        let holders = |run: &Key| self.counting().filter(|other| other.has(run)).count();
        let shared: BTreeSet<Key> = runs.iter().map(key).filter(|run| holders(run) > 1).collect();
        let others = self.others.iter_mut().filter(|(_, other)| other.counts(&bounds));
        others.filter_map(|(path, other)| other.stuck(path, runs, &shared, idle, &bounds)).collect()
    }

    /// Leases those of `runs` that nobody else has, and says for each whether it is ours now.
    pub fn lease(&mut self, runs: &[Digest]) -> Vec<bool> {
        self.read_others();
        let mut ours: Vec<bool> = runs.iter().map(|run| !self.is_taken(run)).collect();
        let wanted: Vec<Key> = runs.iter().zip(&ours).filter(|(_, ours)| **ours).map(|(run, _)| key(run)).collect();
        if wanted.is_empty() {
            return ours;
        }
        // A claim that cannot be written down is one that others do not see, no more.
        let _ = self.file.write_all(wanted.as_flattened());
        self.own.extend(&wanted);
        // Somebody may have done the same at the same moment; then neither has it, and both come again.
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

    /// Whether others gave up claims since this was last asked: what they had is committed, and must be looked for before anything is
    /// begun that only seems to be free.
    pub fn were_released(&mut self) -> bool {
        let released: Vec<bool> = self.others.values_mut().map(Other::has_released).collect();
        released.contains(&true)
    }

    /// Gives up the claims to runs that are committed.
    pub fn release<'a>(&mut self, runs: impl IntoIterator<Item = &'a Digest>) {
        for run in runs {
            self.own.remove(&key(run));
        }
        let _ = self.rewrite();
    }

    fn is_taken(&self, run: &Digest) -> bool {
        self.counting().any(|other| other.has(&key(run)))
    }

    /// Reads what others have added; says whether there was anything.
    fn read_others(&mut self) -> bool {
        self.others.values_mut().for_each(Other::listen);
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

/// Touches the file again and again, until what is given back is dropped. A thread does so, since the others train.
fn beat(file: File, every: Duration) -> io::Result<Sender<()>> {
    let (heart, end) = channel();
    let beat = move || {
        while end.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
            // Whoever cannot be heard is taken for silent: then runs are done twice.
            let _ = file.set_modified(SystemTime::now());
        }
    };
    thread::Builder::new().name("claims".into()).spawn(beat)?;
    Ok(heart)
}

/// Removes all claims in `folder`; only for whoever is alone there.
pub(super) fn remove_all(folder: &Path) {
    for path in files(&folder.join("segments")) {
        let _ = fs::remove_file(path);
    }
}

/// Whether there are no claims in `folder`.
pub(super) fn is_empty(folder: &Path) -> bool {
    files(&folder.join("segments")).is_empty()
}

/// Whether the process that made the file is gone; then the file is removed.
fn is_void(path: &Path, file: &File) -> bool {
    let void = file.try_lock().is_ok();
    if void {
        let _ = fs::remove_file(path);
        let _ = file.unlock();
    }
    void
}

/// The claims in a folder of segments.
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
