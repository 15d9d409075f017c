//! The report as the engine sees it: pages that the program writes.

use std::{collections::BTreeMap, sync::OnceLock};

use polars::prelude::DataFrame;

use super::Manifest;
use crate::{sweep::Study, table::Summary};

/// What the pages of a report are made from.
#[derive(Debug)]
pub struct Page<'a> {
    /// The study.
    pub study: &'a Study,
    /// Its answer in numbers.
    pub summary: &'a Summary,
    /// Its figures, by name.
    pub pictures: Vec<Picture<'a>>,
    /// Its tables, of a study that confirms those of its first stage; none of a study that is too large to be explored on a page.
    pub tables: Option<&'a BTreeMap<&'static str, DataFrame>>,
    /// Its manifest, but for the digests of the pages.
    pub manifest: &'a Manifest,
}

/// A figure of a report.
#[derive(Debug, Clone)]
pub struct Picture<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it shows, in a sentence; also what is read aloud instead of it.
    pub caption: String,
    /// Its files: the ending, and the bytes.
    pub files: Vec<(&'a str, &'a [u8])>,
}

impl Picture<'_> {
    /// The file with this ending; empty if there is none.
    #[must_use]
    pub fn file(&self, ending: &str) -> &[u8] {
        self.files.iter().find(|(own, _)| *own == ending).map_or(&[], |(_, bytes)| bytes)
    }
}

/// Writes the pages.
pub trait Writer: Send + Sync {
    /// The names of its files.
    fn names(&self) -> &'static [&'static str];

    /// The pages, by the names of their files.
    fn pages(&self, page: &Page<'_>) -> Vec<(&'static str, String)>;
}

static WRITER: OnceLock<&'static dyn Writer> = OnceLock::new();

/// Names the writer of this program; the first one stays.
pub fn set_writer(writer: &'static dyn Writer) {
    let _ = WRITER.set(writer);
}

/// The writer of this program, if it has one.
pub fn writer() -> Option<&'static dyn Writer> {
    WRITER.get().copied()
}
