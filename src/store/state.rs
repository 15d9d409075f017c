//! What can be said of a folder without reading its runs.

use std::path::Path;

use super::{FOLDERS, atomic, claims, index, lock, runs};

/// Whether nothing in a folder waits to be compacted or cleaned up.
#[must_use]
pub fn is_tidy(folder: &Path) -> bool {
    let unfinished = FOLDERS.iter().any(|name| atomic::unfinished(&folder.join(name)).next().is_some());
    let files = runs::files(folder).unwrap_or_default();
    !unfinished && claims::is_empty(folder) && index::is_of(folder, &files)
}

/// Whether there are any stored runs in `folder`, readable or not: a clone has none.
#[must_use]
pub fn has_segments(folder: &Path) -> bool {
    runs::files(folder).map_or(true, |files| !files.is_empty())
}

/// Whether a process works in `folder` now, as far as its locks tell.
#[must_use]
pub fn is_busy(folder: &Path) -> bool {
    lock::is_held(folder)
}
