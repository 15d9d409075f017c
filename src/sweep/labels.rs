//! What stands for the files of an axis in tables, figures and answers: a name that does not depend on the folder that a command is given in, nor on where
//! the specification or the results are.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::{Axis, Scalar, Study, Trial, files};
use crate::{data::Source, figure::Figure};

/// The paths of the files of one axis, usable from the current folder, without the folders that all of them are in.
pub(super) fn of_files(paths: &[String]) -> Vec<String> {
    let parts = |path: &String| -> Vec<String> {
        let path = files::whole(path);
        path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let parts: Vec<_> = paths.iter().map(parts).collect();
    let folders = parts.iter().map(Vec::len).min().unwrap_or(0).saturating_sub(1);
    let shared = (0..folders).take_while(|&place| parts.iter().all(|own| own[place] == parts[0][place])).count();
    parts.iter().map(|own| own[shared..].join("/")).collect()
}

/// Whether the setting at `path` names a file: the data set itself lets a mark be put on its files.
pub(super) fn names_file(trial: &Trial, path: &str) -> bool {
    const MARK: char = '\0';
    let mut data = trial.data.clone();
    data.files_mut().into_iter().for_each(|file| file.push(MARK));
    let marked = json!({ "data": data });
    let value = marked.pointer(&format!("/{}", path.replace('.', "/")));
    value.and_then(Json::as_str).is_some_and(|text| text.ends_with(MARK))
}

/// The figure with the files that it is fixed at named as the axis names them, however the specification in `folder` does. `paths` are those of the
/// files of the axis, in the order of its values.
pub(super) fn fixed(figure: &Figure, axis: &Axis, paths: &[String], folder: &Path) -> Figure {
    let key = figure.key();
    let mut json = json!(figure);
    let Some(text) = json[key]["at"][&axis.path].as_str() else { return figure.clone() };
    let labels = || axis.values.iter().map(ToString::to_string);
    let resolved = files::resolved(folder, text);
    let place = labels()
        .position(|label| label == text)
        .or_else(|| paths.iter().position(|path| *path == resolved || path == text));
    let Some(label) = place.and_then(|place| labels().nth(place)) else { return figure.clone() };
    json[key]["at"][&axis.path] = label.into();
    serde_json::from_value(json).unwrap_or_else(|_| figure.clone())
}

impl Study {
    /// The study with other texts for the values of an axis: results of older versions have the paths of files as they were usable where the sweep was
    /// started. None unless there is a text for each value.
    #[must_use]
    pub fn with_texts(&self, axis: usize, texts: &[String]) -> Option<Self> {
        let old = self.axes.get(axis).filter(|own| own.values.len() == texts.len())?.values.clone();
        let mut study = self.clone();
        let text = |place: usize| Scalar::Text(texts[place].clone());
        study.axes[axis].values = (0..texts.len()).map(text).collect();
        for trial in &mut study.trials {
            let place = old.iter().position(|value| *value == trial.values[axis])?;
            trial.values[axis] = text(place);
        }
        Some(study)
    }
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
