//! Limits on the size of a specification.
//!
//! The limits are far above the needs of a study, and far below the sizes that make a report or a figure slow: every
//! text is drawn, printed and stored with each trial. They apply to new specifications; the copy in a results folder is
//! read without them.

use super::{
    problem::{Code, Problem, quoted},
    tree::{Entry, Node, Span, Value},
};

/// The largest number of characters of the question, the heading of every figure.
pub const QUESTION: usize = 1_000;

/// The largest number of characters of the answer.
pub const ANSWER: usize = 20_000;

/// The largest number of characters of any other text: a path, a column, a label.
pub const TEXT: usize = 1_000;

/// The largest number of characters of a key: a setting, an axis.
pub const KEY: usize = 200;

/// The largest number of characters of the name of a figure, which names its file.
pub const NAME: usize = 100;

/// The largest number of figures of a study: they are in memory together.
pub const FIGURES: usize = 1_000;

/// The largest number of runs of a study, and so of the values of an axis and of seeds.
pub const RUNS: usize = 1_000_000;

fn limit(path: &str) -> usize {
    match path {
        "study.question" => QUESTION,
        "study.answer" => ANSWER,
        _ => TEXT,
    }
}

/// Refuses the first text or key under `node` that is too long; `path` is the path of `node`.
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

/// The first character of a span: a long text is not underlined as a whole.
fn start(span: Span) -> Span {
    Span { end: span.start, ..span }
}

fn under(path: &str, key: &str) -> String {
    if path.is_empty() { quoted(key) } else { format!("{path}.{}", quoted(key)) }
}

/// The length of a text in characters, if it exceeds `most`.
fn excess(text: &str, most: usize) -> Option<usize> {
    // A character has at least one byte, so short texts need no count.
    (text.len() > most).then(|| text.chars().count()).filter(|length| *length > most)
}

fn require_text(text: &str, node: &Node, path: &str) -> Result<(), Problem> {
    let most = limit(path);
    let Some(length) = excess(text, most) else { return Ok(()) };
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
    let Some(length) = excess(&entry.key, KEY) else { return Ok(()) };
    let first: String = entry.key.chars().take(40).collect();
    let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
    Err(Problem::new(Code::TooLong, format!("a key{place} has {length} characters: `{first}...`"))
        .at(start(entry.span), format!("expected at most {KEY} characters"))
        .help("no setting has a name that long: correct or remove the line"))
}
