//! The answer of a study, which its author writes in Markdown, as HTML and as Markdown with all other markup escaped.
//!
//! Both support paragraphs, lists with `-`, `*` or `1.`, `**strong**`, `*emphasis*` and `` `code` ``; everything else
//! stays text: links, pictures, HTML, headings, formulas, footnotes.

use crate::escape;

struct Style {
    strong: [&'static str; 2],
    emphasis: [&'static str; 2],
    /// A star that is not a mark.
    star: &'static str,
}

const HTML: Style = Style { strong: ["<strong>", "</strong>"], emphasis: ["<em>", "</em>"], star: "*" };
const MARKDOWN: Style = Style { strong: ["**"; 2], emphasis: ["*"; 2], star: "\\*" };

pub(super) fn html(text: &str) -> String {
    let set = |block: Block<'_>| match block {
        Block::Paragraph(text) => format!("<p>{}</p>", inline_html(text)),
        Block::List { kind, items } => {
            let items: String = items.iter().map(|item| format!("<li>{}</li>", inline_html(&item.text()))).collect();
            format!("<{kind}>{items}</{kind}>")
        }
    };
    blocks(&unified(text)).into_iter().map(set).collect::<Vec<_>>().join("\n")
}

pub(super) fn markdown(text: &str) -> String {
    let set = |block: Block<'_>| match block {
        Block::Paragraph(text) => inline_markdown(text, true),
        Block::List { items, .. } => {
            let item = |item: &Item<'_>| {
                let [first, more @ ..] = &item.lines[..] else { return String::new() };
                let more: String = more.iter().map(|line| format!("\n{}", inline_markdown(line, true))).collect();
                format!("{}{}{}{more}", item.indent, item.mark, inline_markdown(first, true))
            };
            items.iter().map(item).collect::<Vec<_>>().join("\n")
        }
    };
    blocks(&unified(text)).into_iter().map(set).collect::<Vec<_>>().join("\n\n")
}

fn unified(text: &str) -> String {
    text.replace("\r\n", "\n")
}

enum Block<'a> {
    Paragraph(&'a str),
    List { kind: &'static str, items: Vec<Item<'a>> },
}

struct Item<'a> {
    indent: &'a str,
    mark: &'a str,
    lines: Vec<&'a str>,
}

impl Item<'_> {
    fn text(&self) -> String {
        let lines = self.lines.iter().enumerate().map(|(index, line)| if index > 0 { line.trim() } else { line });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Splits a text into paragraphs and lists. Every line of a list begins an item or continues one.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(block).collect()
}

fn block(text: &str) -> Block<'_> {
    let Some((_, kind)) = item(text) else { return Block::Paragraph(text) };
    let mut items: Vec<Item<'_>> = Vec::new();
    for line in text.lines() {
        match (item(line), items.last_mut()) {
            (None, Some(last)) => last.lines.push(line),
            (started, _) => items.extend(started.map(|(item, _)| item)),
        }
    }
    Block::List { kind, items }
}

/// The list item that begins on a line, and the kind of list.
fn item(line: &str) -> Option<(Item<'_>, &'static str)> {
    let bare = line.trim_start();
    let indent = &line[..line.len() - bare.len()];
    let of = |mark: usize| Item { indent, mark: &bare[..mark], lines: vec![&bare[mark..]] };
    if bare.starts_with("- ") || bare.starts_with("* ") {
        return Some((of(2), "ul"));
    }
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    (digits > 0 && bare[digits..].starts_with(". ")).then(|| (of(digits + 2), "ol"))
}

/// Splits a text into code spans (`Ok`) and other text, since code spans contain no markup.
fn spans(text: &str) -> Vec<Result<&str, &str>> {
    let pieces: Vec<_> = text.split('`').collect();
    let closed = pieces.len() % 2 == 1;
    let is_code = |index: usize| index % 2 == 1 && (closed || index + 1 < pieces.len());
    let mut spans: Vec<_> =
        pieces.iter().enumerate().map(|(index, piece)| if is_code(index) { Ok(*piece) } else { Err(*piece) }).collect();
    // The last backtick is unpaired.
    if !closed && let Some(last) = spans.last_mut() {
        *last = Err(&text[text.len() - pieces[pieces.len() - 1].len() - 1..]);
    }
    spans
}

fn inline_html(text: &str) -> String {
    let set = |span| match span {
        Ok(code) => format!("<code>{}</code>", escape::html(code)),
        Err(words) => marked(&escape::html(words), &HTML),
    };
    spans(text).into_iter().map(set).collect()
}

fn inline_markdown(text: &str, mut begins: bool) -> String {
    let mut set = String::new();
    let mut after_code = false;
    for span in spans(text) {
        match span {
            // A span after another one, or over several lines, would not be read as code.
            Ok(code) if !after_code && !code.trim().is_empty() => {
                set.push_str(&escape::markdown_code(&code.replace('\n', " ")));
            }
            Ok(code) => set.push_str(&format!("\\`{}\\`", escape::markdown_lines(&code.replace('\n', " "), false))),
            Err(words) => {
                // Only stars are marks; other markup is escaped.
                let escape = |piece| escape::markdown_lines(piece, std::mem::take(&mut begins));
                let escaped: Vec<_> = words.split('*').map(escape).collect();
                set.push_str(&marked(&escaped.join("*"), &MARKDOWN));
            }
        }
        begins = false;
        after_code = span.is_ok() || span.is_err_and(str::is_empty) && after_code;
    }
    set
}

/// Placeholders for marks that are already set.
const SET: [char; 3] = ['\u{1}', '\u{2}', '\u{3}'];

fn marked(text: &str, style: &Style) -> String {
    // An escaped text contains no control characters.
    let [open, close, star] = SET.map(String::from);
    let strong = paired(text, "**", [&open, &close], "**");
    let emphasis = paired(&strong, "*", style.emphasis, &star);
    emphasis.replace(SET[0], style.strong[0]).replace(SET[1], style.strong[1]).replace(SET[2], style.star)
}

/// Sets the text between two marks; a mark next to a space is only a star.
fn paired(text: &str, mark: &str, [open, close]: [&str; 2], alone: &str) -> String {
    let mut set = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        set.push_str(before);
        let inside = after.find(mark).map(|end| &after[..end]);
        match inside.filter(|inside| !inside.is_empty() && inside.trim() == *inside) {
            Some(inside) => {
                set.extend([open, inside, close]);
                rest = &after[inside.len() + mark.len()..];
            }
            None => {
                set.push_str(alone);
                rest = after;
            }
        }
    }
    set + rest
}
