//! Records of a folder as far as its manifest has them.

use std::path::Path;

use crate::{
    digest::{Digest, Record},
    results::Manifest,
    store,
};

/// The record of a run that the manifest lists, with the digest that it has there; none if no intact one is here.
#[must_use]
pub fn record(folder: &Path, manifest: &Manifest, id: Digest) -> Option<Record> {
    let claimed = manifest.runs.iter().find(|run| run.id == id)?.digest;
    let mut found = None;
    let _ = store::scan(folder, |_, records, _| {
        let own = records.into_iter().find(|record| record.id == id && record.digest() == claimed);
        found = found.take().or(own);
    });
    found
}
