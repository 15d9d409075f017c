//! How results of older versions name the files of an axis: by the paths that were usable where the sweep was started.

use std::path::Path;

use crate::{digest::Digest, results::Manifest, run::contents, store, sweep::Study};

/// The study with the values of its axes as the tables of its results have them, which are those of the manifest. A study without files on an axis is what it
/// is, and so are results that name them as this version does.
#[must_use]
pub fn as_stored(study: Study, folder: &Path, manifest: &Manifest) -> Study {
    if contents::names(&study).is_empty() {
        return study;
    }
    let axes: Vec<_> = (0..study.axes.len()).filter(|&axis| is_of_files(&study, axis)).collect();
    let Some(rows) = (!axes.is_empty()).then(|| summary(folder, manifest)).flatten() else { return study };
    let mut named = study.clone();
    for axis in axes {
        let Some(texts) = texts(&study, axis, &rows) else { return study };
        let Some(other) = named.with_texts(axis, &texts) else { return study };
        named = other;
    }
    named
}

fn is_of_files(study: &Study, axis: usize) -> bool {
    let path = &study.axes[axis].path;
    study.trials.first().is_some_and(|trial| contents::named(trial).iter().any(|(own, _)| own == path))
}

/// The rows of `summary.csv`, if it is the one of the manifest, its header first.
fn summary(folder: &Path, manifest: &Manifest) -> Option<Vec<csv::StringRecord>> {
    let bytes = store::read(&folder.join("summary.csv")).ok()?;
    if manifest.files.get("summary.csv") != Some(&Digest::of(&bytes)) {
        return None;
    }
    let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    reader.into_records().collect::<Result<_, _>>().ok()
}

/// What the rows have for the values of an axis, if these are the paths of the same files from some folder.
fn texts(study: &Study, axis: usize, rows: &[csv::StringRecord]) -> Option<Vec<String>> {
    let (header, rows) = rows.split_first()?;
    let column = header.iter().position(|name| name == study.axes[axis].path)?;
    let values = &study.axes[axis].values;
    let mut texts = vec![None; values.len()];
    for (trial, row) in study.trials.iter().zip(rows) {
        let place = values.iter().position(|value| *value == trial.values[axis])?;
        let text = row.get(column)?;
        let is_path = Path::new(text).ends_with(values[place].to_string());
        if !is_path || texts[place].get_or_insert(text.to_owned()) != text {
            return None;
        }
    }
    texts.into_iter().collect()
}
