//! From which stored runs a sweep goes on, for the commands that say what it would do, and why it refuses, if it does.

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

/// Why a run that is stored is not gone on from.
pub(super) const REFUSED: &str = "stored, but not as the manifest lists it, or in two ways: a sweep refuses to go on";

/// What is stored in a folder, held against its manifest.
pub(super) struct Usable {
    /// Nothing where there is too much to be read.
    segments: Option<Segments>,
    /// Why a sweep refuses to go on in the folder.
    pub(super) refused: Option<String>,
}

impl Usable {
    pub(super) fn of(folder: &Path, study: &Study, manifest: Option<&Manifest>) -> Self {
        let segments = reading::is_small(folder).then(|| reading::segments(folder, study, manifest));
        // What cannot be read at all, its reader says.
        let segments = segments.filter(|segments| !segments.failed);
        let prove = format!("restudy verify {}", escape::shell_path(folder));
        let mut findings = segments.as_ref().map(|segments| segments.findings.clone()).unwrap_or_default();
        if let Some(segments) = &segments {
            findings.extend(manifest.and_then(|manifest| reading::unvouched(manifest, &segments.refused)));
        }
        let refused = custom::refused(&prove, &findings);
        Self { segments, refused }
    }

    /// Whether a sweep goes on from the stored record of a run; nothing where that was not read.
    pub(super) fn has(&self, id: &Digest) -> Option<bool> {
        self.segments.as_ref().map(|segments| segments.runs.contains_key(id))
    }

    /// Whether a run is stored, and not gone on from.
    pub(super) fn refuses(&self, id: &Digest) -> bool {
        self.segments.as_ref().is_some_and(|segments| segments.refused.contains(id) && !segments.runs.contains_key(id))
    }

    /// Says what is damaged or wrong, and that a sweep refuses.
    pub(super) fn warn(&self, folder: &Path) {
        for found in self.segments.iter().flat_map(|segments| &segments.findings) {
            text::warn(format!("{}/{found}", folder.display()));
        }
        if let Some(refused) = &self.refused {
            text::warn(format!("`restudy sweep` refuses this folder: {refused}"));
        }
    }

    /// Whether the segments were read, so that what is wrong with them is known.
    pub(super) fn is_known(&self) -> bool {
        self.segments.is_some()
    }
}
