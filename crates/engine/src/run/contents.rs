//! The contents of the data files of a study. Identities have the content of a file in place of its name, so that
//! moving a file changes no identity.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{DataFacts, RunError, Task};
use crate::{
    digest::{Digest, Labelled},
    seed::Seed,
    sweep::{AxisValue, Study, Trial},
};

/// The digests of data files, by their names in the study.
pub type Contents = BTreeMap<String, Digest>;

/// The stored description of the data of a study, with which results are read without the data.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// The digests of its files.
    pub contents: Contents,
    /// Its runs as listed in the manifest, for files that `contents` lacks.
    pub runs: Vec<Task>,
    /// The facts of its data sets.
    pub facts: Vec<DataFacts>,
    /// The stored data points, by trial and seed.
    pub splits: BTreeMap<(usize, Seed), Arc<KeptSplit>>,
}

/// Data points of the training and the validation split, read from a table.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptSplit(pub [KeptPart; 2]);

/// The data points of one split.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptPart {
    /// The number of inputs of a point.
    pub d: usize,
    /// The inputs, point after point.
    pub x: Vec<f64>,
    /// The labels.
    pub y: Vec<f64>,
}

impl Labelled for KeptSplit {
    fn parts(&self) -> [(usize, &[f64], &[f64]); 2] {
        self.0.each_ref().map(|part| (part.d, part.x.as_slice(), part.y.as_slice()))
    }
}

/// A data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path of the setting that names the file.
    pub path: String,
    /// The digest of its content.
    pub digest: Digest,
}

/// Returns the names of all data files of a study.
#[must_use]
pub fn names(study: &Study) -> BTreeSet<String> {
    let has_some = |trial: &Trial| !study.files(trial).is_empty();
    if study.declaration().files.is_empty() && !study.trials.first().is_some_and(has_some) {
        return BTreeSet::new();
    }
    study.trials.iter().flat_map(|trial| study.files(trial)).map(|(_, name)| name).collect()
}

/// Returns the current digests of the files of a study; unreadable files are omitted.
#[must_use]
pub fn now(study: &Study) -> Contents {
    names(study).into_iter().filter_map(|name| Some((name.clone(), content(&name).ok()?))).collect()
}

/// Returns the digest of the content of a data file.
///
/// # Errors
/// The file cannot be read.
pub fn content(name: &str) -> Result<Digest, RunError> {
    let bytes = crate::store::read(name.as_ref()).map_err(|error| RunError::Source {
        code: "data.file.unreadable",
        message: format!("cannot read {name}: {error}"),
        help: "check the path; it is relative to the folder of the specification".into(),
    })?;
    Ok(Digest::of(&bytes))
}

/// Returns the data files of a trial with their current digests.
///
/// # Errors
/// A file cannot be read.
pub fn files(study: &Study, trial: &Trial) -> Result<Vec<File>, RunError> {
    let file = |(path, name): (String, String)| Ok(File { path, digest: content(&name)? });
    study.files(trial).into_iter().map(file).collect()
}

/// Returns the files of these settings with their current digests.
///
/// # Errors
/// A file cannot be read.
pub fn files_of(named: &[(String, String)]) -> Result<Vec<File>, RunError> {
    named.iter().map(|(path, name)| Ok(File { path: path.clone(), digest: content(name)? })).collect()
}

/// Returns the data files of a trial with their stored digests; `None` if a digest is not stored.
#[must_use]
pub fn known(study: &Study, trial: &Trial, contents: &Contents) -> Option<Vec<File>> {
    study.files(trial).into_iter().map(|(path, name)| Some(File { path, digest: *contents.get(&name)? })).collect()
}

/// Replaces the names of files by the digests of their contents.
pub fn name_by_content(settings: &mut [(String, AxisValue)], files: &[File]) {
    for file in files {
        for (_, value) in settings.iter_mut().filter(|(path, _)| *path == file.path) {
            *value = AxisValue::String(format!("blake3:{}", file.digest));
        }
    }
}

/// Returns the error of data points that are needed, of a file that is missing or differs from the stored digest.
#[must_use]
pub fn absent(study: &Study, trial: &Trial) -> RunError {
    let name = study.files(trial).into_iter().next().map_or_else(String::new, |(_, name)| name);
    RunError::Source {
        code: "data.missing-file",
        message: format!(
            "the data points of {name} are needed, but the file is missing or differs from the one of these results"
        ),
        help: format!("put the data file of these runs at {name}, and run the same command again"),
    }
}

/// Returns the error of runs whose identities cannot be derived: a data file is missing, and its digest is not stored.
#[must_use]
pub fn unknown_identities(study: &Study, trial: &Trial) -> RunError {
    let name = study.files(trial).into_iter().next().map_or_else(String::new, |(_, name)| name);
    RunError::Source {
        code: "data.unknown-content",
        message: format!(
            "{name} is missing, and its digest is not stored here: the runs of the study cannot be identified"
        ),
        help: format!("put the data file at {name}; only results of a finished sweep can be read without it"),
    }
}
