//! The catalog of all settings, built from their JSON Schema; it serves suggestions, help and templates.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::write::literal;

/// The kind of value that a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Int,
    /// A number.
    Number,
    /// A text.
    String,
    /// True or false.
    Bool,
    /// A whole number or a text.
    Either,
    /// A list.
    List,
    /// A table with one of several keys.
    Group,
}

/// A setting in the catalog.
#[derive(Debug, Clone)]
pub struct SettingInfo {
    /// The kind of value that it takes.
    pub kind: Kind,
    /// Its description, in a sentence.
    pub description: String,
    /// Its default.
    pub default: Option<Json>,
    /// The names to choose from; empty for other settings.
    pub choices: Vec<String>,
    /// Whether a specification must set it.
    pub required: bool,
}

/// The settings by their path, in the order of the specification's structures.
#[derive(Debug)]
pub struct Catalog {
    settings: BTreeMap<String, SettingInfo>,
    /// The paths, in the order of the structures.
    pub order: Vec<String>,
}

impl Catalog {
    /// Builds the catalog of `schema`, which must not contain references.
    pub fn of(schema: &Json) -> Self {
        let mut catalog = Self { settings: BTreeMap::new(), order: Vec::new() };
        catalog.visit(schema, String::new(), None, "", false);
        catalog
    }

    /// Returns the setting at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&SettingInfo> {
        self.settings.get(path)
    }

    /// Returns the paths of the settings that can be swept: those with a single value.
    pub fn axes(&self) -> impl Iterator<Item = &str> {
        let single = |path: &&String| !matches!(self.settings[*path].kind, Kind::List | Kind::Group);
        self.order.iter().filter(single).map(String::as_str)
    }

    /// Returns the settings directly under `section`, by key.
    pub fn inside(&self, section: &str) -> impl Iterator<Item = (&str, &SettingInfo)> {
        self.order.iter().filter_map(move |path| {
            let key = path.strip_prefix(section)?.strip_prefix('.').filter(|key| !key.contains('.'))?;
            Some((key, &self.settings[path]))
        })
    }

    /// Returns the required settings under a section, or the section itself if it is a required choice.
    pub fn required(&self, section: &str) -> impl Iterator<Item = &str> {
        let required = move |(path, known): (&'_ String, &SettingInfo)| {
            let inside = path.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            // Settings inside a choice are required only once the choice is made.
            inside && known.required && !self.has_choice_above(path)
        };
        self.settings.iter().filter(move |(path, known)| required((path, known))).map(|(path, _)| path.as_str())
    }

    fn has_choice_above(&self, path: &str) -> bool {
        let above = path.match_indices('.').map(|(end, _)| &path[..end]);
        above.into_iter().any(|way| self.get(way).is_some_and(|known| known.kind == Kind::Group))
    }

    /// Returns a line that describes the setting at `path`, for the help of a diagnostic.
    pub fn explain(&self, path: &str) -> Option<String> {
        let known = self.get(path)?;
        let text = known.description.split("\n\n").next()?.replace('\n', " ");
        let default = known.default.as_ref().filter(|default| !default.is_null());
        let default = default.map(|default| format!(" (default: {})", literal(default))).unwrap_or_default();
        (path.contains('.') && !text.is_empty()).then(|| format!("`{path}`: {text}{default}"))
    }

    fn visit(&mut self, schema: &Json, path: String, default: Option<&Json>, description: &str, required: bool) {
        let default = schema.get("default").or(default);
        let description = schema["description"].as_str().filter(|_| description.is_empty()).unwrap_or(description);
        if let Some(properties) = schema["properties"].as_object() {
            // Settings inside an optional table are not required: the table may be absent.
            let absent = schema["type"].as_array().is_some_and(|types| types.iter().any(|one| one == "null"));
            let listed = |key: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == key));
            let is_required = |key: &str| !absent && listed(key);
            for (key, property) in properties {
                let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                self.visit(property, inner, default.and_then(|default| default.get(key)), "", is_required(key));
            }
            return;
        }
        let alternatives = ["oneOf", "anyOf"].iter().find_map(|key| schema[*key].as_array());
        let tables = |all: &&Vec<Json>| all.iter().any(|one| one.get("properties").is_some());
        if let Some(all) = alternatives.filter(tables) {
            self.add(path.clone(), Kind::Group, description, default, Vec::new(), required);
            for one in all {
                let description = one["description"].as_str().unwrap_or_default();
                for (key, property) in one["properties"].as_object().into_iter().flatten() {
                    let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    self.visit(property, inner, default.and_then(|default| default.get(key)), description, true);
                }
            }
            return;
        }
        let kind = kind(schema, alternatives);
        self.add(path.clone(), kind, description, default, choices(schema), required);
        if kind == Kind::List && schema["minItems"] == schema["maxItems"] {
            for index in 0..schema["minItems"].as_u64().unwrap_or(0).min(8) as usize {
                let default = default.and_then(|default| default.get(index));
                self.visit(&schema["items"], format!("{path}.{index}"), default, description, false);
            }
        }
    }

    fn add(
        &mut self,
        path: String,
        kind: Kind,
        description: &str,
        default: Option<&Json>,
        choices: Vec<String>,
        required: bool,
    ) {
        let known = SettingInfo { kind, description: description.into(), default: default.cloned(), choices, required };
        self.order.push(path.clone());
        self.settings.insert(path, known);
    }
}

fn choices(schema: &Json) -> Vec<String> {
    if let Some(items) = schema.get("items") {
        return choices(items);
    }
    let plain = schema["enum"].as_array().into_iter().flatten();
    let described = schema["oneOf"].as_array().into_iter().flatten().map(|one| &one["const"]);
    plain.chain(described).filter_map(Json::as_str).map(str::to_owned).collect()
}

fn kind(schema: &Json, alternatives: Option<&Vec<Json>>) -> Kind {
    fn names(schema: &Json) -> Vec<String> {
        match &schema["type"] {
            Json::String(name) => vec![name.clone()],
            Json::Array(names) => names.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
            _ if schema.get("const").is_some() || schema.get("enum").is_some() => vec!["string".into()],
            // An optional choice is an `anyOf` inside an `anyOf`.
            _ => schema["anyOf"].as_array().into_iter().flatten().flat_map(names).collect(),
        }
    }
    let mut all = names(schema);
    all.extend(alternatives.into_iter().flatten().flat_map(names));
    let has = |name: &str| all.iter().any(|one| one == name);
    match () {
        () if has("array") => Kind::List,
        () if has("integer") && has("string") => Kind::Either,
        () if has("integer") => Kind::Int,
        () if has("number") => Kind::Number,
        () if has("boolean") => Kind::Bool,
        () => Kind::String,
    }
}
