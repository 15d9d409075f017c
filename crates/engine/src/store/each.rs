use std::{collections::BTreeSet, io, path::Path};

use super::{Damage, StoreError, read, runs, segment};
use crate::digest::Record;

/// Applies `of` to every record in every segment of `folder`, in order, and returns the results and the damage. Only
/// the records of one segment are in memory at a time. Two results of one run count as two records.
///
/// # Errors
/// A segment cannot be opened, or is of a newer format.
pub fn each<T: Send>(
    folder: &Path,
    of: impl Fn(&Path, Record) -> T + Sync,
) -> Result<(Vec<T>, Vec<Damage>), StoreError> {
    let (mut found, mut damage, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    // A file that vanished was replaced by one with its runs, so the folder is listed until it stays the same.
    let mut listed = runs::files(folder)?;
    loop {
        for file in &listed {
            if seen.contains(file) {
                continue;
            }
            let bytes = match read(file) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(StoreError::io("read", file, error)),
            };
            let (mut records, reason) = segment::decode_as(file, &bytes, |record| of(file, record))?;
            found.append(&mut records);
            damage.extend(reason.map(|reason| Damage { file: file.clone(), reason }));
            seen.insert(file.clone());
        }
        let again = runs::files(folder)?;
        if again == listed {
            return Ok((found, damage));
        }
        listed = again;
    }
}
