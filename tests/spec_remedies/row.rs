//! One mistake, its remedy, and what must come out.

use std::path::Path;

use miette::Diagnostic;
use restudy::{
    spec::{Code, SpecError},
    sweep::{self, Study},
};

/// A specification without mistakes.
pub const GOOD: &str = include_str!("good.toml");

/// Pieces of a text, and what they become.
pub type Edits = &'static [(&'static str, &'static str)];

/// A mistake and its remedy.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The stable code of the mistake.
    pub code: &'static str,
    /// How it comes into the good specification.
    pub wrong: Edits,
    /// The remedy that its message must have.
    pub says: &'static str,
    /// How the remedy changes the spoilt specification.
    pub then: Edits,
    /// What the specification must be then.
    pub is: Is,
}

/// What a specification is once the mistake is gone.
#[derive(Debug, Clone, Copy)]
pub enum Is {
    /// The good one.
    Good,
    /// The good one with another thing asked for.
    Edited(Edits),
    /// One with this many trials and runs, which nothing else writes as well.
    Runs(usize, usize),
}

impl Row {
    /// Meets the mistake, follows the remedy, and gives the code.
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

/// The code of a specification that has one mistake alone, whose message says something.
pub fn meets(wrong: &str, sets: &[&str], code: &str, says: &str) -> Code {
    let Err(error) = parse(wrong, sets) else { panic!("{code} is not met:\n{wrong}") };
    expect_error(&error, code, says)
}

/// The code of an error, which must be this one and say something.
pub fn expect_error(error: &SpecError, code: &str, says: &str) -> Code {
    let text = text(error);
    assert_eq!(error.codes().iter().map(ToString::to_string).collect::<Vec<_>>(), [code], "{text}");
    assert!(text.contains(says), "{code} says {says}, not:\n{text}");
    error.code()
}

/// Message, labels and help of an error.
pub fn text(error: &SpecError) -> String {
    let labels = error.labels().into_iter().flatten().filter_map(|label| label.label().map(str::to_owned));
    let help = error.help().map(|help| help.to_string());
    [error.to_string()].into_iter().chain(labels).chain(help).collect::<Vec<_>>().join("\n")
}

/// Reads a specification as if it stood in a folder of experiments.
pub fn parse(text: &str, sets: &[&str]) -> Result<Study, SpecError> {
    let sets: Vec<_> = sets.iter().map(ToString::to_string).collect();
    sweep::parse("hidden", Path::new("experiments/hidden.toml"), text, &sets)
}

/// The text with every edit made, once each.
pub fn edited(text: &str, edits: Edits) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is not in\n{text}");
        text.replacen(from, to, 1)
    })
}
