//! Reads measurements from the lines that a program prints: JSON objects, with `NaN` and `Infinity` as many languages
//! write them.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value as Json;

use super::Notices;
use crate::{
    engine_run::{End, Log, Logged},
    measure::Measurement,
    spec::{Measured, key},
};

/// Reads the lines of one run.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    /// The names in the engine, by the keys of the specification.
    names: &'a BTreeMap<String, String>,
    measurements: &'a [Measurement],
    notices: Notices,
}

/// Stands before a number that JSON does not have; no text of a program can contain it unescaped.
const SIGN: char = '\u{1}';

impl<'a> Reader<'a> {
    pub fn new(measured: &'a Measured) -> Self {
        Self { names: &measured.names, measurements: &measured.measurements, notices: Notices::default() }
    }

    /// Reads a line; lines without measurements are the program's log.
    pub fn line(&mut self, line: &[u8], log: &mut Log<'_>) -> Logged {
        let Some(object) = object(line) else { return Ok(()) };
        let (mut values, mut step, mut epoch) = (Vec::new(), None, None);
        let mut found = Vec::new();
        flatten("", &object, &mut found);
        for (name, value) in found {
            let key = key(&name);
            match (self.names.get(&key), key.as_str(), number(value)) {
                (Some(own), _, Some(number)) => values.push((own.as_str(), number)),
                // An absent value.
                (Some(_), _, None) if value.is_null() => {}
                (Some(_), _, None) => self.notices.no_number(&name),
                (None, "step", Some(number)) => step = Some(number),
                (None, "step", None) if !value.is_null() => self.notices.no_number(&name),
                (None, "epoch", Some(number)) => epoch = Some(number),
                (None, ..) => self.notices.undeclared(&name),
            }
        }
        if values.is_empty() {
            return Ok(());
        }
        let step = match step.or(epoch) {
            None => log.last_step().map_or(1, |last| last.saturating_add(1)),
            Some(step) => {
                whole(step).ok_or_else(|| End::Failed(format!("step {step} is not a whole number from 0")))?
            }
        };
        let wrong = match log.last_step() {
            Some(last) if step == last => format!("step {step} was printed twice"),
            Some(last) if step < last => format!("step {step} came after step {last}"),
            _ => match values.iter().find_map(|(name, value)| self.out_of_range(name, *value)) {
                Some(range) => format!("{range} at step {step}"),
                None => return log.measure(step, values),
            },
        };
        Err(End::Failed(wrong))
    }

    /// Says that a finite value is outside the declared range of its measurement.
    fn out_of_range(&self, name: &str, value: f64) -> Option<String> {
        let plain = name.strip_prefix("train.").or_else(|| name.strip_prefix("validation.")).unwrap_or(name);
        let measurement = self.measurements.iter().find(|own| own.name == plain)?;
        let [least, most] = measurement.range.ends();
        let is_out = value.is_finite() && !(least..=most).contains(&value);
        is_out.then(|| match most.is_finite() {
            true => format!("{name} was not from {least} to {most}"),
            false => format!("{name} was below {least}"),
        })
    }

    pub fn notices(self) -> Notices {
        self.notices
    }
}

/// The JSON object of a line; `None` if it is not one.
fn object(line: &[u8]) -> Option<Json> {
    let line = line.trim_ascii();
    if !(line.starts_with(b"{") && line.ends_with(b"}")) {
        return None;
    }
    let text = String::from_utf8_lossy(line);
    serde_json::from_str(&text).ok().or_else(|| serde_json::from_str(&with_every_number(&text)?).ok())
}

/// Replaces numbers that JSON does not have by texts with a sign; `None` if the line has the sign itself.
fn with_every_number(text: &str) -> Option<Cow<'_, str>> {
    if text.contains(SIGN) {
        return None;
    }
    let (mut out, mut rest, mut inside) = (String::with_capacity(text.len() + 16), text, false);
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        if inside && first == '\\' {
            let escaped = after.chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[..1 + escaped]);
            rest = &after[escaped..];
            continue;
        }
        inside ^= first == '"';
        let word = rest.find(|c: char| !c.is_ascii_alphabetic() && c != '-').map_or(rest, |end| &rest[..end]);
        let number = match word.to_ascii_lowercase().as_str() {
            _ if inside => None,
            "nan" | "-nan" => Some("nan"),
            "inf" | "infinity" => Some("inf"),
            "-inf" | "-infinity" => Some("-inf"),
            _ => None,
        };
        match number {
            Some(number) => {
                out.push_str(&format!("\"\\u0001{number}\""));
                rest = &rest[word.len()..];
            }
            None => {
                out.push(first);
                rest = after;
            }
        }
    }
    Some(out.into())
}

/// The number of a value; `None` for other values.
fn number(value: &Json) -> Option<f64> {
    match value {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => text.strip_prefix(SIGN)?.parse().ok(),
        _ => None,
    }
}

fn whole(number: f64) -> Option<u64> {
    const MOST: f64 = (1_u64 << 53) as f64;
    ((0.0..=MOST).contains(&number) && number.fract() == 0.0).then_some(number as u64)
}

/// Adds the single values of nested objects, with their names: `validation.loss`.
fn flatten<'a>(path: &str, value: &'a Json, found: &mut Vec<(String, &'a Json)>) {
    match value {
        Json::Object(entries) => {
            for (key, value) in entries {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, found);
            }
        }
        single => found.push((path.to_owned(), single)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(line: &str) -> Vec<(String, Option<f64>)> {
        let object = object(line.as_bytes()).unwrap_or_default();
        let mut found = Vec::new();
        flatten("", &object, &mut found);
        found.into_iter().map(|(name, value)| (name, number(value))).collect()
    }

    #[test]
    fn lines_of_real_programs() {
        assert_eq!(
            values(r#"{"step": 1, "validation": {"loss": 0.5}}"#),
            [("step".into(), Some(1.0)), ("validation.loss".into(), Some(0.5))]
        );
        let all = values(r#" {"a": NaN, "b": -Infinity, "c": inf, "d": "NaN", "e \" NaN": -nan, "f": null} "#);
        let texts: Vec<_> = all.iter().map(|(_, value)| format!("{value:?}")).collect();
        assert_eq!(texts, ["Some(NaN)", "Some(-inf)", "Some(inf)", "None", "Some(NaN)", "None"]);
        assert_eq!(all[4].0, "e \" NaN");
        for log in ["epoch 3", "[1, 2]", "{", "{loss: 3}", "{}x", "\u{1}", "{\"a\": \"\u{1}nan\"}"] {
            assert!(
                object(log.as_bytes()).is_none_or(|found| found.as_object().is_none_or(serde_json::Map::is_empty)),
                "{log}"
            );
        }
        assert!(object(b"{\"a\xff\": 1}").is_some());
        assert_eq!(
            [0.0, 3.0, 2.5, -1.0, f64::NAN, f64::INFINITY].map(whole),
            [Some(0), Some(3), None, None, None, None]
        );
    }

    proptest! {
        #[test]
        fn no_line_is_a_panic(line in ".{0,80}") {
            let _ = values(&line);
            let _ = values(&format!("{{{line}}}"));
        }

        #[test]
        fn valid_objects_read_as_json_does(key in "[a-z\\\\\"]{1,8}", value in any::<f64>()) {
            let finite = serde_json::json!({ key.clone(): value }).to_string();
            let written = with_every_number(&finite).unwrap().into_owned();
            prop_assert_eq!(written, finite);
        }
    }
}
