//! Citations: numbers of a study in prose, filled in and checked from the summary of the study.
//!
//! In Markdown, also in the cells of a notebook, a citation is
//!
//! ```text
//! {{ hidden: hidden=7 learning-rate=0.02 validation.error mean .2% }}
//! ```
//!
//! | word | meaning |
//! |---|---|
//! | `hidden:` | the study; by default that of the text |
//! | `hidden=7` | a setting of the trial, by its path or the end of it; enough settings to determine one trial |
//! | `validation.error`, `distance` | a split of the data (`train`, `validation`, `val`) and a metric, or a measurement without splits |
//! | `mean` | `mean` (the default), `sd`, `median`, `iqm`, `low`, `high`, or `interval` for `[low, high]` |
//! | `runs`, `diverged`, `failed`, `zero-share`, `zero-epoch-median` | another number of the trial, instead of both |
//! | `.2`, `.2%` | rounded to two digits after the point; in percent. Without it, the shortest number that is the same double |
//!
//! [`fill`] writes the number and keeps the citation after it as a comment, which is not displayed: `0.05 %<!--{{
//! hidden=7 validation.error .2% }}-->`. Filling again replaces the number. [`check`] compares the written numbers with
//! the store, digit by digit. In code, between backticks or fences, citations are text; so are `\{{ ... }}`, for
//! templates of other programs: Markdown shows them without the backslash.
//!
//! Numbers are those of `summary.csv`, rounded as exact decimals, halves to even: 0.125 to two digits is 0.12.

mod query;
mod sheet;

use std::{fmt, rc::Rc};

pub use sheet::Sheet;

/// Finds the summary of the study with this name, or by default that of the text; returns a message if there is none.
pub type Find<'a> = &'a dyn Fn(Option<&str>) -> Result<Rc<Sheet>, String>;

/// What remains of a filled-in citation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// The number with the citation as a comment after it, to check and fill in again.
    Comment,
    /// Only the number.
    Nothing,
}

/// A citation with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line of the text, from 1.
    pub line: usize,
    /// The text of the citation.
    pub citation: String,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong with a citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The written number differs from the stored one.
    Differs {
        /// The text before the citation; empty if there is none.
        written: String,
        /// The stored number, rounded by the citation.
        stored: String,
    },
    /// The citation is not valid, with the reason.
    Unknown(String),
}

impl Fault {
    /// Whether the citation is not valid.
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
                write!(f, "line {line}: {citation} is not filled in; the stored number is {stored}")
            }
            Reason::Differs { written, stored } => {
                write!(f, "line {line}: {written} differs from the stored number {stored}: {citation}")
            }
            Reason::Unknown(reason) => write!(f, "line {line}: {citation}: {reason}"),
        }
    }
}

/// Returns the text with every citation filled in.
///
/// # Errors
/// All citations that are not valid.
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
    // The result is set as text, in which Markdown would not remove these backslashes.
    Ok(if keep == Keep::Nothing { unescaped(filled) } else { filled })
}

/// Returns the rounded number of a citation, with or without its braces.
///
/// # Errors
/// If the citation is not valid, with the reason.
pub fn number(citation: &str, find: Find<'_>) -> Result<String, String> {
    let bare = citation.trim();
    let bare = bare.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).unwrap_or(bare);
    query::Query::parse(bare)?.value(find)
}

/// Returns the number of correct citations, and the errors. A citation that is not filled in is an error.
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

struct Place<'a> {
    line: usize,
    /// The position, with the comment marks.
    start: usize,
    end: usize,
    /// The text with the braces.
    citation: &'a str,
    /// Whether it is a comment after its number.
    filled: bool,
    closed: bool,
}

impl Place<'_> {
    fn value(&self, find: Find<'_>) -> Result<String, String> {
        if !self.closed {
            return Err("it is not closed with }} on the same line".into());
        }
        query::Query::parse(&self.citation[2..self.citation.len() - 2])?.value(find)
    }

    fn fault(&self, reason: Reason) -> Fault {
        Fault { line: self.line, citation: self.citation.into(), reason }
    }

    /// The number before a filled-in citation.
    fn written<'t>(&self, text: &'t str) -> &'t str {
        if !self.filled {
            return "";
        }
        let before = &text[text[..self.start].rfind('\n').map_or(0, |end| end + 1)..self.start];
        // An interval or a number, either in percent; otherwise the last word, for the message.
        let bare =
            before.strip_suffix('%').map_or(before, |front| front.strip_suffix([' ', '\u{a0}']).unwrap_or(front));
        let interval = bare.strip_suffix(']').and_then(|inside| inside.rfind('['));
        let start = interval.unwrap_or_else(|| front_of_number(bare).len());
        let start = if start == bare.len() { before.rfind(' ').map_or(0, |blank| blank + 1) } else { start };
        &before[start..]
    }
}

/// The text before the number at its end; all of it if there is no number.
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
    // A hyphen after a word or a number is not a sign.
    let signed = front.strip_suffix('-').filter(|before| !before.ends_with(char::is_alphanumeric));
    if front.len() < text.len() { signed.unwrap_or(front) } else { front }
}

fn citations(text: &str) -> Vec<Place<'_>> {
    scanned(text).0
}

/// Removes the backslashes before braces.
fn unescaped(mut text: String) -> String {
    for at in scanned(&text).1.into_iter().rev() {
        text.remove(at);
    }
    text
}

/// The citations of a text outside of code, and the positions of backslashes before escaped ones.
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
            // Braces of another program, in any number.
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
