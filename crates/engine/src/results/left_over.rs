//! Runs in a store that its study does not ask for: they are left over from an earlier specification, or from earlier
//! inputs.

use std::{collections::BTreeSet, path::Path};

use super::Manifest;
use crate::{
    digest::Digest,
    store::{self, Runs, Store, StoreError},
};

/// The left-over runs of a folder.
#[derive(Debug)]
pub struct LeftOver {
    /// All stored runs.
    pub runs: Runs,
    /// The runs that the manifest does not list.
    pub ids: BTreeSet<Digest>,
    /// How many of them no finished sweep has seen: a sweep of another specification may have begun, and need them.
    pub unseen: usize,
}

impl LeftOver {
    /// Finds the runs that are stored in a folder and not listed in its manifest.
    ///
    /// # Errors
    /// A segment cannot be read, or two segments hold different results of one run.
    pub fn find(folder: &Path, manifest: &Manifest) -> Result<Self, StoreError> {
        let listed: BTreeSet<_> = manifest.runs.iter().map(|run| run.id).collect();
        let runs = Runs::load(folder)?;
        let ids: BTreeSet<_> = runs.records().keys().filter(|id| !listed.contains(id)).copied().collect();
        // A finished sweep compacts the store, and writes the index of all runs.
        let seen = store::index::listed(folder);
        let unseen = ids.iter().filter(|id| !seen.contains(id)).count();
        Ok(Self { runs, ids, unseen })
    }

    /// Whether it is certain that the study does not ask for them: nothing is damaged, and no sweep has begun.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.unseen == 0 && self.runs.damage().is_empty()
    }

    /// Removes the runs from the store.
    ///
    /// # Errors
    /// A segment or the index cannot be written, or an old segment cannot be removed; no other run is lost.
    pub fn remove(&self, store: &Store) -> Result<(), StoreError> {
        store.forget(&self.runs, &self.ids)
    }
}
