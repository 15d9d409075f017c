//! Verifications that were interrupted go on where they were.
//!
//! What a verification has computed is kept **outside** the results folder, in the cache of whoever verifies
//! (`$XDG_CACHE_HOME/restudy`, `~/.cache/restudy`, or `%LOCALAPPDATA%\restudy`): whoever hands over results cannot hand over a half-done
//! proof of them, and a folder that is read-only can be verified too. It is bound to the root, to the version and the bytes of
//! this program, and to the kernel: another program begins anew. It is used for a full verification only, and removed once that
//! is through.
//!
//! ```text
//! verify/0f3a…-77c1…/segments/…    root, and the rest of what it is bound to; a store like any other
//! ```

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use super::VERSION;
use crate::{
    digest::{Digest, Record},
    store::{self, Store},
    train::Kernel,
};

/// The place of an unfinished verification.
#[derive(Debug, Clone)]
pub struct Unfinished {
    base: PathBuf,
    root: Digest,
    kernel: Kernel,
}

impl Unfinished {
    /// The place in this person's cache; none where there is no such folder.
    #[must_use]
    pub fn of(root: Digest, kernel: Kernel) -> Option<Self> {
        let folder = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = || folder("HOME").map(|home| home.join(".cache"));
        let base = folder("XDG_CACHE_HOME").or_else(home).or_else(|| folder("LOCALAPPDATA"))?;
        Some(Self::under(&base.join("restudy"), root, kernel))
    }

    /// The place in a folder of one's own.
    #[must_use]
    pub fn under(base: &Path, root: Digest, kernel: Kernel) -> Self {
        Self { base: base.join("verify"), root, kernel }
    }

    /// What an interrupted verification computed; nothing if there was none, or if it cannot be read.
    #[must_use]
    pub fn records(&self) -> BTreeMap<Digest, Record> {
        // The program is large: its digest is worth taking only where there may be something to read.
        if self.all().is_empty() {
            return BTreeMap::new();
        }
        self.folder().and_then(|folder| Some(store::load(&folder).ok()?.0)).unwrap_or_default()
    }

    /// Opens the place for writing; none if that cannot be, or if another verification has it.
    #[must_use]
    pub fn open(&self) -> Option<Store> {
        Store::open(&self.folder()?).ok()
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

    fn folder(&self) -> Option<PathBuf> {
        let program = Digest::of(&fs::read(env::current_exe().ok()?).ok()?);
        let bound = format!("restudy/verify\n{}\n{VERSION}\n{program}\n{}\n", self.root, self.kernel.name());
        Some(self.base.join(format!("{}-{}", self.root.short(), Digest::of(bound.as_bytes()).short())))
    }
}
