//! Reads the content of a results folder without its data, and checks it against the manifest.
//!
//! A folder has a run up to three times: in a segment, in the tables, and summarized in the index. If the manifest
//! lists a run, the values shown are those that the manifest proves, from an intact copy: the table `runs` with the
//! digest in the manifest, otherwise a record that matches the manifest in every measurement. The index proves nothing
//! and is never shown. A copy that is damaged, or contradicts the manifest, is a [`Finding`]: it is reported, and an
//! intact copy has precedence. A manifest proves its runs only if its root is that of the runs it lists.

pub mod data;
pub mod edited_files;
mod files;
mod names;
mod owner_file;
mod records;
mod segments;
mod shown;
mod tables;

pub use files::{Health, declared, files, unlisted};
pub use names::{as_stored, as_tabled};
pub use owner_file::owner_finding;
pub use records::{measurements, record, records, unchecked_records};
pub use segments::{Segments, name as segment_name, segments};
pub use shown::{Shown, is_small, shown, untrusted};
pub use tables::is_of_runs;

use std::{collections::BTreeMap, path::Path};

use polars::prelude::DataFrame;
use serde::Serialize;

use super::Manifest;
use crate::{digest::Digest, run::Task, store::index::Brief, sweep::Study};

/// Returns the table of this name, if it matches a manifest with a valid root.
#[must_use]
pub fn table(folder: &Path, manifest: &Manifest, name: &str) -> Option<DataFrame> {
    let valid = manifest.has_root_of_runs().then_some(manifest)?;
    Some(tables::read(folder, valid, name).ok()??.0)
}

/// Returns the runs in the table `runs`, if it matches a manifest with a valid root; empty otherwise.
#[must_use]
pub fn briefs(folder: &Path, study: &Study, manifest: &Manifest, tasks: &[Task]) -> BTreeMap<Digest, Brief> {
    let runs = table(folder, manifest, "runs");
    runs.and_then(|runs| tables::briefs(study, manifest, tasks, &runs).ok()).unwrap_or_default()
}

/// A file in a results folder that is damaged or contradicts the manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The file, by its path in the folder.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
    /// Whether it contradicts the manifest, and is not only damaged.
    pub contradicts: bool,
    /// Whether a sweep refuses to run in the folder until this is resolved.
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

    /// Marks a finding that a sweep refuses to run with.
    fn stopping(self) -> Self {
        Self { stops: true, ..self }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.file, self.reason)
    }
}
