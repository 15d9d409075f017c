//! Writes settings as TOML, in a stable order and spelling.

use serde_json::{Map, Value as Json};

use super::problem::quoted;

/// Writes a header and its settings, one per line; null values are omitted.
pub fn section(header: &str, settings: &Map<String, Json>) -> String {
    let mut text = format!("[{header}]\n");
    for (key, value) in settings.iter().filter(|(_, value)| !value.is_null()) {
        text.push_str(&format!("{} = {}\n", quoted(key), literal(value)));
    }
    text
}

/// Writes a value on one line, except for texts of several lines.
pub fn literal(value: &Json) -> String {
    match value {
        Json::String(text) => string(text),
        Json::Number(number) => match (number.as_f64(), number.is_f64()) {
            (Some(value), true) => format!("{value:?}"),
            _ => number.to_string(),
        },
        Json::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Json::Object(entries) if entries.is_empty() => "{}".into(),
        Json::Object(entries) => {
            let entries = entries.iter().filter(|(_, value)| !value.is_null());
            let entries = entries.map(|(key, value)| format!("{} = {}", quoted(key), literal(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Writes a text in quotes; in triple quotes if it has several lines.
pub fn string(text: &str) -> String {
    let lines = text.contains('\n');
    let mut out = String::from(if lines { "\"\"\"\n" } else { "\"" });
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' if lines => out.push('\n'),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push_str(if lines { "\"\"\"" } else { "\"" });
    out
}
