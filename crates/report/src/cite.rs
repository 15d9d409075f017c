//! Numbers in prose: a citation names a number of a study, and is filled in, or checked, from the study's summary.
//!
//! In Markdown, also in the cells of a notebook, a citation is
//!
//! ```text
//! {{ hidden: hidden=7 learning-rate=0.02 validation.error mean .2% }}
//! ```
//!
//! | word | is |
//! |---|---|
//! | `hidden:` | the study; left out, the one that the text is about |
//! | `hidden=7` | a setting of the trial, by its path or the end of it; as many as name one trial |
//! | `validation.error`, `distance` | a part of the data (`train`, `validation`, `val`) and a metric, or a measurement that has no parts |
//! | `mean` | `mean` (also without a word), `sd`, `median`, `iqm`, `low`, `high`, or `interval` for `[low, high]` |
//! | `runs`, `diverged`, `failed`, `zero-share`, `zero-epoch-median` | instead of both: what else is known of a trial |
//! | `.2`, `.2%` | rounded to two digits after the point; in percent. Without it, the shortest number that is the same double |
//!
//! [`fill`] puts the number in front and keeps the citation as a comment, which no reader sees and every check finds:
//! `0.05 %<!--{{ hidden=7 validation.error .2% }}-->`. Filling again puts today's number in the place of the old one. [`check`] holds what
//! is written against the store, digit by digit. In code, between backticks or fences, citations are text; so are `\{{ ... }}`, as templates of other
//! programs write them: Markdown shows them without the backslash.
//!
//! Numbers are those of `summary.csv`, rounded as exact decimals, halves to even: 0.125 to two digits is 0.12.

mod query;
mod sheet;

use std::{fmt, rc::Rc};

pub use sheet::Sheet;

/// Finds the summary of a study: of the one with this name, or of the one that the text is about; else says what is wrong.
pub type Find<'a> = &'a dyn Fn(Option<&str>) -> Result<Rc<Sheet>, String>;

/// What becomes of a citation that was filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It stays as a comment behind its number, to be checked and filled in again.
    Comment,
    /// Only the number stays.
    Nothing,
}

/// A citation that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line of the text, from 1.
    pub line: usize,
    /// The citation, as it is written.
    pub citation: String,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// What is written is not what the store says.
    Differs {
        /// What stands in front of the citation; empty if nothing does.
        written: String,
        /// What the store says, rounded as the citation asks.
        stored: String,
    },
    /// The citation names no number: why.
    Unknown(String),
}

impl Fault {
    /// Whether the citation names no number.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.reason, Reason::Unknown(_))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, citation, reason } = self;
        match reason {
            Reason::Differs { written, stored } if written.is_empty() => {
                write!(f, "line {line}: nothing is written at {citation}, the store says {stored}")
            }
            Reason::Differs { written, stored } => {
                write!(f, "line {line}: {written} is written, the store says {stored}: {citation}")
            }
            Reason::Unknown(reason) => write!(f, "line {line}: {citation}: {reason}"),
        }
    }
}

/// The text with every citation filled in.
///
/// # Errors
/// All citations that name no number.
pub fn fill(text: &str, find: Find<'_>, keep: Keep) -> Result<String, Vec<Fault>> {
    let mut filled = String::with_capacity(text.len());
    let mut faults = Vec::new();
    let mut done = 0;
    for place in citations(text) {
        match place.value(find) {
            Ok(value) => {
                filled.push_str(&text[done..place.start - place.written(text).len()]);
                filled.push_str(&value);
                if keep == Keep::Comment {
                    filled.push_str(&format!("<!--{}-->", place.citation));
                }
                done = place.end;
            }
            Err(reason) => faults.push(place.fault(Reason::Unknown(reason))),
        }
    }
    filled.push_str(&text[done..]);
    if !faults.is_empty() {
        return Err(faults);
    }
    // What is set as text elsewhere is no Markdown any more that would do so.
    Ok(if keep == Keep::Nothing { unescaped(filled) } else { filled })
}

/// The number that a citation names, as it would be written; with its braces or without.
///
/// # Errors
/// It names no number: why.
pub fn number(citation: &str, find: Find<'_>) -> Result<String, String> {
    let bare = citation.trim();
    let bare = bare.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or(bare);
    query::Query::parse(bare)?.value(find)
}

/// How many citations hold, and those that do not. One that is not filled in yet does not.
#[must_use]
pub fn check(text: &str, find: Find<'_>) -> (usize, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut hold = 0;
    for place in citations(text) {
        let written = place.written(text);
        match place.value(find) {
            Ok(stored) if stored == written => hold += 1,
            Ok(stored) => faults.push(place.fault(Reason::Differs { written: written.into(), stored })),
            Err(reason) => faults.push(place.fault(Reason::Unknown(reason))),
        }
    }
    (hold, faults)
}

/// A citation in a text.
struct Place<'a> {
    line: usize,
    /// Where it begins and ends, comment marks included.
    start: usize,
    end: usize,
    /// With its braces.
    citation: &'a str,
    /// Whether it is in a comment, with its number in front.
    filled: bool,
    closed: bool,
}

impl Place<'_> {
    fn value(&self, find: Find<'_>) -> Result<String, String> {
        if !self.closed {
            return Err("it is not closed with }} on its line".into());
        }
        query::Query::parse(&self.citation[2..self.citation.len() - 2])?.value(find)
    }

    fn fault(&self, reason: Reason) -> Fault {
        Fault { line: self.line, citation: self.citation.into(), reason }
    }

    /// The number in front of a citation that was filled in.
    fn written<'t>(&self, text: &'t str) -> &'t str {
        if !self.filled {
            return "";
        }
        let before = &text[text[..self.start].rfind('\n').map_or(0, |end| end + 1)..self.start];
        // An interval, a number, either in percent; else the last word, which is shown to whoever wrote it.
        let bare =
            before.strip_suffix('%').map_or(before, |front| front.strip_suffix([' ', '\u{a0}']).unwrap_or(front));
        let interval = bare.strip_suffix(']').and_then(|inside| inside.rfind('['));
        let start = interval.unwrap_or_else(|| front_of_number(bare).len());
        let start = if start == bare.len() { before.rfind(' ').map_or(0, |blank| blank + 1) } else { start };
        &before[start..]
    }
}

/// What stands before the number at the end of a text; all of it if there is none.
fn front_of_number(text: &str) -> &str {
    if let Some(front) = text.strip_suffix('–') {
        return front;
    }
    if let Some(front) = text.strip_suffix('∞') {
        return front.strip_suffix('−').unwrap_or(front);
    }
    let digits = |text: &'_ str| text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let mut front = &text[..text.len() - digits(text)];
    let mantissa = front.strip_suffix("e-").or_else(|| front.strip_suffix('e')).filter(|_| front.len() < text.len());
    if let Some(mantissa) = mantissa.filter(|mantissa| digits(mantissa) > 0) {
        front = &mantissa[..mantissa.len() - digits(mantissa)];
    }
    // A hyphen behind a word or a number joins them, and is no sign.
    let signed = front.strip_suffix('-').filter(|before| !before.ends_with(char::is_alphanumeric));
    if front.len() < text.len() { signed.unwrap_or(front) } else { front }
}

/// The citations of a text that are not in code.
fn citations(text: &str) -> Vec<Place<'_>> {
    scanned(text).0
}

/// The text without the backslashes in front of braces.
fn unescaped(mut text: String) -> String {
    for at in scanned(&text).1.into_iter().rev() {
        text.remove(at);
    }
    text
}

/// The citations of a text that are not in code, and where a backslash stands in front of what would be one.
fn scanned(text: &str) -> (Vec<Place<'_>>, Vec<usize>) {
    let (mut found, mut escaped) = (Vec::new(), Vec::new());
    let mut fence = None;
    let mut start = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => of_line(line, index + 1, start, (&mut found, &mut escaped)),
            _ => {}
        }
        start += line.len();
    }
    (found, escaped)
}

fn of_line<'a>(line: &'a str, number: usize, start: usize, (found, escaped): (&mut Vec<Place<'a>>, &mut Vec<usize>)) {
    let mut at = 0;
    while at < line.len() {
        let rest = &line[at..];
        if rest.starts_with('`') {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            let close = rest[ticks..].find(&rest[..ticks]);
            at += ticks + close.map_or(0, |close| close + ticks);
        } else if rest.starts_with("\\\\") {
            at += 2;
        } else if rest.starts_with("\\{{") {
            // Braces of another program, however many.
            escaped.push(start + at);
            at += rest.len() - rest[1..].trim_start_matches('{').len();
        } else if rest.starts_with("{{") {
            let close = rest.find("}}").map(|close| close + 2);
            let citation = close.map_or(rest.trim_end(), |close| &rest[..close]);
            let (before, after) = (&line[..at], &rest[citation.len()..]);
            let filled = before.ends_with("<!--") && after.starts_with("-->");
            let (open, shut) = if filled { (4, 3) } else { (0, 0) };
            found.push(Place {
                line: number,
                start: start + at - open,
                end: start + at + citation.len() + shut,
                citation,
                filled,
                closed: close.is_some(),
            });
            at += citation.len();
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
}
