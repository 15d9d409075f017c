//! Computed runs of a verification, and their cache.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use crate::{
    digest::{Digest, Record},
    results::resume::Unfinished,
    store::Store,
};

/// The delay before computed runs are written to the cache. A faster verification leaves nothing behind.
const PATIENCE: Duration = Duration::from_secs(1);

/// Computed runs, and their cache.
pub(super) struct ComputedRuns<'a> {
    pub records: BTreeMap<Digest, Record>,
    pub pending: Vec<Digest>,
    pub since: Instant,
    pub place: Option<&'a Unfinished>,
    pub store: Option<Store>,
    pub safe: usize,
}

impl ComputedRuns<'_> {
    pub fn take(&mut self, done: Vec<Record>) {
        self.pending.extend(done.iter().map(|record| record.id));
        self.records.extend(done.into_iter().map(|record| (record.id, record)));
        if self.since.elapsed() >= PATIENCE {
            self.keep();
        }
    }

    /// Writes pending runs to the cache. An error only means that the next verification computes them again.
    pub fn keep(&mut self) {
        self.store = self.store.take().or_else(|| self.place.take()?.open());
        if let Some(store) = self.store.as_ref().filter(|_| !self.pending.is_empty())
            && store.commit(self.pending.iter().map(|id| &self.records[id])).is_ok()
        {
            self.safe += self.pending.len();
        }
        self.pending.clear();
        self.since = Instant::now();
    }
}
