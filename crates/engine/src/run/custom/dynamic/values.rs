//! The settings of a trial as JSON that a schema describes, without a Rust type.

use serde_json::{Map, Value as Json};

use crate::{
    experiment::{self, Sections},
    spec::{
        Problem,
        problem::{Code, listed, nearest, quoted},
        tree::{Node, Value},
    },
};

/// The settings of a trial, by their paths.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingValues(Json);

/// The error of a setting that does not exist, or has another type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReadSettingError(String);

impl SettingValues {
    /// Reads settings from the sections of a specification; missing ones have their defaults.
    pub(super) fn read(schema: &Json, tree: &Node, sections: &Sections) -> Result<Self, Problem> {
        read(schema, Some(&sections.gathered(tree)), "", sections).map(Self)
    }

    /// Reads settings from JSON; `None` if it does not fit the schema.
    pub(super) fn of_json(schema: &Json, json: &Json) -> Option<Self> {
        of_json(schema, Some(json)).map(Self)
    }

    pub(super) fn json(&self) -> &Json {
        &self.0
    }

    /// Returns a whole number.
    ///
    /// # Errors
    /// The setting does not exist, or is not a whole number.
    pub fn whole(&self, path: &str) -> Result<u64, ReadSettingError> {
        self.get(path, "whole number", Json::as_u64)
    }

    /// Returns a number, which may be a whole number.
    ///
    /// # Errors
    /// The setting does not exist, or is not a number.
    pub fn number(&self, path: &str) -> Result<f64, ReadSettingError> {
        self.get(path, "number", Json::as_f64)
    }

    /// Returns whether a setting is true.
    ///
    /// # Errors
    /// The setting does not exist, or is neither true nor false.
    pub fn flag(&self, path: &str) -> Result<bool, ReadSettingError> {
        self.get(path, "true or false", Json::as_bool)
    }

    /// Returns a text.
    ///
    /// # Errors
    /// The setting does not exist, or is not a text.
    pub fn text(&self, path: &str) -> Result<&str, ReadSettingError> {
        self.get(path, "text", Json::as_str)
    }

    fn get<'a, T>(
        &'a self,
        path: &str,
        expected: &str,
        read: impl Fn(&'a Json) -> Option<T>,
    ) -> Result<T, ReadSettingError> {
        let Some(value) = experiment::at(&self.0, path).filter(|value| !value.is_object()) else {
            let mut all = Vec::new();
            paths(&self.0, "", &mut all);
            let all: Vec<_> = all.iter().map(String::as_str).collect();
            let help = match nearest(path, &all) {
                Some(near) => format!("did you mean `{near}`?"),
                None if all.is_empty() => "it has none".into(),
                None => format!("settings are {}", listed(&all)),
            };
            return Err(ReadSettingError(format!("the experiment has no setting `{path}`; {help}")));
        };
        read(value).ok_or_else(|| {
            ReadSettingError(format!("the setting `{path}` is {value}, not a {expected}").replace("a true", "true"))
        })
    }
}

fn paths(value: &Json, above: &str, all: &mut Vec<String>) {
    match value {
        Json::Object(fields) => fields.iter().for_each(|(key, value)| {
            paths(value, &if above.is_empty() { key.clone() } else { format!("{above}.{key}") }, all);
        }),
        _ => all.push(above.into()),
    }
}

/// Reads a node by its schema; missing settings have their defaults.
fn read(schema: &Json, node: Option<&Node>, path: &str, sections: &Sections) -> Result<Json, Problem> {
    let Some(node) = node else { return Ok(of_json(schema, None).unwrap_or_default()) };
    let shown = if path.is_empty() { "settings".into() } else { sections.path(path) };
    let Some(fields) = schema["properties"].as_object() else {
        return value(schema, &experiment::json_of(node)).ok_or_else(|| wrong_value(schema, node, &shown));
    };
    let entries = &node.table().ok_or_else(|| Problem::value(Code::WrongType, &shown, node, "a table"))?.0;
    if let Some(entry) = entries.iter().find(|entry| !fields.contains_key(&entry.key)) {
        return Err(Problem::new(Code::UnknownKey, format!("`{shown}` has no setting `{}`", quoted(&entry.key)))
            .at(entry.span, "unknown key")
            .about(&shown)
            .unknown_key()
            .suggest(&entry.key, fields.keys().map(String::as_str), &format!("settings of `{shown}` are")));
    }
    let field = |(key, inner): (&String, &Json)| {
        let found = entries.iter().find(|entry| entry.key == *key).map(|entry| &entry.node);
        let inside = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        Ok((key.clone(), read(inner, found, &inside, sections)?))
    };
    fields.iter().map(field).collect::<Result<Map<_, _>, _>>().map(Json::Object)
}

fn wrong_value(schema: &Json, node: &Node, path: &str) -> Problem {
    let choices: Vec<&str> = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    if let (Some(text), false) = (node.text(), choices.is_empty()) {
        return Problem::new(Code::UnknownName, format!("`{path}` cannot be `{text}`"))
            .at(node.span, "unknown name")
            .about(path)
            .suggest(text, choices, "choose from");
    }
    let is_whole = matches!(node.value, Value::Int(_));
    match schema["type"].as_str() {
        Some("integer") => Problem {
            ends: Some(Box::new([0, u64::MAX.into()])),
            ..Problem::value(
                if is_whole { Code::InvalidValue } else { Code::WrongType },
                path,
                node,
                "a whole number from 0",
            )
        },
        Some("number") => Problem::value(Code::WrongType, path, node, "a number"),
        Some("boolean") => Problem::value(Code::WrongType, path, node, "true or false"),
        _ => Problem::value(Code::WrongType, path, node, "a text in quotes"),
    }
}

/// Reads JSON by its schema; `None` if it does not fit.
fn of_json(schema: &Json, json: Option<&Json>) -> Option<Json> {
    let Some(fields) = schema["properties"].as_object() else {
        return value(schema, json.unwrap_or(&schema["default"]));
    };
    if let Some(json) = json
        && json.as_object()?.keys().any(|key| !fields.contains_key(key))
    {
        return None;
    }
    let field =
        |(key, inner): (&String, &Json)| Some((key.clone(), of_json(inner, json.and_then(|json| json.get(key)))?));
    fields.iter().map(field).collect::<Option<Map<_, _>>>().map(Json::Object)
}

/// Converts a value to the type of a schema; `None` if it has another type.
fn value(schema: &Json, found: &Json) -> Option<Json> {
    match schema["type"].as_str()? {
        "integer" => found.as_u64().map(Json::from),
        "number" => found.as_f64().map(Json::from),
        "boolean" => found.as_bool().map(Json::from),
        _ => {
            let is_choice = schema["enum"].as_array().is_none_or(|all| all.contains(found));
            found.as_str().filter(|_| is_choice).map(Json::from)
        }
    }
}
