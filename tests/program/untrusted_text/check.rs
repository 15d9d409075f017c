//! Parses each output format as its readers do.

use std::{collections::BTreeSet, process::Command};

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};
use restudy::escape::is_hidden;

use crate::workspace::Workspace;

/// Asserts that foreign text controls no terminal, and that none of its lines looks like a line of the program. Only
/// the program uses colors.
#[track_caller]
pub fn terminal(message: &str) {
    let mut plain = String::new();
    for (index, piece) in message.split("\u{1b}[").enumerate() {
        let style = piece.split_once('m').filter(|(numbers, _)| index > 0 && is_ours(numbers));
        if index > 0 && style.is_none() {
            plain.push('\u{1b}');
        }
        plain.push_str(style.map_or(piece, |(_, rest)| rest));
    }
    let hidden: Vec<_> = plain.chars().filter(|&c| is_hidden(c) && !matches!(c, '\n' | '\t')).collect();
    assert!(hidden.is_empty(), "{hidden:?} in {plain:?}");
    let forged = plain.lines().find(|line| line.starts_with("proven: every bit") || line.starts_with("proven: b"));
    assert_eq!(forged, None, "{plain}");
}

/// Whether the program uses this style: bright, faint, underlined or colored letters; the test text sets a background
/// instead.
fn is_ours(numbers: &str) -> bool {
    numbers.split(';').all(|number| {
        ["0", "1", "2", "4", "38", "5", "3"].contains(&number) || (number.starts_with('3') && number.len() == 2)
    })
}

/// The commands after a word at the beginning of a line.
pub fn commands(message: &str, begin: &str) -> Vec<String> {
    let lines = message.lines().map(str::trim_start);
    lines
        .filter(|line| line.starts_with(begin))
        .map(|line| line.strip_prefix(begin).filter(|_| begin.ends_with("  ")).unwrap_or(line).trim().to_owned())
        .filter(|line| line.starts_with("restudy ") || line.starts_with("cargo "))
        .collect()
}

/// The words that a shell makes of a pasted command.
#[track_caller]
pub fn words(place: &Workspace, command: &str) -> Vec<String> {
    let script = format!("restudy() {{ printf '%s\\0' restudy \"$@\"; }}\n{command}\n");
    let message = Command::new("sh").args(["-c", &script]).current_dir(place.path("")).output().unwrap();
    assert!(
        message.status.success() && message.stderr.is_empty(),
        "{command}: {}",
        String::from_utf8_lossy(&message.stderr)
    );
    assert!(!place.path("owned").exists(), "{command}");
    String::from_utf8(message.stdout).unwrap().split_terminator('\0').map(String::from).collect()
}

/// Asserts that every line is JSON, or the whole text.
#[track_caller]
pub fn json(message: &str) {
    let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    assert!(is_json(message) || message.lines().all(is_json), "{message}");
}

/// The rows of a CSV file; asserts that a spreadsheet evaluates none of its cells, wherever it splits them.
#[track_caller]
pub fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(String::from).collect()).collect();
    for cell in rows.iter().flatten().filter(|cell| cell.parse::<f64>().is_err()) {
        for piece in cell.split([';', '\t', '\n', '\r', '|']) {
            assert!(!piece.trim_start().starts_with(['=', '+', '-', '@', '＝']), "{cell:?}");
        }
    }
    rows
}

/// Asserts that no foreign text in Markdown is a link, a picture, HTML, a formula or a heading.
#[track_caller]
pub fn markdown(text: &str) {
    assert!(!text.contains(|c| is_hidden(c) && c != '\n'), "{text:?}");
    let mut headings = 0;
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::Rule => {
                panic!("{event:?} in\n{text}")
            }
            Event::Start(Tag::Image { dest_url, .. }) => assert!(dest_url.starts_with("figures/"), "{dest_url}"),
            Event::Start(Tag::Link { dest_url, link_type, .. }) => {
                assert!(link_type != LinkType::Autolink && dest_url.is_empty(), "{dest_url} in\n{text}");
            }
            Event::Start(Tag::Heading { id, attrs, classes, .. }) => {
                headings += 1;
                assert!(id.is_none() && attrs.is_empty() && classes.is_empty());
            }
            Event::Start(Tag::HtmlBlock | Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented)) => panic!("{text}"),
            _ => {}
        }
    }
    let ours = text.lines().filter(|line| line.starts_with('#')).count();
    assert_eq!(headings, ours, "{text}");
    // Extensions of other readers.
    for active in ["`{=", " http://"] {
        assert!(!text.contains(active), "{active} in\n{text}");
    }
}

/// Asserts that no foreign text in LaTeX is a command.
#[track_caller]
pub fn latex(text: &str) {
    let known = [
        "graphicspath",
        "begin",
        "end",
        "centering",
        "includegraphics",
        "caption",
        "label",
        "textbackslash",
        "textasciitilde",
        "textasciicircum",
        "textless",
        "textgreater",
        "textbar",
        "textasciigrave",
        "symbol",
        "eta",
        "nobreakspace",
    ];
    for piece in text.split('\\').skip(1) {
        let name: String = piece.chars().take_while(char::is_ascii_alphabetic).collect();
        let mark = name.is_empty() && piece.starts_with(['&', '%', '$', '#', '_', '{', '}', ',']);
        assert!(mark || known.contains(&&*name), "\\{piece} in\n{text}");
    }
    assert!(!text.contains(|c| is_hidden(c) && c != '\n'));
}

/// Asserts that a page has only its own elements and attributes, and shows the text unchanged.
#[track_caller]
pub fn html(text: &str, shown: &str) {
    assert!(!text.contains(|c| is_hidden(c) && !matches!(c, '\n' | '\t')));
    let tags = tags(text);
    let scripts = tags.iter().filter(|(name, _)| name == "script").count();
    assert!(scripts <= 3, "{scripts} scripts");
    for (name, attributes) in &tags {
        assert!(!["iframe", "object", "embed", "base", "form", "b", "u", "s"].contains(&&**name), "{name}");
        assert!(name != "i" || !attributes.is_empty(), "our <i> has a class");
        for (key, value) in attributes {
            assert!(!key.starts_with("on") && key != "onclick", "{key} of {name}");
            let local = value.starts_with('#') || value.starts_with("data:");
            assert!(!["href", "src"].contains(&&**key) || local, "{key} of {name} is {value}");
        }
    }
    let ids: Vec<_> = tags.iter().flat_map(|(_, attributes)| attributes).filter(|(key, _)| key == "id").collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "every id is once");
    let word = shown.split_whitespace().next().unwrap();
    assert!(text.contains(&format!("<h1>{}", restudy::escape::html(word))));
}

/// Asserts that a drawing is XML with its own elements only.
#[track_caller]
pub fn svg(text: &str) {
    assert!(!text.contains(|c| is_hidden(c) && c != '\n'));
    let mut open = Vec::new();
    for (name, attributes) in tags(text) {
        let known = ["svg", "title", "desc", "metadata", "rect", "path", "g", "circle", "text"];
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name)),
            None => {
                assert!(known.contains(&&*name), "{name}");
                let empty = attributes.iter().any(|(key, _)| key == "/");
                open.extend((!empty).then_some(name));
            }
        }
        assert!(attributes.iter().all(|(key, _)| !key.starts_with("on") && !key.contains("href")));
    }
    assert!(open.is_empty(), "{open:?}");
}

type Tag_ = (String, Vec<(String, String)>);

/// The tags of a text with their attributes; fails at a tag without an end and at an unescaped `&`. Scripts are not
/// parsed.
fn tags(text: &str) -> Vec<Tag_> {
    let mut tags = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let between = &rest[..start];
        for after in between.split('&').skip(1) {
            let mark = after.split(';').next().unwrap();
            assert!(["amp", "lt", "gt", "quot", "#39", "nbsp"].contains(&mark), "&{after}");
        }
        assert!(!between.contains('>'), "{between}");
        rest = &rest[start + 1..];
        let (name, attributes, end) = tag(rest);
        rest = &rest[end..];
        if ["script", "style"].contains(&&*name) {
            rest = &rest[rest.find(&format!("</{name}>")).unwrap()..];
        }
        tags.push((name, attributes));
    }
    tags
}

fn tag(text: &str) -> (String, Vec<(String, String)>, usize) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-:/!".contains(c);
    let end = text.find(|c| !is_name(c)).unwrap();
    let (name, mut at) = (&text[..end], end);
    assert!(
        name.starts_with(|c: char| c.is_ascii_alphabetic() || "/!".contains(c)),
        "<{}",
        &text[..40.min(text.len())]
    );
    let (name, closed) = name.strip_suffix('/').map_or((name, false), |name| (name, true));
    let mut attributes: Vec<_> = closed.then(|| ("/".to_owned(), String::new())).into_iter().collect();
    loop {
        let rest = text[at..].trim_start();
        at = text.len() - rest.len();
        if rest.starts_with('>') {
            return (name.to_ascii_lowercase(), attributes, at + 1);
        }
        let end = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        assert!(end > 0, "<{name} {}", &rest[..rest.len().min(40)]);
        let key = rest[..end].to_ascii_lowercase();
        at += end;
        let mut value = String::new();
        if let Some(quoted) = text[at..].strip_prefix("=\"") {
            let end = quoted.find('"').unwrap();
            value = quoted[..end].into();
            assert!(!value.contains('<'), "{value}");
            at += end + 3;
        }
        attributes.push((key, value));
    }
}
