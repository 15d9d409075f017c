//! Older versions named the files on an axis by paths relative to the folder where the sweep was started. These names
//! are in the summary and in the table of the runs; without both, the right names are those that give the table of the
//! manifest.

use std::path::Path;

use super::tables;
use crate::{
    digest::Digest,
    results::Manifest,
    run::contents,
    store,
    sweep::{self, Study},
    table::{self, RunRow},
};

/// Returns the study with the names on its axes as its results have them. A study without files on an axis, or with
/// names of this version, is returned unchanged.
#[must_use]
pub fn as_stored(study: Study, folder: &Path, manifest: &Manifest) -> Study {
    let axes = of_files(&study);
    if axes.is_empty() {
        return study;
    }
    let summary = summary(folder, manifest).and_then(|rows| named(&study, &axes, &|path| texts(&study, path, &rows)));
    let of_runs = || {
        let (table, _) = tables::read(folder, manifest, "runs").ok()??;
        let trials = table::wholes(&table, "trial")?;
        named(&study, &axes, &|path| {
            let texts = table::texts(&table, path)?;
            Some(trials.iter().zip(texts).map(|(&trial, text)| (trial as usize, text.to_owned())).collect())
        })
    };
    summary.or_else(of_runs).unwrap_or(study)
}

/// Returns the study with the names on its axes as in the table `runs` of the manifest, made from these runs; `None` if
/// its own names give that table, or if no names do.
#[must_use]
pub fn as_tabled(study: &Study, rows: &[RunRow<'_>], manifest: &Manifest) -> Option<Study> {
    let axes = of_files(study);
    let known = manifest.tables.get("runs")?.digest;
    let is_right = |study: &Study| table::logical_digest(&table::runs(study, rows)) == known;
    if axes.is_empty() || is_right(study) {
        return None;
    }
    study.namings(&axes).find(is_right)
}

fn of_files(study: &Study) -> Vec<usize> {
    if contents::names(study).is_empty() {
        return Vec::new();
    }
    (0..study.axes.len()).filter(|&axis| is_of_files(study, axis)).collect()
}

/// Trials by index, with the text of each on an axis.
type OfTrials = Vec<(usize, String)>;

/// The study with other texts for the values of its axes; `texts` returns those of the trials on an axis.
fn named(study: &Study, axes: &[usize], texts: &dyn Fn(&str) -> Option<OfTrials>) -> Option<Study> {
    axes.iter().try_fold(study.clone(), |named, &axis| {
        let texts = of_values(study, axis, &texts(&study.axes[axis].path)?)?;
        named.with_texts(axis, &texts)
    })
}

fn is_of_files(study: &Study, axis: usize) -> bool {
    let path = &study.axes[axis].path;
    study.trials.first().is_some_and(|trial| study.files(trial).iter().any(|(own, _)| own == path))
}

/// The rows of `summary.csv`, header first, if it matches the manifest.
fn summary(folder: &Path, manifest: &Manifest) -> Option<Vec<csv::StringRecord>> {
    let bytes = store::read(&folder.join("summary.csv")).ok()?;
    if manifest.files.get("summary.csv") != Some(&Digest::of(&bytes)) {
        return None;
    }
    let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    reader.into_records().collect::<Result<_, _>>().ok()
}

/// The texts of the trials on an axis, from the rows of a summary.
fn texts(study: &Study, path: &str, rows: &[csv::StringRecord]) -> Option<OfTrials> {
    let (header, rows) = rows.split_first()?;
    let column = header.iter().position(|name| name == path)?;
    (0..study.trials.len()).zip(rows).map(|(trial, row)| Some((trial, row.get(column)?.to_owned()))).collect()
}

/// The text of each value of an axis; `None` if a text cannot be a path of its file, or if a value has two texts.
fn of_values(study: &Study, axis: usize, of_trials: &[(usize, String)]) -> Option<Vec<String>> {
    let values = &study.axes[axis].values;
    let mut texts = vec![None; values.len()];
    for (trial, text) in of_trials {
        let own = &study.trials.get(*trial)?.values[axis];
        let place = values.iter().position(|value| value == own)?;
        let known = texts[place].get_or_insert(text);
        if known != &text || !sweep::is_alike(text, &values[place].to_string()) {
            return None;
        }
    }
    texts.into_iter().map(|text| text.cloned()).collect()
}
