//! Compares the files of a results folder with recomputed ones or with the manifest.

use std::{collections::BTreeSet, io, path::Path};

use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use super::{Difference, other_version::maker_of_report, text::first_line};
use crate::{
    digest::Digest,
    experiment, figure,
    results::{Manifest, RenderError, Rendered, VERSION, attachments, facts, page, points},
    run::{DataFacts, Prepared},
    store::{self, version},
    sweep::Study,
    table::{self, RunRow, Statistics},
};

/// The result of comparing the files of a folder.
#[derive(Debug, Default)]
pub struct Files {
    /// The differences.
    pub found: Vec<Difference>,
    /// The names of missing files.
    pub absent: Vec<String>,
    /// The names of tables with the right content, in other bytes than this program writes.
    pub other: Vec<String>,
}

impl Files {
    /// Adds the result for further files.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.found.extend(more.found);
        self.absent.extend(more.absent);
        self.other.extend(more.other);
        self
    }
}

/// Compares every file on disk with the recomputed one.
#[must_use]
pub fn files(folder: &Path, rendered: &Rendered) -> Files {
    let Files { mut found, mut absent, mut other } = Files::default();
    for (path, computed) in &rendered.files {
        let stored = match bytes_of(folder, path) {
            Ok(Some(stored)) => stored,
            Ok(None) => {
                absent.push(path.clone());
                continue;
            }
            Err(difference) => {
                found.push(difference);
                continue;
            }
        };
        if stored == *computed {
            continue;
        }
        match path.strip_suffix(".parquet").and_then(|name| rendered.table(name)) {
            Some(table) => match compare_table(path, &stored, &table) {
                Some(difference) => found.push(difference),
                None => other.push(path.clone()),
            },
            None => found.push(Difference::new(path, first_line(&stored, computed))),
        }
    }
    Files { found, absent, other }
}

/// Compares every file on disk with the manifest, and the rows of the recomputed runs in the tables.
///
/// # Errors
/// The points of figures are not available.
pub fn sampled_files(
    folder: &Path,
    manifest: &Manifest,
    network: &dyn Prepared,
    rows: &[RunRow<'_>],
) -> Result<Files, RenderError> {
    let mut found = unlisted(network.study(), manifest);
    found.extend(maker_of_report(folder, manifest));
    let mut other = Vec::new();
    let ours = version::plain(&manifest.restudy) == version::plain(VERSION);
    if ours && manifest.statistics != Statistics::OURS.number() {
        let how = format!("its version of the statistics is not that of restudy {}", version::plain(VERSION));
        found.push(Difference::new("manifest.json", how));
    }
    let agree = |own: Vec<DataFacts>| if ours { own == manifest.data } else { DataFacts::agree(&own, &manifest.data) };
    if !manifest.data.is_empty() && !agree(facts(network)?) {
        found.push(Difference::new("manifest.json", "its facts about the data do not match the data files"));
    }
    let mut absent = Vec::new();
    for (path, digest) in &manifest.files {
        match bytes_of(folder, path) {
            Ok(Some(stored)) if Digest::of(&stored) != *digest => {
                found.push(Difference::new(path, "its bytes do not match the manifest"));
            }
            Ok(Some(_)) => {}
            Ok(None) => match attachments::missing(folder, path) {
                Some(difference) => found.push(difference),
                None => absent.push(path.clone()),
            },
            Err(difference) => found.push(difference),
        }
    }
    let study = network.study();
    let sampled: BTreeSet<String> = rows.iter().map(|row| row.record.id.to_string()).collect();
    for (name, entry) in &manifest.tables {
        let path = format!("{name}.parquet");
        let bytes = match bytes_of(folder, &path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                absent.push(path);
                continue;
            }
            Err(difference) => {
                found.push(difference);
                continue;
            }
        };
        let stored = match table::read(&bytes) {
            Ok(stored) => stored,
            Err(error) => {
                found.push(Difference::new(path, error.to_string()));
                continue;
            }
        };
        if table::logical_digest(&stored) != entry.digest {
            found.push(Difference::new(&path, "its content does not match the manifest"));
        } else if table::write(&stored) != bytes {
            other.push(path.clone());
        }
        let computed = match name.as_str() {
            "runs" => table::runs(study, rows),
            "metrics" => table::metrics(study, rows),
            "weights" => table::weights(study, rows),
            _ => points(network)?,
        };
        let stored = if name == "points" { Some(stored) } else { rows_of(&stored, &sampled) };
        if stored.is_none_or(|stored| table::logical_digest(&stored) != table::logical_digest(&computed)) {
            found.push(Difference::new(path, "its rows differ from the recomputed runs"));
        }
    }
    Ok(Files { found, absent, other })
}

/// The differences between the files that the study must have and those that the manifest lists.
fn unlisted(study: &Study, manifest: &Manifest) -> Vec<Difference> {
    let how = |name: &String| format!("it does not list exactly the files of this study: {name}");
    listed_otherwise(study, manifest).iter().map(|name| Difference::new("manifest.json", how(name))).collect()
}

/// Returns the names of files that only the study has or only the manifest lists.
#[must_use]
pub fn listed_otherwise(study: &Study, manifest: &Manifest) -> Vec<String> {
    let mut files: BTreeSet<String> = ["study.toml", "summary.csv"].map(String::from).into();
    files.extend(page::writer().into_iter().flat_map(|writer| writer.names()).map(|name| (*name).to_owned()));
    if !study.kind.is_default() {
        files.insert(experiment::FILE.into());
    }
    for name in study.spec.figures.keys() {
        let endings = figure::drawer().map_or(&[][..], |drawer| drawer.endings());
        files.extend(endings.iter().map(|ending| format!("figures/{name}.{ending}")));
    }
    let tables = ["metrics", "points", "runs", "weights"].map(String::from).into();
    // A report shows any attachments.
    let others = manifest.files.keys().filter(|path| !attachments::is_attachment(path));
    let listed = [others.cloned().collect(), manifest.tables.keys().cloned().collect::<BTreeSet<_>>()];
    let pairs = [files, tables].into_iter().zip(listed);
    pairs.flat_map(|(expected, listed)| expected.symmetric_difference(&listed).cloned().collect::<Vec<_>>()).collect()
}

fn rows_of(table: &DataFrame, runs: &BTreeSet<String>) -> Option<DataFrame> {
    let ids = table.column("run").ok()?.str().ok()?;
    let wanted = ids.iter().map(|id| id.is_some_and(|id| runs.contains(id)));
    table.filter(&BooleanChunked::from_iter_values("wanted".into(), wanted)).ok()
}

/// The first row and column in which a stored table differs from a computed one.
pub(super) fn compare_table(path: &str, stored: &[u8], computed: &DataFrame) -> Option<Difference> {
    let stored = match table::read(stored) {
        Ok(stored) => stored,
        Err(error) => return Some(Difference::new(path, error.to_string())),
    };
    if table::logical_digest(&stored) == table::logical_digest(computed) {
        return None;
    }
    Some(Difference::new(path, table::first_difference(&stored, computed)))
}

/// The bytes of a file of the folder; `None` if it is missing, which is no difference.
pub(super) fn bytes_of(folder: &Path, path: &str) -> Result<Option<Vec<u8>>, Difference> {
    match store::read(&folder.join(path)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Difference::new(path, format!("it cannot be read: {error}"))),
    }
}
