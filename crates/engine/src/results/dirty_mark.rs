//! The mark of a version for runs of other programs, by manifests and the journal.

use std::{collections::BTreeSet, path::Path};

use super::Manifest;
use crate::{
    digest::{Digest, Record},
    store::{
        journal::Origins,
        version::{self, DirtyMark},
    },
};

/// Runs whose origin is known without the journal.
#[derive(Default)]
pub(super) struct KnownRuns {
    runs: BTreeSet<Digest>,
    /// The marks of the manifests that list these runs.
    marks: Vec<DirtyMark>,
}

impl KnownRuns {
    /// Adds the runs of a manifest, and its mark.
    pub(super) fn manifest(&mut self, manifest: &Manifest) {
        self.runs.extend(manifest.runs.iter().map(|run| run.id));
        self.marks.extend(version::mark(&manifest.restudy));
    }

    /// Adds runs that this process computed, since its journal may not be written yet.
    pub(super) fn computed(&mut self, runs: impl IntoIterator<Item = Digest>) {
        self.runs.extend(runs);
    }

    /// The mark for these runs, some of which other processes computed.
    pub(super) fn mark<'a>(self, journal: &Origins, mut runs: impl Iterator<Item = &'a Record>) -> Option<DirtyMark> {
        let dirty = self.marks.iter().find(|mark| matches!(mark, DirtyMark::Dirty(_)));
        if let Some(mark) = dirty.cloned().or_else(|| journal.patch().map(DirtyMark::Dirty)) {
            return Some(mark);
        }
        let is_unknown = |run: &Record| !self.runs.contains(&run.id) && !journal.knows(run.id, run.digest());
        (self.marks.contains(&DirtyMark::Unknown) || runs.any(is_unknown)).then_some(DirtyMark::Unknown)
    }
}

/// Reads the journal in `folder`, with a notice about changed lines.
pub(super) fn journal(folder: &Path, notice: &dyn Fn(&str)) -> Origins {
    let origins = Origins::read(folder);
    for damage in &origins.damage {
        notice(&format!("{}: {}", damage.file.display(), damage.reason));
    }
    origins
}
