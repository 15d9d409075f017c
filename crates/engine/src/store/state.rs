//! Properties of a folder that do not need its runs.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{FOLDERS, atomic, index, leases, lock, runs, segment};

/// Whether a folder needs no compaction and no cleaning.
#[must_use]
pub fn is_tidy(folder: &Path) -> bool {
    let unfinished = FOLDERS.iter().any(|name| atomic::unfinished(&folder.join(name)).next().is_some());
    let files = runs::files(folder).unwrap_or_default();
    !unfinished && leases::is_empty(folder) && index::is_of(folder, &files)
}

/// Whether `folder` has segments, readable or not: a clone has none.
#[must_use]
pub fn has_segments(folder: &Path) -> bool {
    runs::files(folder).map_or(true, |files| !files.is_empty())
}

/// Whether a process works in `folder` now, by its locks; `false` without locks.
#[must_use]
pub fn is_busy(folder: &Path) -> bool {
    lock::is_held(folder)
}

/// Returns the segments whose names do not match their bytes: they were damaged or renamed. Faster than reading their
/// runs, but no protection against forged names.
#[must_use]
pub fn misnamed(folder: &Path) -> Vec<PathBuf> {
    let files = runs::files(folder).unwrap_or_default();
    let fits = |file: &PathBuf| {
        let Ok(bytes) = super::read(file) else { return !file.exists() };
        file.file_name().is_some_and(|name| name == segment::file_name(&bytes).as_str())
    };
    files.into_iter().filter(|file| !fits(file)).collect()
}

/// Returns the total size of the segments in bytes.
#[must_use]
pub fn segment_bytes(folder: &Path) -> u64 {
    let files = runs::files(folder).unwrap_or_default();
    files.iter().map(|file| fs::metadata(file).map_or(0, |about| about.len())).fold(0, u64::saturating_add)
}
