//! Tiers keep the number of segments of one process small.
//!
//! A process commits twice a second, possibly for days. Once it has [`MOST`] segments, it merges them into one of the
//! next tier; once it has [`MOST`] of that tier, it merges these, and so on: for `n` commits there are at most `MOST
//! log n / log MOST` files, and a run is written again `log n / log MOST` times. A segment of the maximum size is not
//! merged further.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Runs, Store, StoreError};
use crate::digest::Digest;

/// This number of segments is merged into one.
const MOST: usize = 32;

/// The segments that this process has committed, with their runs, tier by tier.
#[derive(Debug, Default)]
pub struct Tiers(Vec<Vec<(PathBuf, Vec<Digest>)>>);

impl Tiers {
    /// Adds a segment that was just committed, and merges a full tier. `runs` must have all its runs.
    ///
    /// # Errors
    /// A merged segment cannot be written. Then the segments that it would replace still exist.
    pub fn committed(
        &mut self,
        store: &Store,
        runs: &mut Runs,
        segment: &Path,
        ids: &[Digest],
    ) -> Result<(), StoreError> {
        let mut item = (segment.to_owned(), ids.to_vec());
        for tier in 0.. {
            if tier == self.0.len() {
                self.0.push(Vec::new());
            }
            self.0[tier].push(item);
            if self.0[tier].len() < MOST {
                break;
            }
            let (files, ids): (Vec<_>, Vec<_>) = self.0[tier].iter().cloned().unzip();
            let mut ids: Vec<Digest> = ids.into_iter().flatten().collect();
            ids.sort_unstable();
            let written = store.commit_all(ids.iter().filter_map(|id| runs.records().get(id)))?;
            let merged: Vec<_> = written.into_iter().map(|segment| segment.path).collect();
            runs.replaced(&files, &merged);
            // A file that cannot be removed, or that another process has already compacted, is harmless.
            files.iter().filter(|file| !merged.contains(file)).for_each(|file| _ = fs::remove_file(file));
            self.0[tier].clear();
            // Several segments: they are full, and are not merged further.
            let [merged] = merged.as_slice() else { break };
            item = (merged.clone(), ids);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{load, runs::files, segment, tests::records};

    #[test]
    fn many_commits_leave_few_files_and_every_run() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let (mut runs, mut tiers) = (Runs::default(), Tiers::default());
        let all = records(0..2 * MOST as u64 + 5);
        for record in &all {
            let segment = store.commit([record]).unwrap();
            runs.committed(folder.path(), [segment.clone()], vec![record.clone()]).unwrap();
            tiers.committed(&store, &mut runs, &segment, &[record.id]).unwrap();
            assert!(files(folder.path()).unwrap().len() < 2 * MOST);
        }
        assert_eq!(files(folder.path()).unwrap().len(), 2 + 5);
        let (loaded, damage) = load(folder.path()).unwrap();
        assert_eq!((loaded.len(), damage.len()), (all.len(), 0));
        assert!(!runs.refresh(folder.path()).unwrap(), "this process has read the merged segments");
        store.compact(&runs).unwrap();
        assert_eq!(files(folder.path()).unwrap().len(), 1);
    }

    #[test]
    fn merging_respects_the_size_limit() {
        let folder = tempfile::tempdir().unwrap();
        let all = records(0..2 * MOST as u64 + 5);
        let one = segment::encode(&all[..1]).len();
        let mut store = Store::open(folder.path()).unwrap();
        store.most_bytes = 10 * one;
        let (mut runs, mut tiers) = (Runs::default(), Tiers::default());
        for record in &all {
            let segment = store.commit([record]).unwrap();
            runs.committed(folder.path(), [segment.clone()], vec![record.clone()]).unwrap();
            tiers.committed(&store, &mut runs, &segment, &[record.id]).unwrap();
        }
        let small = |file: &PathBuf| fs::metadata(file).unwrap().len() <= 10 * one as u64;
        let found = files(folder.path()).unwrap();
        assert!(found.iter().all(small) && found.len() == 2 * MOST.div_ceil(10) + 5, "{}", found.len());
        store.compact(&runs).unwrap();
        let found = files(folder.path()).unwrap();
        assert!(found.iter().all(small) && found.len() == all.len().div_ceil(10), "{}", found.len());
        assert!(crate::store::is_tidy(folder.path()));
        let briefs = crate::store::index::Briefs::load(folder.path()).unwrap();
        assert_eq!((briefs.read, briefs.runs().len()), (0, all.len()), "the index covers all runs");
        // The same runs give the same files.
        store.compact(&Runs::load(folder.path()).unwrap()).unwrap();
        assert_eq!(files(folder.path()).unwrap(), found);
        assert_eq!(load(folder.path()).unwrap().0.len(), all.len());
        // One run is one segment, however large.
        store.most_bytes = 1;
        store.compact(&Runs::load(folder.path()).unwrap()).unwrap();
        assert_eq!(files(folder.path()).unwrap().len(), all.len());
    }
}
