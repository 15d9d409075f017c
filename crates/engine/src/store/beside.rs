//! The folders beside the runs, with what programs have printed and kept. Records have the digests of kept files; the
//! rest is no result.

use std::{fs, io, path::Path};

use super::StoreError;

/// The names of these folders.
const FOLDERS: [&str; 3] = ["files", "logs", "versions"];

/// Copies these folders into another results folder. Files that are there already stay.
///
/// # Errors
/// A file cannot be copied.
pub fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    FOLDERS.iter().try_for_each(|name| copy_all(&from.join(name), &to.join(name)))
}

fn copy_all(from: &Path, to: &Path) -> Result<(), StoreError> {
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| StoreError::io("read", from, error))?,
    };
    fs::create_dir_all(to).map_err(|error| StoreError::io("create", to, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| StoreError::io("read", from, error))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().map_err(|error| StoreError::io("read", &source, error))?;
        if kind.is_dir() {
            copy_all(&source, &target)?;
        } else if kind.is_file() && !target.exists() {
            // Under another name first, so that a file is there as a whole or not at all.
            let part = to.join(format!(".{}.part", entry.file_name().to_string_lossy()));
            let copied = fs::copy(&source, &part).and_then(|_| fs::rename(&part, &target));
            copied.map_err(|error| StoreError::io("write", &target, error))?;
        }
    }
    Ok(())
}
