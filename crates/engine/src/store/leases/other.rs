use std::{
    collections::BTreeSet,
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
    time::{Duration, Instant, SystemTime},
};

use super::{ENDING, Key, Timeouts, key};
use crate::digest::Digest;

/// The leases of another process.
#[derive(Debug)]
pub(super) struct Other {
    file: File,
    edition: Key,
    keys: BTreeSet<Key>,
    /// Whether it released leases since the last call of [`Self::has_released`].
    released: bool,
    /// The modification time of the file, and when this process saw it change, by its own clock.
    touched: Option<SystemTime>,
    heard: Instant,
    /// When it last leased or committed a run.
    moved: Instant,
    /// Whether it was reported since then, and whether it was given up.
    named: bool,
    given_up: bool,
}

/// An owner that has leased runs and makes no progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stalled {
    /// The owner, as `process 4242 on node7`.
    pub owner: String,
    /// The requested runs that it has leased.
    pub runs: Vec<Digest>,
    /// The time since it last leased or committed a run.
    pub still: Duration,
    /// Whether its runs are free from now on.
    pub given_up: bool,
}

impl Other {
    pub(super) fn new(file: File) -> Self {
        let now = Instant::now();
        let (edition, keys) = (Key::default(), BTreeSet::new());
        let (released, touched, named, given_up) = (false, None, false, false);
        Self { file, edition, keys, released, touched, heard: now, moved: now, named, given_up }
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    pub(super) fn runs(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn has(&self, run: &Key) -> bool {
        self.keys.contains(run)
    }

    /// Whether its leases are respected: its file is touched, and it was not given up.
    pub(super) fn is_respected(&self, timeouts: &Timeouts) -> bool {
        self.heard.elapsed() < timeouts.silence && !self.given_up
    }

    pub(super) fn has_released(&mut self) -> bool {
        std::mem::take(&mut self.released)
    }

    /// A report on this owner, if it has any of `runs` and this process has been idle since `idle`. It is not given up
    /// if other processes compute all of these runs as well (`shared`).
    pub(super) fn stalled(
        &mut self,
        path: &Path,
        runs: &[Digest],
        shared: &BTreeSet<Key>,
        idle: Instant,
        timeouts: &Timeouts,
    ) -> Option<Stalled> {
        let (still, waited) = (self.moved.elapsed(), idle.elapsed());
        let alone = runs.iter().any(|run| self.has(&key(run)) && !shared.contains(&key(run)));
        let given_up = alone && still.min(waited) >= timeouts.give_up;
        if !given_up && (self.named || still.min(waited) < timeouts.report) {
            return None;
        }
        let runs: Vec<Digest> = runs.iter().filter(|run| self.has(&key(run))).copied().collect();
        if runs.is_empty() {
            return None;
        }
        (self.named, self.given_up) = (true, given_up);
        Some(Stalled { owner: owner(path), runs, still, given_up })
    }

    pub(super) fn check_touched(&mut self) {
        let touched = self.file.metadata().and_then(|about| about.modified()).ok();
        if touched != self.touched {
            (self.touched, self.heard) = (touched, Instant::now());
        }
    }

    /// Reads new leases; returns whether there are any.
    pub(super) fn read(&mut self) -> bool {
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
        // A file that is being written is read the next time.
        if read().is_err() {
            return false;
        }
        // The last key may be incomplete; it is left out.
        let added = bytes.as_chunks().0;
        let news = added.iter().any(|key| !self.keys.contains(key));
        if edition != self.edition || news {
            (self.moved, self.named, self.given_up) = (Instant::now(), false, false);
        }
        if edition != self.edition {
            self.keys.clear();
            (self.edition, self.released) = (edition, true);
        }
        self.keys.extend(added);
        news
    }
}

/// Replaces special characters in the name of the host by `_`.
pub(super) fn file_name(process: u32, host: &str, unique: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let host: String = host.chars().take(64).map(plain).collect();
    format!("{process}-{host}-{unique}.{ENDING}")
}

/// Describes the owner of a file, for messages.
fn owner(path: &Path) -> String {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let parts = name.split_once('-').and_then(|(process, rest)| Some((process, rest.rsplit_once('-')?.0)));
    match parts {
        Some((process, "")) => format!("process {process}"),
        Some((process, host)) => format!("process {process} on {host}"),
        None => format!("the owner of segments/{name}.{ENDING}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_names_the_owner() {
        for (host, expected) in [
            ("node-7.example", "process 42 on node-7.example"),
            ("", "process 42"),
            ("a/b\u{1b} c", "process 42 on a_b__c"),
        ] {
            assert_eq!(owner(&Path::new("segments").join(file_name(42, host, "x7"))), expected);
        }
        assert_eq!(owner(Path::new("segments/x7.claim")), "the owner of segments/x7.claim");
    }
}
