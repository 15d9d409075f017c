//! The interface to the writer of reports, which a program sets.

use std::{collections::BTreeMap, sync::OnceLock};

use polars::prelude::DataFrame;

use super::{Attachments, Manifest, Unfinished};
use crate::{sweep::Study, table::Summary};

/// The content of a report.
#[derive(Debug)]
pub struct Page<'a> {
    /// The study.
    pub study: &'a Study,
    /// The summary of its trials.
    pub summary: &'a Summary,
    /// Its figures, by name.
    pub pictures: Vec<Picture<'a>>,
    /// Its tables, with `confirm` those of the first stage; `None` for studies that are too large to be explored on a
    /// page.
    pub tables: Option<&'a BTreeMap<&'static str, DataFrame>>,
    /// Its manifest, without the digests of the pages.
    pub manifest: &'a Manifest,
    /// The files beside the results that it shows.
    pub attachments: &'a Attachments,
    /// How far the study is, if it is not finished; the manifest is then none of the results folder.
    pub unfinished: Option<&'a Unfinished>,
}

/// A figure of a report.
#[derive(Debug, Clone)]
pub struct Picture<'a> {
    /// Its name.
    pub name: &'a str,
    /// A sentence that describes the figure, also its alternative text.
    pub caption: String,
    /// Its files: extension and bytes.
    pub files: Vec<(&'a str, &'a [u8])>,
}

impl Picture<'_> {
    /// Returns the file with this extension; empty if there is none.
    #[must_use]
    pub fn file(&self, ending: &str) -> &[u8] {
        self.files.iter().find(|(own, _)| *own == ending).map_or(&[], |(_, bytes)| bytes)
    }
}

/// Writes the pages of a report.
pub trait Writer: Send + Sync {
    /// Returns the names of the files that it writes.
    fn names(&self) -> &'static [&'static str];

    /// Returns the pages, with their file names.
    fn pages(&self, page: &Page<'_>) -> Vec<(&'static str, String)>;
}

static WRITER: OnceLock<&'static dyn Writer> = OnceLock::new();

/// Sets the writer of this program; only the first call has an effect.
pub fn set_writer(writer: &'static dyn Writer) {
    let _ = WRITER.set(writer);
}

/// Returns the writer of this program, if it has one.
pub fn writer() -> Option<&'static dyn Writer> {
    WRITER.get().copied()
}
