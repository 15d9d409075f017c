//! Verifications that were interrupted go on where they were.
//!
//! What a verification has computed is kept **outside** the results folder, in the cache of whoever verifies
//! (`$XDG_CACHE_HOME/restudy`, `~/.cache/restudy`, or `%LOCALAPPDATA%\restudy`): whoever hands over results cannot hand over a half-done
//! proof of them, and a folder that is read-only can be verified too. It is bound to the root, to the version and the bytes of
//! this program, and to the instructions: another program begins anew. It is used for a full verification only, and removed once that
//! is through. What nobody has gone on with for a month is removed by the next verification that keeps something.
//!
//! ```text
//! verify/0f3a…-77c1…/segments/…    root, and the rest of what it is bound to; a store like any other
//! ```

use std::{
    collections::BTreeMap,
    env,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use super::VERSION;
use crate::{
    digest::{Digest, Record},
    store::{self, Instructions, Store},
};

/// The place of an unfinished verification.
#[derive(Debug)]
pub struct Unfinished {
    base: PathBuf,
    root: Digest,
    instructions: Instructions,
    /// This program, opened when the verification began: another one may since have been put in its place.
    program: Option<File>,
    folder: OnceLock<Option<PathBuf>>,
}

/// What is older is of a verification that nobody goes on with.
const STALE: Duration = Duration::from_secs(30 * 86_400);

impl Unfinished {
    /// The place in this person's cache; none where there is no such folder.
    #[must_use]
    pub fn of(root: Digest, instructions: Instructions) -> Option<Self> {
        let folder = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = || folder("HOME").map(|home| home.join(".cache"));
        let base = folder("XDG_CACHE_HOME").or_else(home).or_else(|| folder("LOCALAPPDATA"))?;
        Some(Self::under(&base.join("restudy"), root, instructions))
    }

    /// The place in a folder of one's own.
    #[must_use]
    pub fn under(base: &Path, root: Digest, instructions: Instructions) -> Self {
        let program = env::current_exe().and_then(File::open).ok();
        Self { base: base.join("verify"), root, instructions, program, folder: OnceLock::new() }
    }

    /// What an interrupted verification computed; nothing if there was none, or if it cannot be read.
    #[must_use]
    pub fn records(&self) -> BTreeMap<Digest, Record> {
        // The digest of the program is worth taking only where there may be something to read.
        if self.all().is_empty() {
            return BTreeMap::new();
        }
        self.folder().and_then(|folder| Some(store::load(folder).ok()?.0)).unwrap_or_default()
    }

    /// Opens the place for writing; none if that cannot be, or if another verification has it.
    #[must_use]
    pub fn open(&self) -> Option<Store> {
        self.forget_stale();
        Store::open(self.folder()?).ok()
    }

    /// Removes what nobody has gone on with, of whatever root; this verification goes on with its own.
    fn forget_stale(&self) {
        let folders = fs::read_dir(&self.base).into_iter().flatten().flatten().map(|entry| entry.path());
        for folder in folders.filter(|folder| Some(folder) != self.folder()) {
            // The folder of the segments is touched by every commit.
            let touched = fs::metadata(folder.join("segments")).and_then(|about| about.modified()).ok();
            if touched.and_then(|touched| touched.elapsed().ok()).is_some_and(|age| age > STALE) {
                let _ = fs::remove_dir_all(folder);
            }
        }
    }

    /// Removes everything that is kept for this root, by whatever program.
    pub fn forget(&self) {
        for folder in self.all() {
            let _ = fs::remove_dir_all(folder);
        }
    }

    /// What is kept for this root.
    fn all(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.base).into_iter().flatten().flatten();
        let own = format!("{}-", self.root.short());
        entries
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(&own))
            .map(|entry| entry.path())
            .collect()
    }

    fn folder(&self) -> Option<&PathBuf> {
        // The program is large: its digest is taken once, and only when it is needed.
        let folder = self.folder.get_or_init(|| {
            let mut bytes = Vec::new();
            self.program.as_ref()?.read_to_end(&mut bytes).ok()?;
            let program = Digest::of(&bytes);
            let bound = format!("restudy/verify\n{}\n{VERSION}\n{program}\n{}\n", self.root, self.instructions.name);
            Some(self.base.join(format!("{}-{}", self.root.short(), Digest::of(bound.as_bytes()).short())))
        });
        folder.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_goes_on_with_is_removed() {
        let base = tempfile::tempdir().unwrap();
        let unfinished = |word: &str| Unfinished::under(base.path(), Digest::of(word.as_bytes()), Instructions::NONE);
        let folders = ["stale", "fresh", "now"].map(|word| unfinished(word).folder().unwrap().clone());
        drop((unfinished("stale").open().unwrap(), unfinished("fresh").open().unwrap()));
        let long_ago = std::time::SystemTime::now() - 2 * STALE;
        File::open(folders[0].join("segments")).unwrap().set_modified(long_ago).unwrap();
        drop(unfinished("now").open().unwrap());
        assert_eq!(folders.map(|folder| folder.exists()), [false, true, true]);
        // The same program, root and kernel have the same place; others have others.
        assert_eq!(unfinished("now").folder(), unfinished("now").folder());
        assert_ne!(
            unfinished("now").folder(),
            Unfinished::under(base.path(), Digest::of(b"now"), Instructions { name: "best", features: "" }).folder()
        );
    }
}
