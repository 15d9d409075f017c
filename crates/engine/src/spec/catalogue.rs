//! All settings there are, as the JSON Schema of the settings knows them: for suggestions, help and templates.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::write::literal;

/// What can stand at the path of a setting.
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

/// What is known of a setting.
#[derive(Debug, Clone)]
pub struct SettingInfo {
    /// What can stand there.
    pub kind: Kind,
    /// What it is, in a sentence.
    pub description: String,
    /// What it is if it is not given.
    pub default: Option<Json>,
    /// The names to choose from, if there are some.
    pub choices: Vec<String>,
    /// Whether it must be given.
    pub required: bool,
}

/// The settings by their path, in the order of the specification's structures.
#[derive(Debug)]
pub struct Catalogue {
    known: BTreeMap<String, SettingInfo>,
    /// The paths as the structures have them.
    pub order: Vec<String>,
}

impl Catalogue {
    /// The settings of `schema`, which has all its parts inline.
    pub fn of(schema: &Json) -> Self {
        let mut catalogue = Self { known: BTreeMap::new(), order: Vec::new() };
        catalogue.visit(schema, String::new(), None, "", false);
        catalogue
    }

    /// What is known of the setting at a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&SettingInfo> {
        self.known.get(path)
    }

    /// The paths of the settings that an axis can have: single values.
    pub fn axes(&self) -> impl Iterator<Item = &str> {
        let single = |path: &&String| !matches!(self.known[*path].kind, Kind::List | Kind::Group);
        self.order.iter().filter(single).map(String::as_str)
    }

    /// The settings directly under `section`, by their key.
    pub fn inside(&self, section: &str) -> impl Iterator<Item = (&str, &SettingInfo)> {
        self.order.iter().filter_map(move |path| {
            let key = path.strip_prefix(section)?.strip_prefix('.').filter(|key| !key.contains('.'))?;
            Some((key, &self.known[path]))
        })
    }

    /// What must be given under a section, or the section itself where it is a choice.
    pub fn required(&self, section: &str) -> impl Iterator<Item = &str> {
        let required = move |(path, known): (&'_ String, &SettingInfo)| {
            let inside = path.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            // What is in a choice counts once the choice is made.
            inside && known.required && !self.has_choice_above(path)
        };
        self.known.iter().filter(move |(path, known)| required((path, known))).map(|(path, _)| path.as_str())
    }

    fn has_choice_above(&self, path: &str) -> bool {
        let above = path.match_indices('.').map(|(end, _)| &path[..end]);
        above.into_iter().any(|way| self.get(way).is_some_and(|known| known.kind == Kind::Group))
    }

    /// A line on the setting at `path` for the help of a diagnostic.
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
            // What is in a table that may be absent is needed only where it is not.
            let absent = schema["type"].as_array().is_some_and(|types| types.iter().any(|one| one == "null"));
            let listed = |key: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == key));
            let needed = |key: &str| !absent && listed(key);
            for (key, property) in properties {
                let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                self.visit(property, inner, default.and_then(|default| default.get(key)), "", needed(key));
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
        self.known.insert(path, known);
    }
}

/// The names to choose from, once or, in a list, several times.
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
            // A choice that may be absent is a choice in a choice.
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
