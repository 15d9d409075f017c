//! The files of a folder against the digests of its manifest.

use std::{io, path::Path};

use rayon::prelude::*;

use super::{Finding, tables};
use crate::{
    digest::Digest,
    experiment,
    results::{Manifest, VERSION, verify::listed_otherwise},
    store::{self, version},
    sweep::Study,
    table,
};

/// How the files of a folder are.
#[derive(Debug, Default)]
pub struct Health {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// The files that were not looked at, since that would take too long.
    pub unlooked: Vec<String>,
    /// Tables that hold every value, but not as this program writes them: no damage, as far as is known.
    pub other: Vec<String>,
}

/// What a manifest of this version lists otherwise than the study has it: a file under another name, none, or one more.
#[must_use]
pub fn unlisted(study: &Study, manifest: &Manifest) -> Option<Finding> {
    if version::plain(&manifest.restudy) != VERSION {
        return None;
    }
    let names = listed_otherwise(study, manifest);
    let reason = format!("it does not list the files of this study: {}", names.join(", "));
    (!names.is_empty()).then(|| Finding::contradicts("manifest.json", reason))
}

/// The most rows of a table that are read to see whether it is whole.
const MOST_ROWS: usize = 500_000;

/// The most rows of a table that are written again to see whether every byte of it is as it was.
const MOST_WRITTEN: usize = 200_000;

/// What is wrong with the declaration of the experiment, by which all else in the folder is read.
#[must_use]
pub fn declared(folder: &Path, manifest: &Manifest) -> Option<Finding> {
    let listed = manifest.files.get(experiment::FILE)?;
    match store::read(&folder.join(experiment::FILE)) {
        Ok(bytes) if Digest::of(&bytes) == *listed => None,
        Ok(_) => Some(Finding::contradicts(experiment::FILE, CHANGED)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Finding::damaged(
            experiment::FILE,
            "it is not here, and says what the experiment measures: restore it",
        )),
        Err(error) => Some(Finding::damaged(experiment::FILE, format!("it cannot be read: {error}"))),
    }
}

const CHANGED: &str = "its bytes are not those of the manifest: it was changed";

/// Holds every file that is here against the manifest, but those of `but`, which are known.
#[must_use]
pub fn files(folder: &Path, manifest: &Manifest, but: &[&str]) -> Health {
    let plain =
        manifest.files.par_iter().filter(|(path, _)| !but.contains(&path.as_str())).filter_map(|(path, digest)| {
            match store::read(&folder.join(path)) {
                Ok(bytes) if Digest::of(&bytes) == *digest => None,
                Ok(_) => Some(Finding::contradicts(path, CHANGED)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(error) => Some(Finding::damaged(path, format!("it cannot be read: {error}"))),
            }
        });
    let (large, few): (Vec<_>, Vec<_>) = manifest
        .tables
        .iter()
        .map(|(name, entry)| (name.as_str(), entry.rows))
        .filter(|(name, _)| !but.contains(&format!("{name}.parquet").as_str()))
        .partition(|(_, rows)| *rows > MOST_ROWS);
    let ours = version::plain(&manifest.restudy) == VERSION;
    let tables = few.par_iter().filter_map(|(name, rows)| match tables::read(folder, manifest, name) {
        Err(finding) => Some(Err(finding)),
        Ok(Some((table, bytes))) if ours && *rows <= MOST_WRITTEN && table::write(&table) != bytes => {
            Some(Ok(format!("{name}.parquet")))
        }
        Ok(_) => None,
    });
    let (mut findings, tables): (Vec<_>, Vec<_>) = rayon::join(|| plain.collect(), || tables.collect());
    let mut other = Vec::new();
    for table in tables {
        match table {
            Ok(name) => other.push(name),
            Err(finding) => findings.push(finding),
        }
    }
    let here = |name: &str| folder.join(format!("{name}.parquet")).exists();
    let unlooked =
        large.into_iter().filter(|(name, _)| here(name)).map(|(name, _)| format!("{name}.parquet")).collect();
    Health { findings, unlooked, other }
}
