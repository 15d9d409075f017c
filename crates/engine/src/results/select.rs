//! Selects a run of a study by identity or settings.

use miette::Diagnostic;
use thiserror::Error;

use crate::{
    run::Task,
    sweep::{SelectTrialError, SelectTrialKind, Study},
};

/// Why a text does not select exactly one run.
#[derive(Debug, Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(help("{help}"))]
pub struct SelectError {
    kind: SelectKind,
    message: String,
    help: String,
}

impl From<SelectTrialError> for SelectError {
    fn from(SelectTrialError { kind, message, help }: SelectTrialError) -> Self {
        Self { kind: SelectKind::Setting(kind), message, help }
    }
}

impl SelectError {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> SelectKind {
        self.kind
    }
}

/// The kind of a [`SelectError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectKind {
    /// The settings are not those of the study.
    Setting(SelectTrialKind),
    /// The beginning of an identity has too few digits.
    TooShort,
    /// No run matches.
    NoRun,
    /// Several runs match.
    SeveralRuns,
}

/// The minimum number of digits of an abbreviated identity: shorter ones would soon be ambiguous in a larger study.
const LEAST: usize = 4;

/// Refuses text that could only be the beginning of an identity and is too short.
///
/// # Errors
/// The text is too short.
pub fn require_length(words: &str) -> Result<(), SelectError> {
    if words.len() >= LEAST || !words.chars().all(|c| c.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(SelectError {
        kind: SelectKind::TooShort,
        message: format!(
            "`{words}` is too short to select a run: give at least the first {LEAST} digits of its identity"
        ),
        help: "`restudy show --runs` lists the identities; settings and seed select a run, too".into(),
    })
}

/// Returns the one run that `words` select: the beginning of its identity, or settings that only it has,
/// `hidden=7,seed=3`. A setting may be named by the end of its path.
///
/// # Errors
/// No run or several runs match, the text is too short, or a setting is unknown.
pub fn select(study: &Study, tasks: &[Task], words: &str) -> Result<Task, SelectError> {
    require_length(words)?;
    let error = |kind, message: String, help: &str| Err(SelectError { kind, message, help: help.into() });
    let found = if words.contains('=') { by_settings(study, tasks, words)? } else { by_identity(tasks, words) };
    match found.as_slice() {
        [task] => Ok(*task),
        [] => error(
            SelectKind::NoRun,
            format!("no run of {} matches `{words}`", study.name),
            &format!(
                "give the beginning of an identity that `restudy show --runs` lists, or settings: {}",
                study.example_of_run()
            ),
        ),
        several => {
            let swept: Vec<_> = study.axes.iter().map(|axis| axis.path.as_str()).chain(["seed"]).collect();
            error(
                SelectKind::SeveralRuns,
                format!("{} runs of {} match `{words}`", several.len(), study.name),
                &format!("give more settings: the swept ones are {}", swept.join(", ")),
            )
        }
    }
}

fn by_identity(tasks: &[Task], words: &str) -> Vec<Task> {
    if words.len() < LEAST {
        return Vec::new();
    }
    let words = words.to_lowercase();
    tasks.iter().filter(|task| task.id.to_string().starts_with(&words)).copied().collect()
}

fn by_settings(study: &Study, tasks: &[Task], words: &str) -> Result<Vec<Task>, SelectError> {
    let mut found = tasks.to_vec();
    for word in words.split(',') {
        let Some((key, value)) = word.split_once('=').map(|(key, value)| (key.trim(), value.trim())) else {
            let help = format!("write settings as `name=value`, separated by commas: {}", study.example_of_run());
            let kind = SelectKind::Setting(SelectTrialKind::Syntax);
            return Err(SelectError { kind, message: format!("`{word}` is not of the form `name=value`"), help });
        };
        if key == "seed" {
            found.retain(|task| value.parse() == Ok(task.seed.0));
            continue;
        }
        let fits = study.trials_with(key, value)?;
        found.retain(|task| fits[task.trial]);
    }
    Ok(found)
}
