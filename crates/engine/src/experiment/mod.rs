//! The interface of an experiment: its declaration, its settings and their schema.
//!
//! The network is one experiment; readers add custom ones. Specification, sweep, tables, figures and
//! report depend on the declaration alone.

mod declaration;
mod declared;
mod family;
mod later;
mod pictures;
mod registry;
mod sections;
mod template;

pub use declaration::{Contradiction, Declaration, Folds, Promise, Tolerance};
pub(crate) use declared::json_of;
pub use declared::{DeclaredKind, FILE, load_declared};
pub use family::{Family, families, register_family};
pub use later::without_later_defaults;
pub use pictures::{Picture, Pictures};
pub use registry::{find, register, registered};
pub use sections::Sections;
pub use template::template;

use std::{any::Any, fmt, path::Path, sync::Arc};

use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    digest::Digest,
    measure::Measurement,
    spec::{Problem, catalog::Catalog, tree::Node},
    validation::SettingError,
};

/// The settings of a trial of any experiment; only the experiment itself has their type.
pub trait Settings: Any + fmt::Debug + Send + Sync {
    /// Returns the settings as sections of a specification, with every default.
    fn json(&self) -> Json;

    /// Returns the settings for a downcast to their type.
    fn as_any(&self) -> &dyn Any;
}

impl<T: Serialize + Any + fmt::Debug + Send + Sync> Settings for T {
    fn json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// An experiment as specifications, tables, figures and reports see it.
pub trait Kind: fmt::Debug + Send + Sync {
    /// Returns the declaration.
    fn declaration(&self) -> &Declaration;

    /// Returns the catalog of all settings.
    fn catalog(&self) -> &Catalog;

    /// Returns the names of the sections of its settings, in order.
    fn sections(&self) -> &[String];

    /// Reads the settings of one trial from the tree of a specification; missing settings have their defaults.
    ///
    /// # Errors
    /// A setting cannot be read.
    fn read(&self, tree: &Node) -> Result<Arc<dyn Settings>, Problem>;

    /// Reads the settings from sections in the form of [`Settings::json`]; `None` if they do not fit.
    fn of_json(&self, json: &Json) -> Option<Arc<dyn Settings>>;

    /// Returns the errors of settings; keys are paths of a specification.
    fn validate(&self, settings: &dyn Settings) -> Vec<SettingError>;

    /// Returns the measurements under these settings: indices of declared measurements, in the order of the values of
    /// an observation.
    fn measured(&self, _settings: &dyn Settings) -> Vec<usize> {
        (0..self.declaration().measurements.len()).collect()
    }

    /// Returns the settings that name files: the path of the setting and the name of the file.
    fn files(&self, settings: &dyn Settings) -> Vec<(String, String)> {
        let paths = &self.declaration().files;
        if paths.is_empty() {
            return Vec::new();
        }
        let json = settings.json();
        let named = |path: &String| Some((path.clone(), at(&json, path)?.as_str()?.to_owned()));
        paths.iter().filter_map(named).collect()
    }

    /// Returns the settings with the names of files rewritten.
    fn with_files(&self, settings: &Arc<dyn Settings>, rewrite: &dyn Fn(&str) -> String) -> Arc<dyn Settings> {
        let files = self.files(&**settings);
        if files.is_empty() {
            return Arc::clone(settings);
        }
        let mut json = settings.json();
        for (path, name) in files {
            if let Some(text) = json.pointer_mut(&pointer(&path)) {
                *text = rewrite(&name).into();
            }
        }
        self.of_json(&json).unwrap_or_else(|| Arc::clone(settings))
    }

    /// Returns whether the setting at `path` names a file.
    fn names_file(&self, path: &str) -> bool {
        self.declaration().files.iter().any(|file| file == path)
    }

    /// Returns whether results may stay the same if the setting at `path` changes, so that runs can be adopted after a
    /// check: a setting that says how runs are computed, and not what.
    fn is_adoptable(&self, _path: &str) -> bool {
        false
    }

    /// Returns the number of rows of the first stored array, if the settings determine it.
    fn kept_rows(&self, _settings: &dyn Settings) -> Option<usize> {
        None
    }

    /// Returns the number of inputs of a data point, if the experiment has data points and the settings determine it.
    fn dimension(&self, _settings: &dyn Settings) -> Option<usize> {
        None
    }

    /// Returns whether the stored arrays of a run give a value at every position of a plane, so that a boundary can be
    /// drawn.
    fn has_fields(&self) -> bool {
        false
    }

    /// Returns the parts of a stored array that two computations of a run compare separately, and whether each is the
    /// same; `None` if the array is one part. `folder` is the results folder.
    fn parts_of_array(
        &self,
        _folder: &Path,
        _run: &Digest,
        _array: usize,
        _values: [&[f64]; 2],
    ) -> Option<Vec<(String, bool)>> {
        None
    }

    /// Compares the files that belong to a stored array with its values: the files in `folder` that differ, and how.
    fn check_array(&self, _folder: &Path, _run: &Digest, _array: usize, _values: &[f64]) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Returns the index of the stored array whose rows stand for files that may be pictures, if there is one.
    fn picture_array(&self) -> Option<usize> {
        None
    }

    /// Returns the pictures among the files of each run, given its identity and the numbers of that array. `folder` is
    /// the results folder.
    fn pictures(&self, _folder: &Path, runs: &[(Digest, &[f64])]) -> Vec<Pictures> {
        vec![Pictures::default(); runs.len()]
    }

    /// Returns whether specifications without `[experiment]` are for this experiment.
    fn is_default(&self) -> bool {
        false
    }

    /// Returns the JSON Schema of a specification for this experiment.
    fn schema(&self) -> Json;
}

/// Returns the declared measurements under these settings, in the order of the values of an observation.
pub fn measurements<'a>(kind: &'a dyn Kind, settings: &dyn Settings) -> Vec<&'a Measurement> {
    let all = &kind.declaration().measurements;
    kind.measured(settings).into_iter().filter_map(|place| all.get(place)).collect()
}

/// Returns the value at a path of settings.
#[must_use]
pub fn at<'a>(json: &'a Json, path: &str) -> Option<&'a Json> {
    json.pointer(&pointer(path))
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}
