//! The section `[measurements]`: what a program measures, and which measurement is the objective.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    engine_spec::{
        Code, Problem,
        problem::quoted,
        read,
        tree::{Entry, Node},
    },
    measure::{Direction, Measurement, Objective, Range, Shown, Split},
};

/// Which values are better, as a specification says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Better {
    Lower,
    Higher,
    None,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Declared {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    unit: String,
    direction: Better,
    #[serde(default, skip_serializing_if = "is_number")]
    show: Shown,
    #[serde(default, skip_serializing_if = "is_any")]
    range: Range,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    about: String,
    #[serde(default, skip_serializing_if = "is_false")]
    objective: bool,
}

fn is_number(shown: &Shown) -> bool {
    *shown == Shown::Number
}

fn is_any(range: &Range) -> bool {
    *range == Range::Any
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// The measurements of a program.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The declarations, in the order of the specification.
    pub measurements: Vec<Measurement>,
    /// The objective.
    pub objective: Objective,
    /// The names in the engine, `train.loss` or `test-f1`, by the [keys](key) that the program prints.
    pub names: BTreeMap<String, String>,
    /// The section, as it is stored.
    pub json: Json,
}

/// Returns the form in which names of measurements are compared: in lowercase letters, with `-` for every other sign
/// except the point. `val_loss` and `val-loss` are the same.
#[must_use]
pub fn key(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// The split and the name of a measurement in tables. Only a measurement on both splits is split; `validation.loss`
/// alone is `validation-loss`.
fn named(key: &str, all: &[String]) -> (Split, String) {
    let both =
        |name: &str| ["train", "validation"].iter().all(|part| all.iter().any(|own| *own == format!("{part}.{name}")));
    match key.split_once('.') {
        Some(("train", name)) if both(name) => (Split::Train, name.replace('.', "-")),
        Some(("validation", name)) if both(name) => (Split::Validation, name.replace('.', "-")),
        _ => (Split::None, key.replace('.', "-")),
    }
}

impl Measured {
    /// Reads the section.
    ///
    /// # Errors
    /// There is no measurement, no objective or more than one, or a name that no measurement can have.
    pub fn read(root: &Node) -> Result<Self, Problem> {
        const LINES: &str = "name what the program prints:\n[measurements]\n\"validation.loss\" = { direction = \"lower\", objective = true }";
        let Some(section) = root.get("measurements") else {
            return Err(Problem::new(Code::MissingSection, "the section `[measurements]` is missing")
                .at(root.span, "not in this file")
                .help(LINES));
        };
        let entries = section.table().map_or(&[][..], |table| &table.0);
        if entries.is_empty() {
            return Err(Problem::new(Code::MissingKey, "the program measures nothing")
                .at(section.span, "no measurement")
                .help(LINES));
        }
        let keys: Vec<String> = entries.iter().map(|entry| key(&entry.key)).collect();
        let mut measurements: Vec<Measurement> = Vec::new();
        let (mut names, mut json) = (BTreeMap::new(), serde_json::Map::new());
        let mut objectives: Vec<(&Entry, Split, String)> = Vec::new();
        for (entry, own) in entries.iter().zip(&keys) {
            let path = format!("measurements.{}", quoted(&entry.key));
            let declared: Declared = read::read(&entry.node, &path)?;
            let (split, name) = named(own, &keys);
            require_name(entry, &name)?;
            if names.insert(own.clone(), split.joined('.', &name)).is_some() {
                let message = format!("the measurement {} is declared twice", quoted(&entry.key));
                return Err(Problem::new(Code::DuplicateKey, message)
                    .at(entry.span, "names are compared in lowercase letters, with `-` for `_`"));
            }
            json.insert(entry.key.clone(), serde_json::to_value(&declared).unwrap_or_default());
            if declared.objective {
                objectives.push((entry, split, name.clone()));
            }
            let measurement = measurement(&declared, split, &name);
            match measurements.iter().find(|other| other.name == name) {
                None => measurements.push(measurement),
                Some(other) if *other == measurement => {}
                Some(_) => {
                    let message = format!("`train.{name}` and `validation.{name}` are declared differently");
                    return Err(Problem::new(Code::InvalidValue, message)
                        .at(entry.node.span, "expected the same unit, direction, range and description"));
                }
            }
        }
        let objective = match objectives.as_slice() {
            [(entry, ..)] if is_neutral(&measurements, &objectives[0].2) => {
                return Err(Problem::new(
                    Code::InvalidValue,
                    format!("{} cannot be the objective", quoted(&entry.key)),
                )
                .at(entry.node.span, "its direction is \"none\": no value is better"));
            }
            [(_, split, name)] => {
                Objective { measurement: name.clone(), part: *split, then: Vec::new(), success: None }
            }
            [] => {
                let first = quoted(&entries[0].key);
                return Err(Problem::new(
                    Code::NoChoice,
                    "no measurement is the objective, by which trials are compared",
                )
                .at(section.span, "none of these has `objective = true`")
                .help(format!("{first} = {{ direction = ..., objective = true }}")));
            }
            [(one, ..), (other, ..), ..] => {
                let message = format!("{} and {} are both the objective", quoted(&one.key), quoted(&other.key));
                return Err(Problem::new(Code::SeveralChoices, message)
                    .at(other.node.span, "a study has one objective")
                    .at(one.node.span, "this is one, too"));
            }
        };
        Ok(Self { measurements, objective, names, json: json.into() })
    }
}

fn is_neutral(measurements: &[Measurement], name: &str) -> bool {
    measurements.iter().any(|measurement| measurement.name == name && measurement.neutral)
}

fn measurement(declared: &Declared, split: Split, name: &str) -> Measurement {
    let direction = if declared.direction == Better::Higher { Direction::Higher } else { Direction::Lower };
    let range = match declared.show {
        Shown::Percent if declared.range == Range::Any => Range::Share,
        _ => declared.range,
    };
    Measurement {
        split: split != Split::None,
        unit: declared.unit.clone(),
        neutral: declared.direction == Better::None,
        shown: declared.show,
        range,
        reaches_zero: range != Range::Any,
        about: declared.about.clone(),
        over: "step".into(),
        ..Measurement::new(name, direction)
    }
}

fn require_name(entry: &Entry, name: &str) -> Result<(), Problem> {
    let begins = name.bytes().next().is_some_and(|first| first.is_ascii_lowercase());
    if begins && entry.key.is_ascii() && name.len() <= 100 {
        return Ok(());
    }
    let message = format!("a measurement cannot be named {}", quoted(&entry.key));
    Err(Problem::new(Code::InvalidValue, message).at(entry.span, "expected ASCII, beginning with a letter"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine_spec::tree;

    fn read(text: &str) -> Result<Measured, String> {
        let root = tree::document(&format!("[measurements]\n{text}"), 0).unwrap();
        Measured::read(&root).map_err(|problem| problem.message)
    }

    #[test]
    fn both_splits_are_one_measurement_and_one_alone_is_another() {
        let both = read("\"train.loss\" = { direction = \"lower\" }\n\"validation.loss\" = { direction = \"lower\", objective = true }").unwrap();
        assert_eq!(both.measurements.len(), 1);
        assert!(both.measurements[0].split && both.objective.part == Split::Validation);
        assert_eq!(both.names["validation.loss"], "validation.loss");
        let alone = read(
            "\"validation.Loss\" = { direction = \"lower\", objective = true }\nval_acc = { direction = \"higher\" }",
        )
        .unwrap();
        let names: Vec<_> = alone.measurements.iter().map(|own| own.name.as_str()).collect();
        assert_eq!(names, ["validation-loss", "val-acc"]);
        assert_eq!(alone.names[&key("val-acc")], "val-acc");
    }

    #[test]
    fn one_measurement_is_the_objective() {
        assert!(read("a = { direction = \"lower\" }").unwrap_err().contains("no measurement is the objective"));
        let two = "a = { direction = \"lower\", objective = true }\nb = { direction = \"lower\", objective = true }";
        assert!(read(two).unwrap_err().contains("are both the objective"));
        assert!(
            read("a = { direction = \"none\", objective = true }").unwrap_err().contains("cannot be the objective")
        );
        let apart =
            "\"train.a\" = { direction = \"lower\" }\n\"validation.a\" = { direction = \"higher\", objective = true }";
        assert!(read(apart).unwrap_err().contains("declared differently"));
        assert!(
            read("a_b = { direction = \"lower\", objective = true }\na-b = { direction = \"lower\" }")
                .unwrap_err()
                .contains("declared twice")
        );
    }
}
