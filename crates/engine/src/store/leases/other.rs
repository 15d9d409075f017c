use std::{
    collections::BTreeSet,
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
    time::{Duration, Instant, SystemTime},
};

use super::{Bounds, ENDING, Key, key};
use crate::digest::Digest;

/// The leases of another process.
#[derive(Debug)]
pub(super) struct Other {
    file: File,
    edition: Key,
    keys: BTreeSet<Key>,
    /// Whether it gave up leases that nobody here has asked about.
    released: bool,
    /// When the file was touched, by whatever clock, and when that was seen, by ours.
    touched: Option<SystemTime>,
    heard: Instant,
    /// When it was last seen to claim or to commit something.
    moved: Instant,
    /// Whether it was named since, and whether it is waited for no longer.
    named: bool,
    given_up: bool,
}

/// Somebody who has runs and gets nowhere with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// Who: `process 4242 on node7`.
    pub owner: String,
    /// The runs among those that were asked for.
    pub runs: Vec<Digest>,
    /// For how long it has been seen neither to claim nor to commit anything.
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

    /// Whether its leases are respected: it is heard, and was not given up.
    pub(super) fn counts(&self, bounds: &Bounds) -> bool {
        self.heard.elapsed() < bounds.silence && !self.given_up
    }

    /// Whether it gave up leases since this was last asked.
    pub(super) fn has_released(&mut self) -> bool {
        std::mem::take(&mut self.released)
    }

    /// What is to be said of it, if it has any of `runs`, and somebody has waited for nothing else since `idle`. Where others
    /// do all of these runs as well (`shared`), it is not given up.
    pub(super) fn stuck(
        &mut self,
        path: &Path,
        runs: &[Digest],
        shared: &BTreeSet<Key>,
        idle: Instant,
        bounds: &Bounds,
    ) -> Option<Stuck> {
        let (still, waited) = (self.moved.elapsed(), idle.elapsed());
        let alone = runs.iter().any(|run| self.has(&key(run)) && !shared.contains(&key(run)));
        let given_up = alone && still.min(waited) >= bounds.patience;
        if !given_up && (self.named || still.min(waited) < bounds.word) {
            return None;
        }
        let runs: Vec<Digest> = runs.iter().filter(|run| self.has(&key(run))).copied().collect();
        if runs.is_empty() {
            return None;
        }
        (self.named, self.given_up) = (true, given_up);
        Some(Stuck { owner: owner(path), runs, still, given_up })
    }

    /// Finds out whether it has touched its file.
    pub(super) fn listen(&mut self) {
        let touched = self.file.metadata().and_then(|about| about.modified()).ok();
        if touched != self.touched {
            (self.touched, self.heard) = (touched, Instant::now());
        }
    }

    /// Reads what it has added; says whether there was anything.
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
        // A file that is being written anew is read the next time.
        if read().is_err() {
            return false;
        }
        // Of a key that is not whole yet, nothing is known.
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

/// The name of the file of a process. A host may be called anything; what is no plain character becomes one.
pub(super) fn file_name(process: u32, host: &str, unique: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let host: String = host.chars().take(64).map(plain).collect();
    format!("{process}-{host}-{unique}.{ENDING}")
}

/// Whose file it is, for people. Names of other versions say nothing.
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
    fn a_file_tells_its_owner() {
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
