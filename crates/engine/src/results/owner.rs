//! The owner of a results folder, by its owner file, its manifest and its journal.
//!
//! The owner file decides if it exists, and the manifest must not contradict it. Without it, as in folders of older
//! versions and in clones, the manifest decides; without a manifest, the journal, which names the experiment of the
//! processes. If none of them names an owner, its runs decide: those of an experiment have other identities than those
//! of the network.

use std::{collections::BTreeMap, path::Path};

use super::{ComputeError, Manifest};
use crate::{
    digest::{Digest, Record},
    experiment,
    run::{Prepared, Task},
    store::{self, Owner, OwnerError, StoreError, journal},
    sweep::Study,
};

/// Returns the owner of a folder; `None` if it has no owner yet.
///
/// # Errors
/// The owner file is damaged, contradicts the manifest, or is of a newer version.
pub fn owner(folder: &Path) -> Result<Option<Owner>, StoreError> {
    let stored = store::owner(folder)?;
    // A manifest that cannot be read is reported elsewhere.
    let claimed = Manifest::read_head(folder).ok().map(|manifest| manifest.owner());
    match (stored, claimed) {
        (Some(found), Some(claimed)) if !found.shares(&claimed) => Err(OwnerError::Contradiction {
            file: folder.join(store::OWNER).display().to_string(),
            found: found.to_string(),
            claimed: claimed.to_string(),
        }
        .into()),
        (Some(found), _) | (None, Some(found)) => Ok(Some(found)),
        (None, None) => Ok(from_journal(folder)),
    }
}

/// Returns the owner that the folder of a study must have.
#[must_use]
pub fn of(study: &Study) -> Owner {
    study.title().map_or(Owner::Network, Owner::Declared)
}

/// The owner by the declaration or the journal, for a folder with runs and without other information.
fn from_journal(folder: &Path) -> Option<Owner> {
    if !store::has_segments(folder) {
        return None;
    }
    if let Some(kind) = experiment::load_declared(folder) {
        let own = kind.declaration();
        return Some(Owner::Declared(format!("{} {}", own.name, own.version)));
    }
    let computed = journal::read(folder).into_iter().filter(|entry| entry.computed > 0);
    let mut titles = computed.map(|entry| entry.request.experiment);
    // Of several experiments, the last; `None` is the network, which folders without a name belong to.
    titles.next_back().flatten().map(Owner::Experiment)
}

/// Refuses a folder that belongs to another experiment than `own`.
///
/// # Errors
/// The folder belongs to another experiment, or its owner cannot be read.
pub fn require(folder: &Path, own: &Owner) -> Result<(), StoreError> {
    match owner(folder)? {
        Some(found) if !found.shares(own) => Err(found.refuses(folder, own).into()),
        _ => Ok(()),
    }
}

/// Refuses to train the network in a folder of unknown owner if none of its runs is of the network and a notebook
/// computed them: versions before the owner file left such folders when a custom experiment was killed.
pub(super) fn require_known(
    folder: &Path,
    own: &Owner,
    network: &dyn Prepared,
    tasks: &[Task],
    records: &BTreeMap<Digest, Record>,
) -> Result<(), ComputeError> {
    let silent = store::is_silent(folder) && !folder.join("manifest.json").exists();
    if silent
        && matches!(own, Owner::Experiment(_))
        && network.tasks().iter().any(|task| records.contains_key(&task.id))
    {
        return Err(StoreError::from(Owner::Network.refuses(folder, own)).into());
    }
    if !silent
        || *own != Owner::Network
        || records.is_empty()
        || tasks.iter().any(|task| records.contains_key(&task.id))
    {
        return Ok(());
    }
    let entries = journal::read(folder);
    let by_cell = |entry: &&journal::Entry| entry.request.command.is_empty() && entry.request.notebook.is_some();
    let computed: Vec<_> = entries.iter().filter(|entry| entry.computed > 0).collect();
    if computed.is_empty() || !computed.iter().all(by_cell) {
        return Ok(());
    }
    let runs = if records.len() == 1 { "1 run".into() } else { format!("{} runs", records.len()) };
    let notebook = store::notebook(folder).unwrap_or_else(|| "a notebook".into());
    let folder = folder.display().to_string();
    Err(StoreError::from(OwnerError::Foreign { folder, runs, notebook }).into())
}

/// Returns the runs of a study for this owner, by trial, then seed in the order of the study.
#[must_use]
pub fn tasks(owner: Option<&Owner>, network: &dyn Prepared) -> Vec<Task> {
    let title = owner.filter(|owner| matches!(owner, Owner::Experiment(_)));
    let Some((name, version)) = title.and_then(Owner::parts) else { return network.tasks() };
    network.tasks().into_iter().map(|task| Task { id: identity(name, version, task.id), ..task }).collect()
}

/// The identity of a run of a custom experiment, from that of the run of the network with the same settings.
fn identity(name: &str, version: &str, network: Digest) -> Digest {
    Digest::of(format!("restudy/own\n{name}\n{version}\n{network}\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::Store;

    #[test]
    fn the_owner_file_and_the_manifest_must_agree() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let plain = Owner::Experiment("plain 1".into());
        assert_eq!(owner(path).unwrap(), None);
        require(path, &plain).unwrap();
        drop(Store::open_for(path, &plain).unwrap());
        assert_eq!(owner(path).unwrap(), Some(plain.clone()));
        assert!(require(path, &Owner::Network).is_err() && require(path, &plain).is_ok());

        let maker = |experiment| super::super::Maker { experiment, ..super::super::Maker::OURS };
        let manifest = |experiment| Manifest::new("moons", Digest::of(b"x"), maker(experiment), &[]).to_text();
        fs::write(path.join("manifest.json"), manifest(None)).unwrap();
        let refused = owner(path).unwrap_err();
        assert!(matches!(refused, StoreError::Owner(OwnerError::Contradiction { .. })), "{refused}");
        assert!(require(path, &plain).is_err() && require(path, &Owner::Network).is_err());

        fs::write(path.join("manifest.json"), manifest(Some("plain 2"))).unwrap();
        assert_eq!(owner(path).unwrap(), Some(plain.clone()), "the owner file decides between versions");
        fs::remove_file(path.join(store::OWNER)).unwrap();
        assert_eq!(owner(path).unwrap(), Some(Owner::Experiment("plain 2".into())));
        assert!(require(path, &Owner::Network).is_err(), "the manifest suffices");
    }

    #[test]
    fn identities_match_the_committed_notebook() {
        let network = Digest::of(b"a run");
        let expected = Digest::of(format!("restudy/own\nplain\n1\n{network}\n").as_bytes());
        assert_eq!(identity("plain", "1", network), expected);
        assert_ne!(identity("plain", "2", network), expected);
    }
}
