//! One mistake, its remedy, and the expected study.

use std::path::Path;

use miette::Diagnostic;
use restudy::{
    spec::{Code, SpecError},
    sweep::{self, Study},
};

/// A specification without mistakes.
pub const GOOD: &str = include_str!("good.toml");

/// Parts of a text, each with its replacement.
pub type Edits = &'static [(&'static str, &'static str)];

/// A mistake and its remedy.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The stable code of the mistake.
    pub code: &'static str,
    /// The edits of the good specification that insert the mistake.
    pub wrong: Edits,
    /// A part of the message: the remedy.
    pub says: &'static str,
    /// The edits that the remedy asks for.
    pub then: Edits,
    /// The expected result.
    pub is: Is,
}

/// The expected specification after the remedy.
#[derive(Debug, Clone, Copy)]
pub enum Is {
    /// The good specification.
    Good,
    /// The good specification with these edits.
    Edited(Edits),
    /// A study with these numbers of trials and runs, for results without another spelling.
    Runs(usize, usize),
}

impl Row {
    /// Inserts the mistake, applies the remedy, checks the result, and returns the code.
    pub fn follow(&self) -> Code {
        let Self { code, wrong, says, then, is } = self;
        let wrong = edited(GOOD, wrong);
        let met = meets(&wrong, &[], code, says);
        let right = edited(&wrong, then);
        let study = parse(&right, &[]).unwrap_or_else(|error| panic!("{code}: {says}\n{right}\n{}", text(&error)));
        match is {
            Is::Good => assert!(study == parse(GOOD, &[]).unwrap(), "{code}: {says} leads to another study:\n{right}"),
            Is::Edited(edits) => {
                let expected = parse(&edited(GOOD, edits), &[]).unwrap();
                assert!(study == expected, "{code}: {says} leads to another study:\n{right}");
            }
            Is::Runs(trials, runs) => assert_eq!((study.trials.len(), study.run_count()), (*trials, *runs), "{right}"),
        }
        met
    }
}

/// Reads a specification with exactly one mistake, checks its code and message, and returns the code.
pub fn meets(wrong: &str, sets: &[&str], code: &str, says: &str) -> Code {
    let Err(error) = parse(wrong, sets) else { panic!("{code} does not occur:\n{wrong}") };
    expect_error(&error, code, says)
}

/// Checks the code and the message of an error, and returns the code.
pub fn expect_error(error: &SpecError, code: &str, says: &str) -> Code {
    let text = text(error);
    assert_eq!(error.codes().iter().map(ToString::to_string).collect::<Vec<_>>(), [code], "{text}");
    assert!(text.contains(says), "{code} says {says}, not:\n{text}");
    error.code()
}

/// Returns message, labels and help of an error.
pub fn text(error: &SpecError) -> String {
    let labels = error.labels().into_iter().flatten().filter_map(|label| label.label().map(str::to_owned));
    let help = error.help().map(|help| help.to_string());
    [error.to_string()].into_iter().chain(labels).chain(help).collect::<Vec<_>>().join("\n")
}

/// Reads a specification as the file `experiments/hidden.toml`.
pub fn parse(text: &str, sets: &[&str]) -> Result<Study, SpecError> {
    let sets: Vec<_> = sets.iter().map(ToString::to_string).collect();
    sweep::parse("hidden", Path::new("experiments/hidden.toml"), text, &sets)
}

/// Applies every edit once.
pub fn edited(text: &str, edits: Edits) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in\n{text}");
        text.replacen(from, to, 1)
    })
}
