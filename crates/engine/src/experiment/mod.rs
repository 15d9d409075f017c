//! What an experiment says of itself, and how the engine sees one: its settings, what it measures, what decides.
//!
//! The network is one experiment, a reader's own are others; specification, sweep, tables, figures and
//! report read what is declared, and know no more of any of them.

mod declaration;
mod known;
mod later;
mod sections;
mod template;
mod told;

pub use declaration::{Contradiction, Declaration, Folds, Promise};
pub use known::{find, known, register};
pub use later::without_later_defaults;
pub use sections::Sections;
pub use template::template;
pub(crate) use told::plain;
pub use told::{FILE, Told, told};

use std::{any::Any, fmt, sync::Arc};

use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    measure::Measurement,
    spec::{Problem, catalogue::Catalogue, tree::Node},
    validation::SettingError,
};

/// The settings of a trial, of whatever experiment: only that experiment knows their type.
pub trait Settings: Any + fmt::Debug + Send + Sync {
    /// The sections of a specification that they stand in, with every default.
    fn json(&self) -> Json;

    /// Themselves, for the experiment that knows their type.
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
    /// What it says of itself.
    fn declaration(&self) -> &Declaration;

    /// All settings there are.
    fn catalogue(&self) -> &Catalogue;

    /// The names of the sections that its settings stand in, in their order.
    fn sections(&self) -> &[String];

    /// Reads the settings of one trial from the tree of a specification; what is missing has its default.
    ///
    /// # Errors
    /// Something cannot be read.
    fn read(&self, tree: &Node) -> Result<Arc<dyn Settings>, Problem>;

    /// The same from the sections as [`Settings::json`] gives them; none if they are not its own.
    fn of_json(&self, json: &Json) -> Option<Arc<dyn Settings>>;

    /// What is wrong with settings that can be read. Keys are paths as in a specification.
    fn validate(&self, settings: &dyn Settings) -> Vec<SettingError>;

    /// What is measured under these settings: places in the declaration, in the order in which values stand in a record.
    fn measured(&self, _settings: &dyn Settings) -> Vec<usize> {
        (0..self.declaration().measurements.len()).collect()
    }

    /// The settings that name files: their paths, and the names.
    fn files(&self, settings: &dyn Settings) -> Vec<(String, String)> {
        let paths = &self.declaration().files;
        if paths.is_empty() {
            return Vec::new();
        }
        let json = settings.json();
        let named = |path: &String| Some((path.clone(), at(&json, path)?.as_str()?.to_owned()));
        paths.iter().filter_map(named).collect()
    }

    /// The same settings with the names of files rewritten.
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

    /// Whether the setting at `path` names a file.
    fn names_file(&self, path: &str) -> bool {
        self.declaration().files.iter().any(|own| own == path)
    }

    /// The rows of the first array that is kept, where the settings say it.
    fn kept_rows(&self, _settings: &dyn Settings) -> Option<usize> {
        None
    }

    /// The number of inputs of points that a figure can draw in their plane, where the settings say it; none of an experiment without points.
    fn dimension(&self, _settings: &dyn Settings) -> Option<usize> {
        None
    }

    /// Whether what is kept of a run says something about every place of a plane, so that its boundary can be drawn.
    fn has_fields(&self) -> bool {
        false
    }

    /// Whether a specification that names no experiment is for it.
    fn is_default(&self) -> bool {
        false
    }

    /// The JSON Schema of a specification for it.
    fn schema(&self) -> Json;
}

/// The declared measurements that settings ask for, in the order of their values.
pub fn measurements<'a>(kind: &'a dyn Kind, settings: &dyn Settings) -> Vec<&'a Measurement> {
    let all = &kind.declaration().measurements;
    kind.measured(settings).into_iter().filter_map(|place| all.get(place)).collect()
}

/// The value at a path of settings.
#[must_use]
pub fn at<'a>(json: &'a Json, path: &str) -> Option<&'a Json> {
    json.pointer(&pointer(path))
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}
