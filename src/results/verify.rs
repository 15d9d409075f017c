//! Verification: what is claimed against what is computed again.
//!
//! A full verification computes every run, makes every file from them, and compares all there is on disk; it trusts nothing
//! but the specification. A sample computes some runs and compares them with the manifest; files it makes from these and from the other
//! runs as they are stored. Where these are not here, it compares the rows of its runs in the tables, and every file with its digest in the manifest. Files that are absent are not needed: `study.toml` and `manifest.json` are enough.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, io,
    path::Path,
};

use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use super::{Manifest, RenderError, Rendered, facts, manifest::RunEntry, points, study_text};
use crate::{
    digest::{Digest, Record, root},
    run::{Network, Task},
    seed::Seed,
    store,
    sweep::Study,
    table::{self, RunRow},
};

mod text;

use text::first_line;

/// One thing that is not as it is claimed to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What: a file, a table or a run.
    pub what: String,
    /// How it differs.
    pub how: String,
}

impl Difference {
    fn new(what: impl Into<String>, how: impl Into<String>) -> Self {
        Self { what: what.into(), how: how.into() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.how)
    }
}

/// What the manifest says against what the specification asks, before anything is computed.
#[must_use]
pub fn claims(study: &Study, tasks: &[Task], manifest: &Manifest, folder: &Path) -> Vec<Difference> {
    let mut found = Vec::new();
    if study_text(study, folder).1 != manifest.specification {
        found.push(Difference::new("study.toml", "it is not the specification that the manifest was made from"));
    }
    if root(manifest.runs.iter().map(|run| (run.id, run.digest))) != manifest.root {
        found.push(Difference::new("manifest.json", "its root is not that of the runs it lists"));
    }
    let claimed: BTreeMap<Digest, &RunEntry> = manifest.runs.iter().map(|run| (run.id, run)).collect();
    if claimed.len() < manifest.runs.len() {
        // The root would bind a result that nothing below looks at.
        found.push(Difference::new("manifest.json", "it lists a run more than once"));
    }
    let asked: BTreeSet<Digest> = tasks.iter().map(|task| task.id).collect();
    let unknown: Vec<_> = manifest.runs.iter().filter(|run| !asked.contains(&run.id)).collect();
    if found.is_empty() && !unknown.is_empty() && unknown.len() == manifest.runs.len() {
        found.push(Difference::new(
            "data",
            "the specification is unchanged, but its data files are not those of the runs; nothing was trained, since nothing could come out the same",
        ));
        return found;
    }
    let missing = tasks.iter().filter(|task| !claimed.contains_key(&task.id)).count();
    if unknown.len() + missing > 0 && found.iter().any(|difference| difference.what == "study.toml") {
        // It was edited, or its sweep is not finished: one line for all that follows from it.
        let how = format!(
            "the manifest has {} that the changed study.toml does not ask for, and lacks {missing} that it does",
            unknown.len()
        );
        found.push(Difference::new("runs", how));
        return found;
    }
    found.extend(
        unknown
            .iter()
            .map(|run| Difference::new(format!("run {}", run.id.short()), "the specification does not ask for it")),
    );
    for task in tasks {
        match claimed.get(&task.id) {
            None => found.push(Difference::new(
                format!("run {}", task.id.short()),
                format!("the manifest has no answer for it ({})", place(study, task)),
            )),
            Some(run) if (run.trial, run.seed) != (task.trial, task.seed.0) => {
                found.push(Difference::new(
                    format!("run {}", task.id.short()),
                    "the manifest gives it another trial or seed",
                ));
            }
            Some(_) => {}
        }
    }
    found
}

/// Whether what was found is that the data is other data: then every run and every file would differ, and say no more than that.
#[must_use]
pub fn is_other_data(found: &[Difference]) -> bool {
    matches!(found, [one] if one.what == "data")
}

/// A computed run against the manifest.
#[must_use]
pub fn run(study: &Study, task: &Task, record: &Record, manifest: &BTreeMap<Digest, &RunEntry>) -> Option<Difference> {
    let entry = *manifest.get(&task.id)?;
    let computed = RunEntry::new(&RunRow { trial: entry.trial, seed: Seed(entry.seed), record });
    if *entry == computed {
        return None;
    }
    let how = match entry.first_difference(record) {
        _ if entry.trace == computed.trace => "its digest is not the one computed, though every measurement is".into(),
        (Some(before), epoch) if epoch > before + 1 => {
            format!("it agrees to epoch {before} and differs at epoch {epoch}")
        }
        (_, epoch) => format!("it differs from epoch {epoch} on"),
    };
    Some(Difference::new(format!("run {} ({})", task.id.short(), place(study, task)), how))
}

/// What is wrong with the files of a folder.
#[derive(Debug, Default)]
pub struct Files {
    /// What is not as it should be.
    pub found: Vec<Difference>,
    /// The names of those that are absent.
    pub absent: Vec<String>,
    /// The names of tables that say what they should, in other bytes than are written here.
    pub other: Vec<String>,
}

/// Every file on disk against the one that was made again.
#[must_use]
pub fn files(folder: &Path, rendered: &Rendered) -> Files {
    let Files { mut found, mut absent, mut other } = Files::default();
    for (path, computed) in &rendered.files {
        let stored = match stored(folder, path) {
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

/// Every file on disk against the manifest, and the tables' rows of the computed runs against these.
///
/// # Errors
/// The points of figures cannot be had.
pub fn sampled_files(
    folder: &Path,
    manifest: &Manifest,
    network: &Network<'_>,
    rows: &[RunRow<'_>],
) -> Result<Files, RenderError> {
    let mut found = unlisted(network.study(), manifest);
    let mut other = Vec::new();
    if !manifest.data.is_empty() && manifest.data != facts(network)? {
        found.push(Difference::new("manifest.json", "what it says of the data is not what their files hold"));
    }
    let mut absent = Vec::new();
    for (path, digest) in &manifest.files {
        match stored(folder, path) {
            Ok(Some(stored)) if Digest::of(&stored) != *digest => {
                found.push(Difference::new(path, "its bytes are not those of the manifest"));
            }
            Ok(Some(_)) => {}
            Ok(None) => absent.push(path.clone()),
            Err(difference) => found.push(difference),
        }
    }
    let study = network.study();
    let sampled: BTreeSet<String> = rows.iter().map(|row| row.record.id.to_string()).collect();
    for (name, entry) in &manifest.tables {
        let path = format!("{name}.parquet");
        let bytes = match stored(folder, &path) {
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
            found.push(Difference::new(&path, "its content is not that of the manifest"));
        } else if table::write(&stored) != bytes {
            other.push(path.clone());
        }
        let computed = match name.as_str() {
            "runs" => table::runs(study, rows),
            "metrics" => table::metrics(study, rows),
            "weights" => table::weights(rows),
            _ => points(network)?,
        };
        let stored = if name == "points" { Some(stored) } else { rows_of(&stored, &sampled) };
        if stored.is_none_or(|stored| table::logical_digest(&stored) != table::logical_digest(&computed)) {
            found.push(Difference::new(path, "its rows are not those of the runs that were computed again"));
        }
    }
    Ok(Files { found, absent, other })
}

/// Files that every study has and this manifest says nothing of, or the other way round: what is listed is not taken from
/// the list.
fn unlisted(study: &Study, manifest: &Manifest) -> Vec<Difference> {
    let mut files: BTreeSet<String> =
        ["report.html", "report.md", "study.toml", "summary.csv"].map(String::from).into();
    for name in study.spec.figures.keys() {
        files.extend(["png", "svg"].map(|ending| format!("figures/{name}.{ending}")));
    }
    let tables = ["metrics", "points", "runs", "weights"].map(String::from).into();
    let listed = [manifest.files.keys().cloned().collect(), manifest.tables.keys().cloned().collect::<BTreeSet<_>>()];
    let differing = [files, tables]
        .into_iter()
        .zip(listed)
        .flat_map(|(expected, listed)| expected.symmetric_difference(&listed).cloned().collect::<Vec<_>>());
    differing
        .map(|name| Difference::new("manifest.json", format!("it does not list the files of this study: {name}")))
        .collect()
}

/// The rows whose run is one of `runs`.
fn rows_of(table: &DataFrame, runs: &BTreeSet<String>) -> Option<DataFrame> {
    let ids = table.column("run").ok()?.str().ok()?;
    let wanted = ids.iter().map(|id| id.is_some_and(|id| runs.contains(id)));
    table.filter(&BooleanChunked::from_iter_values("wanted".into(), wanted)).ok()
}

/// A stored table against a computed one: the first row and column that differ.
fn compare_table(path: &str, stored: &[u8], computed: &DataFrame) -> Option<Difference> {
    let stored = match table::read(stored) {
        Ok(stored) => stored,
        Err(error) => return Some(Difference::new(path, error.to_string())),
    };
    if table::logical_digest(&stored) == table::logical_digest(computed) {
        return None;
    }
    Some(Difference::new(path, table::first_difference(&stored, computed)))
}

/// The bytes of a file of the folder; none if it is absent, which is no difference.
fn stored(folder: &Path, path: &str) -> Result<Option<Vec<u8>>, Difference> {
    match store::read(&folder.join(path)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Difference::new(path, format!("it cannot be read: {error}"))),
    }
}

/// Trial and seed of a task, for people.
#[must_use]
pub fn place(study: &Study, task: &Task) -> String {
    let values = study.axes.iter().zip(&study.trials[task.trial].values);
    let mut text: String = values.map(|(axis, value)| format!("{} = {}, ", axis.path, value.brief())).collect();
    text.push_str(&format!("seed {}", task.seed.0));
    text
}
