//! Removes failed runs from a store, so that a sweep tries them again.

use std::{collections::BTreeSet, fs, io, path::Path};

use super::{ComputeError, owner};
use crate::{
    digest::{Digest, Outcome},
    run::Prepared,
    store::{self, Runs, Store, StoreError},
};

/// Removes the failed runs of a study from its folder, and returns their number. The manifest lists their digests and
/// is removed first: the next sweep writes it again, and until then the study is unfinished.
///
/// # Errors
/// Another process works in the folder, or it cannot be read or written.
pub fn forget_failed(network: &dyn Prepared, folder: &Path) -> Result<usize, ComputeError> {
    if !folder.is_dir() {
        return Ok(0);
    }
    owner::require(folder, &owner::of(network.study()))?;
    let runs = Runs::load(folder)?;
    let trials = 0..network.study().trials.len();
    let asked: BTreeSet<Digest> = network
        .tasks()
        .into_iter()
        .chain(trials.flat_map(|trial| network.confirming(trial)))
        .map(|task| task.id)
        .collect();
    let is_failed =
        |id: &Digest| runs.records().get(id).is_some_and(|record| matches!(record.outcome, Outcome::Failed { .. }));
    let failed: BTreeSet<Digest> = asked.into_iter().filter(is_failed).collect();
    if failed.is_empty() {
        return Ok(0);
    }
    if store::is_busy(folder) {
        return Err(StoreError::Busy { folder: folder.to_owned() }.into());
    }
    let store = Store::open_for(folder, &owner::of(network.study()))?;
    let manifest = folder.join("manifest.json");
    match fs::remove_file(&manifest) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(StoreError::io("remove", &manifest, error).into());
        }
        _ => store.forget(&runs, &failed)?,
    }
    Ok(failed.len())
}
