//! Selects trials by settings as written on the command line: `hidden=7`, `learning-rate=0.02`.

use std::{collections::BTreeSet, ops::Range, path::Path};

use super::{AxisValue, Study};

/// The kind of a [`SelectTrialError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectTrialKind {
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
    /// A fold is selected in place of a trial.
    Fold,
}

/// An error of a selection: no such setting, or not exactly one trial.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SelectTrialError {
    /// The kind of the error.
    pub kind: SelectTrialKind,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Study {
    /// Returns for every trial whether its setting `key` has the value `value`. The end of a path suffices as key.
    ///
    /// # Errors
    /// `key` matches no setting, or several.
    pub fn trials_with(&self, key: &str, value: &str) -> Result<Vec<bool>, SelectTrialError> {
        let path = path(self, key)?;
        let has = |(other, setting): &(String, AxisValue)| {
            *other == path && (is_equal(setting, value) || ends_with(setting, value))
        };
        // A file on an axis matches by its label, its path or the end of its path.
        if let Some(axis) = self.axes.iter().position(|axis| axis.path == path) {
            let fits: Vec<_> = self.trials.iter().map(|trial| is_equal(&trial.values[axis], value)).collect();
            let texts = self.axes[axis].values.iter().any(|value| matches!(value, AxisValue::String(_)));
            if !texts || fits.contains(&true) {
                return Ok(fits);
            }
            return Ok(self.trials.iter().map(|trial| trial.settings().iter().any(has)).collect());
        }
        // All trials share the settings that are not swept.
        Ok(vec![self.trials[0].settings().iter().any(has); self.trials.len()])
    }

    /// Returns an example of a selection: `hidden=7`; `None` if nothing is swept.
    #[must_use]
    pub fn example(&self) -> Option<String> {
        let axis = self.axes.first()?;
        let name = axis.path.rsplit('.').next().unwrap_or(&axis.path);
        Some(format!("{name}={}", axis.values.last()?))
    }

    /// Returns an example of the selection of a run: `hidden=7,seed=3`.
    #[must_use]
    pub fn example_of_run(&self) -> String {
        let seed = self.seeds.last().map_or(0, |seed| seed.0);
        self.example().map_or_else(String::new, |example| example + ",") + &format!("seed={seed}")
    }

    /// Returns the one trial with all these settings, each `key=value`. Without settings, the study must have one
    /// trial.
    ///
    /// # Errors
    /// No trial or several match, a setting is unknown, or a single fold is selected.
    pub fn trial_named<'a>(&self, settings: impl IntoIterator<Item = &'a str>) -> Result<usize, SelectTrialError> {
        let found = self.folds_named(settings)?;
        if found.len() < self.folds {
            let message = format!("a fold is named, and a trial of {} is all {} of them", self.name, self.folds);
            return Err(SelectTrialError { kind: SelectTrialKind::Fold, message, help: "leave the fold out".into() });
        }
        Ok(found.start)
    }

    /// Returns the trials of one combination with these settings: all its folds, or the selected one.
    ///
    /// # Errors
    /// No combination or several match, or a setting is unknown.
    pub fn folds_named<'a>(
        &self,
        settings: impl IntoIterator<Item = &'a str>,
    ) -> Result<Range<usize>, SelectTrialError> {
        let mut fits = vec![true; self.trials.len()];
        let mut words = Vec::new();
        for word in settings {
            let Some((key, value)) = word.split_once('=').map(|(key, value)| (key.trim(), value.trim())) else {
                return Err(SelectTrialError {
                    kind: SelectTrialKind::Syntax,
                    message: format!("`{word}` is not a setting and its value"),
                    help: match self.example() {
                        Some(example) => format!("write a setting, `=` and its value: {example}"),
                        None => "write a setting, `=` and its value".into(),
                    },
                });
            };
            fits.iter_mut().zip(self.trials_with(key, value)?).for_each(|(fits, with)| *fits &= with);
            words.push(word.trim());
        }
        let found: Vec<_> = fits.iter().enumerate().filter(|(_, fits)| **fits).map(|(trial, _)| trial).collect();
        let wanted = words.join(",");
        let axis = |axis: &super::Axis| {
            let values: Vec<_> = axis.values.iter().take(12).map(ToString::to_string).collect();
            let more = if axis.values.len() > values.len() { ", ..." } else { "" };
            format!("{} = {}{more}", axis.path, values.join(", "))
        };
        let swept: Vec<_> = self.axes.iter().map(axis).collect();
        match found.as_slice() {
            [trial] => Ok(*trial..trial + 1),
            // The folds of a combination are adjacent.
            [first, .., last] if first + self.folds == last + 1 && self.first_fold(*first) == *first => {
                Ok(*first..last + 1)
            }
            [] => Err(SelectTrialError {
                kind: SelectTrialKind::NoTrial,
                message: format!("no trial of {} is `{wanted}`", self.name),
                help: format!("the axes are {}", swept.join("; ")),
            }),
            several => Err(SelectTrialError {
                kind: SelectTrialKind::SeveralTrials,
                message: match self.count_of(several) {
                    count if words.is_empty() => format!("{} has {count} trials", self.name),
                    count => format!("{count} trials of {} are `{wanted}`", self.name),
                },
                help: format!("add a setting; the axes are {}", swept.join("; ")),
            }),
        }
    }

    /// The number of combinations among these trials.
    fn count_of(&self, trials: &[usize]) -> usize {
        trials.iter().map(|trial| self.first_fold(*trial)).collect::<BTreeSet<_>>().len()
    }
}

/// The full path of a setting; axes have precedence.
fn path(study: &Study, key: &str) -> Result<String, SelectTrialError> {
    let named = |path: &String| path == key || path.strip_suffix(key).is_some_and(|front| front.ends_with('.'));
    let axes: Vec<_> = study.axes.iter().map(|axis| axis.path.clone()).filter(named).collect();
    let all = || study.trials[0].settings().into_iter().map(|(path, _)| path).filter(named).collect();
    let paths: Vec<String> = if axes.is_empty() { all() } else { axes };
    match paths.as_slice() {
        [path] => Ok(path.clone()),
        [] => Err(SelectTrialError {
            kind: SelectTrialKind::UnknownSetting,
            message: format!("{} has no setting `{key}`", study.name),
            help: format!("its settings are {}", names(study)),
        }),
        several => Err(SelectTrialError {
            kind: SelectTrialKind::SeveralSettings,
            message: format!("`{key}` may be {}", several.join(" or ")),
            help: "give more of the path".into(),
        }),
    }
}

fn names(study: &Study) -> String {
    let settings = study.trials[0].settings();
    settings.iter().map(|(path, _)| path.as_str()).chain(["seed"]).collect::<Vec<_>>().join(", ")
}

fn is_equal(setting: &AxisValue, text: &str) -> bool {
    match setting {
        AxisValue::Int(value) => text.parse() == Ok(*value),
        AxisValue::Float(value) => text.parse() == Ok(*value),
        AxisValue::String(value) => value == text,
    }
}

/// Whether a setting is a path that ends with `text`, which has several parts.
fn ends_with(setting: &AxisValue, text: &str) -> bool {
    matches!(setting, AxisValue::String(path) if text.contains('/') && Path::new(path).ends_with(text))
}
