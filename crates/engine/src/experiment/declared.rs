//! An experiment without its code: its declaration suffices to show, compare and check stored results, not to run it.

use std::{fs, path::Path, sync::Arc};

use serde_json::{Map, Value as Json};

use super::{Declaration, Kind, Settings, sections::Sections};
use crate::{
    spec::{
        Problem,
        catalog::Catalog,
        tree::{Node, Value},
    },
    validation::SettingError,
};

/// The file of a results folder with the declaration of its experiment; results of the network have no such file.
pub const FILE: &str = "experiment.json";

const MOST_BYTES: u64 = 16 << 20;

/// Reads the declaration in a results folder; returns `None` without a valid one.
#[must_use]
pub fn load_declared(folder: &Path) -> Option<Arc<dyn Kind>> {
    let file = folder.join(FILE);
    let is_readable = fs::metadata(&file).is_ok_and(|about| about.is_file() && about.len() <= MOST_BYTES);
    let declaration: Declaration =
        serde_json::from_slice(&is_readable.then(|| fs::read(&file).ok()).flatten()?).ok()?;
    declaration.check().ok()?;
    Some(Arc::new(DeclaredKind::new(declaration)))
}

/// An experiment with its declaration alone.
#[derive(Debug)]
pub struct DeclaredKind {
    declaration: Declaration,
    sections: Sections,
}

impl DeclaredKind {
    /// Creates the experiment of a declaration.
    #[must_use]
    pub fn new(declaration: Declaration) -> Self {
        let sections = Sections::new(&declaration.settings);
        Self { declaration, sections }
    }
}

impl Kind for DeclaredKind {
    fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    fn catalog(&self) -> &Catalog {
        &self.sections.catalog
    }

    fn sections(&self) -> &[String] {
        &self.sections.names
    }

    fn read(&self, tree: &Node) -> Result<Arc<dyn Settings>, Problem> {
        let mut json = json_of(tree);
        // A stored specification is complete, except for swept settings and later settings with their defaults.
        for path in &self.catalog().order {
            let default = self.catalog().get(path).and_then(|known| known.default.clone());
            if let Some(default) = default.filter(|default| !default.is_null()) {
                fill(&mut json, path, default);
            }
        }
        Ok(Arc::new(json))
    }

    fn of_json(&self, json: &Json) -> Option<Arc<dyn Settings>> {
        Some(Arc::new(json.clone()))
    }

    fn validate(&self, _: &dyn Settings) -> Vec<SettingError> {
        Vec::new()
    }

    fn schema(&self) -> Json {
        self.sections.schema(&self.declaration)
    }
}

/// Converts a tree to JSON, without spans.
pub fn json_of(node: &Node) -> Json {
    match &node.value {
        Value::Int(whole) => u64::try_from(*whole).map_or_else(|_| Json::from(*whole as i64), Json::from),
        Value::Float(float) => Json::from(*float),
        Value::String(text) => text.as_str().into(),
        Value::Bool(flag) => (*flag).into(),
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Table(table) => {
            table.0.iter().map(|entry| (entry.key.clone(), json_of(&entry.node))).collect::<Map<_, _>>().into()
        }
    }
}

/// Sets a missing value if its table exists: the table of an alternative that was not chosen does not.
fn fill(json: &mut Json, path: &str, default: Json) {
    let (way, key) = path.rsplit_once('.').unwrap_or(("", path));
    let holder = if way.is_empty() { Some(json) } else { json.pointer_mut(&super::pointer(way)) };
    if let Some(Json::Object(entries)) = holder {
        entries.entry(key).or_insert(default);
    }
}
