//! The digests of the data files of a study, for commands that read its runs before there is a manifest.
//!
//! `segments/data` is a JSON object: the name of each file as `study.toml` has it, and the digest of its content when
//! the sweep began. A study without data files has none. A sweep writes it before it stores a run, and never reads it;
//! it helps to name runs, and no result and no proof depends on it.

use std::{collections::BTreeMap, path::Path};

use super::{StoreError, atomic, write};
use crate::digest::Digest;

/// Stores the digests of the data files; writes nothing if there are none.
///
/// # Errors
/// The file cannot be written.
pub fn keep_data(folder: &Path, files: &BTreeMap<String, Digest>) -> Result<(), StoreError> {
    if files.is_empty() || *files == kept_data(folder) {
        return Ok(());
    }
    atomic::create_folder(&folder.join("segments"))?;
    let text = serde_json::to_string_pretty(files).expect("names and digests are plain data");
    write(&folder.join("segments/data"), (text + "\n").as_bytes())
}

/// Returns the stored digests of the data files; empty if there are none that can be read.
#[must_use]
pub fn kept_data(folder: &Path) -> BTreeMap<String, Digest> {
    let bytes = super::read(&folder.join("segments/data")).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
