//! `--data FILE` of `verify` and `proof`: files of data that are not where the study names them, found by their content.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    cli::CliError,
    digest::Digest,
    results::Manifest,
    run::{self, DataOverrides, PrepareOptions},
    store::{self, StoreError},
    sweep::Study,
};

/// So many ways to give the files to the names are tried where nothing says which is which.
const MOST: usize = 1000;

/// Which of the files is the one that the study calls so: with them its runs are those of the manifest.
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
        let message = format!("{} learns from no file of data", folder.display());
        return Err(CliError::usage(message, "leave out --data: its points are drawn"));
    }
    let claimed: BTreeSet<_> = manifest.runs.iter().map(|run| (run.id, run.trial, run.seed)).collect();
    let fits = |way: &DataOverrides| {
        run::prepare(study, &PrepareOptions { data_overrides: way.clone(), ..PrepareOptions::default() }).is_ok_and(|network| {
            network.tasks().iter().all(|task| claimed.contains(&(task.id, task.trial, task.seed.0)))
        })
    };
    let ways =
        if manifest.data.is_empty() { tried(&names, files) } else { vec![by_content(study, manifest, &names, files)?] };
    ways.into_iter().find(fits).ok_or_else(|| {
        CliError::usage(
            format!("no file given with --data is the one that the runs of {} learned from", folder.display()),
            "give every data file of the study with --data FILE; it is found by its content, whatever its name",
        )
    })
}

/// Refuses a study whose data is not where it names it, with the remedy of those that train its runs again.
fn require_there(name: &str) -> Result<(), CliError> {
    match fs::metadata(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(CliError::usage(
            format!("{name} cannot be read: {error}"),
            "put the data file there, or say where it is with --data FILE: it is found by its content, whatever its name",
        )),
        // What else can be wrong with it, its reader says.
        _ => Ok(()),
    }
}

/// The files that the manifest knows by their digests; those that are not given may be where they should be.
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
    let mut elsewhere = DataOverrides::new();
    for facts in &manifest.data {
        let Some(trial) = study.trials.get(facts.trial) else { continue };
        let named =
            trial.settings().into_iter().map(|(_, value)| value.to_string()).filter(|value| names.contains(value));
        let found = named.zip(&facts.files).filter_map(|(name, digest)| Some((name, given.get(digest)?.clone())));
        elsewhere.extend(found);
    }
    Ok(elsewhere)
}

/// Ways to give the files to the names, for manifests that do not know their digests.
fn tried(names: &BTreeSet<String>, files: &[PathBuf]) -> Vec<DataOverrides> {
    // A file that is where it should be may be among them, too.
    let mut ways = vec![DataOverrides::new()];
    for name in names {
        let with = |way: &DataOverrides, file: Option<&PathBuf>| {
            let mut way = way.clone();
            way.extend(file.map(|file| (name.clone(), file.display().to_string())));
            way
        };
        let choices = || std::iter::once(None).chain(files.iter().map(Some));
        ways =
            ways.iter().flat_map(|way| choices().map(|file| with(way, file)).collect::<Vec<_>>()).take(MOST).collect();
    }
    ways
}
