use std::{path::Path, sync::Arc};

use miette::{Diagnostic, LabeledSpan, NamedSource};

use super::{
    problem::{Code, Problem},
    tree::Span,
};
use crate::escape;

/// The mistakes in a specification, each with its place, the expected value and a remedy.
///
/// A [`miette::Diagnostic`]; `Display` prints the message of the first mistake, without its place.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error(transparent)]
#[diagnostic(transparent)]
pub struct SpecError(Box<Mistake>);

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
struct Mistake {
    code: Code,
    message: String,
    #[source_code]
    text: Option<NamedSource<Arc<str>>>,
    #[label(collection)]
    labels: Vec<LabeledSpan>,
    #[help]
    help: Option<String>,
    #[related]
    others: Vec<SpecError>,
}

/// The longest line that is quoted, in bytes: a list may have a million seeds.
const LONGEST: usize = 2000;

/// The texts of a specification, for quotations in errors.
#[derive(Debug)]
pub struct Texts {
    sources: Vec<(String, Arc<str>)>,
}

impl Texts {
    /// The file first, then every `--set`.
    pub fn new(file: &Path, text: &str, sets: &[String]) -> Self {
        let mut sources = vec![(escape::path(file), escape::in_place(text).into())];
        sources.extend(sets.iter().map(|set| ("command line (--set)".to_owned(), escape::in_place(set).into())));
        Self { sources }
    }

    pub fn error(&self, problems: Vec<Problem>) -> SpecError {
        let mut shown = problems.into_iter().map(|problem| self.show(problem));
        let mut first = shown
            .next()
            .unwrap_or_else(|| self.show(Problem::new(Code::InvalidValue, "the specification is unusable")));
        first.0.others = shown.collect();
        first
    }

    fn show(&self, mut problem: Problem) -> SpecError {
        let labels = problem.labels.iter_mut().map(|(_, label)| label);
        [&mut problem.message].into_iter().chain(labels).chain(&mut problem.help).for_each(shorten);
        let source = problem.labels.first().map_or(0, |(span, _)| span.source);
        let (name, text) = &self.sources[source];
        if text.lines().any(|line| line.len() > LONGEST) {
            return self.without_quotation(problem);
        }
        let place = |start: usize| start.min(text.len());
        let labels = problem
            .labels
            .into_iter()
            .filter(|(span, _)| span.source == source)
            .map(|(span, label)| LabeledSpan::new(Some(label), place(span.start), place(span.end) - place(span.start)))
            .collect();
        SpecError(Box::new(Mistake {
            code: problem.code,
            message: problem.message,
            text: Some(NamedSource::new(name, Arc::clone(text))),
            labels,
            help: (!problem.help.is_empty()).then(|| problem.help.join("\n")),
            others: Vec::new(),
        }))
    }

    /// Turns every label into a line of the help.
    fn without_quotation(&self, problem: Problem) -> SpecError {
        let label = |(span, label): (Span, String)| {
            let (name, text) = &self.sources[span.source];
            let before = &text.as_bytes()[..span.start.min(text.len())];
            let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
            format!("{name}, line {line}: {label}")
        };
        let help: Vec<_> = problem.labels.into_iter().map(label).chain(problem.help).collect();
        SpecError::file(problem.code, problem.message, &help.join("\n"))
    }
}

/// Truncates keys and values, which may be as long as the file, and escapes control sequences of the terminal.
fn shorten(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push_str("...");
    }
    *text = escape::terminal(text).into_owned();
}

impl SpecError {
    /// Returns the code of the first mistake.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Returns the codes of all mistakes, in the order in which they are shown.
    #[must_use]
    pub fn codes(&self) -> Vec<Code> {
        let others = self.0.others.iter().flat_map(Self::codes);
        [self.code()].into_iter().chain(others).collect()
    }

    /// Creates an error of the file as a whole, without a quotation.
    pub fn file(code: Code, message: String, help: &str) -> Self {
        let help = (!help.is_empty()).then(|| escape::terminal(help).into_owned());
        let message = escape::terminal(&message).into_owned();
        Self(Box::new(Mistake { code, message, text: None, labels: Vec::new(), help, others: Vec::new() }))
    }
}
