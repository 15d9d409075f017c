//! An experiment whose settings are declared as a list of paths with defaults, which determine the types. The closures
//! of notebooks use it.

mod values;

pub use values::{ReadSettingError, SettingValues};

use std::{collections::BTreeSet, fmt, sync::Arc};

use serde_json::{Value as Json, json};

use super::{
    Declared, End, Log,
    definition::{self, Definition},
};
use crate::{
    experiment::{Contradiction, Kind, Sections},
    seed::Seed,
    spec::{Problem, tree::Node},
    validation::SettingError,
};

/// A single value of a setting: a whole number, a number, true or false, or a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal(Json);

macro_rules! literals {
    ($($kind:ty)+) => {
        $(impl From<$kind> for Literal {
            fn from(value: $kind) -> Self {
                Self(value.into())
            }
        })+
    };
}

literals! { u64 u32 usize i64 i32 f64 bool &str String }

/// The value as written in TOML and JSON.
impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Builds an experiment from a closure and a list of settings.
pub struct ExperimentBuilder {
    declared: Declared,
    settings: Vec<Setting>,
    steps: Option<String>,
}

struct Setting {
    path: String,
    default: Json,
    choices: Vec<String>,
    about: String,
}

/// Computes a run.
type Run = dyn Fn(&SettingValues, Seed, &mut Log<'_>) -> Result<(), End> + Send + Sync;

impl fmt::Debug for ExperimentBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExperimentBuilder").field("declared", &self.declared).finish_non_exhaustive()
    }
}

impl ExperimentBuilder {
    /// Creates an experiment with this declaration, without settings.
    #[must_use]
    pub fn new(declared: Declared) -> Self {
        Self { declared, settings: Vec::new(), steps: None }
    }

    /// Changes the declaration.
    #[must_use]
    pub fn declaring(mut self, change: impl FnOnce(Declared) -> Declared) -> Self {
        self.declared = change(self.declared);
        self
    }

    /// Adds a setting with its default, which determines its type. `points` belongs to `[settings]`, `walk.length` to
    /// `[walk]`.
    #[must_use]
    pub fn setting(mut self, path: &str, default: impl Into<Literal>) -> Self {
        let Literal(default) = default.into();
        self.settings.push(Setting { path: path.into(), default, choices: Vec::new(), about: String::new() });
        self
    }

    /// Adds a setting with one of these texts; the first is the default.
    #[must_use]
    pub fn choice(mut self, path: &str, choices: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let choices: Vec<String> = choices.into_iter().map(Into::into).collect();
        let default = choices.first().cloned().into();
        self.settings.push(Setting { path: path.into(), default, choices, about: String::new() });
        self
    }

    /// Describes the last setting in a sentence; before the first setting, the experiment.
    #[must_use]
    pub fn about(mut self, about: &str) -> Self {
        match self.settings.last_mut() {
            Some(setting) => setting.about = about.into(),
            None => self.declared = self.declared.about(about),
        }
        self
    }

    /// Sets the path of the setting, a whole number, with the number of steps of a run, for progress.
    #[must_use]
    pub fn steps(mut self, path: &str) -> Self {
        self.steps = Some(path.into());
        self
    }

    /// Registers the experiment in this process, in place of one with the same name and version.
    ///
    /// # Errors
    /// The declaration contradicts itself.
    pub fn register(
        self,
        run: impl Fn(&SettingValues, Seed, &mut Log<'_>) -> Result<(), End> + Send + Sync + 'static,
    ) -> Result<Arc<dyn Kind>, Contradiction> {
        let experiment = self.declared.0.name.clone();
        let contradiction = |reason| Contradiction { experiment, reason };
        let schema = self.schema().map_err(contradiction)?;
        let Self { declared, steps, .. } = self;
        definition::register(ListedExperiment { declared, schema, steps, run: Box::new(run) })
    }

    /// Returns the JSON Schema of the settings, or the reason why they are invalid.
    fn schema(&self) -> Result<Json, String> {
        let mut schema = table();
        let mut seen = BTreeSet::new();
        for Setting { path, default, choices, about } in &self.settings {
            let mut leaf = schema_of(default).map_err(|reason| format!("the default of `{path}` {reason}"))?;
            leaf["default"] = default.clone();
            if !about.is_empty() {
                leaf["description"] = about.as_str().into();
            }
            if !choices.is_empty() {
                leaf["enum"] = choices.as_slice().into();
            }
            if !path.split('.').all(is_key) {
                return Err(format!(
                    "a setting cannot be named {path:?}: names consist of lowercase letters, digits and `-`, and begin with a letter"
                ));
            }
            if !seen.insert(path) {
                return Err(format!("two settings are named `{path}`"));
            }
            let (above, key) = path.rsplit_once('.').map_or((None, path.as_str()), |(above, key)| (Some(above), key));
            let mut place = &mut schema;
            for part in above.into_iter().flat_map(|above| above.split('.')) {
                place = place["properties"].as_object_mut().expect("a table").entry(part).or_insert_with(table);
                if place.get("properties").is_none() {
                    return Err(format!("`{path}` is inside another setting"));
                }
            }
            if place["properties"].get(key).is_some() {
                return Err(format!("`{path}` contains other settings"));
            }
            place["properties"][key] = leaf;
        }
        let sections = Sections::new(&schema);
        if let Some(taken) = seen.iter().find(|path| path.contains('.') && sections.path(path) != ***path) {
            return Err(format!("a setting cannot be named `{taken}`: its section belongs to every specification"));
        }
        match &self.steps {
            Some(steps) if !self.settings.iter().any(|setting| setting.path == *steps && setting.default.is_u64()) => {
                Err(format!("its number of steps is `{steps}`, which is not a setting with a whole number"))
            }
            _ => Ok(schema),
        }
    }
}

fn table() -> Json {
    json!({ "type": "object", "additionalProperties": false, "properties": {} })
}

fn is_key(key: &str) -> bool {
    let safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    key.bytes().next().is_some_and(|first| first.is_ascii_lowercase()) && key.bytes().all(safe)
}

/// The schema of the type of a default.
fn schema_of(default: &Json) -> Result<Json, String> {
    match default {
        Json::Bool(_) => Ok(json!({ "type": "boolean" })),
        Json::String(_) => Ok(json!({ "type": "string" })),
        Json::Number(number) if number.is_u64() => Ok(json!({ "type": "integer", "format": "uint64", "minimum": 0 })),
        Json::Number(number) if number.is_f64() => Ok(json!({ "type": "number", "format": "double" })),
        Json::Number(number) => {
            Err(format!("cannot be {number}: whole numbers begin at 0; write {number}.0 for a number"))
        }
        _ => Err("is missing: give a finite number, true or false, or a text".into()),
    }
}

struct ListedExperiment {
    declared: Declared,
    schema: Json,
    steps: Option<String>,
    run: Box<Run>,
}

impl Definition for ListedExperiment {
    type Settings = SettingValues;

    fn declared(&self) -> Declared {
        self.declared.clone()
    }

    fn schema(&self) -> Json {
        self.schema.clone()
    }

    fn read(&self, tree: &Node, sections: &Sections) -> Result<SettingValues, Problem> {
        SettingValues::read(&self.schema, tree, sections)
    }

    fn of_json(&self, json: Json) -> Option<SettingValues> {
        SettingValues::of_json(&self.schema, &json)
    }

    fn json(&self, settings: &SettingValues) -> Result<Json, String> {
        Ok(settings.json().clone())
    }

    fn validate(&self, _: &SettingValues) -> Vec<SettingError> {
        Vec::new()
    }

    fn steps(&self, settings: &SettingValues) -> u64 {
        self.steps.as_ref().and_then(|path| settings.whole(path).ok()).unwrap_or(1)
    }

    fn run(&self, settings: &SettingValues, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        (self.run)(settings, seed, log)
    }
}
