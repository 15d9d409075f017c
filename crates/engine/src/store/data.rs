//! What the data files of a study held, for whoever reads its runs before a manifest says so.
//!
//! `segments/data` is a JSON object: the name of each file as `study.toml` has it, and the digest of what it held when the sweep began. A study that learns from
//! no file has none. A sweep writes it before it stores a run, and never reads it; it names runs, and vouches for nothing.

use std::{collections::BTreeMap, path::Path};

use super::{StoreError, atomic, write};
use crate::digest::Digest;

/// Notes what the files held; nothing where there are none.
///
/// # Errors
/// It cannot be written.
pub fn keep_data(folder: &Path, files: &BTreeMap<String, Digest>) -> Result<(), StoreError> {
    if files.is_empty() || *files == kept_data(folder) {
        return Ok(());
    }
    atomic::create_folder(&folder.join("segments"))?;
    let text = serde_json::to_string_pretty(files).expect("names and digests are plain data");
    write(&folder.join("segments/data"), (text + "\n").as_bytes())
}

/// What the files held, as far as that was noted.
#[must_use]
pub fn kept_data(folder: &Path) -> BTreeMap<String, Digest> {
    let bytes = super::read(&folder.join("segments/data")).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
