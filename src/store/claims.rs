//! Claims: who is at which runs, so that processes in one folder do not do the same.
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
//! Claims save work and nothing else: where a claim is not seen, or cannot be made, a run is done twice with the same bits.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant, SystemTime},
};

use super::atomic::UNFINISHED;
use crate::digest::Digest;

const ENDING: &str = "claim";

/// How often an owner is heard, and how long he may be silent.
const BEAT: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_secs(30);

/// The first bytes of an identity.
type Key = [u8; 8];

/// The claims of this process, and those of the others as far as they were looked at.
#[derive(Debug)]
pub struct Claims {
    segments: PathBuf,
    path: PathBuf,
    file: File,
    edition: u64,
    own: BTreeSet<Key>,
    others: BTreeMap<PathBuf, Other>,
    /// Whoever is silent for longer has no claims.
    silence: Duration,
    /// Ends the thread that touches the file.
    _heart: Option<Sender<()>>,
}

/// The claims of another process.
#[derive(Debug)]
struct Other {
    file: File,
    edition: Key,
    keys: BTreeSet<Key>,
    /// Whether it gave up claims that nobody here has asked about.
    released: bool,
    /// When the file was touched, by whatever clock, and when that was seen, by ours.
    touched: Option<SystemTime>,
    heard: Instant,
}

impl Claims {
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
        let name = file.path().file_name().unwrap_or_default().to_string_lossy().replacen(UNFINISHED, "", 1);
        let path = segments.join(name).with_extension(ENDING);
        let file = file.persist(&path).map_err(|error| error.error)?;
        let heart = file.try_clone().and_then(|file| beat(file, BEAT)).ok();
        let (own, others) = (BTreeSet::new(), BTreeMap::new());
        let mut claims = Self { segments, path, file, edition: 0, own, others, silence: SILENCE, _heart: heart };
        claims.rewrite()?;
        claims.look();
        Ok(claims)
    }

    /// Whether anybody else works here.
    #[must_use]
    pub fn has_company(&self) -> bool {
        !self.others.is_empty()
    }

    /// Looks for processes that have come or gone, and removes what the gone ones left.
    pub fn look(&mut self) {
        let found = files(&self.segments);
        self.others.retain(|path, other| found.contains(path) && !is_void(path, &other.file));
        for path in found {
            if path != self.path
                && !self.others.contains_key(&path)
                && let Ok(file) = File::options().read(true).write(true).open(&path)
                && !is_void(&path, &file)
            {
                let (edition, keys, heard) = (Key::default(), BTreeSet::new(), Instant::now());
                self.others.insert(path, Other { file, edition, keys, released: false, touched: None, heard });
            }
        }
        self.others.values_mut().for_each(Other::listen);
    }

    /// How many runs others are at who are heard.
    #[must_use]
    pub fn elsewhere(&self) -> usize {
        self.heard().map(|other| other.keys.len()).sum()
    }

    fn heard(&self) -> impl Iterator<Item = &Other> {
        self.others.values().filter(|other| other.heard.elapsed() < self.silence)
    }

    /// Claims those of `runs` that nobody else has, and says for each whether it is ours now.
    pub fn claim(&mut self, runs: &[Digest]) -> Vec<bool> {
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
        let released: Vec<bool> = self.others.values_mut().map(|other| std::mem::take(&mut other.released)).collect();
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
        self.heard().any(|other| other.keys.contains(&key(run)))
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

impl Drop for Claims {
    fn drop(&mut self) {
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

impl Other {
    fn listen(&mut self) {
        let touched = self.file.metadata().and_then(|about| about.modified()).ok();
        if touched != self.touched {
            (self.touched, self.heard) = (touched, Instant::now());
        }
    }

    fn read(&mut self) -> bool {
        let mut bytes = Vec::new();
        let mut edition = Key::default();
        let from = 8 * (1 + self.keys.len() as u64);
        let file = &mut self.file;
        let mut read = || {
            file.seek(SeekFrom::Start(0))?;
            file.read_exact(&mut edition)?;
            let from = if edition == self.edition { from } else { 8 };
            file.seek(SeekFrom::Start(from))?;
            file.read_to_end(&mut bytes)
        };
        // A file that is being written anew is read the next time.
        if read().is_err() {
            return false;
        }
        if edition != self.edition {
            self.keys.clear();
            (self.edition, self.released) = (edition, true);
        }
        self.keys.extend(bytes.as_chunks().0);
        !bytes.is_empty()
    }
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
