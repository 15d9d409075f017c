//! What a specification asks now, against what its folder holds.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{
    cli::{
        open::{Found, Look},
        text,
    },
    digest::Digest,
    results::{Manifest, manifest::RunEntry, study_text},
    store::{self, index::Briefs},
};

/// Which runs are in segments.
pub(super) enum Presence {
    /// As they were read: their digests, and the runs that are not stored as the manifest lists them.
    Read(BTreeMap<Digest, Digest>, BTreeSet<Digest>),
    /// As the index has them, which nothing binds: there is too much to be read.
    Indexed(Briefs),
    /// There are no segments, as in a clone, or they cannot be read.
    Unknown,
}

impl Presence {
    pub(super) fn of(look: &Look, found: Option<&Found>) -> Self {
        if !store::has_segments(&look.path) {
            // Where the index of a sweep is left, its runs were there.
            let is_emptied = look.path.join("segments/index").exists();
            return if is_emptied { Self::Read(BTreeMap::new(), BTreeSet::new()) } else { Self::Unknown };
        }
        match found.and_then(|found| Some((found.shown.stored.clone()?, found.shown.refused.clone()))) {
            Some((stored, refused)) => Self::Read(stored, refused),
            None => Briefs::load(&look.path).map_or(Self::Unknown, Self::Indexed),
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

    /// Whether a run is stored otherwise than the manifest lists it, so that it is there and no sweep goes on from it.
    pub(super) fn refuses(&self, id: &Digest) -> bool {
        matches!(self, Self::Read(_, refused) if refused.contains(id))
    }

    /// Of how many runs of the manifest the stored record is the one that it lists, and how many are not stored at all.
    pub(super) fn count(&self, manifest: &Manifest) -> (usize, usize) {
        // One that does not vouch for its runs says nothing against a stored one.
        let vouches = manifest.has_root_of_runs();
        let held = |run: &&RunEntry| self.digest(&run.id).is_some_and(|digest| !vouches || digest == run.digest);
        let held = manifest.runs.iter().filter(held).count();
        let absent = manifest.runs.iter().filter(|run| !self.holds(&run.id) && !self.refuses(&run.id)).count();
        (held, absent)
    }
}

/// What a specification asks now, against what its folder holds.
pub(super) struct Since {
    /// The specification, for people.
    file: String,
    /// Its runs, where they can be told: without its data nobody knows which they are.
    pub(super) runs: Option<Counts>,
    pub(super) specification_unchanged: bool,
}

/// The runs of a specification.
pub(super) struct Counts {
    /// Those that are stored, and those that are not.
    pub(super) stored: usize,
    pub(super) missing: usize,
    /// How many of the missing ones are stored, but otherwise than the manifest lists them.
    pub(super) refused: usize,
    /// How many of the others the manifest knows: only their records are not here.
    pub(super) known: usize,
}

impl Since {
    pub(super) fn of(file: &Path, look: &Look, found: Option<&Found>, manifest: &Manifest, presence: &Presence) -> Self {
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
            specification_unchanged: study_text(&look.study, &look.path).1 == manifest.specification,
        }
    }

    pub(super) fn say(&self) {
        let Self { file, runs, .. } = self;
        if !self.specification_unchanged {
            text::say(format!("  CHANGED   {file} is not the specification that these results were made from"));
        }
        if runs.is_none() {
            text::say("  unknown   which of its runs are here: its data cannot be read");
        }
        if let Some(Counts { missing, refused, known, .. }) = runs
            && missing > refused
        {
            let runs = text::count(missing - refused, "run");
            let known = match known {
                0 => String::new(),
                known => format!("; the manifest has {} of them, but segments/ does not hold them", text::thousands(*known as u64)),
            };
            text::say(format!("  MISSING   {runs}{known}"));
        }
    }
}
