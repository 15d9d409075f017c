//! Converts the settings of a proof.

use serde_json::{Map, Value as Json};

use crate::{digest::Value, sweep::AxisValue};

/// The prefix of the digest of a file, which replaces its path.
const FILE: &str = "blake3:";

/// Returns the hexadecimal digest of a file, if a value has this form.
#[must_use]
pub fn file_digest(value: &Json) -> Option<&str> {
    let digits = value.as_str()?.strip_prefix(FILE)?;
    let small = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (digits.len() == 64 && digits.bytes().all(small)).then_some(digits)
}

/// Inserts a value into a tree of tables and lists; a number in the path is an index into a list, which must be less
/// than `most`.
pub fn put(tree: &mut Json, path: &str, value: Json, most: usize) {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let slot = match step.parse::<usize>() {
        Ok(place) => {
            if !tree.is_array() {
                *tree = Json::Array(Vec::new());
            }
            let Some(items) = tree.as_array_mut() else { return };
            // The paths are sorted as strings, so index 10 comes before index 2.
            if place >= most {
                return;
            }
            if place >= items.len() {
                items.resize(place + 1, Json::Null);
            }
            &mut items[place]
        }
        Err(_) => {
            if !tree.is_object() {
                *tree = Json::Object(Map::new());
            }
            let Some(entries) = tree.as_object_mut() else { return };
            entries.entry(step).or_insert(Json::Null)
        }
    };
    match rest {
        Some(rest) => put(slot, rest, value, most),
        None => *slot = value,
    }
}

/// Converts a setting to JSON.
#[must_use]
pub fn json(value: AxisValue) -> Json {
    match value {
        AxisValue::Int(value) => value.into(),
        AxisValue::Float(value) => value.into(),
        AxisValue::String(value) => value.into(),
    }
}

/// Converts a setting of a proof to the value that its identity covers.
#[must_use]
pub fn setting(value: &Json) -> Option<Value<'_>> {
    match value {
        Json::Number(number) => number.as_u64().map(Value::Int).or_else(|| Some(Value::Float(number.as_f64()?))),
        Json::String(text) => Some(Value::String(text.into())),
        _ => None,
    }
}
