//! The mark that a version gets for the runs that others have computed: as far as manifests and the journal know them.

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
    /// What the manifests that have them are marked with.
    marks: Vec<DirtyMark>,
}

impl KnownRuns {
    /// A manifest has runs, and the mark of whoever computed them.
    pub(super) fn manifest(&mut self, manifest: &Manifest) {
        self.runs.extend(manifest.runs.iter().map(|run| run.id));
        self.marks.extend(version::mark(&manifest.restudy));
    }

    /// This process has computed runs. Its journal may not be written yet.
    pub(super) fn computed(&mut self, runs: impl IntoIterator<Item = Digest>) {
        self.runs.extend(runs);
    }

    /// The mark for these runs, of which others have computed a part.
    pub(super) fn mark<'a>(self, journal: &Origins, mut runs: impl Iterator<Item = &'a Record>) -> Option<DirtyMark> {
        let dirty = self.marks.iter().find(|mark| matches!(mark, DirtyMark::Dirty(_)));
        if let Some(mark) = dirty.cloned().or_else(|| journal.patch().map(DirtyMark::Dirty)) {
            return Some(mark);
        }
        let is_unknown = |run: &Record| !self.runs.contains(&run.id) && !journal.knows(run.id, run.digest());
        (self.marks.contains(&DirtyMark::Unknown) || runs.any(is_unknown)).then_some(DirtyMark::Unknown)
    }
}

/// The journal in `folder`; tells of lines that were changed.
pub(super) fn journal(folder: &Path, notice: &dyn Fn(&str)) -> Origins {
    let origins = Origins::read(folder);
    for damage in &origins.damage {
        notice(&format!("{}: {}", damage.file.display(), damage.reason));
    }
    origins
}
