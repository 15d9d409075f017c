//! Settings and trials by the words of a person: `hidden=7`, `learning-rate=0.02`.

use std::{collections::BTreeSet, ops::Range, path::Path};

use super::{AxisValue, Study};

/// What kind of mistake a [`NamedError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedKind {
    /// A word is not a setting and its value.
    Syntax,
    /// The study has no such setting.
    UnknownSetting,
    /// Several settings have a path with this end.
    SeveralSettings,
    /// No trial has the settings.
    NoTrial,
    /// Several trials have the settings.
    SeveralTrials,
    /// A fold is named in place of a trial.
    Fold,
}

/// Why words name no setting, or not one trial.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NamedError {
    /// The kind of the mistake.
    pub kind: NamedKind,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Study {
    /// For every trial whether its setting `key` has the value that is written so. A setting may be named by the end of its path.
    ///
    /// # Errors
    /// No setting is called so, or several.
    pub fn trials_with(&self, key: &str, value: &str) -> Result<Vec<bool>, NamedError> {
        let path = path(self, key)?;
        let has = |(own, scalar): &(String, AxisValue)| *own == path && (is(scalar, value) || ends(scalar, value));
        // A file on an axis goes by what tables call it, or by its path or the end of it.
        if let Some(axis) = self.axes.iter().position(|axis| axis.path == path) {
            let fits: Vec<_> = self.trials.iter().map(|trial| is(&trial.values[axis], value)).collect();
            let texts = self.axes[axis].values.iter().any(|value| matches!(value, AxisValue::String(_)));
            if !texts || fits.contains(&true) {
                return Ok(fits);
            }
            return Ok(self.trials.iter().map(|trial| trial.settings().iter().any(has)).collect());
        }
        // What is not swept is the same in all trials.
        Ok(vec![self.trials[0].settings().iter().any(has); self.trials.len()])
    }

    /// A setting that is swept, with one of its values, as people may write it: `hidden=7`. None where nothing is swept.
    #[must_use]
    pub fn example(&self) -> Option<String> {
        let axis = self.axes.first()?;
        let name = axis.path.rsplit('.').next().unwrap_or(&axis.path);
        Some(format!("{name}={}", axis.values.last()?))
    }

    /// How people may name a run: `hidden=7,seed=3`.
    #[must_use]
    pub fn example_of_run(&self) -> String {
        let seed = self.seeds.last().map_or(0, |seed| seed.0);
        self.example().map_or_else(String::new, |example| example + ",") + &format!("seed={seed}")
    }

    /// The one trial with all these settings, `key=value` each; no settings name the trial of a study that has but one.
    ///
    /// # Errors
    /// None or several fit, a setting is not known, or a fold is named.
    pub fn trial_named<'a>(&self, settings: impl IntoIterator<Item = &'a str>) -> Result<usize, NamedError> {
        let found = self.folds_named(settings)?;
        if found.len() < self.folds {
            let message = format!("a fold is named, and a trial of {} is all {} of them", self.name, self.folds);
            return Err(NamedError { kind: NamedKind::Fold, message, help: "leave the fold out".into() });
        }
        Ok(found.start)
    }

    /// The same with all its folds, unless one of these is named.
    ///
    /// # Errors
    /// As [`trial_named`](Self::trial_named).
    pub fn folds_named<'a>(&self, settings: impl IntoIterator<Item = &'a str>) -> Result<Range<usize>, NamedError> {
        let mut fits = vec![true; self.trials.len()];
        let mut said = Vec::new();
        for word in settings {
            let Some((key, value)) = word.split_once('=').map(|(key, value)| (key.trim(), value.trim())) else {
                return Err(NamedError {
                    kind: NamedKind::Syntax,
                    message: format!("`{word}` is not a setting and its value"),
                    help: match self.example() {
                        Some(example) => format!("write a setting, `=` and its value: {example}"),
                        None => "write a setting, `=` and its value".into(),
                    },
                });
            };
            fits.iter_mut().zip(self.trials_with(key, value)?).for_each(|(fits, with)| *fits &= with);
            said.push(word.trim());
        }
        let found: Vec<_> = fits.iter().enumerate().filter(|(_, fits)| **fits).map(|(trial, _)| trial).collect();
        let said = if said.is_empty() { "any".to_owned() } else { format!("`{}`", said.join(",")) };
        let axis = |axis: &super::Axis| {
            let values: Vec<_> = axis.values.iter().take(12).map(ToString::to_string).collect();
            let more = if axis.values.len() > values.len() { ", ..." } else { "" };
            format!("{} = {}{more}", axis.path, values.join(", "))
        };
        let swept: Vec<_> = self.axes.iter().map(axis).collect();
        match found.as_slice() {
            [trial] => Ok(*trial..trial + 1),
            // The folds of a trial follow each other.
            [first, .., last] if first + self.folds == last + 1 && self.first_fold(*first) == *first => {
                Ok(*first..last + 1)
            }
            [] => Err(NamedError {
                kind: NamedKind::NoTrial,
                message: format!("no trial of {} is {said}", self.name),
                help: format!("what is swept is {}", swept.join("; ")),
            }),
            several => Err(NamedError {
                kind: NamedKind::SeveralTrials,
                message: format!("{} trials of {} are {said}", self.count_of(several), self.name),
                help: format!("say more: what is swept is {}", swept.join("; ")),
            }),
        }
    }
}

impl Study {
    /// How many trials these are, all folds of one together.
    fn count_of(&self, trials: &[usize]) -> usize {
        trials.iter().map(|trial| self.first_fold(*trial)).collect::<BTreeSet<_>>().len()
    }
}

/// The full path of a setting: of an axis before any other.
fn path(study: &Study, key: &str) -> Result<String, NamedError> {
    let named = |path: &String| path == key || path.strip_suffix(key).is_some_and(|front| front.ends_with('.'));
    let axes: Vec<_> = study.axes.iter().map(|axis| axis.path.clone()).filter(named).collect();
    let all = || study.trials[0].settings().into_iter().map(|(path, _)| path).filter(named).collect();
    let paths: Vec<String> = if axes.is_empty() { all() } else { axes };
    match paths.as_slice() {
        [path] => Ok(path.clone()),
        [] => Err(NamedError {
            kind: NamedKind::UnknownSetting,
            message: format!("{} has no setting `{key}`", study.name),
            help: format!("its settings are {}", names(study)),
        }),
        several => Err(NamedError {
            kind: NamedKind::SeveralSettings,
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
fn is(scalar: &AxisValue, text: &str) -> bool {
    match scalar {
        AxisValue::Int(value) => text.parse() == Ok(*value),
        AxisValue::Float(value) => text.parse() == Ok(*value),
        AxisValue::String(value) => value == text,
    }
}

/// Whether a setting is a path with this end.
fn ends(scalar: &AxisValue, text: &str) -> bool {
    matches!(scalar, AxisValue::String(path) if text.contains('/') && Path::new(path).ends_with(text))
}
