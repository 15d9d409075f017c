//! The digests of the data files of a study, for commands that read its runs before there is a manifest.
//!
//! `segments/data` is a JSON object: the name of each file as `study.toml` has it, and the digest of its content when
//! the sweep began. A study without data files has none. A sweep writes it before it stores a run, and never reads it;
//! it helps to name runs, and no result and no proof depends on it. `segments/data.former` has the digests before the
//! files last changed, for runs that are to be adopted.

use std::{collections::BTreeMap, path::Path};

use super::{StoreError, atomic, write};
use crate::digest::Digest;

const DATA: &str = "segments/data";
const FORMER: &str = "segments/data.former";

/// Stores the digests of the data files; writes nothing if there are none.
///
/// # Errors
/// The file cannot be written.
pub fn keep_data(folder: &Path, files: &BTreeMap<String, Digest>) -> Result<(), StoreError> {
    let former = kept_data(folder);
    if files.is_empty() || *files == former {
        return Ok(());
    }
    atomic::create_folder(&folder.join("segments"))?;
    let keep = |name: &str, files: &BTreeMap<String, Digest>| {
        let text = serde_json::to_string_pretty(files).expect("names and digests are plain data");
        write(&folder.join(name), (text + "\n").as_bytes())
    };
    if !former.is_empty() {
        keep(FORMER, &former)?;
    }
    keep(DATA, files)
}

/// Returns the stored digests of the data files; empty if there are none that can be read.
#[must_use]
pub fn kept_data(folder: &Path) -> BTreeMap<String, Digest> {
    read(folder, DATA)
}

/// Returns the digests that were stored before the files last changed; empty if there are none that can be read.
#[must_use]
pub fn former_data(folder: &Path) -> BTreeMap<String, Digest> {
    read(folder, FORMER)
}

fn read(folder: &Path, name: &str) -> BTreeMap<String, Digest> {
    serde_json::from_slice(&super::read(&folder.join(name)).unwrap_or_default()).unwrap_or_default()
}
