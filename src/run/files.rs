//! The files that data is read from: named by their content, and seen when they change.

use std::fs;

use super::RunError;
use crate::{
    data::{Source, Split},
    digest::Digest,
    seed::Seed,
    sweep::{Scalar, Trial},
};

/// A file that data is read from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    /// The path of the setting that names it.
    path: String,
    /// The digest of its bytes.
    pub digest: Digest,
}

/// The files of a trial's data as they are now.
pub(super) fn files(trial: &Trial) -> Result<Vec<File>, RunError> {
    let settings = trial.settings();
    let names = trial.data.clone().files_mut().into_iter().map(|name| name.clone()).collect::<Vec<_>>();
    let file = |(i, name): (usize, &String)| {
        let bytes = fs::read(name).map_err(|error| RunError::Data {
            message: format!("cannot read {name}: {error}"),
            help: "check the path; it is relative to the folder of the specification".into(),
        })?;
        // The setting that changes with the name is the one that holds it.
        let mut other = trial.clone();
        other.data.files_mut()[i].push('+');
        let changed = settings.iter().zip(other.settings()).find(|(ours, theirs)| ours.1 != theirs.1);
        let path = changed.map_or_else(String::new, |((path, _), _)| path.clone());
        Ok(File { path, digest: Digest::of(&bytes) })
    };
    names.iter().enumerate().map(file).collect()
}

/// The data of a trial under a seed, read from files that are those of `expected`.
pub(super) fn load(trial: &Trial, seed: Seed, expected: &[File]) -> Result<Split, RunError> {
    let split = trial.data.load(trial.data.seeding().of(seed))?;
    if files(trial)? == expected {
        return Ok(split);
    }
    Err(RunError::Data {
        message: "a file of the data was changed while its runs were being trained".into(),
        help: "run the same command again: runs on the old content are kept under their own identity".into(),
    })
}

/// Replaces the paths of files by the digests of what they hold: moving a file changes no identity, editing it does.
pub(super) fn name_by_content(settings: &mut [(String, Scalar)], files: &[File]) {
    for file in files {
        for (_, value) in settings.iter_mut().filter(|(path, _)| *path == file.path) {
            *value = Scalar::Text(format!("blake3:{}", file.digest));
        }
    }
}
