//! The section `[parameters]`: what the placeholders of a program stand for.

use serde_json::{Map, Value as Json, json};

use crate::engine_spec::{
    Code, Problem,
    problem::quoted,
    tree::{Node, Span, Value},
};

/// The parameters of a program with their defaults, which determine their types.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parameters(Map<String, Json>);

/// Whether a text can name a parameter: letters, digits, `-` and `_`, beginning with a letter.
pub(super) fn is_name(text: &str) -> bool {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic()) && text.bytes().all(safe)
}

impl Parameters {
    /// Reads the section, in which every parameter has its default. A swept parameter without a default has the type of
    /// its values, if `is_used` says that a placeholder stands for it: another one is a mistake, which the engine
    /// names.
    ///
    /// # Errors
    /// A name or a value that no parameter can have.
    pub fn read(root: &Node, is_used: &dyn Fn(&str) -> bool) -> Result<Self, Problem> {
        let mut parameters = root.get("parameters").map_or_else(|| Ok(Self::default()), Self::of_section)?;
        for (name, span, values) in swept(root, "parameters.") {
            if parameters.0.contains_key(name) || !is_used(name) {
                continue;
            }
            require_name(name, span)?;
            if let Some(default) = default_of(values) {
                parameters.0.insert(name.to_owned(), default);
            }
        }
        // Swept parameters without a default come last: the order must not depend on what is swept.
        parameters.0.sort_keys();
        Ok(parameters)
    }

    fn of_section(section: &Node) -> Result<Self, Problem> {
        let Some(table) = section.table() else {
            return Err(Problem::value(Code::WrongType, "parameters", section, "a table"));
        };
        let mut parameters = Map::new();
        for entry in &table.0 {
            let path = format!("parameters.{}", entry.key);
            require_name(&entry.key, entry.span)?;
            let value = single(&entry.node).ok_or_else(|| {
                let expected = "a number, a text, or true or false: the default, which determines the type";
                Problem::value(Code::WrongType, &path, &entry.node, expected)
            })?;
            parameters.insert(entry.key.clone(), value);
        }
        Ok(Self(parameters))
    }

    /// Reads the values of one trial; missing ones have their defaults.
    ///
    /// # Errors
    /// An unknown parameter, or a value of another type than its default.
    pub fn values(&self, section: Option<&Node>) -> Result<Json, Problem> {
        let mut values = self.0.clone();
        for entry in section.and_then(Node::table).map_or(&[][..], |table| &table.0) {
            let path = format!("parameters.{}", entry.key);
            let Some(default) = self.0.get(&entry.key) else {
                return Err(Problem::new(Code::UnknownKey, format!("there is no parameter `{}`", quoted(&entry.key)))
                    .at(entry.span, "not in [parameters]")
                    .suggest(&entry.key, self.names(), "parameters are"));
            };
            values[&entry.key] = of_type(default, &path, &entry.node)?;
        }
        Ok(values.into())
    }

    /// Returns the names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns the JSON Schema of the section, with or without defaults.
    #[must_use]
    pub fn schema(&self, with_defaults: bool) -> Json {
        let properties = self.0.iter().map(|(name, default)| {
            let (of, format) = match default {
                Json::Bool(_) => ("boolean", None),
                Json::String(_) => ("string", None),
                Json::Number(number) if number.is_f64() => ("number", Some("double")),
                _ => ("integer", Some("int64")),
            };
            let mut schema = json!({ "type": of });
            if with_defaults {
                schema["default"] = default.clone();
            }
            format.into_iter().for_each(|format| schema["format"] = format.into());
            (name.clone(), schema)
        });
        json!({
            "description": "The parameters of the program.", "type": "object",
            "additionalProperties": false, "properties": properties.collect::<Map<_, _>>(),
        })
    }
}

/// Returns the axes below `above`: the rest of the path, its place, and the values.
pub(super) fn swept<'a>(root: &'a Node, above: &str) -> Vec<(&'a str, Span, &'a Node)> {
    let entries = root.get("sweep").and_then(Node::table).map_or(&[][..], |table| &table.0);
    entries.iter().filter_map(|entry| Some((entry.key.strip_prefix(above)?, entry.span, &entry.node))).collect()
}

/// The default that stands for the type of the values of an axis: the first one, as a number with a point if one of
/// them is such a number.
fn default_of(values: &Node) -> Option<Json> {
    let all: Vec<&Node> = match &values.value {
        Value::List(items) => items.iter().collect(),
        Value::Table(table) => table
            .0
            .iter()
            .flat_map(|entry| match &entry.node.value {
                Value::List(items) => items.iter().collect(),
                _ if ["from", "to"].contains(&entry.key.as_str()) => vec![&entry.node],
                _ => Vec::new(),
            })
            .collect(),
        _ => Vec::new(),
    };
    let first = single(all.first()?)?;
    let has_point = all.iter().any(|node| matches!(node.value, Value::Float(_)));
    Some(if has_point { first.as_f64().map_or(first, Json::from) } else { first })
}

fn require_name(name: &str, span: Span) -> Result<(), Problem> {
    let wrong = |label: String| {
        Err(Problem::new(Code::InvalidValue, format!("a parameter cannot be named {}", quoted(name))).at(span, label))
    };
    if !is_name(name) {
        return wrong("expected letters, digits, `-` and `_`, beginning with a letter".into());
    }
    if super::placeholders::OWN.contains(&name) {
        return wrong(format!("the placeholder {{{name}}} has a meaning of its own"));
    }
    Ok(())
}

/// A single value; `None` for lists and tables, and for whole numbers that 64 bits do not hold.
fn single(node: &Node) -> Option<Json> {
    match &node.value {
        Value::Int(whole) => i64::try_from(*whole).ok().map(Json::from),
        Value::Float(float) => Some((*float).into()),
        Value::String(text) => Some(text.as_str().into()),
        Value::Bool(flag) => Some((*flag).into()),
        Value::List(_) | Value::Table(_) => None,
    }
}

/// The value of a parameter with this default.
fn of_type(default: &Json, path: &str, node: &Node) -> Result<Json, Problem> {
    match (default, &node.value) {
        (Json::Number(number), Value::Int(whole)) if number.is_f64() => Ok((*whole as f64).into()),
        (Json::Number(number), Value::Float(_)) if number.is_f64() => Ok(single(node).unwrap_or_default()),
        (Json::Number(number), Value::Int(_)) if !number.is_f64() => {
            single(node).ok_or_else(|| Problem::value(Code::InvalidValue, path, node, "a whole number of 64 bits"))
        }
        (Json::Number(number), Value::Float(_)) => {
            let name = path.strip_prefix("parameters.").unwrap_or(path);
            Err(Problem::value(Code::WrongType, path, node, "a whole number, as its default")
                .help(format!("for numbers with a point, write the default as `{name} = {number}.0`")))
        }
        (Json::Number(_), _) => Err(Problem::value(Code::WrongType, path, node, "a number, as its default")),
        (Json::Bool(_), Value::Bool(_)) | (Json::String(_), Value::String(_)) => Ok(single(node).unwrap_or_default()),
        (Json::Bool(_), _) => Err(Problem::value(Code::WrongType, path, node, "true or false, as its default")),
        _ => Err(Problem::value(Code::WrongType, path, node, "a text, as its default")),
    }
}

/// Returns the text of a value in an argument: of numbers, the shortest decimals that read back the same.
#[must_use]
pub fn argument(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => format!("{float:?}"),
            None => number.to_string(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn arguments_are_the_shortest_decimals() {
        let texts = [0.1, 1.0, 1e-7, 1e21, 0.30000000000000004, -0.0].map(|number: f64| argument(&number.into()));
        assert_eq!(texts, ["0.1", "1.0", "1e-7", "1e21", "0.30000000000000004", "-0.0"]);
        assert_eq!(
            [json!(7), json!(-3), json!(true), json!("a b")].map(|value| argument(&value)),
            ["7", "-3", "true", "a b"]
        );
    }

    proptest! {
        #[test]
        fn numbers_in_arguments_read_back_the_same(number in any::<f64>().prop_filter("finite", |x| x.is_finite())) {
            let text = argument(&number.into());
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits());
        }
    }
}
