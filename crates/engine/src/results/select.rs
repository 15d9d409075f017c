//! A run of a study by the words of a person.

use miette::Diagnostic;
use thiserror::Error;

use crate::{
    run::Task,
    sweep::{NamedError, NamedKind, Study},
};

/// Why words name no single run.
#[derive(Debug, Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(help("{help}"))]
pub struct SelectError {
    kind: SelectKind,
    message: String,
    help: String,
}

impl From<NamedError> for SelectError {
    fn from(NamedError { kind, message, help }: NamedError) -> Self {
        Self { kind: SelectKind::Setting(kind), message, help }
    }
}

impl SelectError {
    /// The kind of the mistake.
    #[must_use]
    pub fn kind(&self) -> SelectKind {
        self.kind
    }
}

/// What kind of mistake a [`SelectError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectKind {
    /// The settings are not those of the study.
    Setting(NamedKind),
    /// The beginning of an identity has too few digits.
    TooShort,
    /// No run fits.
    NoRun,
    /// Several runs fit.
    SeveralRuns,
}

/// An identity is abbreviated to so many digits at least: with fewer, another run of a larger study would soon begin alike.
const LEAST: usize = 4;

/// Refuses words that could only be the beginning of an identity, and are too short for one.
///
/// # Errors
/// They are.
pub fn require_telling(words: &str) -> Result<(), SelectError> {
    if words.len() >= LEAST || !words.chars().all(|c| c.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(SelectError {
        kind: SelectKind::TooShort,
        message: format!(
            "`{words}` is too short to name a run: of an identity, at least the first {LEAST} digits are needed"
        ),
        help: "`restudy show --runs` lists the identities; a run may be named by its settings and its seed, too".into(),
    })
}

/// The one run that `words` name: the beginning of its identity, or settings that only it has, `hidden=7,seed=3`. A setting may
/// be named by the end of its path.
///
/// # Errors
/// None or several fit, they are too short, or a setting is not known.
pub fn select(study: &Study, tasks: &[Task], words: &str) -> Result<Task, SelectError> {
    require_telling(words)?;
    let refuse = |kind, message: String, help: &str| Err(SelectError { kind, message, help: help.into() });
    let found = if words.contains('=') { by_settings(study, tasks, words)? } else { by_identity(tasks, words) };
    match found.as_slice() {
        [task] => Ok(*task),
        [] => refuse(
            SelectKind::NoRun,
            format!("no run of {} is `{words}`", study.name),
            &format!(
                "give the beginning of a run's identity, as `restudy show --runs` lists them, or settings: {}",
                study.example_of_run()
            ),
        ),
        several => {
            let swept: Vec<_> = study.axes.iter().map(|axis| axis.path.as_str()).chain(["seed"]).collect();
            refuse(
                SelectKind::SeveralRuns,
                format!("{} runs of {} are `{words}`", several.len(), study.name),
                &format!("say more: what is swept is {}", swept.join(", ")),
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
            let help = format!("write a setting, `=` and its value, with commas between: {}", study.example_of_run());
            let kind = SelectKind::Setting(NamedKind::Syntax);
            return Err(SelectError { kind, message: format!("`{word}` is not a setting and its value"), help });
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
