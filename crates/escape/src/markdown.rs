//! Markdown for GitHub and Pandoc (CommonMark 0.31 with the extensions of both).

use super::hidden::{Shown, is_hidden, shown, visible};

/// Escapes text as plain text on one line: without markup, links, HTML, formulas and attributes.
#[must_use]
pub fn markdown(text: &str) -> String {
    one_line(text, true)
}

/// Like [`markdown()`], but keeps the lines, for text inside other markup; `begins` says whether it starts at the
/// beginning of a line.
#[must_use]
pub fn markdown_lines(text: &str, begins: bool) -> String {
    let lines = text.split('\n').enumerate();
    lines.map(|(index, line)| one_line(line.trim_end_matches('\r'), begins || index > 0)).collect::<Vec<_>>().join("\n")
}

/// Escapes text as a code span, also inside a table; text that does not fit into one becomes plain text.
#[must_use]
pub fn markdown_code(text: &str) -> String {
    if text.contains(['`', '|', '\\']) || text.contains(is_hidden) || text.trim().is_empty() {
        markdown(text)
    } else {
        format!("`{text}`")
    }
}

/// Escapes the name of a file as part of an address.
#[must_use]
pub fn markdown_address(name: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    name.bytes().map(byte).collect()
}

fn one_line(text: &str, begins: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    let text: String = visible(text).collect();
    let first = if begins { beginning(&text) } else { None };
    for (place, c) in text.char_indices() {
        let rest = &text[place..];
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' | '@' | '^' => escaped.extend(['\\', c]),
            // GitHub would make this a link.
            ':' if rest.starts_with("://") => escaped.push_str("\\:"),
            '.' if ends_in_www(&text[..place]) => escaped.push_str("\\."),
            // Four blanks begin code.
            '{' if is_attribute(&text[..place], rest) => escaped.push_str("\\{"),
            ' ' if first == Some(place) => escaped.push_str("&#32;"),
            c if first == Some(place) => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Whether Pandoc reads a brace as attributes of the text before it, such as `{.class}`, `{key=value}` or `{=format}`.
fn is_attribute(before: &str, rest: &str) -> bool {
    let inside = rest[1..].trim_start();
    let key = inside.trim_start_matches(|c: char| c.is_alphanumeric() || "-_:.".contains(c));
    let begins = inside.starts_with(['.', '#', '=', ':', '-', '!'])
        || (key.len() < inside.len() && key.trim_start().starts_with('='));
    begins && !before.ends_with('{')
}

fn ends_in_www(text: &str) -> bool {
    text.get(text.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// The place of the character that makes the line a list item, a rule, the underline of a heading, a definition or
/// code.
fn beginning(line: &str) -> Option<usize> {
    let begin = line.trim_start_matches(' ');
    let indent = line.len() - begin.len();
    if indent >= 4 {
        return Some(0);
    }
    let first = begin.chars().next()?;
    let alone = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    match first {
        '-' | '+' | '=' | ':' if alone(begin[1..].trim_start_matches(first)) => Some(indent),
        // A rule with gaps, or the line below the head of a table.
        '-' | '=' | ':' if begin.chars().all(|c| c == first || " :-".contains(c)) => Some(indent),
        '0'..='9' => {
            let digits = begin.len() - begin.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let mark = begin[digits..].starts_with(['.', ')']) && alone(&begin[digits + 1..]);
            mark.then_some(indent + digits)
        }
        _ => None,
    }
}

/// Escapes text as a fenced block of code, which no line of the text can end.
#[must_use]
pub fn markdown_block(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let inside: String = shown(text)
        .map(|shown| match shown {
            Shown::Plain(c) | Shown::Blank(c @ ('\n' | '\t')) => c,
            Shown::Blank(_) => ' ',
            Shown::Hidden(_) => '?',
        })
        .collect();
    format!("{fence}{language}\n{inside}\n{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        for (text, shown) in [
            ("a <b> & `c` *d* _e_", "a &lt;b&gt; &amp; \\`c\\` \\*d\\* \\_e\\_"),
            ("\\![x](u) \\<b>", "\\\\\\!\\[x\\](u) \\\\&lt;b&gt;"),
            ("http://x www.x.y a@b", "http\\://x www\\.x.y a\\@b"),
            ("q {onclick=\"x\"} ^[n]", "q \\{onclick=\"x\"} \\^\\[n\\]"),
            (
                "{ sign(Y) = 1 } {{ hidden=7 }} {.c} { #i} `x`{=html}",
                "{ sign(Y) = 1 } {{ hidden=7 }} \\{.c} \\{ \\#i} \\`x\\`\\{=html}",
            ),
            ("two\nlines\u{202e}|", "two lines?\\|"),
            ("- item", "\\- item"),
            ("12. item", "12\\. item"),
            ("---", "\\---"),
            ("===", "\\==="),
            ("    code", "&#32;   code"),
            ("-0.5", "-0.5"),
            ("1.5 a-b: c. (d)", "1.5 a-b: c. (d)"),
            ("model.hidden = 7, 10", "model.hidden = 7, 10"),
        ] {
            assert_eq!(markdown(text), shown);
        }
        assert_eq!(markdown_lines("a\n- b\r\n# c", false), "a\n\\- b\n\\# c");
        assert_eq!(markdown_lines("- a", false), "- a");
    }

    #[test]
    fn code_is_code_or_text() {
        assert_eq!(
            ["a", "<b>", "a`b", "a|b", "a\\b", " ", "a\u{202e}"].map(markdown_code),
            ["`a`", "`<b>`", "a\\`b", "a\\|b", "a\\\\b", " ", "a?"]
        );
        assert_eq!(markdown_block("sh", "a"), "```sh\na\n```");
        assert_eq!(markdown_block("sh", "a\n```\n<b>"), "````sh\na\n```\n<b>\n````");
        assert_eq!(markdown_address("a b/☾.svg"), "a%20b%2F%E2%98%BE.svg");
    }
}
