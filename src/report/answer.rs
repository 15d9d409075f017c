//! The answer of a study, which its author writes in Markdown: made harmless for `report.md`, and set as HTML.
//!
//! The HTML knows paragraphs, lists with `-`, `*` or `1.`, `**strong**`, `*emphasis*` and `` `code` ``; everything else stays
//! the text that it is.

use super::html::escape;

/// The Markdown without anything that a reader could take for HTML or load as a picture.
pub(super) fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let opens = |next: Option<&char>| next.is_some_and(|next| next.is_alphabetic() || "/!?".contains(*next));
        match (c, rest.peek()) {
            ('<', next) if opens(next) => harmless.push_str("&lt;"),
            ('!', Some('[')) => harmless.push_str("\\!"),
            _ => harmless.push(c),
        }
    }
    harmless
}

/// The Markdown as HTML.
pub(super) fn html(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(block).collect::<Vec<_>>().join("\n")
}

/// A list if every line begins an item or continues one, else a paragraph.
fn block(text: &str) -> String {
    let Some((_, kind)) = item(text) else { return format!("<p>{}</p>", inline(text)) };
    let mut items: Vec<String> = Vec::new();
    for line in text.lines() {
        match (item(line), items.last_mut()) {
            (None, Some(last)) => last.extend(["\n", line.trim()]),
            (begun, _) => items.push(begun.map_or(line, |(content, _)| content).to_owned()),
        }
    }
    let items: String = items.iter().map(|item| format!("<li>{}</li>", inline(item))).collect();
    format!("<{kind}>{items}</{kind}>")
}

/// The content of a list item, and the kind of list.
fn item(line: &str) -> Option<(&str, &'static str)> {
    let line = line.trim_start();
    if let Some(content) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        return Some((content, "ul"));
    }
    let content = line.trim_start_matches(|c: char| c.is_ascii_digit());
    (content.len() < line.len()).then(|| content.strip_prefix(". ")).flatten().map(|content| (content, "ol"))
}

/// Code spans first, since nothing inside them is markup.
fn inline(text: &str) -> String {
    let pieces: Vec<_> = text.split('`').collect();
    let closed = pieces.len() % 2 == 1;
    let mut html = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        match (index % 2 == 1, closed || index + 1 < pieces.len()) {
            (true, true) => html.push_str(&format!("<code>{}</code>", escape(piece))),
            (true, false) => html.push_str(&format!("`{}", emphasis(piece))),
            (false, _) => html.push_str(&emphasis(piece)),
        }
    }
    html
}

fn emphasis(text: &str) -> String {
    let strong = paired(&escape(text), "**", "strong");
    paired(&strong, "*", "em")
}

/// Puts what stands between two marks into an element; a mark beside a space is only a star.
fn paired(text: &str, mark: &str, element: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        html.push_str(before);
        let inside = after.find(mark).map(|end| &after[..end]);
        match inside.filter(|inside| !inside.is_empty() && inside.trim() == *inside) {
            Some(inside) => {
                html.push_str(&format!("<{element}>{inside}</{element}>"));
                rest = &after[inside.len() + mark.len()..];
            }
            None => {
                html.push_str(mark);
                rest = after;
            }
        }
    }
    html + rest
}
