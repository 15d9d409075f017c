//! Helpers for text.

use serde_json::{Value, json};

/// Removes terminal colors.
pub fn without_colors(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, rest)| rest);
    }
    plain + rest
}

/// Splits a text as Jupyter stores it: a list of lines with their ends.
pub fn lines(text: &str) -> Value {
    json!(text.split_inclusive('\n').collect::<Vec<_>>())
}

pub fn tail(text: &str, most: usize) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(most)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_removed_and_text_stays() {
        assert_eq!(without_colors("\u{1b}[31merror\u{1b}[0m: a [b]"), "error: a [b]");
        assert_eq!(without_colors("cut \u{1b}[3"), "cut ");
        assert_eq!(tail("a\nb\nc\n", 2), "b\nc");
        assert_eq!(lines("a\nb"), json!(["a\n", "b"]));
    }
}
