//! What a specification asks now, against what its folder holds.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{
    cli::{
        look::{Found, Look},
        text,
    },
    digest::Digest,
    results::{Manifest, study_text},
    store::{self, index::Briefs},
};

/// Which runs are in segments.
pub(super) enum Presence {
    /// As they were read.
    Read(BTreeMap<Digest, Digest>),
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
            return if is_emptied { Self::Read(BTreeMap::new()) } else { Self::Unknown };
        }
        match found.and_then(|found| found.shown.stored.as_ref()) {
            Some(stored) => Self::Read(stored.clone()),
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
            Self::Read(runs) => runs.get(id).copied(),
            Self::Indexed(briefs) => briefs.get(id).map(|brief| brief.digest),
            Self::Unknown => None,
        }
    }

    fn holds(&self, id: &Digest) -> bool {
        self.digest(id).is_some()
    }

    pub(super) fn holds_result(&self, id: &Digest, digest: &Digest) -> bool {
        self.digest(id) == Some(*digest)
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
    /// How many of the missing ones the manifest knows: only their records are not here.
    pub(super) known: usize,
}

impl Since {
    pub(super) fn of(file: &Path, look: &Look, found: Option<&Found>, manifest: &Manifest, presence: &Presence) -> Self {
        let claimed: BTreeSet<_> = manifest.runs.iter().map(|run| run.id).collect();
        let runs = found.map(|found| {
            let missing: Vec<_> = found.tasks.iter().filter(|task| !presence.holds(&task.id)).collect();
            let known = missing.iter().filter(|task| claimed.contains(&task.id)).count();
            Counts { stored: found.tasks.len() - missing.len(), missing: missing.len(), known }
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
        if let Some(Counts { missing: missing @ 1.., known, .. }) = runs {
            let runs = text::count(*missing, "run");
            let known = match known {
                0 => String::new(),
                known => format!("; the manifest has {} of them, but segments/ does not hold them", text::thousands(*known as u64)),
            };
            text::say(format!("  MISSING   {runs}{known}"));
        }
    }
}
