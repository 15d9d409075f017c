//! The settings of a proof as a tree.

use serde_json::{Map, Value as Json};

use crate::{digest::Value, sweep::AxisValue};

/// What stands before the digest of a file in the place of its path.
const FILE: &str = "blake3:";

/// The digits of the digest of a file, if a value names one.
#[must_use]
pub fn file_digest(value: &Json) -> Option<&str> {
    let digits = value.as_str()?.strip_prefix(FILE)?;
    let small = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (digits.len() == 64 && digits.bytes().all(small)).then_some(digits)
}

/// Puts a value into a tree of tables and lists; a number in the path is a place in a list, of which there are fewer than `most`.
pub fn put(tree: &mut Json, path: &str, value: Json, most: usize) {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let slot = match step.parse::<usize>() {
        Ok(place) => {
            if !tree.is_array() {
                *tree = Json::Array(Vec::new());
            }
            let Some(items) = tree.as_array_mut() else { return };
            // The paths are sorted as texts, so that place 10 comes before place 2.
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

/// A setting as a proof has it.
#[must_use]
pub fn json(value: AxisValue) -> Json {
    match value {
        AxisValue::Int(value) => value.into(),
        AxisValue::Float(value) => value.into(),
        AxisValue::String(value) => value.into(),
    }
}

/// A setting of a proof as an identity has it.
#[must_use]
pub fn setting(value: &Json) -> Option<Value<'_>> {
    match value {
        Json::Number(number) => number.as_u64().map(Value::Int).or_else(|| Some(Value::Float(number.as_f64()?))),
        Json::String(text) => Some(Value::String(text.into())),
        _ => None,
    }
}
