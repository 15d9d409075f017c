//! The stored runs that a sweep would use, and the reason why it would refuse a folder.

use std::path::Path;

use super::{custom, text};
use crate::{
    digest::Digest,
    escape,
    results::{
        Manifest,
        reading::{self, Segments},
    },
    sweep::Study,
};

/// The reason why a stored run is not used.
pub(super) const REFUSED: &str =
    "stored, but different from the manifest or with two results: a sweep refuses to continue";

/// The stored runs of a folder, compared with its manifest.
pub(super) struct Usable {
    /// None if there is too much data to read.
    segments: Option<Segments>,
    /// The reason why a sweep refuses the folder.
    pub(super) refused: Option<String>,
}

impl Usable {
    pub(super) fn of(folder: &Path, study: &Study, manifest: Option<&Manifest>) -> Self {
        let segments = reading::is_small(folder).then(|| reading::segments(folder, study, manifest));
        // The sweep itself reports segments that cannot be read at all.
        let segments = segments.filter(|segments| !segments.failed);
        let prove = format!("restudy verify {}", escape::shell_path(folder));
        let mut findings = segments.as_ref().map(|segments| segments.findings.clone()).unwrap_or_default();
        if let Some(segments) = &segments {
            findings.extend(manifest.and_then(|manifest| reading::untrusted(manifest, &segments.refused)));
        }
        let refused = custom::refused(&prove, &findings);
        Self { segments, refused }
    }

    /// Whether a sweep uses the stored record of a run; none if the segments were not read.
    pub(super) fn has(&self, id: &Digest) -> Option<bool> {
        self.segments.as_ref().map(|segments| segments.runs.contains_key(id))
    }

    /// Whether a run is stored but refused.
    pub(super) fn refuses(&self, id: &Digest) -> bool {
        self.segments.as_ref().is_some_and(|segments| segments.refused.contains(id) && !segments.runs.contains_key(id))
    }

    pub(super) fn warn(&self, folder: &Path) {
        for found in self.segments.iter().flat_map(|segments| &segments.findings) {
            text::warn(format!("{}/{found}", folder.display()));
        }
        if let Some(refused) = &self.refused {
            text::warn(format!("`restudy sweep` refuses this folder: {refused}"));
        }
    }

    /// Whether the segments were read.
    pub(super) fn is_known(&self) -> bool {
        self.segments.is_some()
    }
}
