//! JSON without duplicate keys.
//!
//! The grammar of JSON allows duplicate keys in an object, and readers differ in the value they take. One reader could
//! digest the first value while another prints the second. So everything that is read from a results folder or a proof
//! is refused if any object has a duplicate key, at any depth and under unknown keys too.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned, MapAccess, SeqAccess, Visitor},
};

/// Parses `T` from JSON in which no object has a duplicate key.
///
/// # Errors
/// The text is no JSON, has a duplicate key, or does not describe `T`: the reason, with line and column.
pub fn from_slice<T: DeserializeOwned>(text: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice::<Unique>(text)?;
    serde_json::from_slice(text)
}

/// Accepts any value without duplicate keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

/// Copied only if it has escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for Unique {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        // Mostly the keys are sorted, and comparing neighbors suffices.
        let (mut keys, mut sorted): (Vec<Cow<'de, str>>, _) = (Vec::new(), true);
        while let Some((Key(key), Self)) = map.next_entry()? {
            sorted &= keys.last().is_none_or(|last| *last < key);
            keys.push(key);
        }
        if !sorted {
            keys.sort_unstable();
            if let Some(pair) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(de::Error::custom(format_args!("an object has the key {:?} twice", pair[0])));
            }
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn read(text: &str) -> Result<Value, String> {
        from_slice(text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn duplicate_keys_are_refused_at_any_depth() {
        for text in [
            r#"{"a": 1, "a": 1}"#,
            r#"{"a": 1, "b": 2, "a": 3}"#,
            r#"{"b": {"x": [0, {"a": 1, "c": 2, "a": 1}]}}"#,
            r#"[[{"a": {}, "a": []}]]"#,
            // One key spelled in two ways.
            r#"{"a": 1, "\u0061": 2}"#,
            r#"{"": 1, "": 2}"#,
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains("twice at line 1 column"), "{text}: {error}");
            assert!(serde_json::from_str::<Value>(text).is_ok(), "serde_json alone accepts it");
        }
        let error = read("{\n  \"b\": 1,\n  \"b\\n\": 1,\n  \"b\\n\": 2\n}").unwrap_err();
        assert_eq!(error, "an object has the key \"b\\n\" twice at line 5 column 1");
    }

    #[test]
    fn other_texts_are_read_as_serde_json_reads_them() {
        for text in [
            "null",
            "true",
            "-1",
            "18446744073709551615",
            "1e300",
            "-0.0",
            "\"\\ud83c\\udf19\"",
            "[]",
            "{}",
            r#"{"b": 1, "a": {"b": [{"a": 1}, {"a": 1}]}, "A": null, "ä": ""}"#,
        ] {
            assert_eq!(read(text), Ok(serde_json::from_str(text).unwrap()), "{text}");
        }
        for text in ["", "{", "[1,]", "{\"a\" 1}", "nan", "{} {}", "1e999"] {
            let error = serde_json::from_str::<Value>(text).unwrap_err();
            let own = from_slice::<Value>(text.as_bytes()).unwrap_err();
            assert_eq!((own.to_string(), own.is_eof()), (error.to_string(), error.is_eof()), "{text}");
        }
    }
}
