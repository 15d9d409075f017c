//! Resumes interrupted verifications.
//!
//! The runs that a verification has computed are stored **outside** the results folder, in the cache of the user
//! (`$XDG_CACHE_HOME/restudy`, `~/.cache/restudy`, or `%LOCALAPPDATA%\restudy`): the author of a results folder cannot
//! supply a half-done proof of it, and a read-only folder can be verified too. They depend on the root, the version and
//! the bytes of this program, and the SIMD instructions: another program starts from the beginning. They are used only
//! by a full verification, and removed once it is complete. Entries that were not used for a month are removed by the
//! next verification that stores runs.
//!
//! ```text
//! verify/0f3a…-77c1…/segments/…    root, and a digest of the rest; a store like any other
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

/// The cache of an unfinished verification.
#[derive(Debug)]
pub struct Unfinished {
    base: PathBuf,
    root: Digest,
    instructions: Instructions,
    /// This program, opened when the verification began, since its file may be replaced meanwhile.
    program: Option<File>,
    folder: OnceLock<Option<PathBuf>>,
}

/// Older caches are removed.
const STALE: Duration = Duration::from_secs(30 * 86_400);

impl Unfinished {
    /// Returns the cache in the folder of the user; `None` if there is no such folder.
    #[must_use]
    pub fn of(root: Digest, instructions: Instructions) -> Option<Self> {
        let folder = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = || folder("HOME").map(|home| home.join(".cache"));
        let base = folder("XDG_CACHE_HOME").or_else(home).or_else(|| folder("LOCALAPPDATA"))?;
        Some(Self::under(&base.join("restudy"), root, instructions))
    }

    /// Returns the cache in the folder `base`.
    #[must_use]
    pub fn under(base: &Path, root: Digest, instructions: Instructions) -> Self {
        let program = env::current_exe().and_then(File::open).ok();
        Self { base: base.join("verify"), root, instructions, program, folder: OnceLock::new() }
    }

    /// Returns the runs that an interrupted verification computed; empty if there are none that can be read.
    #[must_use]
    pub fn records(&self) -> BTreeMap<Digest, Record> {
        // The digest of the program is computed only if there may be something to read.
        if self.all().is_empty() {
            return BTreeMap::new();
        }
        self.folder().and_then(|folder| Some(store::load(folder).ok()?.0)).unwrap_or_default()
    }

    /// Opens the cache for writing; `None` if that fails, or if another verification has it open.
    #[must_use]
    pub fn open(&self) -> Option<Store> {
        self.remove_stale();
        Store::open(self.folder()?).ok()
    }

    /// Removes stale caches of any root, except that of this verification.
    fn remove_stale(&self) {
        let folders = fs::read_dir(&self.base).into_iter().flatten().flatten().map(|entry| entry.path());
        for folder in folders.filter(|folder| Some(folder) != self.folder()) {
            // Every commit updates the folder of the segments.
            let touched = fs::metadata(folder.join("segments")).and_then(|about| about.modified()).ok();
            if touched.and_then(|touched| touched.elapsed().ok()).is_some_and(|age| age > STALE) {
                let _ = fs::remove_dir_all(folder);
            }
        }
    }

    /// Removes the caches for this root, of all programs.
    pub fn remove(&self) {
        for folder in self.all() {
            let _ = fs::remove_dir_all(folder);
        }
    }

    fn all(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.base).into_iter().flatten().flatten();
        let own = format!("{}-", self.root.short());
        entries
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(&own))
            .map(|entry| entry.path())
            .collect()
    }

    fn folder(&self) -> Option<&PathBuf> {
        // The program is large: its digest is computed once, and only when it is needed.
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
    fn stale_caches_are_removed() {
        let base = tempfile::tempdir().unwrap();
        let unfinished = |word: &str| Unfinished::under(base.path(), Digest::of(word.as_bytes()), Instructions::NONE);
        let folders = ["stale", "fresh", "now"].map(|word| unfinished(word).folder().unwrap().clone());
        drop((unfinished("stale").open().unwrap(), unfinished("fresh").open().unwrap()));
        let long_ago = std::time::SystemTime::now() - 2 * STALE;
        File::open(folders[0].join("segments")).unwrap().set_modified(long_ago).unwrap();
        drop(unfinished("now").open().unwrap());
        assert_eq!(folders.map(|folder| folder.exists()), [false, true, true]);
        // The cache depends on program, root and SIMD instructions.
        assert_eq!(unfinished("now").folder(), unfinished("now").folder());
        assert_ne!(
            unfinished("now").folder(),
            Unfinished::under(base.path(), Digest::of(b"now"), Instructions { name: "best", features: "" }).folder()
        );
    }
}
