//! A run of a study by the words of a person.

use miette::Diagnostic;
use thiserror::Error;

use crate::{
    run::Task,
    sweep::{Scalar, Study},
};

/// Why words name no single run.
#[derive(Debug, Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(help("{help}"))]
pub struct SelectError {
    message: String,
    help: String,
}

/// The one run that `words` name: the beginning of its identity, or settings that only it has, `hidden=7,seed=3`. A setting may
/// be named by the end of its path.
///
/// # Errors
/// None or several fit, or a setting is not known.
pub fn select(study: &Study, tasks: &[Task], words: &str) -> Result<Task, SelectError> {
    let fault = |message: String, help: &str| Err(SelectError { message, help: help.into() });
    let found = if words.contains('=') { by_settings(study, tasks, words)? } else { by_identity(tasks, words) };
    match found.as_slice() {
        [task] => Ok(*task),
        [] => fault(
            format!("no run of {} is `{words}`", study.name),
            "give the beginning of a run's identity, as `restudy show --runs` lists them, or settings: hidden=7,seed=3",
        ),
        several => {
            let swept: Vec<_> = study.axes.iter().map(|axis| axis.path.as_str()).chain(["seed"]).collect();
            fault(
                format!("{} runs of {} are `{words}`", several.len(), study.name),
                &format!("say more: what is swept is {}", swept.join(", ")),
            )
        }
    }
}

fn by_identity(tasks: &[Task], words: &str) -> Vec<Task> {
    if words.len() < 4 {
        return Vec::new();
    }
    let words = words.to_lowercase();
    tasks.iter().filter(|task| task.id.to_string().starts_with(&words)).copied().collect()
}

fn by_settings(study: &Study, tasks: &[Task], words: &str) -> Result<Vec<Task>, SelectError> {
    let mut found = tasks.to_vec();
    for word in words.split(',') {
        let Some((key, value)) = word.split_once('=').map(|(key, value)| (key.trim(), value.trim())) else {
            let help = "write a setting, `=` and its value, with commas between: hidden=7,seed=3".into();
            return Err(SelectError { message: format!("`{word}` is not a setting and its value"), help });
        };
        if key == "seed" {
            found.retain(|task| value.parse() == Ok(task.seed.0));
            continue;
        }
        let path = path(study, key)?;
        let fits: Vec<_> = study
            .trials
            .iter()
            .map(|trial| trial.settings().iter().any(|(own, scalar)| *own == path && is(scalar, value)))
            .collect();
        found.retain(|task| fits[task.trial]);
    }
    Ok(found)
}

/// The full path of a setting: of an axis before any other.
fn path(study: &Study, key: &str) -> Result<String, SelectError> {
    let named = |path: &String| path == key || path.strip_suffix(key).is_some_and(|front| front.ends_with('.'));
    let axes: Vec<_> = study.axes.iter().map(|axis| axis.path.clone()).filter(named).collect();
    let all = || study.trials[0].settings().into_iter().map(|(path, _)| path).filter(named).collect();
    let paths: Vec<String> = if axes.is_empty() { all() } else { axes };
    match paths.as_slice() {
        [path] => Ok(path.clone()),
        [] => Err(SelectError {
            message: format!("{} has no setting `{key}`", study.name),
            help: format!("its settings are {}", names(study)),
        }),
        several => Err(SelectError {
            message: format!("`{key}` may be {}", several.join(" or ")),
            help: "give more of the path".into(),
        }),
    }
}

fn names(study: &Study) -> String {
    let settings = study.trials[0].settings();
    settings.iter().map(|(path, _)| path.as_str()).chain(["seed"]).collect::<Vec<_>>().join(", ")
}

/// Whether a setting has the value that is written so.
fn is(scalar: &Scalar, text: &str) -> bool {
    match scalar {
        Scalar::Whole(value) => text.parse() == Ok(*value),
        Scalar::Float(value) => text.parse() == Ok(*value),
        Scalar::Text(value) => value == text,
    }
}
