//! The current specification compared with its folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{
    cli::{
        open::{StoredRuns, OpenStudy},
        text,
    },
    digest::Digest,
    results::{Manifest, manifest::RunEntry, study_text},
    store::{self, index::Briefs},
};

/// The runs in segments.
pub(super) enum Presence {
    /// All segments were read: the digests, and the runs that differ from the manifest.
    Read(BTreeMap<Digest, Digest>, BTreeSet<Digest>),
    /// Only the index was read, since there is too much data; no digest covers the index.
    Indexed(Briefs),
    /// There are no segments, as in a clone, or they cannot be read.
    Unknown,
}

impl Presence {
    pub(super) fn of(opened: &OpenStudy, found: Option<&StoredRuns>) -> Self {
        if !store::has_segments(&opened.path) {
            // A remaining index shows that runs were stored here.
            let is_emptied = opened.path.join("segments/index").exists();
            return if is_emptied { Self::Read(BTreeMap::new(), BTreeSet::new()) } else { Self::Unknown };
        }
        match found.and_then(|found| Some((found.shown.stored.clone()?, found.shown.refused.clone()))) {
            Some((stored, refused)) => Self::Read(stored, refused),
            None => Briefs::load(&opened.path).map_or(Self::Unknown, Self::Indexed),
        }
    }

    pub(super) fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown)
    }

    pub(super) fn is_of_index(&self) -> bool {
        matches!(self, Self::Indexed(_))
    }

    fn digest(&self, id: &Digest) -> Option<Digest> {
        match self {
            Self::Read(runs, _) => runs.get(id).copied(),
            Self::Indexed(briefs) => briefs.get(id).map(|brief| brief.digest),
            Self::Unknown => None,
        }
    }

    fn holds(&self, id: &Digest) -> bool {
        self.digest(id).is_some()
    }

    /// Whether the stored run differs from the manifest, so that a sweep refuses it.
    pub(super) fn refuses(&self, id: &Digest) -> bool {
        matches!(self, Self::Read(_, refused) if refused.contains(id))
    }

    /// The number of runs of the manifest with a matching record, and the number without any.
    pub(super) fn count(&self, manifest: &Manifest) -> (usize, usize) {
        // A manifest with a wrong root cannot refute a stored run.
        let vouches = manifest.has_root_of_runs();
        let held = |run: &&RunEntry| self.digest(&run.id).is_some_and(|digest| !vouches || digest == run.digest);
        let held = manifest.runs.iter().filter(held).count();
        let absent = manifest.runs.iter().filter(|run| !self.holds(&run.id) && !self.refuses(&run.id)).count();
        (held, absent)
    }
}

/// The current specification compared with its folder.
pub(super) struct Since {
    file: String,
    /// The counts of its runs; none if its data is missing, since identities need the data.
    pub(super) runs: Option<Counts>,
    pub(super) specification_unchanged: bool,
}

pub(super) struct Counts {
    /// Stored runs, and missing ones.
    pub(super) stored: usize,
    pub(super) missing: usize,
    /// The missing runs whose stored record differs from the manifest.
    pub(super) refused: usize,
    /// The other missing runs that the manifest lists.
    pub(super) known: usize,
}

impl Since {
    pub(super) fn of(file: &Path, opened: &OpenStudy, found: Option<&StoredRuns>, manifest: &Manifest, presence: &Presence) -> Self {
        let claimed: BTreeSet<_> = manifest.runs.iter().map(|run| run.id).collect();
        let runs = found.map(|found| {
            let missing: Vec<_> = found.tasks.iter().filter(|task| !presence.holds(&task.id)).collect();
            let refused = missing.iter().filter(|task| presence.refuses(&task.id)).count();
            let known = missing.iter().filter(|task| claimed.contains(&task.id) && !presence.refuses(&task.id)).count();
            let stored = found.tasks.len() - missing.len();
            Counts { stored, missing: missing.len(), refused, known }
        });
        Self {
            file: file.display().to_string(),
            runs,
            specification_unchanged: study_text(&opened.study, &opened.path).1 == manifest.specification,
        }
    }

    pub(super) fn say(&self) {
        let Self { file, runs, .. } = self;
        if !self.specification_unchanged {
            text::say(format!("  CHANGED   {file} is not the specification of these results"));
        }
        if runs.is_none() {
            text::say("  unknown   its data cannot be read, so the stored runs cannot be counted");
        }
        if let Some(Counts { missing, refused, known, .. }) = runs
            && missing > refused
        {
            let runs = text::count(missing - refused, "run");
            let known = match known {
                0 => String::new(),
                known => format!("; the manifest lists {} of them, but segments/ does not have them", text::thousands(*known as u64)),
            };
            text::say(format!("  MISSING   {runs}{known}"));
        }
    }
}
