//! `--data FILE` of `verify` and `proof`: data files in other places, identified by their content.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    cli::{CliError, Code},
    digest::Digest,
    results::Manifest,
    run::{self, DataOverrides, PrepareOptions},
    store::{self, StoreError},
    sweep::Study,
};

/// The most assignments of files to names that are tried if the manifest lists no digests.
const MOST: usize = 1000;

/// Assigns the given files to the names in the study so that its runs have the identities of the manifest.
pub(super) fn find(
    study: &Study,
    manifest: &Manifest,
    files: &[PathBuf],
    folder: &Path,
) -> Result<DataOverrides, CliError> {
    let named =
        |trial: &crate::sweep::Trial| -> Vec<String> { study.files(trial).into_iter().map(|(_, name)| name).collect() };
    let names: BTreeSet<String> = study.trials.iter().flat_map(named).collect();
    if files.is_empty() {
        names.iter().try_for_each(|name| require_there(name))?;
        return Ok(DataOverrides::new());
    }
    for file in files {
        store::read(file).map_err(|error| StoreError::io("read", file, error))?;
    }
    if names.is_empty() {
        let message = format!("{} uses no data file", folder.display());
        return Err(CliError::usage(Code::DataUnused, message, "leave out --data: the points are generated"));
    }
    let claimed: BTreeSet<_> = manifest.runs.iter().map(|run| (run.id, run.trial, run.seed)).collect();
    let fits = |candidate: &DataOverrides| {
        run::prepare(study, &PrepareOptions { data_overrides: candidate.clone(), ..PrepareOptions::default() })
            .is_ok_and(|network| {
                network.tasks().iter().all(|task| claimed.contains(&(task.id, task.trial, task.seed.0)))
            })
    };
    let candidates =
        if manifest.data.is_empty() { tried(&names, files) } else { vec![by_content(study, manifest, &names, files)?] };
    candidates.into_iter().find(fits).ok_or_else(|| {
        CliError::usage(
            Code::DataOtherFile,
            format!("no file given with --data is the data of the runs in {}", folder.display()),
            "give every data file of the study with --data FILE; files are identified by their content, not by their name",
        )
    })
}

/// Refuses a study with a missing data file; the remedy is `--data`.
fn require_there(name: &str) -> Result<(), CliError> {
    match fs::metadata(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(CliError::usage(
            Code::DataMissingFile,
            format!("cannot read {name}: {error}"),
            "put the data file there, or give its path with --data FILE; it is identified by its content, not by its name",
        )),
        // The reader reports all other errors.
        _ => Ok(()),
    }
}

/// Assigns files by the digests in the manifest; files that are not given are read at their usual path.
fn by_content(
    study: &Study,
    manifest: &Manifest,
    names: &BTreeSet<String>,
    files: &[PathBuf],
) -> Result<DataOverrides, CliError> {
    let mut given = BTreeMap::new();
    for file in files {
        let bytes = store::read(file).map_err(|error| StoreError::io("read", file, error))?;
        given.entry(Digest::of(&bytes)).or_insert_with(|| file.display().to_string());
    }
    let mut overrides = DataOverrides::new();
    for facts in &manifest.data {
        let Some(trial) = study.trials.get(facts.trial) else { continue };
        let named =
            trial.settings().into_iter().map(|(_, value)| value.to_string()).filter(|value| names.contains(value));
        let found = named.zip(&facts.files).filter_map(|(name, digest)| Some((name, given.get(digest)?.clone())));
        overrides.extend(found);
    }
    Ok(overrides)
}

/// All assignments of the files to the names, for manifests without digests.
fn tried(names: &BTreeSet<String>, files: &[PathBuf]) -> Vec<DataOverrides> {
    // A name may also keep its usual path.
    let mut candidates = vec![DataOverrides::new()];
    for name in names {
        let with = |candidate: &DataOverrides, file: Option<&PathBuf>| {
            let mut candidate = candidate.clone();
            candidate.extend(file.map(|file| (name.clone(), file.display().to_string())));
            candidate
        };
        let choices = || std::iter::once(None).chain(files.iter().map(Some));
        candidates = candidates
            .iter()
            .flat_map(|candidate| choices().map(|file| with(candidate, file)).collect::<Vec<_>>())
            .take(MOST)
            .collect();
    }
    candidates
}
