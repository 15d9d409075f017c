use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use super::{Damage, StoreError, segment};
use crate::digest::{Digest, Record};

/// The committed runs of a folder that were read so far.
#[derive(Debug, Default)]
pub struct Runs {
    records: BTreeMap<Digest, Record>,
    /// The segments that were read completely.
    pub(super) read: BTreeSet<PathBuf>,
    damage: Vec<Damage>,
}

impl Runs {
    /// Reads all runs in a folder.
    ///
    /// # Errors
    /// A segment cannot be opened, is of a newer format, or two segments hold different results of one run.
    pub fn load(folder: &Path) -> Result<Self, StoreError> {
        let mut runs = Self::default();
        runs.refresh(folder)?;
        Ok(runs)
    }

    /// Reads new segments; returns whether there were new runs.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn refresh(&mut self, folder: &Path) -> Result<bool, StoreError> {
        let before = self.records.len();
        // A file that vanished was replaced by one with its runs, so the folder is listed until it stays the same.
        let mut listed = files(folder)?;
        loop {
            for file in &listed {
                self.read(folder, file)?;
            }
            let again = files(folder)?;
            if again == listed {
                return Ok(self.records.len() > before);
            }
            listed = again;
        }
    }

    fn read(&mut self, folder: &Path, file: &Path) -> Result<(), StoreError> {
        if self.read.contains(file) || self.damage.iter().any(|damage| damage.file == file) {
            return Ok(());
        }
        let bytes = match super::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(StoreError::io("read", file, error)),
        };
        let (found, reason) = segment::decode(file, &bytes)?;
        for record in found {
            self.insert(folder, record)?;
        }
        match reason {
            Some(reason) => self.damage.push(Damage { file: file.into(), reason }),
            None => _ = self.read.insert(file.into()),
        }
        Ok(())
    }

    /// Adds runs that this process just committed in `folder` as `segments`.
    ///
    /// # Errors
    /// Another result of one of them is known.
    pub fn committed(
        &mut self,
        folder: &Path,
        segments: impl IntoIterator<Item = PathBuf>,
        records: Vec<Record>,
    ) -> Result<(), StoreError> {
        self.read.extend(segments);
        records.into_iter().map(|record| self.insert(folder, record)).fold(Ok(()), Result::and)
    }

    /// Records that this process merged the segments `old` into `new`.
    pub(super) fn replaced(&mut self, old: &[PathBuf], new: &[PathBuf]) {
        old.iter().for_each(|file| _ = self.read.remove(file));
        self.read.extend(new.iter().cloned());
    }

    fn insert(&mut self, folder: &Path, record: Record) -> Result<(), StoreError> {
        match self.records.get(&record.id) {
            Some(other) if other.first_difference(&record).is_some() => {
                Err(StoreError::disagreement(&record, folder, other, folder))
            }
            Some(_) => Ok(()),
            None => {
                self.records.insert(record.id, record);
                Ok(())
            }
        }
    }

    /// Returns the runs by identity.
    #[must_use]
    pub fn records(&self) -> &BTreeMap<Digest, Record> {
        &self.records
    }

    /// Returns the runs by identity.
    #[must_use]
    pub fn into_records(self) -> BTreeMap<Digest, Record> {
        self.records
    }

    /// Whether a run is stored.
    #[must_use]
    pub fn contains(&self, id: &Digest) -> bool {
        self.records.contains_key(id)
    }

    /// Returns the damage in the segments.
    #[must_use]
    pub fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// Takes the damage, so that its files can be set aside.
    pub fn take_damage(&mut self) -> Vec<Damage> {
        std::mem::take(&mut self.damage)
    }
}

/// The segments in `folder`, sorted by name; none if there is no such folder.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let segments = folder.join("segments");
    let entries = match fs::read_dir(&segments) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io("read", &segments, error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| StoreError::io("read", &segments, error))?.path();
        if path.extension().is_some_and(|extension| extension == "seg") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
