//! Mistakes in a specification, before they are joined with the texts that they quote.

pub use super::code::Code;
use super::{
    tree::{Node, Span, Table, Value},
    write::string,
};
use crate::validation::SettingError;

/// One mistake, its place and its remedies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The kind of mistake, for programs.
    pub code: Code,
    /// A sentence that names the key and the value.
    pub message: String,
    /// Places with the expected value; the first is the place of the mistake, the others explain it.
    pub labels: Vec<(Span, String)>,
    /// The remedies, one per line.
    pub help: Vec<String>,
    /// The path of the setting, for its description.
    pub about: String,
    /// If a whole number was expected: the smallest and the largest value of its type. The check of the setting may be
    /// stricter.
    pub ends: Option<Box<[i128; 2]>>,
    /// The key, if the mistake is an unknown key.
    pub unknown_key: Option<Box<UnknownKey>>,
}

/// An unknown key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The key as written. The keys of a path on the command line share one span.
    pub found: String,
    /// The known key that was probably meant.
    pub meant: Option<String>,
}

impl Problem {
    /// Creates a mistake of a kind, with a sentence that describes it.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            labels: Vec::new(),
            help: Vec::new(),
            about: String::new(),
            ends: None,
            unknown_key: None,
        }
    }

    /// Creates the mistake of a value that the setting at `path` cannot have.
    pub fn value(code: Code, path: &str, node: &Node, expected: &str) -> Self {
        Self::new(code, format!("`{path}` cannot be {node}")).at(node.span, format!("expected {expected}")).about(path)
    }

    /// Turns the error of a checked setting into a mistake; `root` is the tree that the setting was read from.
    pub fn invalid(code: Code, fault: &SettingError, root: &Node) -> Self {
        let SettingError { key, expected } = fault;
        let found = root.find(key);
        if found.is_complete && !matches!(found.node.value, Value::Table(_)) {
            return Self::value(code, key, found.node, expected);
        }
        let span = match found.node.value {
            Value::Table(_) => found.key.unwrap_or(found.node.span),
            _ => found.node.span,
        };
        let message = if found.is_complete {
            format!("`{key}` cannot be used as it is")
        } else {
            format!("`{key}` is not given here, and its default does not fit")
        };
        Self::new(code, message).at(span, format!("expected {expected}")).about(key)
    }

    /// Sets the path of the setting.
    pub fn about(mut self, path: &str) -> Self {
        self.about = path.into();
        self
    }

    /// Replaces the expected range of the whole number at `path`: that of its type by a stricter one.
    pub fn expecting(mut self, path: &str, expected: &str) -> Self {
        if let (Some(_), true, Some((_, label))) = (&self.ends, self.about == path, self.labels.first_mut()) {
            *label = format!("expected {expected}");
        }
        self
    }

    /// Adds a place, and what was expected there.
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.labels.push((span, label.into()));
        self
    }

    /// Adds a remedy.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Names every missing key of `table` at once, if a key is missing; `needed` are the required keys.
    pub fn adding(mut self, table: &Table, needed: &[&str]) -> Self {
        let lacking: Vec<_> = needed.iter().filter(|key| table.get(key).is_none()).collect();
        if self.code == Code::MissingKey && lacking.len() > 1 {
            let lines: Vec<_> = lacking.iter().map(|key| format!("`{key} = ...`")).collect();
            self.help = vec![format!("add {}", lines.join(" and "))];
        }
        self
    }

    /// Marks the key at the first label as unknown.
    pub fn unknown_key(mut self) -> Self {
        self.unknown_key = Some(Box::new(UnknownKey { found: String::new(), meant: None }));
        self
    }

    /// Suggests the candidate nearest to `found`, or lists them all.
    pub fn suggest<'a>(mut self, found: &str, candidates: impl IntoIterator<Item = &'a str>, all: &str) -> Self {
        let candidates: Vec<_> = candidates.into_iter().collect();
        self.unknown_key.iter_mut().for_each(|key| key.found = found.into());
        match nearest(found, &candidates) {
            Some(near) => {
                self.unknown_key.iter_mut().for_each(|key| key.meant = Some(near.into()));
                self.help(format!("did you mean `{near}`?"))
            }
            None if candidates.is_empty() => self,
            None => self.help(format!("{all}: {}", listed(&candidates))),
        }
    }
}

/// Lists names in backticks, at most 24 of them.
pub fn listed(names: &[&str]) -> String {
    const MOST: usize = 24;
    let mut text = names.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text.push_str(", ...");
    }
    text
}

/// Returns the candidate nearest to `found`, if it is close enough to be a misspelling.
pub fn nearest<'a>(found: &str, candidates: &[&'a str]) -> Option<&'a str> {
    // Snake case and capitals are the most common mistakes, so they do not count as differences.
    let plain = |text: &str| text.to_lowercase().replace('_', "-");
    let found = plain(found);
    // A long text is no misspelling, and comparing it is slow.
    let near = |candidate: &&&str| found.len() < 200 && candidate.len() < 200;
    candidates
        .iter()
        .filter(near)
        .map(|candidate| (strsim::damerau_levenshtein(&found, &plain(candidate)), *candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= (candidate.len().max(found.len()) / 3).max(1))
        .map(|(_, candidate)| candidate)
}

/// Writes a key as TOML: bare if possible, else in quotes.
pub fn quoted(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if bare { key.into() } else { string(key) }
}
