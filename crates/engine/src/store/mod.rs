//! The store: the results folder of one study, on disk.
//!
//! Everything that is written into a results folder is written by this module.
//!
//! ```text
//! results/hidden/
//!   study.toml  manifest.json            the specification; the digest of every result
//!   runs.parquet  metrics.parquet  ...   tables, figures/, report.md, summary.csv: computed from the runs alone
//!   segments/0f3a….seg                   finished runs, committed in batches: a sweep resumes from them
//!   segments/index                       a summary of the runs, for read-only commands
//!   segments/data                        the digests of the data files, for commands that run without the files
//!   segments/lock  segments/finishing    locks of the processes that work, and of the one that finishes; empty files
//!   segments/….claim                     the leases of a working process: which runs it computes
//!   segments/….checkpoint                the state of runs in progress, or when they were stopped
//!   segments/experiment                  the owner of the folder: the network, or another experiment
//!   journal/                             history: who computed what, where, when; never needed to read a result
//!   files/  logs/  versions/             what programs kept and printed, and what their machines have installed
//!   verdicts/                            verdicts of other machines, which the report lists
//! ```
//!
//! Tables, report and manifest can be rebuilt from the segments, and from what is beside them: `files/`, `versions/`,
//! `verdicts/`. Everything but `journal/`, `logs/` and what other machines add has the same bytes every time, once the
//! last process has finished.
//!
//! # The protocol
//!
//! **A file is complete or absent.** It is written under a temporary name in its own folder (`.writing-…`), synced,
//! renamed, and the folder is synced. After that, it survives kills and power losses.
//!
//! **One owner.** Before anything else is stored, the folder records the experiment that it belongs to, as [`owner()`]
//! describes; a process with another experiment is refused before it writes anything.
//!
//! **Commits.** Finished runs are collected for half a second, or until they are large, and become one [`segment`]:
//! immutable, named by its content, with a digest for every run. A kill loses runs that were not committed, and of the
//! runs in progress the steps since their last [`checkpoint`]. Torn or changed segments are detected; intact runs of
//! such a file are committed again, the file is set aside as `….damaged`, and the rest is computed again.
//!
//! A process that has written many segments merges them, as [`Tiers`] describes.
//!
//! **Many writers.** Any number of processes, on any number of machines that share the folder, may work in it at once.
//! Each writes only files of its own. All hold a shared lock on `segments/lock`; a process that gets the exclusive lock
//! for a moment, as it starts or ends, removes the files that killed processes left. Between groups of runs a process
//! reads new segments, and skips runs that others have computed; [`leases`] keep it from computing runs that others are
//! computing. Both only save work: a run that is computed twice has the same bits, and counts as a replication.
//!
//! **Finishing.** A process that finds no missing run waits for the lock on `segments/finishing`, reads new segments,
//! and writes tables, report and manifest, the manifest last, unless another process has just done so. It also
//! compacts, meanwhile or afterwards: one segment with all runs, sorted by identity (or, where that would be larger
//! than a gigabyte, as few as possible), is written, and the segments that were read are removed. Runs that others
//! commit meanwhile stay, and are compacted by those processes when they finish. A reader whose file has vanished lists
//! the folder again.
//!
//! Why compaction loses nothing, even without locks: a process removes a file only after it has read all its runs and
//! has made files with the same or more runs durable. Such files are themselves only removed in favor of files with
//! still more runs, since files with the same runs have the same names.
//!
//! **Locks end with their process**, so none outlives its owner. Without locks of the file system, everything works but
//! the cleaning and the leases: runs may be computed twice, and files of killed processes stay until a process with
//! locks starts.
//!
//! **Versions.** [`Format`] is the version of segments and manifest. A folder with anything of a newer version is
//! refused before it is changed. Older segments are read as they are, and written in the new version only when
//! compaction replaces them.

mod atomic;
pub mod beside;
pub mod checkpoint;
mod compact;
mod data;
mod each;
mod error;
mod format;
mod format1;
mod format2;
pub mod index;
pub mod journal;
pub mod json;
pub mod leases;
mod lock;
mod machine;
mod origin;
mod owner;
mod read;
mod runs;
pub mod segment;
mod state;
mod tiers;
pub mod version;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

pub use atomic::{create_folder, write, write_all, write_out};
pub use checkpoint::{Checkpoint, Checkpoints};
pub use data::{keep_data, kept_data};
pub use each::each;
pub use error::StoreError;
pub use format::{FORMAT, Format};
pub use leases::Leases;
pub use machine::{Machine, anonymous};
pub use origin::{Instructions, Origin, Program};
pub use owner::{OWNER, Owner, OwnerError, is_silent, notebook, owner, remedy};
pub use read::{open, read, read_all};
pub use runs::Runs;
pub use state::{has_segments, is_busy, is_tidy, misnamed, segment_bytes};
pub use tiers::Tiers;

use crate::digest::{Digest, Record};
use lock::Lock;

/// A part of the segments or the journal that could not be read; its runs count as missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The damaged file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

/// The results folder of one study, open for committing runs. Other processes may have it open too.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    working: Lock,
    /// The size limit of segments with several runs.
    most_bytes: usize,
}

/// A written segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The path of the segment.
    pub path: PathBuf,
    /// The number of its bytes.
    pub bytes: usize,
    /// The number of its runs.
    pub runs: usize,
}

/// The exclusive right to write tables, report and manifest, until it is dropped.
#[derive(Debug)]
pub struct Finishing {
    _lock: Lock,
}

/// The folders in a results folder that files are written into.
const FOLDERS: [&str; 4] = ["", "segments", "figures", "journal"];

impl Store {
    /// Opens the folder for writing, and creates it if it is missing.
    ///
    /// # Errors
    /// The folder cannot be created or written to, it or a part of it is a link, or another process has locked it.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        // Without a trailing slash, which would follow a link.
        let folder: &Path = &folder.components().collect::<PathBuf>();
        let segments = folder.join("segments");
        atomic::no_link(folder)?;
        for part in ["segments", "segments/lock", "segments/finishing", "journal", "figures"] {
            atomic::no_link(&folder.join(part))?;
        }
        let created = fs::create_dir_all(folder).and_then(|()| atomic::folder(&segments));
        created.map_err(|error| StoreError::io("create", &segments, error))?;
        lock::prepare(folder)?;
        let working = lock::share(folder, || clean(folder))?;
        Ok(Self { folder: folder.into(), working, most_bytes: segment::MOST_BYTES })
    }

    /// The path of the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns why the file system has no locks, if it has none.
    #[must_use]
    pub fn lockless(&self) -> Option<&str> {
        if let Lock::None(reason) = &self.working { Some(reason) } else { None }
    }

    /// Creates the leases of this process; `None` without locks of the file system.
    #[must_use]
    pub fn leases(&self) -> Option<Leases> {
        self.lockless().is_none().then(|| Leases::new(&self.folder).ok()).flatten()
    }

    /// Commits finished runs as one new segment, and returns its path.
    ///
    /// # Errors
    /// The segment cannot be written; existing files are unchanged.
    pub fn commit<'a>(&self, records: impl IntoIterator<Item = &'a Record>) -> Result<PathBuf, StoreError> {
        self.commit_after(records, |_| {})
    }

    /// As [`commit`](Self::commit); calls `first` with the path before anything is written.
    pub fn commit_after<'a>(
        &self,
        records: impl IntoIterator<Item = &'a Record>,
        first: impl FnOnce(&Path),
    ) -> Result<PathBuf, StoreError> {
        let bytes = segment::encode(records);
        let path = self.segments().join(segment::file_name(&bytes));
        first(&path);
        write(&path, &bytes)?;
        Ok(path)
    }

    /// Waits for the right to finish; `None` if `stop` became true before. Calls `notice` if it takes long.
    ///
    /// # Errors
    /// The lock file cannot be written.
    pub fn finish(&self, stop: &AtomicBool, notice: &dyn Fn(&str)) -> Result<Option<Finishing>, StoreError> {
        Ok(lock::finish(&self.folder, stop, notice)?.map(|lock| Finishing { _lock: lock }))
    }

    /// Commits any number of runs, as one segment or, above the size limit, as few as possible.
    ///
    /// # Errors
    /// A segment cannot be written; existing files are unchanged.
    pub fn commit_all<'a>(&self, records: impl IntoIterator<Item = &'a Record>) -> Result<Vec<Written>, StoreError> {
        self.commit_but(&BTreeSet::new(), records)
    }

    /// The same, but does not write the segments in `known`, which exist and are intact.
    fn commit_but<'a>(
        &self,
        known: &BTreeSet<PathBuf>,
        records: impl IntoIterator<Item = &'a Record>,
    ) -> Result<Vec<Written>, StoreError> {
        let mut records = records.into_iter().peekable();
        let mut written = Vec::new();
        while records.peek().is_some() {
            let (bytes, runs) = segment::encode_some(&mut records, self.most_bytes);
            let path = self.segments().join(segment::file_name(&bytes));
            if !known.contains(&path) {
                write(&path, &bytes)?;
            }
            written.push(Written { path, bytes: bytes.len(), runs });
        }
        Ok(written)
    }

    fn segments(&self) -> PathBuf {
        self.folder.join("segments")
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        lock::leave(&self.working, || clean(&self.folder));
    }
}

/// Removes the files of killed processes. Only safe while no other process works in the folder.
fn clean(folder: &Path) {
    FOLDERS.iter().for_each(|name| atomic::remove_unfinished(&folder.join(name)));
    leases::remove_all(folder);
}

/// Returns every run that is committed in `folder`, by identity, and the damage.
///
/// # Errors
/// A segment cannot be opened, is of a newer format, or two segments hold different results of one run.
pub fn load(folder: &Path) -> Result<(BTreeMap<Digest, Record>, Vec<Damage>), StoreError> {
    let mut runs = Runs::load(folder)?;
    let damage = runs.take_damage();
    Ok((runs.into_records(), damage))
}

#[cfg(test)]
mod tests;
