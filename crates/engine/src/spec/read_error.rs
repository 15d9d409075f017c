//! Errors of the deserializer, with their places; each becomes a [`Problem`].

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::{
    problem::{Code, Problem, UnknownKey, listed, quoted},
    tree::{Entry, Node, Span},
};

#[derive(Debug)]
pub(super) struct ReadError(Box<Details>);

#[derive(Debug)]
struct Details {
    what: What,
    span: Option<Span>,
    /// The value as text, once known.
    found: String,
    /// The keys of the path, innermost first.
    path: Vec<String>,
}

#[derive(Debug)]
pub(super) enum What {
    UnknownKey { key: String, known: &'static [&'static str] },
    UnknownChoice { choice: String, known: &'static [&'static str] },
    NotOneChoice { known: &'static [&'static str], named: Vec<String>, strange: Vec<String> },
    Missing(&'static str),
    Unusable { expected: String },
    NotWhole([i128; 2]),
    Other(String),
}

impl ReadError {
    pub fn new(what: What) -> Self {
        Self(Box::new(Details { what, span: None, found: String::new(), path: Vec::new() }))
    }

    pub fn expected(expected: impl Into<String>, node: &Node) -> Self {
        Self::new(What::Unusable { expected: expected.into() }).at(node)
    }

    /// A whole number between `ends`, both included, was expected.
    pub fn whole(ends: [i128; 2], node: &Node) -> Self {
        Self::new(What::NotWhole(ends)).at(node)
    }

    /// Sets the place to `node`, unless a place inside it is known already.
    pub fn at(mut self, node: &Node) -> Self {
        if self.0.span.is_none() {
            self.0.span = Some(node.span);
            self.0.found = node.to_string();
        }
        self
    }

    pub fn at_key(mut self, entry: &Entry) -> Self {
        self.0.span.get_or_insert(entry.span);
        self
    }

    pub fn under(mut self, key: &str) -> Self {
        self.0.path.push(key.into());
        self
    }

    pub fn describe(self, root: &str) -> Problem {
        let Details { what, span, found, path } = *self.0;
        let keys = (!root.is_empty()).then(|| root.to_owned()).into_iter();
        let path = keys.chain(path.iter().rev().map(|key| quoted(key))).collect::<Vec<_>>().join(".");
        let span = span.unwrap_or(Span { source: 0, start: 0, end: 0 });
        let problem = match what {
            What::UnknownKey { key, known } if path.is_empty() => {
                Problem::new(Code::UnknownSection, format!("there is no section `[{}]`", quoted(&key)))
                    .at(span, "unknown section")
                    .unknown_key()
                    .suggest(&key, known.iter().copied(), "sections are")
            }
            What::UnknownKey { key, known } => {
                Problem::new(Code::UnknownKey, format!("`{path}` has no setting `{}`", quoted(&key)))
                    .at(span, "unknown key")
                    .unknown_key()
                    .suggest(&key, known.iter().copied(), &format!("settings of `{path}` are"))
            }
            What::UnknownChoice { choice, known } => {
                Problem::new(Code::UnknownName, format!("`{path}` cannot be `{choice}`"))
                    .at(span, "unknown name")
                    .suggest(&choice, known.iter().copied(), "choose from")
            }
            What::NotOneChoice { known, named, strange } => match (named.as_slice(), strange.as_slice()) {
                ([], _) => Problem::new(Code::NoChoice, format!("`{path}` does not say which one"))
                    .at(span, format!("expected one of {}", listed(known)))
                    .help(format!(
                        "put the settings under its name, for example [{path}.{}]",
                        known.first().unwrap_or(&"NAME")
                    )),
                ([one], [other, ..]) => {
                    let problem =
                        Problem::new(Code::UnknownKey, format!("`{path}` has no setting `{}`", quoted(other)))
                            .at(span, format!("beside `{one}`"))
                            .help("remove it")
                            .about(&format!("{path}.{}.{}", quoted(one), quoted(other)));
                    Problem { unknown_key: Some(Box::new(UnknownKey { found: other.clone(), meant: None })), ..problem }
                }
                _ => {
                    let names: Vec<_> = named.iter().map(|name| format!("`{}`", quoted(name))).collect();
                    Problem::new(Code::SeveralChoices, format!("`{path}` cannot be {} at once", names.join(" and ")))
                        .at(span, "one too many")
                        .help("keep one of them")
                }
            },
            What::Missing(key) if path.is_empty() => {
                Problem::new(Code::MissingSection, format!("the section `[{key}]` is missing"))
                    .at(span, "not in this file")
                    .help(format!("add [{key}] with its settings"))
                    .about(key)
            }
            What::Missing(key) => Problem::new(Code::MissingKey, format!("`{path}` lacks `{key}`"))
                .at(span, format!("`{key}` is missing here"))
                .help(format!("add `{key} = ...`"))
                .about(&format!("{path}.{key}")),
            What::NotWhole([least, most]) => {
                let up_to = if most == i128::from(u64::MAX) { String::new() } else { format!(" to {most}") };
                let expected = format!("a whole number from {least}{up_to}");
                // A whole number out of range has the right type.
                let is_whole = found.parse::<i128>().is_ok();
                let code = if is_whole { Code::InvalidValue } else { Code::WrongType };
                Problem { ends: Some(Box::new([least, most])), ..unusable(code, &path, &found, span, &expected) }
            }
            What::Unusable { expected } => unusable(Code::WrongType, &path, &found, span, &expected),
            What::Other(message) => {
                Problem::new(Code::WrongType, format!("`{path}` cannot be {found}")).at(span, plain(&message))
            }
        };
        if problem.about.is_empty() { problem.about(&path) } else { problem }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.what)
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(What::Other(message.to_string()))
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(What::Unusable { expected: plain(&expected.to_string()) })
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::new(What::Unusable { expected: plain(&expected.to_string()) })
    }

    fn unknown_variant(choice: &str, known: &'static [&'static str]) -> Self {
        Self::new(What::UnknownChoice { choice: choice.into(), known })
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::new(What::UnknownKey { key: key.into(), known })
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(What::Missing(key))
    }
}

fn unusable(code: Code, path: &str, found: &str, span: Span, expected: &str) -> Problem {
    Problem::new(code, format!("`{path}` cannot be {found}")).at(span, format!("expected {expected}")).about(path)
}

/// Translates serde's names of types into the terms of a specification.
fn plain(expected: &str) -> String {
    let kind = expected.split_whitespace().next().unwrap_or_default();
    match (kind, expected) {
        ("struct" | "map", _) | (_, "a map") => "a table".into(),
        (_, "a string") => "a text in quotes".into(),
        (_, "a sequence") => "a list".into(),
        (_, "a boolean") => "true or false".into(),
        ("data", _) if expected.contains("untagged") => "expected a number, a text, true or false".into(),
        _ => expected.into(),
    }
}
