//! The settings of a trial by path: as they identify a run, and as they are stored.

use serde_json::Value as Json;

use super::AxisValue;
use crate::experiment::{self, Kind, Settings};

/// Returns the settings of an experiment in the form of [`Study::settings`](super::Study::settings).
#[must_use]
pub fn hashed(kind: &dyn Kind, settings: &dyn Settings) -> Vec<(String, AxisValue)> {
    flat(&hashed_sections(kind, settings), false)
}

/// The sections of settings as they are hashed.
pub(super) fn hashed_sections(kind: &dyn Kind, settings: &dyn Settings) -> Json {
    let mut json = sections(kind, settings);
    for path in &kind.declaration().aside {
        let (above, key) = path.rsplit_once('.').unwrap_or(("", path));
        let above = if above.is_empty() { String::new() } else { format!("/{}", above.replace('.', "/")) };
        if let Some(Json::Object(entries)) = json.pointer_mut(&above) {
            entries.shift_remove(key);
        }
    }
    json
}

/// The sections of settings as they are stored.
pub(super) fn sections(kind: &dyn Kind, settings: &dyn Settings) -> Json {
    let mut json = settings.json();
    experiment::without_later_defaults(kind, &mut json);
    json
}

pub(super) fn flat(json: &Json, with_empty: bool) -> Vec<(String, AxisValue)> {
    let mut settings = Vec::new();
    flatten(json, String::new(), with_empty, &mut settings);
    settings.sort_by(|(one, _), (other, _)| one.as_bytes().cmp(other.as_bytes()));
    settings
}

fn flatten(value: &Json, path: String, with_empty: bool, settings: &mut Vec<(String, AxisValue)>) {
    let inside = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    let before = settings.len();
    let empty = match value {
        Json::Object(entries) => {
            entries.iter().for_each(|(key, value)| flatten(value, inside(key), with_empty, settings));
            "{}"
        }
        Json::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, item)| flatten(item, inside(&index.to_string()), with_empty, settings));
            "[]"
        }
        Json::Null => return,
        single => return settings.push((path, AxisValue::of(single))),
    };
    if with_empty && settings.len() == before && !path.is_empty() {
        settings.push((path, AxisValue::String(empty.into())));
    }
}
