//! The segments of one process, few however long it works.
//!
//! A process commits twice a second, for days. Once it has left [`MOST`] segments, they become one of the next tier; once there
//! are so many of that tier, they become one of the next, and so on: of `n` commits there are never more than
//! `MOST log n / log MOST` files, and a run is written again `log n / log MOST` times.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Runs, Store, StoreError};
use crate::digest::Digest;

/// So many segments become one.
const MOST: usize = 32;

/// The segments that this process has committed, with their runs, tier by tier.
#[derive(Debug, Default)]
pub struct Tiers(Vec<Vec<(PathBuf, Vec<Digest>)>>);

impl Tiers {
    /// Takes in a segment that was just committed, and merges where there are many. `runs` holds all its runs.
    ///
    /// # Errors
    /// A merged segment cannot be written. Then those that it was to replace are still there.
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
            let merged = store.commit(ids.iter().filter_map(|id| runs.records().get(id)))?;
            runs.replaced(&files, merged.clone());
            // What cannot be removed, or what another process has compacted already, harms nobody.
            files.iter().filter(|file| **file != merged).for_each(|file| _ = fs::remove_file(file));
            self.0[tier].clear();
            item = (merged, ids);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{load, runs::files, tests::records};

    #[test]
    fn many_commits_leave_few_files_and_every_run() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let (mut runs, mut tiers) = (Runs::default(), Tiers::default());
        let all = records(0..2 * MOST as u64 + 5);
        for record in &all {
            let segment = store.commit([record]).unwrap();
            runs.committed(folder.path(), segment.clone(), vec![record.clone()]).unwrap();
            tiers.committed(&store, &mut runs, &segment, &[record.id]).unwrap();
            assert!(files(folder.path()).unwrap().len() < 2 * MOST);
        }
        assert_eq!(files(folder.path()).unwrap().len(), 2 + 5);
        let (loaded, damage) = load(folder.path()).unwrap();
        assert_eq!((loaded.len(), damage.len()), (all.len(), 0));
        assert!(!runs.refresh(folder.path()).unwrap(), "what was merged here is known here");
        store.compact(&mut runs).unwrap();
        assert_eq!(files(folder.path()).unwrap().len(), 1);
    }
}
