use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Sections;
use crate::measure::{Measurement, Objective, Split};

/// The declaration of an experiment. It is stored with results, which can then be read without the code of the
/// experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Declaration {
    /// The name, used in specifications and in the identities of runs: lowercase letters, digits and `-`.
    pub name: String,
    /// The version; any change of results requires a new one.
    pub version: u64,
    /// A description, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// The measurements, in the order of the tables.
    pub measurements: Vec<Measurement>,
    /// The objective, by which trials are compared.
    pub objective: Objective,
    /// The names of the arrays that are stored for each run, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keeps: Vec<String>,
    /// The promise of reproducibility.
    #[serde(default)]
    pub promise: Promise,
    /// The paths of settings that name files. The content of a file is part of the identity of a run, its name is not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The paths of settings that were added after the first results of this version: each is part of identities and
    /// stored settings only if it differs from its default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<String>,
    /// The paths of settings that say how runs are computed, not what they compute: a time limit. They are not part of
    /// identities. A path stands for all settings under it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aside: Vec<String>,
    /// Whether runs are processes of programs outside restudy, whose results may depend on more than the settings and
    /// the seed: on the machine and on what is installed there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
    /// Whether these programs are in the image of a container whose digest is part of the identity of every run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contained: bool,
    /// The settings of cross-validation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folds: Vec<Folds>,
    /// The JSON Schema of the settings, without references.
    pub settings: Json,
}

/// Two settings of cross-validation: if `count` is set and `fold` is not, every trial runs on each fold, and
/// its values are means over the folds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Folds {
    /// The path of the setting for the number of folds.
    pub count: String,
    /// The path of the setting for the fold, from 0, that is held out.
    pub fold: String,
}

/// The promise of reproducibility.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Promise {
    /// The same settings and seed give the same bits on every machine.
    #[default]
    Bits,
    /// The same settings and seed give values that differ at most by this.
    Tolerance(Tolerance),
    /// Results may differ between executions; verification reports this and proves nothing.
    Nothing,
}

/// How far two values of a measurement may differ. It is enough that one of the bounds holds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tolerance {
    /// The largest absolute difference.
    #[serde(default)]
    pub absolute: f64,
    /// The largest difference in relation to the larger of both values.
    #[serde(default)]
    pub relative: f64,
    /// Whether kept files may differ, too.
    #[serde(default)]
    pub files: bool,
}

impl Tolerance {
    /// Returns whether the difference of two values is within the tolerance.
    #[must_use]
    pub fn covers(&self, one: f64, other: f64) -> bool {
        let apart = (one - other).abs();
        apart <= self.absolute || apart <= self.relative * one.abs().max(other.abs())
    }
}

/// The error of a declaration that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the experiment `{experiment}` contradicts itself: {reason}")]
pub struct Contradiction {
    /// The name of the experiment.
    pub experiment: String,
    /// The reason.
    pub reason: String,
}

/// Whether a text can name an experiment or a measurement in specifications, columns and files.
fn is_name(text: &str) -> bool {
    let safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.bytes().next().is_some_and(|first| first.is_ascii_lowercase()) && text.len() <= 100 && text.bytes().all(safe)
}

/// Other columns of tables.
const TAKEN: [&str; 10] = ["run", "trial", "seed", "outcome", "epoch", "step", "split", "chain", "digest", "runs"];

impl Declaration {
    /// Returns the measurement of this name.
    #[must_use]
    pub fn measurement(&self, name: &str) -> Option<&Measurement> {
        self.measurements.iter().find(|measurement| measurement.name == name)
    }

    /// Checks the declaration for contradictions.
    ///
    /// # Errors
    /// The first contradiction.
    pub fn check(&self) -> Result<(), Contradiction> {
        match self.reason() {
            None => Ok(()),
            Some(reason) => Err(Contradiction { experiment: self.name.clone(), reason }),
        }
    }

    fn reason(&self) -> Option<String> {
        const NAME: &str = "names consist of lowercase letters, digits and `-`, and begin with a letter";
        if !is_name(&self.name) {
            return Some(format!("it cannot be named {:?}: {NAME}", self.name));
        }
        if self.measurements.is_empty() {
            return Some("it measures nothing".into());
        }
        let (mut seen, mut names) = (BTreeSet::new(), BTreeSet::new());
        for measurement in &self.measurements {
            let name = &measurement.name;
            if !is_name(name) {
                return Some(format!("a measurement cannot be named {name:?}: {NAME}"));
            }
            if !names.insert(name) {
                return Some(format!("two measurements are named `{name}`"));
            }
            // One table has the splits in rows, the others in columns.
            let columns = measurement.parts().iter().map(|part| part.column(name));
            for (column, alone) in [(name.clone(), true)].into_iter().chain(columns.map(|column| (column, false))) {
                if TAKEN.contains(&column.as_str()) {
                    return Some(format!(
                        "a measurement cannot be named `{name}`: tables have a column `{column}` already"
                    ));
                }
                if !alone && !seen.insert(column.clone()) {
                    return Some(format!("two measurements have the column `{column}` in tables"));
                }
            }
        }
        if let Some(success) = &self.objective.success {
            let word = &success.word;
            if !is_name(word) {
                return Some(format!("the success of a run cannot be named {word:?}: {NAME}"));
            }
            if let Some(column) =
                ["epoch", "share", "epoch_median"].iter().map(|end| format!("{word}_{end}")).find(|c| seen.contains(c))
            {
                return Some(format!(
                    "the success of a run is named `{word}`, but its column `{column}` belongs to a measurement"
                ));
            }
        }
        let plain = |name: &&String| {
            !name.is_empty()
                && name.len() <= 100
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if let Some(odd) = self.keeps.iter().find(|name| !plain(name)) {
            return Some(format!(
                "a stored array cannot be named {odd:?}: names consist of letters, digits, `-` and `_`"
            ));
        }
        let mut kept = BTreeSet::new();
        if let Some(twice) = self.keeps.iter().find(|name| !kept.insert(*name)) {
            return Some(format!("two stored arrays are named `{twice}`"));
        }
        let Objective { measurement, part, then, success } = &self.objective;
        let success = success.iter().map(|success| ("the success of a run", &success.measurement, success.part));
        let named = then.iter().map(|name| ("the objective", name, *part));
        for (what, name, part) in [("the objective", measurement, *part)].into_iter().chain(named).chain(success) {
            let Some(measurement) = self.measurement(name) else {
                return Some(format!("{what} is decided by `{name}`, which it does not measure"));
            };
            if measurement.neutral {
                return Some(format!(
                    "{what} is decided by `{name}`, which is neutral: neither small nor large values are better"
                ));
            }
            if !measurement.parts().contains(&part) {
                let expected = if measurement.split {
                    "it is measured on training and validation points"
                } else {
                    "it is measured once"
                };
                let help = if measurement.split { format!(": write `validation.{name}`") } else { String::new() };
                return Some(format!("{what} is decided by `{}`, but {expected}{help}", part.of(name)));
            }
        }
        let bound = self.objective.success.as_ref().map(|success| success.bound);
        if let Some(bound) = bound.filter(|bound| !bound.is_finite()) {
            return Some(format!("a run succeeds at {bound}, which no run can reach"));
        }
        let catalog = Sections::new(&self.settings).catalog;
        if let Some(path) = self.files.iter().find(|path| catalog.get(path).is_none()) {
            return Some(format!("`{path}` is declared to name a file, but it is not a setting"));
        }
        if let Some(path) = self.later.iter().find(|path| catalog.get(path).is_none_or(|known| known.required)) {
            return Some(format!("`{path}` is declared as a later setting, but it is not a setting with a default"));
        }
        if let Some(path) =
            self.folds.iter().flat_map(|folds| [&folds.count, &folds.fold]).find(|path| catalog.get(path).is_none())
        {
            return Some(format!("`{path}` is declared for cross-validation, but it is not a setting"));
        }
        let has_default = |path: &&String| {
            let setting = catalog.get(path);
            setting.is_some_and(|setting| setting.default.as_ref().is_some_and(|default| !default.is_null()))
        };
        if let Some(path) = self.folds.iter().flat_map(|folds| [&folds.count, &folds.fold]).find(has_default) {
            return Some(format!(
                "`{path}` is declared for cross-validation and has a default: every study would use cross-validation"
            ));
        }
        if let Some(path) = self
            .folds
            .iter()
            .map(|folds| &folds.fold)
            .find(|path| catalog.get(path).is_some_and(|known| known.required))
        {
            return Some(format!(
                "`{path}` selects the fold that is held out and is required: no trial would run on all folds"
            ));
        }
        self.default_out_of_range()
    }

    fn default_out_of_range(&self) -> Option<String> {
        fn find(schema: &Json, path: &str) -> Option<String> {
            let default = schema.get("default").filter(|default| !default.is_null());
            if let Some(number) = default.and_then(Json::as_f64) {
                let bound = |key: &str| schema.get(key).and_then(Json::as_f64);
                let out = bound("minimum").is_some_and(|least| number < least)
                    || bound("maximum").is_some_and(|most| number > most)
                    || bound("exclusiveMinimum").is_some_and(|least| number <= least)
                    || bound("exclusiveMaximum").is_some_and(|most| number >= most);
                if out {
                    return Some(format!("the default of `{path}`, {number}, is out of its range"));
                }
            }
            let inside = schema["properties"].as_object().into_iter().flatten();
            let of = |key: &String| if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            inside.into_iter().find_map(|(key, inner)| find(inner, &of(key)))
        }
        find(&self.settings, "")
    }

    /// Returns the splits that have measurements, in the order of the tables.
    #[must_use]
    pub fn parts(&self) -> Vec<Split> {
        let all = [Split::Train, Split::Validation, Split::None];
        let has = |part: &Split| self.measurements.iter().any(|measurement| measurement.parts().contains(part));
        all.into_iter().filter(has).collect()
    }
}

#[cfg(test)]
mod tests;
