//! HTML, SVG and JSON.

use super::hidden::{Shown, is_hidden, shown};

/// Escapes text for HTML, in elements and in quoted attributes: it neither opens nor closes an element, and does not
/// change the writing direction.
#[must_use]
pub fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for piece in shown(text) {
        match piece {
            Shown::Plain('\'') => escaped.push_str("&#39;"),
            Shown::Plain(c) => push(&mut escaped, c),
            Shown::Blank('\n') => escaped.push('\n'),
            Shown::Blank(_) => escaped.push(' '),
            Shown::Hidden(_) => escaped.push('?'),
        }
    }
    escaped
}

/// Escapes text for SVG, in elements and in double-quoted attributes. Characters that XML 1.0 does not allow are
/// replaced.
#[must_use]
pub fn svg(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for piece in shown(text) {
        match piece {
            Shown::Plain(c) => push(&mut escaped, c),
            Shown::Blank(c @ ('\n' | '\t')) => escaped.push(c),
            Shown::Blank(_) => escaped.push(' '),
            Shown::Hidden(_) => escaped.push('?'),
        }
    }
    escaped
}

fn push(escaped: &mut String, c: char) {
    match c {
        '&' => escaped.push_str("&amp;"),
        '<' => escaped.push_str("&lt;"),
        '>' => escaped.push_str("&gt;"),
        '"' => escaped.push_str("&quot;"),
        c => escaped.push(c),
    }
}

/// Escapes the text of a JSON value for a terminal: the same value, in visible characters. Hidden characters occur only
/// in strings and keys, where they become escapes.
#[must_use]
pub fn json(text: &str) -> String {
    escaped(text, false)
}

/// Escapes the text of a JSON value for a `script` element, which it cannot end: like [`json`], with `<` escaped too.
#[must_use]
pub fn script(text: &str) -> String {
    escaped(text, true)
}

fn escaped(text: &str, inside_element: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if (inside_element && c == '<') || (is_hidden(c) && !matches!(c, '\n' | '\t' | '\r')) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text_in_a_page() {
        assert_eq!(
            html("<script>&\"'\u{1b}\u{202e}\n\t</script>"),
            "&lt;script&gt;&amp;&quot;&#39;??\n &lt;/script&gt;"
        );
        assert_eq!(html("plain ☾ text, 5 %"), "plain ☾ text, 5 %");
    }

    #[test]
    fn text_is_text_in_a_drawing() {
        assert_eq!(svg("a < b & \"c\" it's\0\u{fffe}\u{ffff}]]>"), "a &lt; b &amp; &quot;c&quot; it's???]]&gt;");
        assert_eq!(svg("two\nlines"), "two\nlines");
    }

    #[test]
    fn json_is_the_same_value() {
        let value = serde_json::json!({ "a\u{202e}": "</script><!--\u{9b}\u{1b}\u{2028}\u{7f}\u{e0041}\\u003c" });
        let text = script(&value.to_string());
        assert!(!text.contains('<') && !text.contains(is_hidden), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert_eq!(json("{\n  \"a\": 1.5\n}"), "{\n  \"a\": 1.5\n}");
    }
}
