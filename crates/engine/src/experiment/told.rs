//! An experiment of which no more is known than its declaration: enough to show, compare and check what it left behind, not to run it.

use std::{fs, path::Path, sync::Arc};

use serde_json::{Map, Value as Json};

use super::{Declaration, Kind, Settings, sections::Sections};
use crate::{
    spec::{
        Problem,
        catalogue::Catalogue,
        tree::{Node, Value},
    },
    validation::SettingError,
};

/// The file of a results folder that holds the declaration of its experiment; a study of the network has none.
pub const FILE: &str = "experiment.json";

/// A declaration is a page of text.
const MOST_BYTES: u64 = 16 << 20;

/// The experiment whose declaration stands in a results folder.
#[must_use]
pub fn told(folder: &Path) -> Option<Arc<dyn Kind>> {
    let file = folder.join(FILE);
    let short = fs::metadata(&file).is_ok_and(|about| about.is_file() && about.len() <= MOST_BYTES);
    let declaration: Declaration = serde_json::from_slice(&short.then(|| fs::read(&file).ok()).flatten()?).ok()?;
    declaration.check().ok()?;
    Some(Arc::new(Told::new(declaration)))
}

/// An experiment that only its declaration tells of.
#[derive(Debug)]
pub struct Told {
    declaration: Declaration,
    sections: Sections,
}

impl Told {
    /// The experiment of a declaration.
    #[must_use]
    pub fn new(declaration: Declaration) -> Self {
        let sections = Sections::new(&declaration.settings);
        Self { declaration, sections }
    }
}

impl Kind for Told {
    fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    fn catalogue(&self) -> &Catalogue {
        &self.sections.catalogue
    }

    fn sections(&self) -> &[String] {
        &self.sections.names
    }

    fn read(&self, tree: &Node) -> Result<Arc<dyn Settings>, Problem> {
        let mut json = plain(tree);
        // What is kept is complete but for what is swept; a default stands in for what is not.
        for path in &self.catalogue().order {
            let default = self.catalogue().get(path).and_then(|known| known.default.clone());
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

/// A tree without its places.
pub fn plain(node: &Node) -> Json {
    match &node.value {
        Value::Int(whole) => u64::try_from(*whole).map_or_else(|_| Json::from(*whole as i64), Json::from),
        Value::Float(float) => Json::from(*float),
        Value::String(text) => text.as_str().into(),
        Value::Bool(flag) => (*flag).into(),
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Table(table) => {
            table.0.iter().map(|entry| (entry.key.clone(), plain(&entry.node))).collect::<Map<_, _>>().into()
        }
    }
}

/// Puts a value where none is, if there is a table to hold it; a choice that was not made is none.
fn fill(json: &mut Json, path: &str, default: Json) {
    let (way, key) = path.rsplit_once('.').unwrap_or(("", path));
    let holder = if way.is_empty() { Some(json) } else { json.pointer_mut(&super::pointer(way)) };
    if let Some(Json::Object(entries)) = holder {
        entries.entry(key).or_insert(default);
    }
}
