//! Replaces segments by others with the same runs, or with fewer.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::{Runs, Store, StoreError, Written, checkpoint, index, journal, read, segment};
use crate::digest::{Digest, Record};

impl Store {
    /// Replaces the segments that `runs` were read from by one that has all runs, or as few as possible, so that equal
    /// stores have equal bytes; writes the index. Gathers the journal files of processes that have ended, and removes
    /// checkpoints that are no longer needed.
    ///
    /// # Errors
    /// A segment or the index cannot be written, or an old segment cannot be removed; no run is lost.
    pub fn compact(&self, runs: &Runs) -> Result<(), StoreError> {
        let written = self.commit_but(&runs.read, runs.records().values())?;
        self.replace(&runs.read, &written)?;
        journal::gather(&self.folder);
        checkpoint::tidy(&self.folder, runs);
        index::renew(&self.folder, &written, runs.records().values())
    }

    /// Replaces the segments that `runs` were read from by those of all runs except `ids`.
    ///
    /// # Errors
    /// As [`compact`](Self::compact).
    pub fn forget(&self, runs: &Runs, ids: &BTreeSet<Digest>) -> Result<(), StoreError> {
        let kept: Vec<&Record> = runs.records().values().filter(|record| !ids.contains(&record.id)).collect();
        let written = self.commit_but(&runs.read, kept.iter().copied())?;
        self.replace(&runs.read, &written)?;
        index::renew(&self.folder, &written, kept.iter().copied())
    }

    /// Removes the segments in `read` that are not in `written`.
    fn replace(&self, read: &BTreeSet<PathBuf>, written: &[Written]) -> Result<(), StoreError> {
        let kept: BTreeSet<PathBuf> = written.iter().map(|segment| segment.path.clone()).collect();
        for file in read.difference(&kept) {
            match fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::io("remove", file, error));
                }
                // Another process was faster.
                _ => {}
            }
        }
        Ok(())
    }

    /// Renames a damaged segment for inspection, and returns its new path. Its intact runs must have been committed
    /// before.
    ///
    /// # Errors
    /// The file cannot be renamed.
    pub fn set_aside(&self, file: &Path) -> Result<Option<PathBuf>, StoreError> {
        // Another process may have repaired it: the same runs make a file of the same name.
        let repaired = read(file).is_ok_and(|bytes| matches!(segment::decode(file, &bytes), Ok((_, None))));
        if repaired {
            return Ok(None);
        }
        let free = |number: &u32| !file.with_extension(format!("{number}.damaged")).exists();
        let first = file.with_extension("damaged");
        let place = match first.exists().then(|| (2..).find(free)).flatten() {
            Some(number) => file.with_extension(format!("{number}.damaged")),
            None => first,
        };
        match fs::rename(file, &place) {
            Ok(()) => Ok(Some(place)),
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io("rename", file, error)),
        }
    }
}
