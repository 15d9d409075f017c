//! Claims: who is at which runs, so that processes in one folder do not do the same.
//!
//! Every process that works has a file `segments/NAME.claim`, which it alone writes and holds locked; the lock goes with the process, so a
//! claim that can be locked by somebody else is void. The file begins with the number of its edition (eight bytes,
//! little-endian); the first eight bytes of the identity of each claimed run follow. Runs are added at the end; when they
//! are committed, the file is written anew in the next edition.
//!
//! Claims save work and nothing else: where a claim is not seen, or cannot be made, a run is done twice with the same bits.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use super::atomic::UNFINISHED;
use crate::digest::Digest;

const ENDING: &str = "claim";

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
}

/// The claims of another process.
#[derive(Debug)]
struct Other {
    file: File,
    edition: Key,
    keys: BTreeSet<Key>,
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
        let mut claims = Self { segments, path, file, edition: 0, own: BTreeSet::new(), others: BTreeMap::new() };
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
                self.others.insert(path, Other { file, edition: Key::default(), keys: BTreeSet::new() });
            }
        }
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

    /// Gives up the claims to runs that are committed.
    pub fn release<'a>(&mut self, runs: impl IntoIterator<Item = &'a Digest>) {
        for run in runs {
            self.own.remove(&key(run));
        }
        let _ = self.rewrite();
    }

    fn is_taken(&self, run: &Digest) -> bool {
        self.others.values().any(|other| other.keys.contains(&key(run)))
    }

    /// Reads what others have added; says whether there was anything.
    fn read_others(&mut self) -> bool {
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

impl Other {
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
            self.edition = edition;
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
mod tests {
    use super::*;

    fn run(number: u8) -> Digest {
        Digest::of(&[number])
    }

    #[test]
    fn a_run_is_claimed_by_one_until_it_is_released_or_its_owner_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("segments")).unwrap();
        let mut one = Claims::new(folder.path()).unwrap();
        let mut two = Claims::new(folder.path()).unwrap();
        assert!(!one.has_company() && two.has_company());
        one.look();
        assert!(one.has_company());
        assert_eq!(one.claim(&[run(1), run(2)]), [true, true]);
        assert_eq!(two.claim(&[run(2), run(3)]), [false, true]);
        assert_eq!(one.claim(&[run(3), run(4)]), [false, true]);
        one.release(&[run(2)]);
        assert_eq!(two.claim(&[run(1), run(2), run(4)]), [false, true, false]);
        drop(one);
        two.look();
        assert!(!two.has_company());
        assert_eq!(two.claim(&[run(1)]), [true]);
    }

    #[test]
    fn what_a_killed_process_left_is_void_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let segments = folder.path().join("segments");
        fs::create_dir(&segments).unwrap();
        let left = segments.join("dead.claim");
        fs::write(&left, [&[1, 0, 0, 0, 0, 0, 0, 0], key(&run(1)).as_slice()].concat()).unwrap();
        let mut claims = Claims::new(folder.path()).unwrap();
        assert!(!left.exists() && !claims.has_company());
        assert_eq!(claims.claim(&[run(1)]), [true]);
    }
}
