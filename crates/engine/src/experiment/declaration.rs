use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Sections;
use crate::measure::{Measurement, Objective, Split};

/// What an experiment says of itself. It is stored with results, so that they are read without the code of the experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Declaration {
    /// The name, which stands in specifications and in the identities of runs: small letters, digits and `-`.
    pub name: String,
    /// Its version: a change of any result is a new one.
    pub version: u64,
    /// What it is, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// What it measures, in the order of the tables.
    pub measurements: Vec<Measurement>,
    /// Which of them decides.
    pub objective: Objective,
    /// The arrays that are kept of a run, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keeps: Vec<String>,
    /// How far its results are promised.
    #[serde(default)]
    pub promise: Promise,
    /// The paths of settings that name files; what these hold counts, not their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The paths of settings that came after the first results of this version: each enters identities and what is kept only where it is not its default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<String>,
    /// Where settings ask for cross-validation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folds: Vec<Folds>,
    /// The JSON Schema of the settings, without references.
    pub settings: Json,
}

/// Two settings of cross-validation: where the first one is given and the second one is not, every trial runs on each of the folds, and
/// its values are means over these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Folds {
    /// The path of the setting that says how many folds there are.
    pub count: String,
    /// The path of the setting that says which of them, from 0, is held out.
    pub fold: String,
}

/// How far results are promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Promise {
    /// The same settings under the same seed give the same bits, on every machine.
    #[default]
    Bits,
    /// Results may differ from one run to the next; verification says so, and is no proof.
    Nothing,
}

/// A declaration that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the experiment `{experiment}` contradicts itself: {reason}")]
pub struct Contradiction {
    /// The name of the experiment.
    pub experiment: String,
    /// What is wrong.
    pub reason: String,
}

/// A name as specifications, columns and files can have it.
fn is_name(text: &str) -> bool {
    let safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.bytes().next().is_some_and(|first| first.is_ascii_lowercase()) && text.len() <= 100 && text.bytes().all(safe)
}

/// Names of columns that tables have beside measurements.
const TAKEN: [&str; 10] = ["run", "trial", "seed", "outcome", "epoch", "step", "split", "chain", "digest", "runs"];

impl Declaration {
    /// The measurement of this name.
    #[must_use]
    pub fn measurement(&self, name: &str) -> Option<&Measurement> {
        self.measurements.iter().find(|measurement| measurement.name == name)
    }

    /// Refuses a declaration that contradicts itself.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn check(&self) -> Result<(), Contradiction> {
        match self.reason() {
            None => Ok(()),
            Some(reason) => Err(Contradiction { experiment: self.name.clone(), reason }),
        }
    }

    fn reason(&self) -> Option<String> {
        const NAME: &str = "names are small letters, digits and `-`, a letter first";
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
            // One table has its parts in rows, the others in columns.
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
                return Some(format!("what a run succeeds at cannot be called {word:?}: {NAME}"));
            }
            if let Some(column) =
                ["epoch", "share", "epoch_median"].iter().map(|end| format!("{word}_{end}")).find(|c| seen.contains(c))
            {
                return Some(format!("what a run succeeds at is `{word}`, whose column `{column}` a measurement has"));
            }
        }
        let plain = |name: &&String| {
            !name.is_empty()
                && name.len() <= 100
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if let Some(odd) = self.keeps.iter().find(|name| !plain(name)) {
            return Some(format!(
                "an array that is kept cannot be named {odd:?}: names are letters, digits, `-` and `_`"
            ));
        }
        let mut kept = BTreeSet::new();
        if let Some(twice) = self.keeps.iter().find(|name| !kept.insert(*name)) {
            return Some(format!("two arrays that are kept are named `{twice}`"));
        }
        let Objective { measurement, part, then, success } = &self.objective;
        let success = success.iter().map(|success| ("what a run succeeds at", &success.measurement, success.part));
        let named = then.iter().map(|name| ("the objective", name, *part));
        for (what, name, part) in [("the objective", measurement, *part)].into_iter().chain(named).chain(success) {
            let Some(own) = self.measurement(name) else {
                return Some(format!("{what} is `{name}`, which it does not measure"));
            };
            if own.neutral {
                return Some(format!("{what} is `{name}`, of which neither small nor large values are better"));
            }
            if !own.parts().contains(&part) {
                let expected =
                    if own.split { "it is measured on training and validation points" } else { "it is measured once" };
                let help = if own.split { format!(": write `validation.{name}`") } else { String::new() };
                return Some(format!("{what} is `{}`, but {expected}{help}", part.of(name)));
            }
        }
        let bound = self.objective.success.as_ref().map(|success| success.bound);
        if let Some(bound) = bound.filter(|bound| !bound.is_finite()) {
            return Some(format!("a run has succeeded at {bound}, which no run reaches"));
        }
        let catalogue = Sections::new(&self.settings).catalogue;
        if let Some(path) = self.files.iter().find(|path| catalogue.get(path).is_none()) {
            return Some(format!("it reads the file of `{path}`, which is none of its settings"));
        }
        if let Some(path) = self.later.iter().find(|path| catalogue.get(path).is_none_or(|known| known.required)) {
            return Some(format!("`{path}` came later, but it is none of its settings, or has no default"));
        }
        if let Some(path) =
            self.folds.iter().flat_map(|own| [&own.count, &own.fold]).find(|path| catalogue.get(path).is_none())
        {
            return Some(format!("cross-validation is asked for by `{path}`, which is none of its settings"));
        }
        let given = |path: &&String| {
            let known = catalogue.get(path);
            known.is_some_and(|known| known.default.as_ref().is_some_and(|default| !default.is_null()))
        };
        if let Some(path) = self.folds.iter().flat_map(|own| [&own.count, &own.fold]).find(given) {
            return Some(format!(
                "cross-validation is asked for by `{path}`, which has a default: every study would ask for it"
            ));
        }
        if let Some(path) =
            self.folds.iter().map(|own| &own.fold).find(|path| catalogue.get(path).is_some_and(|known| known.required))
        {
            return Some(format!(
                "`{path}` says which fold is held out, and is required: no trial would run on all of them"
            ));
        }
        self.unfit_default()
    }

    /// A default that the schema itself does not allow.
    fn unfit_default(&self) -> Option<String> {
        fn look(schema: &Json, path: &str) -> Option<String> {
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
            inside.into_iter().find_map(|(key, inner)| look(inner, &of(key)))
        }
        look(&self.settings, "")
    }

    /// The parts of data that anything is measured on, in the order of the tables.
    #[must_use]
    pub fn parts(&self) -> Vec<Split> {
        let all = [Split::Train, Split::Validation, Split::None];
        let has = |part: &Split| self.measurements.iter().any(|measurement| measurement.parts().contains(part));
        all.into_iter().filter(has).collect()
    }
}

#[cfg(test)]
mod tests;
