use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use rayon::prelude::*;

use super::{
    Damage, Entry, gather,
    line::{ProcessLog, short},
};
use crate::digest::{Digest, Record};

/// Who computed which run, according to the journal.
#[derive(Debug, Default)]
pub struct Origins {
    processes: Vec<Entry>,
    /// Shortened identity, shortened digest, and the process that computed the run; sorted, without duplicates.
    of: Vec<(u64, u64, usize)>,
    /// Shortened identity and digest of each loss to damage; sorted.
    lost: Vec<(u64, u64)>,
    /// The files with lines that were changed or cut off.
    pub damage: Vec<Damage>,
}

impl Origins {
    /// Reads the journal in `folder`.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        let mut origins = Self::default();
        for (file, lines) in gather::processes(folder).into_values() {
            let ProcessLog { entry, commits, losses, damaged } = ProcessLog::parse(&lines);
            if damaged > 0 {
                let (lines, were) = if damaged == 1 { ("a line", "was") } else { ("lines", "were") };
                let reason = format!(
                    "{lines} of the journal {were} changed or cut off: its information on who computed which runs is lost"
                );
                origins.damage.push(Damage { file, reason });
            }
            origins.lost.extend(losses.into_iter().flat_map(|loss| loss.runs.0));
            let Some(entry) = entry else { continue };
            let process = origins.processes.len();
            origins.processes.push(entry);
            let runs = commits.into_iter().flat_map(|commit| commit.runs.0);
            origins.of.extend(runs.map(|(run, digest)| (run, digest, process)));
        }
        origins.lost.sort_unstable();
        origins.of.par_sort_unstable();
        origins.of.dedup();
        origins
    }

    /// Returns the entry of every process in the journal, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = self.processes.clone();
        entries.sort_by_key(|entry| entry.started);
        entries
    }

    /// Returns the shortened patch digest of the first process that computed runs with changed sources, if any did.
    #[must_use]
    pub fn patch(&self) -> Option<String> {
        let computed = self.entries().into_iter().filter(|entry| entry.computed > 0);
        computed.filter_map(|entry| entry.origin.patch).map(|patch| patch.short()).next()
    }

    /// Whether any process computed a run with that digest.
    #[must_use]
    pub fn knows(&self, run: Digest, digest: Digest) -> bool {
        let known = (short(run), short(digest));
        self.of.binary_search_by(|(run, digest, _)| (*run, *digest).cmp(&known)).is_ok()
    }

    /// Returns descriptions of the processes that computed a run with that digest.
    #[must_use]
    pub fn of(&self, run: Digest, digest: Digest) -> Vec<String> {
        let known = (short(run), short(digest));
        let start = self.of.partition_point(|(run, digest, _)| (*run, *digest) < known);
        let found = self.of[start..].iter().take_while(|(run, digest, _)| (*run, *digest) == known);
        found.map(|(_, _, process)| self.processes[*process].who()).collect()
    }

    /// Returns the runs in the journal that are not among `runs`, for [`Journal::lost`](super::Journal::lost).
    #[must_use]
    pub fn lacking(&self, runs: &BTreeMap<Digest, Record>) -> Vec<(u64, u64)> {
        let here: BTreeSet<u64> = runs.keys().map(|id| short(*id)).collect();
        let mut lacking: Vec<_> = self.of.iter().map(|(run, digest, _)| (*run, *digest)).collect();
        lacking.retain(|(run, _)| !here.contains(run));
        lacking.dedup();
        lacking
    }

    /// Returns how many of `runs`, each an identity and a digest, several processes computed with the same digest, not
    /// counting runs that were lost before. Does not iterate over `runs` if nothing was replicated.
    #[must_use]
    pub fn replications(&self, runs: impl IntoIterator<Item = (Digest, Digest)>) -> usize {
        let same = self.of.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1));
        let lost = |run: (u64, u64)| {
            self.lost.partition_point(|own| *own <= run) - self.lost.partition_point(|own| *own < run)
        };
        let runs_again = same.filter(|same| same.len() > 1).map(|same| (same.len(), (same[0].0, same[0].1)));
        let again: Vec<_> = runs_again.filter(|(times, run)| *times > 1 + lost(*run)).map(|(_, run)| run).collect();
        if again.is_empty() {
            return 0;
        }
        let is_again = |(run, digest): &(Digest, Digest)| again.binary_search(&(short(*run), short(*digest))).is_ok();
        runs.into_iter().filter(is_again).count()
    }
}

/// Returns [`Origins::replications`] of the journal in `folder`.
#[must_use]
pub fn replications(folder: &Path, runs: impl IntoIterator<Item = (Digest, Digest)>) -> usize {
    Origins::read(folder).replications(runs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::Outcome,
        store::Instructions,
        store::journal::{Journal, Request},
    };

    #[test]
    fn a_replication_is_another_process_with_the_same_digest() {
        let folder = tempfile::tempdir().unwrap();
        let record = crate::store::tests::records(0..1).remove(0);
        let other = Record { outcome: Outcome::Diverged { epoch: 1 }, ..record.clone() };
        let known = [(record.id, record.digest())];
        let entry = Entry::of_this_machine("0.1.0", Instructions::NONE, &Request::default());
        let mut one = Journal::new(folder.path(), &entry);
        one.committed(Path::new("a.seg"), [&record]);
        one.committed(Path::new("b.seg"), [&record]);
        assert_eq!(Origins::read(folder.path()).of(record.id, record.digest()), [entry.complete().who()]);
        Journal::new(folder.path(), &entry).committed(Path::new("c.seg"), [&other]);
        assert_eq!(replications(folder.path(), known), 0);
        Journal::new(folder.path(), &entry).committed(Path::new("d.seg"), [&record]);
        assert_eq!(replications(folder.path(), known), 1);
        assert_eq!(replications(folder.path(), [(record.id, Digest::of(b"another"))]), 0);
        // Computing a lost run again is no replication; computing it once more is one.
        let nothing = BTreeMap::new();
        Journal::new(folder.path(), &entry).lost(Origins::read(folder.path()).lacking(&nothing));
        assert_eq!(replications(folder.path(), known), 0);
        Journal::new(folder.path(), &entry).committed(Path::new("e.seg"), [&record]);
        assert_eq!(replications(folder.path(), known), 1);
        let here = BTreeMap::from([(record.id, record.clone())]);
        assert!(Origins::read(folder.path()).lacking(&here).is_empty());
    }
}
