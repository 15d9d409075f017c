//! What is wrong, before it is known which file says so.

pub use super::code::Code;
use super::{
    tree::{Node, Span, Table, Value},
    write::string,
};
use crate::validation::SettingError;

/// One mistake: what, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of mistake it is, for programs.
    pub code: Code,
    /// The sentence that names the key and the value.
    pub message: String,
    /// Where, and what was expected there; the first one is the place itself, the others explain it.
    pub labels: Vec<(Span, String)>,
    /// The remedies, one a line.
    pub help: Vec<String>,
    /// The path of the setting that it is about, for an explanation of the setting.
    pub about: String,
    /// Where a whole number was expected: the least and the most that the type of the setting can hold. A check may want more of it.
    pub ends: Option<Box<[i128; 2]>>,
    /// Of a key that is not known.
    pub slip: Option<Box<Slip>>,
}

/// A key that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The key. Of a path on the command line, all keys stand at one place.
    pub found: String,
    /// The key that it was probably meant to be.
    pub meant: Option<String>,
}

impl Problem {
    /// A mistake of this kind that this sentence describes.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            labels: Vec::new(),
            help: Vec::new(),
            about: String::new(),
            ends: None,
            slip: None,
        }
    }

    /// The mistake of a value that cannot stand at `path`.
    pub fn value(code: Code, path: &str, node: &Node, expected: &str) -> Self {
        Self::new(code, format!("`{path}` cannot be {node}")).at(node.span, format!("expected {expected}")).about(path)
    }

    /// The mistake that a checked structure found in itself; `root` is the tree it was read from.
    pub fn invalid(code: Code, fault: &SettingError, root: &Node) -> Self {
        let SettingError { key, expected } = fault;
        let found = root.find(key);
        if found.whole && !matches!(found.node.value, Value::Table(_)) {
            return Self::value(code, key, found.node, expected);
        }
        let span = match found.node.value {
            Value::Table(_) => found.key.unwrap_or(found.node.span),
            _ => found.node.span,
        };
        let message = if found.whole {
            format!("`{key}` cannot be used as it is")
        } else {
            format!("`{key}` is not given here, and its default does not fit")
        };
        Self::new(code, message).at(span, format!("expected {expected}")).about(key)
    }

    /// The same about the setting at this path.
    pub fn about(mut self, path: &str) -> Self {
        self.about = path.into();
        self
    }

    /// The same for whoever knows more of the whole number at `path` than the type of the setting does.
    pub fn expecting(mut self, path: &str, expected: &str) -> Self {
        if let (Some(_), true, Some((_, label))) = (&self.ends, self.about == path, self.labels.first_mut()) {
            *label = format!("expected {expected}");
        }
        self
    }

    /// The same with a place, and what was expected there.
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.labels.push((span, label.into()));
        self
    }

    /// The same with a remedy.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The same for a table that lacks a key, where all of these are needed: those that it lacks are named at once.
    pub fn adding(mut self, table: &Table, needed: &[&str]) -> Self {
        let lacking: Vec<_> = needed.iter().filter(|key| table.get(key).is_none()).collect();
        if self.code == Code::MissingKey && lacking.len() > 1 {
            let lines: Vec<_> = lacking.iter().map(|key| format!("`{key} = ...`")).collect();
            self.help = vec![format!("add {}", lines.join(" and "))];
        }
        self
    }

    /// Says that the key at the first label is not known.
    pub fn slip(mut self) -> Self {
        self.slip = Some(Box::new(Slip { found: String::new(), meant: None }));
        self
    }

    /// Suggests the candidate that `found` was probably meant to be, or lists them all.
    pub fn suggest<'a>(mut self, found: &str, candidates: impl IntoIterator<Item = &'a str>, all: &str) -> Self {
        let candidates: Vec<_> = candidates.into_iter().collect();
        self.slip.iter_mut().for_each(|slip| slip.found = found.into());
        match nearest(found, &candidates) {
            Some(near) => {
                self.slip.iter_mut().for_each(|slip| slip.meant = Some(near.into()));
                self.help(format!("did you mean `{near}`?"))
            }
            None if candidates.is_empty() => self,
            None => self.help(format!("{all}: {}", listed(&candidates))),
        }
    }
}

/// `a`, `b` and `c`, as far as one can read.
pub fn listed(names: &[&str]) -> String {
    const MOST: usize = 24;
    let mut text = names.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text.push_str(", ...");
    }
    text
}

/// The candidate closest to `found`, if one is close enough to be meant.
pub fn nearest<'a>(found: &str, candidates: &[&'a str]) -> Option<&'a str> {
    // Snake case and capitals are the commonest slips: they cost nothing.
    let plain = |text: &str| text.to_lowercase().replace('_', "-");
    let found = plain(found);
    // What is that long is no slip, and to compare it takes its time.
    let near = |candidate: &&&str| found.len() < 200 && candidate.len() < 200;
    candidates
        .iter()
        .filter(near)
        .map(|candidate| (strsim::damerau_levenshtein(&found, &plain(candidate)), *candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= (candidate.len().max(found.len()) / 3).max(1))
        .map(|(_, candidate)| candidate)
}

/// A key as TOML has it: bare if it can be.
pub fn quoted(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if bare { key.into() } else { string(key) }
}
