use std::{collections::BTreeSet, fs, io, path::Path};

use super::{StoreError, runs::files, segment};
use crate::digest::Record;

/// Hands over what each segment of a folder holds: its path, what `of` makes of its intact runs, of which few are in memory at a time, and what is
/// damaged. Two results of one run are handed over both: whoever asks has something to hold them against.
///
/// # Errors
/// A segment cannot be opened at all, or is of a newer format.
pub fn scan<T: Send>(
    folder: &Path,
    of: impl Fn(Record) -> T + Sync,
    mut each: impl FnMut(&Path, Vec<T>, Option<String>),
) -> Result<(), StoreError> {
    let mut seen = BTreeSet::new();
    // A file that has vanished was replaced by one that holds its runs, so the folder is listed until it stays the same.
    let mut listed = files(folder)?;
    loop {
        for file in &listed {
            if seen.contains(file) {
                continue;
            }
            let bytes = match super::read(file) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(StoreError::io("read", file, error)),
            };
            seen.insert(file.clone());
            let (runs, damage) = segment::decode_as(file, &bytes, &of)?;
            each(file, runs, damage);
        }
        let again = files(folder)?;
        if again == listed {
            return Ok(());
        }
        listed = again;
    }
}

/// How many bytes the segments of a folder have.
#[must_use]
pub fn segment_bytes(folder: &Path) -> u64 {
    let files = files(folder).unwrap_or_default();
    files.iter().map(|file| fs::metadata(file).map_or(0, |about| about.len())).fold(0, u64::saturating_add)
}
