use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{Entry, gather, parse};
use crate::digest::Digest;

/// Who computed which run, by the journal.
#[derive(Debug, Default)]
pub struct Origins {
    processes: Vec<Entry>,
    /// The digest of a run and the process that computed it, by the identity of the run; all shortened.
    of: BTreeMap<String, BTreeSet<(String, usize)>>,
}

impl Origins {
    /// Reads the journal in `folder`.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        let mut origins = Self::default();
        for (entry, commits) in gather::processes(folder).values().filter_map(|text| parse(text)) {
            let process = origins.processes.len();
            origins.processes.push(entry);
            for (run, digest) in commits.into_iter().flat_map(|commit| commit.runs) {
                origins.of.entry(run).or_default().insert((digest, process));
            }
        }
        origins
    }

    /// Who computed a run with that digest, for people.
    #[must_use]
    pub fn of(&self, run: Digest, digest: Digest) -> Vec<String> {
        let found = self.of.get(&run.short()).into_iter().flatten().filter(|(own, _)| *own == digest.short());
        found.map(|(_, process)| self.processes[*process].who()).collect()
    }

    /// How many of `runs`, each an identity and a digest, were computed again by another process with the same digest.
    #[must_use]
    pub fn replications(&self, runs: impl IntoIterator<Item = (Digest, Digest)>) -> usize {
        let again = |(run, digest): &(Digest, Digest)| {
            let found = self.of.get(&run.short()).into_iter().flatten();
            let digest = digest.short();
            found.filter(|(own, _)| *own == digest).count() > 1
        };
        runs.into_iter().filter(again).count()
    }
}

/// How many of `runs`, each an identity and a digest, were computed by several processes with the same digest, by the journal in
/// `folder`.
#[must_use]
pub fn replications(folder: &Path, runs: impl IntoIterator<Item = (Digest, Digest)>) -> usize {
    // One process does not replicate itself.
    if gather::is_of_one(folder) { 0 } else { Origins::read(folder).replications(runs) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        digest::Record,
        store::journal::{Asked, Journal},
        train::{Kernel, Outcome},
    };

    #[test]
    fn a_run_is_replicated_by_another_process_with_the_same_digest() {
        let folder = tempfile::tempdir().unwrap();
        let record = crate::store::tests::records(0..1).remove(0);
        let other = Record { outcome: Outcome::Diverged { epoch: 1 }, ..record.clone() };
        let known = [(record.id, record.digest())];
        let entry = Entry::of_this_machine("0.1.0", Kernel::Portable, &Asked::default());
        let mut one = Journal::new(folder.path(), &entry);
        one.committed(Path::new("a.seg"), [&record]);
        one.committed(Path::new("b.seg"), [&record]);
        assert_eq!(Origins::read(folder.path()).of(record.id, record.digest()), [entry.complete().who()]);
        Journal::new(folder.path(), &entry).committed(Path::new("c.seg"), [&other]);
        assert_eq!(replications(folder.path(), known), 0);
        Journal::new(folder.path(), &entry).committed(Path::new("d.seg"), [&record]);
        assert_eq!(replications(folder.path(), known), 1);
        assert_eq!(replications(folder.path(), [(record.id, Digest::of(b"another"))]), 0);
    }
}
