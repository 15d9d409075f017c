//! The journal: how a sweep went, and who computed what. Each process writes a file of its own in `journal/`, so that
//! none overwrites another.
//!
//! A file has one JSON object a line: an [`Entry`] when the process first stores something, one more line for every
//! segment that it commits (the time, the seconds since its start, the segment, and for each run the first twelve
//! digits of its identity and of its digest), and the entry again at the end. A process that finds a damaged segment
//! adds a line with the lost runs, so that computing them again is not counted as a replication. The line of a segment
//! is written before the segment, so that every stored run has an entry. A killed process leaves the lines so far; a
//! torn line is skipped. Segments are merged and replaced, the journal is not: it keeps the origins of every run. Files
//! of older versions have only the entry.
//!
//! The last key of every line is `sum`, the first twelve digits of the BLAKE3 digest of the line before `,"sum":`;
//! lines of older versions have none. A line that was changed is skipped and [reported](damage).
//!
//! Where there are many files, compaction gathers those of processes that have ended, as described in `gather`.
//!
//! No result depends on it; deleting it loses only history.

mod entry;
mod gather;
mod line;
mod origins;

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

pub use entry::{Entry, Request};
pub use gather::copy;
pub(super) use gather::gather;
pub use origins::{Origins, replications};

use super::{Damage, Instructions, Origin, StoreError, atomic, origin};
use crate::digest::{Digest, Record};
use line::{Commit, Loss, ProcessLog, line};

/// The journal file of this process. It is created with its first line.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    began: Instant,
    file: Option<File>,
    /// The first line, until it is written.
    first: Option<Entry>,
    /// Lines that are not written yet.
    waiting: String,
}

impl Journal {
    /// Returns the journal of a process that started as `entry` describes.
    #[must_use]
    pub fn new(folder: &Path, entry: &Entry) -> Self {
        let moment = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_nanos();
        let process = std::process::id();
        let host = origin::host().unwrap_or_default();
        let unique = Digest::of(format!("{host} {process} {moment}").as_bytes()).short();
        let path = folder.join("journal").join(format!("{}-{process}-{unique}.jsonl", entry.started));
        Self { path, began: Instant::now(), file: None, first: Some(entry.clone()), waiting: String::new() }
    }

    /// Adds a line for a segment. If it cannot be written, it is written with the next line: results do not depend on
    /// it.
    pub fn committed<'a>(&mut self, segment: &Path, records: impl IntoIterator<Item = &'a Record>) {
        self.waiting += &line(&Commit::new(segment, records, self.began.elapsed()));
        let _ = self.flush();
    }

    /// Adds lines for runs, each an identity and a digest, that were computed before and can no longer be read:
    /// computing them again is no replication. They come from [`Origins::lacking`].
    pub fn lost(&mut self, mut runs: Vec<(u64, u64)>) {
        // A line names a run once; further results of a run go into further lines.
        while !runs.is_empty() {
            let mut first = runs.clone();
            first.dedup_by_key(|(run, _)| *run);
            runs.retain(|run| first.binary_search(run).is_err());
            self.waiting += &line(&Loss::new(first));
            let _ = self.flush();
        }
    }

    /// Adds the final entry.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(&mut self, entry: &Entry) -> Result<(), StoreError> {
        self.waiting += &line(&entry.complete());
        self.flush().map_err(|error| StoreError::io("write", &self.path, error))
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(first) = self.first.take() {
            self.waiting.insert_str(0, &line(&first.complete()));
        }
        if self.file.is_none() {
            atomic::folder(self.path.parent().unwrap_or(Path::new(".")))?;
            self.file = Some(atomic::create_locked(&self.path)?);
        }
        if let Some(file) = &mut self.file
            && let Err(error) = file.write_all(self.waiting.as_bytes())
        {
            // Part of it may be written: the next line starts on a new one.
            self.waiting.insert(0, '\n');
            return Err(error);
        }
        self.waiting.clear();
        Ok(())
    }
}

/// Returns every entry that can be read, oldest first.
#[must_use]
pub fn read(folder: &Path) -> Vec<Entry> {
    let processes = gather::processes(folder);
    let mut entries: Vec<Entry> = processes.values().filter_map(|(_, lines)| ProcessLog::parse(lines).entry).collect();
    entries.sort_by_key(|entry| entry.started);
    entries
}

/// Returns the journal files with lines that were changed or cut off; their other lines are used.
#[must_use]
pub fn damage(folder: &Path) -> Vec<Damage> {
    Origins::read(folder).damage
}

/// The files of the journal in `folder`, sorted by name.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("journal")).into_iter().flatten().flatten().map(|entry| entry.path());
    let own = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json" || ending == "jsonl");
    let mut files: Vec<_> = entries.filter(own).collect();
    files.sort();
    files
}

/// Returns the seconds since 1970.
#[must_use]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

/// Formats seconds since 1970 as `2026-11-24 18:41 UTC`, with the Gregorian calendar in eras of 400 years that begin in
/// March.
#[must_use]
pub fn utc(seconds: u64) -> String {
    let (day, minute) = (seconds / 86_400 + 719_468, seconds % 86_400 / 60);
    let (era, of_era) = (day / 146_097, day % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let date = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = 400 * era + year + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{date:02} {:02}:{:02} UTC", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry::of_this_machine("0.1.0", Instructions::NONE, &Request::default())
    }

    #[test]
    fn dates_are_those_of_the_gregorian_calendar() {
        assert_eq!(utc(0), "1970-01-01 00:00 UTC");
        assert_eq!(utc(951_782_399), "2000-02-28 23:59 UTC");
        assert_eq!(utc(951_782_400), "2000-02-29 00:00 UTC");
        assert_eq!(utc(1_795_545_660), "2026-11-24 18:41 UTC");
    }

    #[test]
    fn a_torn_line_of_a_killed_process_is_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let record = crate::store::tests::records(0..1).remove(0);
        let mut journal = Journal::new(folder.path(), &entry());
        journal.committed(Path::new("segments/x.seg"), [&record]);
        let file = &files(folder.path())[0];
        let whole = fs::read(file).unwrap();
        fs::write(file, [whole.as_slice(), br#"{"committed":17,"runs":{"ab"#].concat()).unwrap();
        let found = read(folder.path());
        assert_eq!((found.len(), found[0].computed), (1, 1));
    }

    #[test]
    fn an_entry_of_an_older_version_is_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("journal")).unwrap();
        let old = r#"{"started":5,"seconds":1.5,"restudy":"0.1.0","profile":"optimised","machine":"linux x86_64","kernel":"avx512","threads":2,"computed":6,"cached":0,"steps":960,"command":["sweep","moons.toml"]}"#;
        fs::write(folder.path().join("journal/5-77.json"), format!("{old}\n")).unwrap();
        let found = read(folder.path());
        assert_eq!((found[0].computed, found[0].origin.process), (6, None));
    }
}
