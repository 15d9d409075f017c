use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use super::{Damage, StoreError, segment};
use crate::digest::{Digest, Record};

/// The runs that are committed in a folder, as far as it has been looked at.
#[derive(Debug, Default)]
pub struct Runs {
    records: BTreeMap<Digest, Record>,
    /// The segments whose runs are all here.
    pub(super) read: BTreeSet<PathBuf>,
    damage: Vec<Damage>,
}

impl Runs {
    /// Everything in a folder.
    ///
    /// # Errors
    /// A segment cannot be opened, is of a newer format, or two segments hold different results of one run.
    pub fn load(folder: &Path) -> Result<Self, StoreError> {
        let mut runs = Self::default();
        runs.refresh(folder)?;
        Ok(runs)
    }

    /// Reads what has been committed since; says whether there was anything new.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn refresh(&mut self, folder: &Path) -> Result<bool, StoreError> {
        let before = self.records.len();
        // A file that has vanished was replaced by one that holds its runs, so the folder is listed until it stays the same.
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

    /// Takes in runs that were just committed in `folder` as `segments`.
    ///
    /// # Errors
    /// One of them is known already, with another result.
    pub fn committed(
        &mut self,
        folder: &Path,
        segments: impl IntoIterator<Item = PathBuf>,
        records: Vec<Record>,
    ) -> Result<(), StoreError> {
        self.read.extend(segments);
        records.into_iter().map(|record| self.insert(folder, record)).fold(Ok(()), Result::and)
    }

    /// The segments `old` were merged into `new`, by whoever committed them.
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

    /// The runs, by identity.
    #[must_use]
    pub fn records(&self) -> &BTreeMap<Digest, Record> {
        &self.records
    }

    /// The runs, by identity.
    #[must_use]
    pub fn into_records(self) -> BTreeMap<Digest, Record> {
        self.records
    }

    /// Whether a run is here.
    #[must_use]
    pub fn contains(&self, id: &Digest) -> bool {
        self.records.contains_key(id)
    }

    /// What could not be read.
    #[must_use]
    pub fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// Hands over what could not be read, to be set aside.
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
