//! Reading what is in a results folder: without its data, and without taking anything for true that the manifest contradicts.
//!
//! A folder holds a run up to three times: in a segment, in the tables, and in brief in the index. Where a manifest lists a run, what is shown of it is what the manifest
//! binds, from the copy that is whole: the table `runs` with the digest of the manifest, else a record that is the one of the manifest, measurement for
//! measurement. The index binds nothing and is never shown. A copy that is damaged, or says something else, is a [`Finding`]: it is told, and does not outrank one that is whole.
//! A manifest vouches only if its root is that of the runs it lists.

pub mod data;
pub mod edited;
mod files;
mod names;
mod purpose;
mod records;
mod segments;
mod shown;
mod tables;

pub use files::{Health, declared, files, unlisted};
pub use names::{as_stored, as_tabled};
pub use purpose::purpose;
pub use records::{measurements, record, records, unbound_records};
pub use segments::{Segments, name as segment_name, segments};
pub use shown::{Shown, is_small, shown, unvouched};
pub use tables::is_of_runs;

use std::{collections::BTreeMap, path::Path};

use polars::prelude::DataFrame;
use serde::Serialize;

use super::Manifest;
use crate::{digest::Digest, run::Task, store::index::Brief, sweep::Study};

/// The table of this name, if it is the one of the manifest, and that vouches for its runs.
#[must_use]
pub fn table(folder: &Path, manifest: &Manifest, name: &str) -> Option<DataFrame> {
    let vouching = manifest.has_root_of_runs().then_some(manifest)?;
    Some(tables::read(folder, vouching, name).ok()??.0)
}

/// The runs of the table `runs`, if it is the one of the manifest and that vouches for its runs; none otherwise.
#[must_use]
pub fn briefs(folder: &Path, study: &Study, manifest: &Manifest, tasks: &[Task]) -> BTreeMap<Digest, Brief> {
    let runs = table(folder, manifest, "runs");
    runs.and_then(|runs| tables::briefs(study, manifest, tasks, &runs).ok()).unwrap_or_default()
}

/// A copy of something in a results folder that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The file, by its path in the folder.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
    /// Whether it says something else than the manifest, and is not only damaged.
    pub contradicts: bool,
    /// Whether a sweep refuses to go on beside it.
    #[serde(skip)]
    pub stops: bool,
}

impl Finding {
    fn damaged(file: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { file: file.into(), reason: reason.into(), contradicts: false, stops: false }
    }

    fn contradicts(file: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { file: file.into(), reason: reason.into(), contradicts: true, stops: false }
    }

    /// The same of what a sweep refuses to go on beside.
    fn stopping(self) -> Self {
        Self { stops: true, ..self }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.file, self.reason)
    }
}
