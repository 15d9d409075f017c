//! Later settings: those that were added to an experiment after its first results. With their defaults they are not
//! hashed.
//!
//! The declaration lists their paths, and the schema of the settings has their defaults. Axes, tables and `--trial`
//! show every setting. Identities, the canonical text and `study.toml` include a later setting only if it differs from
//! its default, so that results made before the setting existed keep their identities.

use serde_json::{Map, Value as Json};

use super::Kind;

/// Removes every later setting with its default from the `sections` of a specification.
pub fn without_later_defaults(kind: &dyn Kind, sections: &mut Json) {
    for path in &kind.declaration().later {
        let Some(default) = kind.catalog().get(path).and_then(|setting| setting.default.as_ref()) else { continue };
        if let Json::Object(entries) = sections {
            take(entries, path, default);
        }
    }
}

/// Removes the setting at `path` from a table if it has this value, and its table if that becomes empty.
fn take(entries: &mut Map<String, Json>, path: &str, default: &Json) {
    match path.split_once('.') {
        None if entries.get(path) == Some(default) => _ = entries.shift_remove(path),
        None => {}
        Some((key, rest)) => {
            let Some(Json::Object(inside)) = entries.get_mut(key) else { return };
            let before = inside.len();
            take(inside, rest, default);
            if inside.is_empty() && before > 0 {
                entries.shift_remove(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn defaults_and_emptied_tables_are_removed() {
        let of = |mut sections: Json, path: &str, default: Json| {
            take(sections.as_object_mut().unwrap(), path, &default);
            sections
        };
        assert_eq!(of(json!({ "a": { "b": 1, "c": 2 } }), "a.b", json!(1)), json!({ "a": { "c": 2 } }));
        assert_eq!(of(json!({ "a": { "b": 1, "c": 2 } }), "a.b", json!(3)), json!({ "a": { "b": 1, "c": 2 } }));
        assert_eq!(of(json!({ "a": { "b": [0.5] } }), "a.b", json!([0.5])), json!({}));
        assert_eq!(of(json!({ "a": {}, "b": 1 }), "a.b", json!(1)), json!({ "a": {}, "b": 1 }));
    }
}
