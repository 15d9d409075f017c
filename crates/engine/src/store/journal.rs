//! The journal: how it went, and who computed what. One file a process in `journal/`, so that nobody overwrites anybody.
//!
//! A file has one JSON object a line: an [`Entry`] when the process begins to leave something behind, one more line for every segment it commits
//! (when, how long after its beginning, which, and for each run the first twelve digits of its identity and of its digest), and the entry
//! again when it is done. A process that finds a damaged segment adds a line with the runs that were lost with it, so that doing them again counts as no replication. The line of a segment is written before the segment is, so that no run is stored which nobody owns up to. A process that is killed leaves the lines so far; a line that is torn is passed over. Segments are merged and
//! replaced, the journal is not: it knows the origins of a run for good. Files of older versions hold the entry alone.
//!
//! The last key of every line is `sum`, the first twelve digits of the BLAKE3 digest of the line before `,"sum":`; lines of older versions have
//! none. A line that was changed is passed over and [told](damage).
//!
//! Where there are many files, whoever compacts the segments puts those together whose process is gone, as `gather` says.
//!
//! Nothing in it enters a result; deleting it loses only history.

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

pub use entry::{Asked, Entry};
pub use gather::copy;
pub(super) use gather::gather;
pub use origins::{Origins, replications};

use super::{Damage, Instructions, Origin, StoreError, atomic, origin};
use crate::digest::{Digest, Record};
use line::{Commit, Loss, Said, line};

/// The file of this process. It is made with its first line.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    began: Instant,
    file: Option<File>,
    /// What the first line says.
    first: Option<Entry>,
    /// Lines that are not written yet.
    waiting: String,
}

impl Journal {
    /// The journal of a process that began as `entry` says.
    #[must_use]
    pub fn new(folder: &Path, entry: &Entry) -> Self {
        let moment = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_nanos();
        let process = std::process::id();
        let host = origin::host().unwrap_or_default();
        let unique = Digest::of(format!("{host} {process} {moment}").as_bytes()).short();
        let path = folder.join("journal").join(format!("{}-{process}-{unique}.jsonl", entry.started));
        Self { path, began: Instant::now(), file: None, first: Some(entry.clone()), waiting: String::new() }
    }

    /// Says that a segment is committed. Where that cannot be written, it is tried again with what comes next: results do
    /// not depend on it.
    pub fn committed<'a>(&mut self, segment: &Path, records: impl IntoIterator<Item = &'a Record>) {
        self.waiting += &line(&Commit::new(segment, records, self.began.elapsed()));
        let _ = self.flush();
    }

    /// Says that runs, each an identity and a digest, were computed before and cannot be read any more: they are computed again, which is no
    /// replication. They come from [`Origins::lacking`].
    pub fn lost(&mut self, mut runs: Vec<(u64, u64)>) {
        // A line names a run once; one that had several results is in several lines.
        while !runs.is_empty() {
            let mut first = runs.clone();
            first.dedup_by_key(|(run, _)| *run);
            runs.retain(|run| first.binary_search(run).is_err());
            self.waiting += &line(&Loss::new(first));
            let _ = self.flush();
        }
    }

    /// Says how it went in the end.
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
            // Part of it may be there: what comes next begins a line of its own.
            self.waiting.insert(0, '\n');
            return Err(error);
        }
        self.waiting.clear();
        Ok(())
    }
}

/// Every entry that can be read, oldest first.
#[must_use]
pub fn read(folder: &Path) -> Vec<Entry> {
    let processes = gather::processes(folder);
    let mut entries: Vec<Entry> = processes.values().filter_map(|(_, lines)| Said::by(lines).entry).collect();
    entries.sort_by_key(|entry| entry.started);
    entries
}

/// The files of the journal with lines that were changed or cut off. What those said is not known; everything else is.
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

/// Seconds since 1970.
#[must_use]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

/// A moment, in seconds since 1970, for people: `2026-11-24 18:41 UTC`. The years of 400 and the months from March on are those of the Gregorian calendar.
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
        Entry::of_this_machine("0.1.0", Instructions::NONE, &Asked::default())
    }

    #[test]
    fn a_moment_in_words() {
        assert_eq!(utc(0), "1970-01-01 00:00 UTC");
        assert_eq!(utc(951_782_399), "2000-02-28 23:59 UTC");
        assert_eq!(utc(951_782_400), "2000-02-29 00:00 UTC");
        assert_eq!(utc(1_795_545_660), "2026-11-24 18:41 UTC");
    }

    #[test]
    fn a_killed_process_leaves_its_lines_and_a_torn_one_is_passed_over() {
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
