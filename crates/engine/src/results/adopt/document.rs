//! The documents in `adopted/` of a results folder: which runs were computed before a change, and what was checked.
//!
//! Each adoption has a file of its own, so that the folders of several machines can be merged. Reports are made from
//! these files, and the manifest lists them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    results::Manifest,
    store::{self, StoreError},
};

/// The folder in a results folder.
pub const ADOPTED: &str = "adopted";

/// The version of the documents.
const FORMAT: u32 = 1;

/// Runs that were adopted at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Adoption {
    format: u32,
    /// What changed since these runs were computed, as far as it is known: settings, and files by their names.
    pub changed: Vec<String>,
    /// The runs that were computed again after the change.
    pub checked: BTreeSet<Digest>,
    /// Whether these had the same bits; otherwise their values were within the tolerance.
    pub same: bool,
    /// The adopted runs, each with its identity before the change.
    pub runs: BTreeMap<Digest, Digest>,
}

impl Adoption {
    pub(super) fn new(
        changed: Vec<String>,
        checked: BTreeSet<Digest>,
        same: bool,
        runs: BTreeMap<Digest, Digest>,
    ) -> Self {
        Self { format: FORMAT, changed, checked, same, runs }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Writes the document into a results folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let place = folder.join(ADOPTED);
        fs::create_dir_all(&place).map_err(|error| StoreError::io("create", &place, error))?;
        let bytes = self.bytes();
        store::write(&place.join(format!("{}.json", Digest::of(&bytes).short())), &bytes)
    }
}

/// The documents of a results folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adoptions {
    /// The documents, by their paths in the folder; `None` if a file is not such a document.
    pub all: BTreeMap<String, Option<Adoption>>,
    /// Their bytes, by the same paths.
    pub(in crate::results) files: BTreeMap<String, Vec<u8>>,
}

impl Adoptions {
    /// Reads the documents of a results folder.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        let mut found = Self::default();
        for entry in fs::read_dir(folder.join(ADOPTED)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || !name.ends_with(".json") {
                continue;
            }
            let bytes = store::read(&entry.path()).unwrap_or_default();
            let read = serde_json::from_slice(&bytes).ok().filter(|own: &Adoption| own.format == FORMAT);
            found.all.insert(format!("{ADOPTED}/{name}"), read);
            found.files.insert(format!("{ADOPTED}/{name}"), bytes);
        }
        found
    }

    /// Whether a manifest lists exactly these documents.
    #[must_use]
    pub fn are_listed(&self, manifest: &Manifest) -> bool {
        let listed = manifest.files.iter().filter(|(path, _)| path.starts_with(ADOPTED));
        let own = self.files.iter().map(|(path, bytes)| (path, Digest::of(bytes)));
        own.eq(listed.map(|(path, digest)| (path, *digest)))
    }

    /// Returns the adopted runs.
    #[must_use]
    pub fn runs(&self) -> BTreeSet<Digest> {
        self.all.values().flatten().flat_map(|adoption| adoption.runs.keys().copied()).collect()
    }
}

/// Takes runs that were computed again out of the documents.
///
/// # Errors
/// A document cannot be written or removed.
pub(in crate::results) fn computed(folder: &Path, runs: &BTreeSet<Digest>) -> Result<(), StoreError> {
    let all = Adoptions::read(folder).all;
    for (path, adoption) in all.into_iter().filter_map(|(path, adoption)| Some((path, adoption?))) {
        let left: BTreeMap<_, _> =
            adoption.runs.iter().filter(|(run, _)| !runs.contains(run)).map(|(run, old)| (*run, *old)).collect();
        if left.len() == adoption.runs.len() {
            continue;
        }
        if !left.is_empty() {
            Adoption { runs: left, ..adoption }.write(folder)?;
        }
        let file = folder.join(path);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StoreError::io("remove", &file, error));
            }
            _ => {}
        }
    }
    Ok(())
}
