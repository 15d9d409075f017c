//! Compares the files of a folder with the digests of its manifest.

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

/// The state of the files of a folder.
#[derive(Debug, Default)]
pub struct Health {
    /// The files that are damaged or contradict the manifest.
    pub findings: Vec<Finding>,
    /// The files that were not checked, since that would take too long.
    pub unchecked: Vec<String>,
    /// Tables with the right values, in other bytes than this program writes.
    pub other: Vec<String>,
}

/// Returns the finding about a manifest of this version that lists other files than the study has.
#[must_use]
pub fn unlisted(study: &Study, manifest: &Manifest) -> Option<Finding> {
    if version::plain(&manifest.restudy) != VERSION {
        return None;
    }
    let names = listed_otherwise(study, manifest);
    let reason = format!("it does not list exactly the files of this study: {}", names.join(", "));
    (!names.is_empty()).then(|| Finding::contradicts("manifest.json", reason))
}

/// Larger tables are not read.
const MOST_ROWS: usize = 500_000;

/// Larger tables are not written again for comparison.
const MOST_WRITTEN: usize = 200_000;

/// Returns the finding about the declaration of the experiment, which all other files depend on.
#[must_use]
pub fn declared(folder: &Path, manifest: &Manifest) -> Option<Finding> {
    let listed = manifest.files.get(experiment::FILE)?;
    match store::read(&folder.join(experiment::FILE)) {
        Ok(bytes) if Digest::of(&bytes) == *listed => None,
        Ok(_) => Some(Finding::contradicts(experiment::FILE, CHANGED)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Finding::damaged(
            experiment::FILE,
            "it is missing, and declares what the experiment measures: restore it",
        )),
        Err(error) => Some(Finding::damaged(experiment::FILE, format!("it cannot be read: {error}"))),
    }
}

const CHANGED: &str = "its bytes do not match the manifest: it was changed";

/// Compares the files of the folder with the manifest, except those in `but`.
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
    let unchecked =
        large.into_iter().filter(|(name, _)| here(name)).map(|(name, _)| format!("{name}.parquet")).collect();
    Health { findings, unchecked, other }
}
