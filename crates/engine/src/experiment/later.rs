//! Settings that an experiment got after its first results: with their default they leave no trace in what is hashed.
//!
//! The declaration lists their paths, the schema of the settings has their defaults. What is shown (axes, tables, `--trial`) has every setting; what
//! is hashed or kept (identities, the canonical text, `study.toml`) has one of these only where its value is not the default, so that results that
//! were made before the setting existed keep their names.

use serde_json::{Map, Value as Json};

use super::Kind;

/// Takes out of `sections`, which are those of a specification, every setting that came later and has its default.
pub fn without_later_defaults(kind: &dyn Kind, sections: &mut Json) {
    for path in &kind.declaration().later {
        let Some(default) = kind.catalogue().get(path).and_then(|known| known.default.as_ref()) else { continue };
        if let Json::Object(entries) = sections {
            take(entries, path, default);
        }
    }
}

/// Takes the setting at `path` out of a table if it has this value; a table that held nothing else goes with it.
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
    fn only_the_default_goes_and_the_table_that_held_nothing_else() {
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
