use std::{collections::BTreeSet, io, path::Path};

use super::{StoreError, runs::files, segment};
use crate::digest::Record;

/// Hands over what each segment of a folder holds: its path, its intact runs, and what is damaged. Two results of one run are handed over both: whoever
/// asks has something to hold them against.
///
/// # Errors
/// A segment cannot be opened at all, or is of a newer format.
pub fn scan(folder: &Path, mut each: impl FnMut(&Path, Vec<Record>, Option<String>)) -> Result<(), StoreError> {
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
            let (records, damage) = segment::decode(file, &bytes)?;
            each(file, records, damage);
        }
        let again = files(folder)?;
        if again == listed {
            return Ok(());
        }
        listed = again;
    }
}
