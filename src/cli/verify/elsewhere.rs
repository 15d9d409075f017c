//! `verify --data FILE`: files of data that are not where the study names them, found by their content.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::{
    cli::CliError,
    data::Source,
    results::Manifest,
    run::{Elsewhere, Network},
    store::{self, StoreError},
    sweep::Study,
    train::Kernel,
};

/// So many ways to give the files to the names are tried.
const MOST: usize = 1000;

/// Which of the files is the one that the study calls so: with them its runs are those of the manifest.
pub(super) fn find(
    study: &Study,
    manifest: &Manifest,
    files: &[PathBuf],
    folder: &Path,
) -> Result<Elsewhere, CliError> {
    if files.is_empty() {
        return Ok(Elsewhere::new());
    }
    for file in files {
        store::read(file).map_err(|error| StoreError::io("read", file, error))?;
    }
    let named = |trial: &crate::sweep::Trial| -> Vec<String> {
        trial.data.clone().files_mut().into_iter().map(|name| name.clone()).collect()
    };
    let names: BTreeSet<String> = study.trials.iter().flat_map(named).collect();
    if names.is_empty() {
        let message = format!("{} learns from no file of data", folder.display());
        return Err(CliError::usage(message, "leave out --data: its points are drawn"));
    }
    // A file that is where it should be may be among them, too.
    let mut ways = vec![Elsewhere::new()];
    for name in &names {
        let with = |way: &Elsewhere, file: Option<&PathBuf>| {
            let mut way = way.clone();
            way.extend(file.map(|file| (name.clone(), file.display().to_string())));
            way
        };
        let choices = || std::iter::once(None).chain(files.iter().map(Some));
        ways = ways.iter().flat_map(|way| choices().map(|file| with(way, file)).collect::<Vec<_>>()).take(MOST).collect();
    }
    let claimed: BTreeSet<_> = manifest.runs.iter().map(|run| run.id).collect();
    let fits = |way: &Elsewhere| {
        Network::with_files(study, Kernel::best(), way.clone())
            .is_ok_and(|network| network.tasks().iter().all(|task| claimed.contains(&task.id)))
    };
    ways.into_iter().find(fits).ok_or_else(|| {
        CliError::usage(
            format!("no file given with --data is the one that the runs of {} learned from", folder.display()),
            "give every data file of the study with --data FILE; it is found by its content, whatever its name",
        )
    })
}
