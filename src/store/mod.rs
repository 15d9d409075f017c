//! The store: the results folder of one study, on disk.
//!
//! May touch: the file system, `digest`, and the name of a kernel of `train`. Whoever writes into the results folder does it through this module, and every write is
//! atomic: a temporary name in the same folder, fsync, rename, fsync of the folder. A kill at any instant loses only runs
//! that were not yet committed.
//!
//! ```text
//! results/hidden/
//!   study.toml  manifest.json            what was asked; the digest of every answer
//!   runs.parquet  metrics.parquet  ...   tables, figures/, report.md, summary.csv: computed from the runs alone
//!   segments/0f3a….seg                   finished runs, committed in batches: what a sweep resumes from
//!   segments/lock                        held while a sweep works here
//!   journal/                             how it went: machine, time, tool; never needed to read a result
//! ```
//!
//! Everything but `segments/` and `journal/` can be rebuilt from the segments, and is the same bytes every time.
//! The format of a segment is documented in [`segment`]; its version and that of the manifest is [`FORMAT`].

mod atomic;
mod error;
pub mod journal;
mod read;
pub mod segment;

use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

pub use atomic::write;
pub use error::StoreError;
pub use read::read;

use crate::digest::{Digest, Record};

/// The version of the on-disk format. A store of a newer version is refused; older ones are read.
pub const FORMAT: u32 = 1;

/// Something in the segments that could not be read; the runs concerned count as missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

/// The results folder of one study, open for committing runs. One process at a time: the lock goes with the process.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    _lock: File,
}

impl Store {
    /// Opens the folder for writing, and creates it where it is missing.
    ///
    /// # Errors
    /// The folder cannot be made or written to, or another process is working in it.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let segments = folder.join("segments");
        fs::create_dir_all(&segments).map_err(|error| StoreError::io("create", &segments, error))?;
        let path = segments.join("lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| StoreError::io("write to", &path, error))?;
        match lock.try_lock() {
            Ok(()) => {
                let folders = ["", "segments", "figures", "journal"];
                folders.iter().for_each(|name| atomic::remove_unfinished(&folder.join(name)));
                Ok(Self { folder: folder.into(), _lock: lock })
            }
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy { folder: folder.into() }),
            Err(TryLockError::Error(error)) => Err(StoreError::io("lock", &path, error)),
        }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Commits finished runs as one new segment, and gives its path.
    ///
    /// # Errors
    /// The segment cannot be written; nothing that was there before is touched.
    pub fn commit<'a>(&self, records: impl IntoIterator<Item = &'a Record>) -> Result<PathBuf, StoreError> {
        let bytes = segment::encode(records);
        let path = self.segments().join(segment::file_name(&bytes));
        write(&path, &bytes)?;
        Ok(path)
    }

    /// Replaces all segments by one that holds `records`, so that equal stores have equal bytes.
    ///
    /// # Errors
    /// The new segment cannot be written or an old one not removed; no run is lost in either case.
    pub fn compact<'a>(&self, records: impl IntoIterator<Item = &'a Record>) -> Result<(), StoreError> {
        let bytes = segment::encode(records);
        let kept = self.segments().join(segment::file_name(&bytes));
        if !kept.exists() {
            write(&kept, &bytes)?;
        }
        for file in segment_files(&self.folder)? {
            if file != kept {
                fs::remove_file(&file).map_err(|error| StoreError::io("remove", &file, error))?;
            }
        }
        Ok(())
    }

    /// Moves a damaged segment out of the way, to be looked at by a person; intact runs in it have been read before.
    ///
    /// # Errors
    /// The file cannot be renamed.
    pub fn set_aside(&self, file: &Path) -> Result<(), StoreError> {
        fs::rename(file, file.with_extension("damaged")).map_err(|error| StoreError::io("rename", file, error))
    }

    fn segments(&self) -> PathBuf {
        self.folder.join("segments")
    }
}

/// Every run that is committed in `folder`, by identity, and what could not be read.
///
/// # Errors
/// A segment cannot be opened at all, is of a newer format, or two segments hold different results of one run.
pub fn load(folder: &Path) -> Result<(BTreeMap<Digest, Record>, Vec<Damage>), StoreError> {
    let mut records: BTreeMap<Digest, Record> = BTreeMap::new();
    let mut damage = Vec::new();
    for file in segment_files(folder)? {
        let bytes = read(&file).map_err(|error| StoreError::io("read", &file, error))?;
        let (found, reason) = segment::decode(&file, &bytes)?;
        damage.extend(reason.map(|reason| Damage { file: file.clone(), reason }));
        for record in found {
            // By digest: parameters of a diverged run hold NaN, which equals nothing.
            if let Some(other) = records.get(&record.id).filter(|other| other.digest() != record.digest()) {
                return Err(StoreError::disagreement(&file, &record, other));
            }
            records.insert(record.id, record);
        }
    }
    Ok((records, damage))
}

/// The segments in `folder`, sorted by name; none if there is no such folder.
fn segment_files(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let segments = folder.join("segments");
    let entries = match fs::read_dir(&segments) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
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

#[cfg(test)]
mod tests;
