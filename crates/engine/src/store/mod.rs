//! The store: the results folder of one study, on disk.
//!
//! Everything that is written into a results folder is written by this module.
//!
//! ```text
//! results/hidden/
//!   study.toml  manifest.json            what was asked; the digest of every answer
//!   runs.parquet  metrics.parquet  ...   tables, figures/, report.md, summary.csv: computed from the runs alone
//!   segments/0f3a….seg                   finished runs, committed in batches: what a sweep resumes from
//!   segments/index                       the runs in brief, for whoever only looks
//!   segments/data                        what data files held, for whoever reads without them
//!   segments/lock  segments/finishing    who works, who finishes; empty files
//!   segments/….claim                     who is at which runs, while a sweep works here
//!   segments/….checkpoint                where runs under way are, or were when they were stopped
//!   segments/experiment                  what the folder is for: the network, or an experiment of a reader's own
//!   journal/                             how it went: who computed what, where, when; never needed to read a result
//! ```
//!
//! Everything but `segments/` and `journal/` can be rebuilt from the segments. Everything but `journal/` is the same bytes
//! every time, once the last process has finished.
//!
//! # The protocol
//!
//! **A file is there whole or not at all.** It is written under a temporary name in its own folder (`.writing-…`), synced,
//! renamed, and the folder is synced. After that, no kill and no loss of power takes it away.
//!
//! **One purpose.** Before anything else is stored, the folder says what it is for, as [`owner()`] tells; whoever comes for something else is refused
//! before he touches anything.
//!
//! **Commits.** Finished runs are gathered for half a second, or until they are large, and become one [`segment`]: immutable, named by its content, with a
//! digest for every run. A kill loses what was not committed, and of the runs under way what they did since their last [`checkpoint`]. What was torn or changed by other means is recognised; intact
//! runs of such a file are committed again, the file is set aside as `….damaged`, and the rest is computed again.
//!
//! A process that has left many segments merges them, as [`Tiers`] says.
//!
//! **Many writers.** Any number of processes, on any number of machines that share the folder, may work in it at once. Each writes only files of its own.
//! All hold a shared lock on `segments/lock`; whoever gets it for himself alone for a moment, as he comes or goes, removes what
//! killed processes left.
//! Between groups of runs a process looks for new segments, and leaves out what others have done; [`leases`] keep it from doing what others are
//! doing. Both only save work: a run that is done twice has the same bits, and counts as a replication.
//!
//! **Finishing.** Whoever finds nothing missing waits for the lock on `segments/finishing`, reads what is new, and writes tables,
//! report and manifest, the manifest last, unless another has just done so. It also compacts, beside that or afterwards: one segment with all runs, sorted by
//! identity (or, where that would be more than a gigabyte, as few as hold them), is written, and the segments it has read are removed. What others commit meanwhile stays, and is compacted by them, since
//! they finish too. A reader whose file has vanished lists the folder again.
//!
//! Why compaction loses nothing, even without locks: a file is removed only by somebody who has read all its runs
//! and has made files of the same or more runs durable before. Such files are themselves removed only for those of still more runs, as those of
//! the same runs have the same names.
//!
//! **Locks go with their process**, so none outlives its owner. Where the file system has no locks, everything works but the cleaning and
//! the claims: runs may be done twice, and what was left by a kill stays until somebody with locks comes.
//!
//! **Versions.** [`Format`] is the version of segments and manifest. A folder with anything of a newer version is refused before anything in it is
//! touched. Older segments are read as they are, and written in the new version only when compaction replaces them.

mod atomic;
pub mod checkpoint;
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
    fs, io,
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
pub use origin::{Instructions, Origin, Program};
pub use owner::{OWNER, Owner, OwnerError, is_silent, notebook, owner, remedy};
pub use read::{open, read, read_all};
pub use runs::Runs;
pub use state::{has_segments, is_busy, is_tidy, misnamed, segment_bytes};
pub use tiers::Tiers;

use crate::digest::{Digest, Record};
use lock::Lock;

/// Something in the segments that could not be read; the runs concerned count as missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

/// The results folder of one study, open for committing runs, beside any number of other processes.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    working: Lock,
    /// The largest segment that several runs are put into.
    most_bytes: usize,
}

/// A segment that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// The number of its bytes.
    pub bytes: usize,
    /// The number of its runs.
    pub runs: usize,
}

/// The right to write what is made from the runs, as long as it lives.
#[derive(Debug)]
pub struct Finishing {
    _lock: Lock,
}

/// The folders in a results folder that files are written into.
const FOLDERS: [&str; 4] = ["", "segments", "figures", "journal"];

impl Store {
    /// Opens the folder for writing, and creates it where it is missing.
    ///
    /// # Errors
    /// The folder cannot be made or written to, it or a part of it is a link, or somebody holds it for himself alone.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        // With a slash at its end, the name of a link is that of the folder behind it.
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

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Why there are no locks here, if there are none.
    #[must_use]
    pub fn lockless(&self) -> Option<&str> {
        if let Lock::None(reason) = &self.working { Some(reason) } else { None }
    }

    /// The claims of this process; none where the file system has no locks.
    #[must_use]
    pub fn leases(&self) -> Option<Leases> {
        self.lockless().is_none().then(|| Leases::new(&self.folder).ok()).flatten()
    }

    /// Commits finished runs as one new segment, and gives its path.
    ///
    /// # Errors
    /// The segment cannot be written; nothing that was there before is touched.
    pub fn commit<'a>(&self, records: impl IntoIterator<Item = &'a Record>) -> Result<PathBuf, StoreError> {
        self.commit_after(records, |_| {})
    }

    /// The same; `first` is told the path before anything is written.
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

    /// Waits for the right to finish; nothing if `stop` became true before. `notice` is told if it takes long.
    ///
    /// # Errors
    /// The file of the lock cannot be written.
    pub fn finish(&self, stop: &AtomicBool, notice: &dyn Fn(&str)) -> Result<Option<Finishing>, StoreError> {
        Ok(lock::finish(&self.folder, stop, notice)?.map(|lock| Finishing { _lock: lock }))
    }

    /// Commits any number of runs, as one segment or, where that would be larger than is read, as few as hold them.
    ///
    /// # Errors
    /// A segment cannot be written; nothing that was there before is touched.
    pub fn commit_all<'a>(&self, records: impl IntoIterator<Item = &'a Record>) -> Result<Vec<Written>, StoreError> {
        self.commit_but(&BTreeSet::new(), records)
    }

    /// The same, but for segments that are known to be there already, and whole.
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

    /// Replaces the segments that `runs` were read from, which then no longer stand for them, by one that holds them all, or as few as can, so that equal stores have
    /// equal bytes, and indexes them. The journal of those who are gone is put together, too.
    ///
    /// # Errors
    /// A new segment cannot be written or an old one not removed; no run is lost in either case.
    pub fn compact(&self, runs: &Runs) -> Result<(), StoreError> {
        let written = self.commit_but(&runs.read, runs.records().values())?;
        let kept: BTreeSet<PathBuf> = written.iter().map(|segment| segment.path.clone()).collect();
        for file in runs.read.difference(&kept) {
            match fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(StoreError::io("remove", file, error));
                }
                // Another process was quicker.
                _ => {}
            }
        }
        journal::gather(&self.folder);
        checkpoint::tidy(&self.folder, runs);
        index::renew(&self.folder, &written, runs.records().values())
    }

    /// Moves a damaged segment out of the way, to be looked at by a person, and says where it is then; intact runs in it have been committed before.
    ///
    /// # Errors
    /// The file cannot be renamed.
    pub fn set_aside(&self, file: &Path) -> Result<Option<PathBuf>, StoreError> {
        // Another process may have mended it already: the same runs make a file of the same name.
        let mended = read(file).is_ok_and(|bytes| matches!(segment::decode(file, &bytes), Ok((_, None))));
        if mended {
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
            // Another process was quicker.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io("rename", file, error)),
        }
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

/// Removes what killed processes left behind; only for whoever is alone in the folder.
fn clean(folder: &Path) {
    FOLDERS.iter().for_each(|name| atomic::remove_unfinished(&folder.join(name)));
    leases::remove_all(folder);
}

/// Every run that is committed in `folder`, by identity, and what could not be read.
///
/// # Errors
/// A segment cannot be opened at all, is of a newer format, or two segments hold different results of one run.
pub fn load(folder: &Path) -> Result<(BTreeMap<Digest, Record>, Vec<Damage>), StoreError> {
    let mut runs = Runs::load(folder)?;
    let damage = runs.take_damage();
    Ok((runs.into_records(), damage))
}

#[cfg(test)]
mod tests;
