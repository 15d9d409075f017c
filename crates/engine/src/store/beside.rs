//! The folders beside the runs, with what programs have printed and kept, and with the verdicts of other machines.
//! Records have the digests of kept files; the rest is no result.

use std::{collections::BTreeMap, ffi::OsString, fs, io, path::Path};

use super::StoreError;
use crate::digest::Digest;

/// The names of these folders.
const FOLDERS: [&str; 5] = ["files", "logs", VERDICTS, VERSIONS, "adopted"];

/// The folder of verdicts. Their names are chosen by people, so two folders may have different ones of one name.
pub const VERDICTS: &str = "verdicts";

/// The folder with what machines have installed: a file for each machine on which it differs, named by its digest.
pub const VERSIONS: &str = "versions";

/// Copies these folders into another results folder. Files that are there already stay; another verdict of the same
/// name is copied under a name with its digest.
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
        copy_entry(&entry, &to.join(free_name(&entry.path(), to).unwrap_or_else(|| entry.file_name())))?;
    }
    Ok(())
}

fn copy_entry(entry: &fs::DirEntry, target: &Path) -> Result<(), StoreError> {
    let source = entry.path();
    let kind = entry.file_type().map_err(|error| StoreError::io("read", &source, error))?;
    if kind.is_dir() {
        return copy_all(&source, target);
    }
    if kind.is_file() && !target.exists() {
        // Under another name first, so that a file is there as a whole or not at all.
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let part = target.with_file_name(format!(".{name}.part"));
        let copied = fs::copy(&source, &part).and_then(|_| fs::rename(&part, target));
        copied.map_err(|error| StoreError::io("write", target, error))?;
    }
    Ok(())
}

/// Copies what belongs to runs for other runs, which have the same results: `runs` has the identities of these, each
/// with that of the run before.
///
/// # Errors
/// A file cannot be copied.
pub fn copy_runs(folder: &Path, runs: &BTreeMap<Digest, Digest>) -> Result<(), StoreError> {
    let new: BTreeMap<String, &Digest> = runs.iter().map(|(run, former)| (former.to_string(), run)).collect();
    for place in FOLDERS.iter().map(|name| folder.join(name)) {
        let entries = match fs::read_dir(&place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(|error| StoreError::io("read", &place, error))?,
        };
        let entries = entries.collect::<Result<Vec<_>, _>>().map_err(|error| StoreError::io("read", &place, error))?;
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let (former, ending) = name.split_at(name.find('.').unwrap_or(name.len()));
            if let Some(run) = new.get(former) {
                let target = place.join(format!("{run}{ending}"));
                // Left by an attempt that was not stored.
                let removed = if target.is_dir() { fs::remove_dir_all(&target) } else { fs::remove_file(&target) };
                if let Err(error) = removed
                    && error.kind() != io::ErrorKind::NotFound
                {
                    return Err(StoreError::io("remove", &target, error));
                }
                copy_entry(&entry, &target)?;
            }
        }
    }
    Ok(())
}

/// The name of a verdict whose own name another one has in `to`.
fn free_name(source: &Path, to: &Path) -> Option<OsString> {
    let (name, end) = (source.file_stem()?.to_str()?, source.extension()?.to_str()?);
    let there = fs::read(to.join(source.file_name()?)).ok().filter(|_| to.ends_with(VERDICTS))?;
    let own = fs::read(source).ok().filter(|own| *own != there)?;
    Some(format!("{name}-{}.{end}", Digest::of(&own).short()).into())
}
