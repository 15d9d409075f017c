//! The text of a proof, which has one form: that in which restudy writes it, but for blanks and ends of lines between its parts.

use thiserror::Error;

use crate::digest::grammar::seen;

/// Why a text is not the proof of a run.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// It is something else.
    #[error("{0}")]
    Other(String),
    /// It is a proof of another version.
    #[error("it is a proof of version {found}; this restudy checks version {checked}")]
    Version {
        /// The version of the file.
        found: u64,
        /// The version that is checked.
        checked: u32,
    },
    /// It is meant as a proof, and is none that restudy writes: in its text, and in what it says, as far as that can be read.
    #[error("{}", .0.join("; "))]
    Spoilt(Vec<String>),
}

/// Where a JSON text is not `own` with blanks and ends of lines in between.
#[must_use]
pub fn difference(text: &str, own: &str) -> Option<String> {
    let (mut place, mut inside, mut escaped) = (0_usize, false, false);
    // Where the number, text or sign began that is being compared.
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
            return Some(format!("text: line {line}, column {column} has {found} where restudy writes {wanted}"));
        }
        inside = if inside { byte != b'"' || escaped } else { byte == b'"' };
        escaped = inside && byte == b'\\' && !escaped;
        place += 1;
    }
    None
}

/// The text, number or sign at the beginning of a JSON text.
fn token(text: &str) -> &str {
    let ends = |c: char| c.is_ascii_whitespace() || ",:[]{}".contains(c);
    let mut escaped = true;
    let end = match text.strip_prefix('"') {
        // The quotation mark that begins it counts as escaped.
        Some(_) => text.find(|c| {
            let end = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            end
        }),
        None => text.find(ends).map(|end| end.saturating_sub(1)),
    };
    end.and_then(|end| text.get(..=end)).unwrap_or(text)
}

/// A text for a message: what is not seen in it written out, and not all of it where it is long.
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
    fn a_difference_is_placed_and_quoted() {
        let own = r#"{"a":1.5,"b":["x\"y",2]}"#;
        assert_eq!(difference(own, own), None);
        assert_eq!(difference(" {\n\t\"a\" : 1.5 ,\r\n\"b\":[ \"x\\\"y\", 2 ] }\n", own), None);
        for (text, says) in [
            ("{\"a\":1.50,\"b\":[\"x\\\"y\",2]}", "line 1, column 6 has `1.50` where restudy writes `1.5`"),
            ("{\"a\":1.5,\"b\":[\"x\\u0022y\",2]}", "column 15 has `\"x\\u0022y\"` where restudy writes `\"x\\\"y\"`"),
            ("{\n  \"b\":[\"x\\\"y\",2],\"a\":1.5}", "line 2, column 3 has `\"b\"` where restudy writes `\"a\"`"),
            ("{\"a\":1.5,\"b\":[\"x\\\"y\",2.0]}", "has `2.0` where restudy writes `2`"),
            ("{\"a\":1.5,\"b\":[\"x\\\"y\",+2]}", "has `+2` where restudy writes `2`"),
            ("{\"a\":1.5,\"b\":[\"x\\\"y\",2,3]}", "has `,` where restudy writes `]`"),
        ] {
            let found = difference(text, own).unwrap_or_default();
            assert!(found.contains(says), "{found}");
        }
    }

    #[test]
    fn numbers_have_the_form_that_the_contract_writes() {
        // As they stand in proofs that have been handed in: another form of them would make these unreadable.
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
