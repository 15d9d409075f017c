//! Labels of files on an axis, for tables, figures and commands. A label depends neither on the current folder nor on
//! the folder of the specification or of the results.

use std::{
    collections::BTreeSet,
    mem,
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use super::{Axis, AxisValue, Study, files};
use crate::figure::Figure;

/// Shortens the paths of the files of one axis, relative to the current folder, by the folders that they share.
pub(super) fn of_files(paths: &[String]) -> Vec<String> {
    let parts: Vec<_> = paths.iter().map(|path| parts(&files::absolute_path(path))).collect();
    let folders = parts.iter().map(Vec::len).min().unwrap_or(0).saturating_sub(1);
    let shared = (0..folders).take_while(|&place| parts.iter().all(|path| path[place] == parts[0][place])).count();
    parts.iter().map(|path| path[shared..].join("/")).collect()
}

/// Replaces the file at which a figure is fixed by its label on the axis. `paths` are the files of the axis, in the
/// order of its values; a specification in `folder` may name them differently.
///
/// In results of older versions, the specification (`kept`) has paths relative to the folder in which the sweep was
/// started: they match by file name.
pub(super) fn fixed(figure: &Figure, axis: &Axis, paths: &[String], folder: &Path, kept: bool) -> Figure {
    let Some(text) = figure.fixed(&axis.path) else { return figure.clone() };
    let labels: Vec<_> = axis.values.iter().map(ToString::to_string).collect();
    let resolved = files::resolved(folder, text);
    let by_name = || {
        let alike = labels.iter().filter(|label| kept && is_alike(text, label));
        let label = alike.max_by_key(|label| (Path::new(text).ends_with(label), label.len()))?;
        labels.iter().position(|other| other == label)
    };
    let place = labels.iter().position(|label| label == text);
    let place = place.or_else(|| paths.iter().position(|path| *path == resolved || path == text)).or_else(by_name);
    place.map_or_else(|| figure.clone(), |place| figure.fixed_at(&axis.path, &labels[place]))
}

/// Returns whether two paths have the same file name.
#[must_use]
pub fn is_alike(path: &str, other: &str) -> bool {
    Path::new(path).file_name() == Path::new(other).file_name()
}

impl Study {
    /// Returns the study with other texts for the values of an axis; `None` unless there is one text per value. Results
    /// of older versions name files by paths relative to the folder in which the sweep was started.
    #[must_use]
    pub fn with_texts(&self, axis: usize, texts: &[String]) -> Option<Self> {
        let old = self.axes.get(axis).filter(|axis| axis.values.len() == texts.len())?.values.clone();
        let mut study = self.clone();
        let text = |place: usize| AxisValue::String(texts[place].clone());
        study.axes[axis].values = (0..texts.len()).map(text).collect();
        for trial in &mut study.trials {
            let place = old.iter().position(|value| *value == trial.values[axis])?;
            trial.values[axis] = text(place);
        }
        let path = self.axes[axis].path.clone();
        for figure in study.spec.figures.values_mut() {
            let place = figure.fixed(&path).and_then(|fixed| old.iter().position(|value| value.to_string() == fixed));
            if let Some(place) = place {
                *figure = figure.fixed_at(&path, &texts[place]);
            }
        }
        Some(study)
    }

    /// Returns the study with each naming that an older version may have used for the files of these axes: absolute
    /// paths, or paths relative to a folder above one of the files, or to a folder a few levels below such a folder.
    pub fn namings(&self, axes: &[usize]) -> impl Iterator<Item = Self> {
        let file = |value: &Json| value.as_str().map(files::absolute_path);
        let paths = |axis: &usize| self.layout.literals(*axis).iter().map(file).collect::<Option<Vec<_>>>();
        let paths: Vec<_> = axes.iter().map_while(paths).collect();
        let folders: BTreeSet<_> = paths.iter().flatten().flat_map(|path| path.ancestors().skip(1)).collect();
        let folders = folders.into_iter().flat_map(|folder| {
            (0..=LEVELS).scan(folder.to_owned(), |below, _| Some(mem::replace(below, below.join("below"))))
        });
        let folders: Vec<_> = folders.map(Some).chain([None]).filter(|_| paths.len() == axes.len()).collect();
        folders.into_iter().filter_map(move |folder| {
            let text = |path: &PathBuf| match &folder {
                Some(folder) => files::relative(folder, &path.to_string_lossy()),
                None => path.to_string_lossy().into_owned(),
            };
            let texts = |paths: &Vec<PathBuf>| paths.iter().map(text).collect::<Vec<_>>();
            axes.iter()
                .zip(&paths)
                .try_fold(self.clone(), |study, (axis, paths)| study.with_texts(*axis, &texts(paths)))
        })
    }
}

/// How many levels below the folders of the files the sweep of an older version may have been started.
const LEVELS: usize = 8;

fn parts(path: &Path) -> Vec<String> {
    path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_the_shortest_distinct_paths() {
        let labels = |paths: &[&str]| of_files(&paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
        assert_eq!(labels(&["data/a.csv", "data/b.csv"]), ["a.csv", "b.csv"]);
        assert_eq!(labels(&["../elsewhere/data/a.csv", "../elsewhere/data/b.csv"]), ["a.csv", "b.csv"]);
        assert_eq!(labels(&["/x/y/a.csv", "/x/z/a.csv"]), ["y/a.csv", "z/a.csv"]);
        assert_eq!(labels(&["x/a.csv", "x/y/a.csv"]), ["a.csv", "y/a.csv"]);
        assert_eq!(labels(&["data/a.csv"]), ["a.csv"]);
        assert_eq!(labels(&[]), [""; 0]);
        // Absolute and relative paths can be mixed.
        let here = std::env::current_dir().unwrap().join("data/a.csv").display().to_string();
        assert_eq!(labels(&[&here, "data/b.csv"]), ["a.csv", "b.csv"]);
    }
}
