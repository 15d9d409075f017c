//! The text of a proof has one valid form: the one that restudy writes, except for white space between tokens.

use thiserror::Error;

use crate::digest::grammar::seen;

/// Why a text is not the proof of a run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// The text is something else.
    #[error("{0}")]
    Other(String),
    /// The proof has another version.
    #[error("it is a proof of version {found}; this program checks version {checked}")]
    Version {
        /// The version of the file.
        found: u64,
        /// The version that is checked.
        checked: u32,
    },
    /// The proof is invalid: the differences in its text, and in its content as far as that can be parsed.
    #[error("{}", .0.join("; "))]
    Invalid(Vec<String>),
}

/// Returns the first difference between a JSON text and `own`, ignoring white space between tokens.
#[must_use]
pub fn difference(text: &str, own: &str) -> Option<String> {
    let (mut place, mut inside, mut escaped) = (0_usize, false, false);
    // The start of the current token in both texts.
    let (mut start, mut own_start) = (0, 0);
    for (at, byte) in text.bytes().enumerate() {
        if !inside && byte.is_ascii_whitespace() {
            continue;
        }
        let sign = |byte: &u8| b"\",:[]{}".contains(byte);
        if !inside && (sign(&byte) || sign(&own.as_bytes()[place.saturating_sub(1)])) {
            (start, own_start) = (at, place);
        }
        if own.as_bytes().get(place) != Some(&byte) {
            let line = text[..start].matches('\n').count() + 1;
            let column = text[..start].chars().rev().take_while(|c| *c != '\n').count() + 1;
            let (found, wanted) = (brief(token(&text[start..])), brief(token(&own[own_start..])));
            return Some(format!("text: line {line}, column {column} has {found}, expected {wanted}"));
        }
        inside = if inside { byte != b'"' || escaped } else { byte == b'"' };
        escaped = inside && byte == b'\\' && !escaped;
        place += 1;
    }
    None
}

/// The token at the beginning of a JSON text.
fn token(text: &str) -> &str {
    let ends = |c: char| c.is_ascii_whitespace() || ",:[]{}".contains(c);
    let mut escaped = true;
    let end = match text.strip_prefix('"') {
        // The opening quotation mark counts as escaped.
        Some(_) => text.find(|c| {
            let end = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            end
        }),
        None => text.find(ends).map(|end| end.saturating_sub(1)),
    };
    end.and_then(|end| text.get(..=end)).unwrap_or(text)
}

/// Quotes a text for a message, with control characters escaped and a limited length.
#[must_use]
pub fn brief(text: &str) -> String {
    const MOST: usize = 60;
    let cut: String = text.chars().take(MOST).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("`{}{more}`", seen(&cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_its_position_and_tokens() {
        let own = r#"{"a":1.5,"b":["x\"y",2]}"#;
        assert_eq!(difference(own, own), None);
        assert_eq!(difference(" {\n\t\"a\" : 1.5 ,\r\n\"b\":[ \"x\\\"y\", 2 ] }\n", own), None);
        for (text, says) in [
            ("{\"a\":1.50,\"b\":[\"x\\\"y\",2]}", "line 1, column 6 has `1.50`, expected `1.5`"),
            ("{\"a\":1.5,\"b\":[\"x\\u0022y\",2]}", "column 15 has `\"x\\u0022y\"`, expected `\"x\\\"y\"`"),
            ("{\n  \"b\":[\"x\\\"y\",2],\"a\":1.5}", "line 2, column 3 has `\"b\"`, expected `\"a\"`"),
            ("{\"a\":1.5,\"b\":[\"x\\\"y\",2.0]}", "has `2.0`, expected `2`"),
            ("{\"a\":1.5,\"b\":[\"x\\\"y\",+2]}", "has `+2`, expected `2`"),
            ("{\"a\":1.5,\"b\":[\"x\\\"y\",2,3]}", "has `,`, expected `]`"),
        ] {
            let found = difference(text, own).unwrap_or_default();
            assert!(found.contains(says), "{found}");
        }
    }

    #[test]
    fn numbers_have_the_form_of_the_contract() {
        // Published proofs have these forms: another form would make them invalid.
        for (number, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (2.0, "2.0"),
            (0.1, "0.1"),
            (0.00001, "0.00001"),
            (0.000001, "1e-6"),
            (1.5e-7, "1.5e-7"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.25e22, "1.25e+22"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
        ] {
            assert_eq!(serde_json::to_string(&number).unwrap(), text);
        }
    }
}
