//! What the files of a study's data hold. Identities have the content of a file in place of its name, so that moving a file changes none of them.

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

/// The digests of files of data, by the names that a study has for them.
pub type Contents = BTreeMap<String, Digest>;

/// What results say of the data of their study, so that they can be read without it.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// What its files held.
    pub contents: Contents,
    /// Its runs as they are listed, for what `contents` leaves open.
    pub runs: Vec<Task>,
    /// What is to be known of it.
    pub facts: Vec<DataFacts>,
    /// Its points, as far as they are kept: those of a trial under a seed.
    pub splits: BTreeMap<(usize, Seed), Arc<KeptSplit>>,
}

/// Points in two parts, as a table keeps them.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptSplit(pub [KeptPart; 2]);

/// One part of them.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptPart {
    /// Inputs of a point.
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

/// A file that data is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path of the setting that names it.
    pub path: String,
    /// The digest of what it holds.
    pub digest: Digest,
}

/// The names of all files that a study learns from.
#[must_use]
pub fn names(study: &Study) -> BTreeSet<String> {
    if study.declaration().files.is_empty() {
        return BTreeSet::new();
    }
    study.trials.iter().flat_map(|trial| study.files(trial)).map(|(_, name)| name).collect()
}

/// What the files of a study hold now, as far as they can be read.
#[must_use]
pub fn now(study: &Study) -> Contents {
    names(study).into_iter().filter_map(|name| Some((name.clone(), content(&name).ok()?))).collect()
}

/// The digest of what a file of data holds.
///
/// # Errors
/// It cannot be read.
pub fn content(name: &str) -> Result<Digest, RunError> {
    let bytes = crate::store::read(name.as_ref()).map_err(|error| RunError::Source {
        code: "data.file.unreadable",
        message: format!("cannot read {name}: {error}"),
        help: "check the path; it is relative to the folder of the specification".into(),
    })?;
    Ok(Digest::of(&bytes))
}

/// The files of a trial's data as they are now.
///
/// # Errors
/// One cannot be read.
pub fn files(study: &Study, trial: &Trial) -> Result<Vec<File>, RunError> {
    let file = |(path, name): (String, String)| Ok(File { path, digest: content(&name)? });
    study.files(trial).into_iter().map(file).collect()
}

/// The files of these settings as they are now.
///
/// # Errors
/// One cannot be read.
pub fn files_of(named: &[(String, String)]) -> Result<Vec<File>, RunError> {
    named.iter().map(|(path, name)| Ok(File { path: path.clone(), digest: content(name)? })).collect()
}

/// The files of a trial's data as they were; none if one of them is not known.
#[must_use]
pub fn known(study: &Study, trial: &Trial, contents: &Contents) -> Option<Vec<File>> {
    study.files(trial).into_iter().map(|(path, name)| Some(File { path, digest: *contents.get(&name)? })).collect()
}

/// Replaces the paths of files by the digests of what they hold.
pub fn name_by_content(settings: &mut [(String, AxisValue)], files: &[File]) {
    for file in files {
        for (_, value) in settings.iter_mut().filter(|(path, _)| *path == file.path) {
            *value = AxisValue::String(format!("blake3:{}", file.digest));
        }
    }
}

/// The error of data that is needed and not here.
#[must_use]
pub fn absent(study: &Study, trial: &Trial) -> RunError {
    let name = study.files(trial).into_iter().next().map_or_else(String::new, |(_, name)| name);
    RunError::Source {
        code: "data.missing-file",
        message: format!("the points of {name} are needed, and the file is not the one of these results, or not here"),
        help: format!("put the data file that the runs learned from at {name}, and run the same command again"),
    }
}

/// The error of runs whose identities are not known.
#[must_use]
pub fn untold(study: &Study, trial: &Trial) -> RunError {
    let name = study.files(trial).into_iter().next().map_or_else(String::new, |(_, name)| name);
    RunError::Source {
        code: "data.unknown-content",
        message: format!(
            "{name} is not here, and nothing here says what it held: which runs are those of the study is not known"
        ),
        help: format!("put the data file at {name}; results of a finished sweep are read without it"),
    }
}
