//! What is wrong, before it is known which file says so.

use super::tree::{Node, Span};

/// One mistake: what, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The sentence that names the key and the value.
    pub message: String,
    /// Where, and what was expected there; the first one is the place itself, the others explain it.
    pub labels: Vec<(Span, String)>,
    /// The remedies, one a line.
    pub help: Vec<String>,
}

impl Problem {
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), labels: Vec::new(), help: Vec::new() }
    }

    /// The mistake of a value that cannot stand at `path`.
    pub fn value(path: &str, node: &Node, expected: &str) -> Self {
        Self::new(format!("`{path}` cannot be {node}")).at(node.span, format!("expected {expected}"))
    }

    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.labels.push((span, label.into()));
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Suggests the candidate that `found` was probably meant to be, or lists them all.
    pub fn suggest<'a>(self, found: &str, candidates: impl IntoIterator<Item = &'a str>, all: &str) -> Self {
        let candidates: Vec<_> = candidates.into_iter().collect();
        match nearest(found, &candidates) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None if candidates.is_empty() => self,
            None => self.help(format!("{all}: {}", listed(&candidates))),
        }
    }
}

/// `a`, `b` and `c`, as far as one can read.
pub(crate) fn listed<'a>(names: &[&'a str]) -> String {
    const MOST: usize = 24;
    let mut text = names.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text.push_str(", ...");
    }
    text
}

/// The candidate closest to `found`, if one is close enough to be meant.
pub(crate) fn nearest<'a>(found: &str, candidates: &[&'a str]) -> Option<&'a str> {
    // Snake case and capitals are the commonest slips: they cost nothing.
    let plain = |text: &str| text.to_lowercase().replace('_', "-");
    let found = plain(found);
    candidates
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(&found, &plain(candidate)), *candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= (candidate.len().max(found.len()) / 3).max(1))
        .map(|(_, candidate)| candidate)
}

/// A key as it must be written in a dotted path.
pub(crate) fn quoted(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if bare { key.into() } else { format!("{key:?}") }
}
