//! What stands for the files of an axis in tables, figures and answers: a name that does not depend on the folder that a command is given in, nor on where
//! the specification or the results are.

use std::{
    collections::BTreeSet,
    mem,
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use super::{Axis, AxisValue, Study, files};
use crate::figure::Figure;

/// The paths of the files of one axis, usable from the current folder, without the folders that all of them are in.
pub(super) fn of_files(paths: &[String]) -> Vec<String> {
    let parts: Vec<_> = paths.iter().map(|path| parts(&files::whole(path))).collect();
    let folders = parts.iter().map(Vec::len).min().unwrap_or(0).saturating_sub(1);
    let shared = (0..folders).take_while(|&place| parts.iter().all(|own| own[place] == parts[0][place])).count();
    parts.iter().map(|own| own[shared..].join("/")).collect()
}

/// The figure with the files that it is fixed at named as the axis names them, however the specification in `folder` does. `paths` are those of the
/// files of the axis, in the order of its values.
///
/// A specification that is `kept` with results of an older version has the path that was usable where the sweep was started: it ends in the name of the file.
pub(super) fn fixed(figure: &Figure, axis: &Axis, paths: &[String], folder: &Path, kept: bool) -> Figure {
    let Some(text) = figure.fixed(&axis.path) else { return figure.clone() };
    let labels: Vec<_> = axis.values.iter().map(ToString::to_string).collect();
    let resolved = files::resolved(folder, text);
    let likest = || {
        let alike = labels.iter().filter(|label| kept && is_alike(text, label));
        let label = alike.max_by_key(|label| (Path::new(text).ends_with(label), label.len()))?;
        labels.iter().position(|own| own == label)
    };
    let place = labels.iter().position(|label| label == text);
    let place = place.or_else(|| paths.iter().position(|path| *path == resolved || path == text)).or_else(likest);
    place.map_or_else(|| figure.clone(), |place| figure.fixed_at(&axis.path, &labels[place]))
}

/// Whether a path and a name can be of the same file.
#[must_use]
pub fn is_alike(path: &str, name: &str) -> bool {
    Path::new(path).file_name() == Path::new(name).file_name()
}

impl Study {
    /// The study with other texts for the values of an axis: results of older versions have the paths of files as they were usable where the sweep was
    /// started. None unless there is a text for each value.
    #[must_use]
    pub fn with_texts(&self, axis: usize, texts: &[String]) -> Option<Self> {
        let old = self.axes.get(axis).filter(|own| own.values.len() == texts.len())?.values.clone();
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

    /// The study as older versions could have named the files of these axes: by their whole paths, or by those from a folder above any of them, or from one
    /// that is at most some levels below such a folder.
    pub fn namings(&self, axes: &[usize]) -> impl Iterator<Item = Self> {
        let file = |value: &Json| value.as_str().map(files::whole);
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

/// How far below a folder that some file is in a sweep of an older version is looked for.
const LEVELS: usize = 8;

fn parts(path: &Path) -> Vec<String> {
    path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_as_much_of_their_paths_as_it_takes() {
        let labels = |paths: &[&str]| of_files(&paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
        assert_eq!(labels(&["data/a.csv", "data/b.csv"]), ["a.csv", "b.csv"]);
        assert_eq!(labels(&["../elsewhere/data/a.csv", "../elsewhere/data/b.csv"]), ["a.csv", "b.csv"]);
        assert_eq!(labels(&["/x/y/a.csv", "/x/z/a.csv"]), ["y/a.csv", "z/a.csv"]);
        assert_eq!(labels(&["x/a.csv", "x/y/a.csv"]), ["a.csv", "y/a.csv"]);
        assert_eq!(labels(&["data/a.csv"]), ["a.csv"]);
        assert_eq!(labels(&[]), [""; 0]);
        // One that is named from the root and one that is not are what they are from the current folder.
        let here = std::env::current_dir().unwrap().join("data/a.csv").display().to_string();
        assert_eq!(labels(&[&here, "data/b.csv"]), ["a.csv", "b.csv"]);
    }
}
