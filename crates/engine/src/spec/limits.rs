//! How long a specification and what stands in it may be.
//!
//! The limits are far above what a study needs, and far below what makes a report or a figure slow: a text is drawn, printed and
//! stored with every trial. They hold for what is asked; a specification that is kept with results is read as it is.

use super::{
    problem::{Code, Problem, quoted},
    tree::{Entry, Node, Span, Value},
};

/// Characters of the question, which heads every figure.
pub const QUESTION: usize = 1_000;

/// Characters of the answer.
pub const ANSWER: usize = 20_000;

/// Characters of any other text: a path, a column, a label.
pub const TEXT: usize = 1_000;

/// Characters of a key: a setting, an axis.
pub const KEY: usize = 200;

/// Characters of the name of a figure, which is that of its file.
pub const NAME: usize = 100;

/// Figures of a study: all of them are held in memory.
pub const FIGURES: usize = 1_000;

/// Runs of a study, and so values of an axis and seeds.
pub const RUNS: usize = 1_000_000;

/// The characters that the text at `path` may have.
fn most(path: &str) -> usize {
    match path {
        "study.question" => QUESTION,
        "study.answer" => ANSWER,
        _ => TEXT,
    }
}

/// Refuses the first text or key under `node`, which stands at `path`, that is too long.
pub fn require_short(node: &Node, path: &str) -> Result<(), Problem> {
    match &node.value {
        Value::String(text) => require_text(text, node, path),
        Value::List(items) => items.iter().try_for_each(|item| require_short(item, path)),
        Value::Table(table) => table.0.iter().try_for_each(|entry| {
            require_key(entry, path)?;
            require_short(&entry.node, &under(path, &entry.key))
        }),
        _ => Ok(()),
    }
}

/// Where something begins: nobody wants to see all of it underlined.
fn start(span: Span) -> Span {
    Span { end: span.start, ..span }
}

fn under(path: &str, key: &str) -> String {
    if path.is_empty() { quoted(key) } else { format!("{path}.{}", quoted(key)) }
}

/// The length of a text in characters, if it is more than `most`.
fn beyond(text: &str, most: usize) -> Option<usize> {
    // A character has at least one byte: short texts are not counted.
    (text.len() > most).then(|| text.chars().count()).filter(|length| *length > most)
}

fn require_text(text: &str, node: &Node, path: &str) -> Result<(), Problem> {
    let most = most(path);
    let Some(length) = beyond(text, most) else { return Ok(()) };
    let help = match path {
        "study.question" => {
            "ask it in a sentence or two; what is longer belongs into `study.answer` or beside the study"
        }
        "study.answer" => "keep what the numbers say, and put what is longer into a file beside the study",
        _ => "shorten it; a file may be given by a shorter path, relative to the specification",
    };
    Err(Problem::new(Code::TooLong, format!("`{path}` has {length} characters: {node}"))
        .at(start(node.span), format!("expected at most {most} characters"))
        .help(help)
        .about(path))
}

fn require_key(entry: &Entry, path: &str) -> Result<(), Problem> {
    let Some(length) = beyond(&entry.key, KEY) else { return Ok(()) };
    let first: String = entry.key.chars().take(40).collect();
    let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
    Err(Problem::new(Code::TooLong, format!("a key{place} has {length} characters: `{first}...`"))
        .at(start(entry.span), format!("expected at most {KEY} characters"))
        .help("no setting has a name that long: correct or remove the line"))
}
