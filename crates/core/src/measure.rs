//! What an experiment says of what it measures: names, units, which values are better, and which measurement decides.
//!
//! Tables, figures, answers and reports read it; what is measured, they do not know.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

/// What is swept, for those who draw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxisInfo {
    /// The path of the setting, which is also its column in the table of runs: `model.hidden`.
    pub path: String,
    /// The values as text, in the order of the study.
    pub values: Vec<String>,
    /// Whether the values are spaced evenly on a logarithmic scale rather than a linear one.
    pub log: bool,
    /// Whether these are the folds of a cross-validation: trials that differ in nothing else are one trial.
    pub folds: bool,
}

/// Which values are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Small ones.
    Lower,
    /// Large ones.
    Higher,
}

impl Direction {
    /// The number by which a value is sorted, the best first; one that is no number comes last.
    #[must_use]
    pub fn rank(self, value: f64) -> f64 {
        match self {
            _ if value.is_nan() => f64::INFINITY,
            Self::Lower => value,
            Self::Higher => -value,
        }
    }

    /// The value that is worse than any other.
    #[must_use]
    pub const fn worst(self) -> f64 {
        match self {
            Self::Lower => f64::INFINITY,
            Self::Higher => f64::NEG_INFINITY,
        }
    }

    /// "lower" or "higher".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Higher => "higher",
        }
    }

    /// What the best value is: "lowest" or "highest".
    #[must_use]
    pub const fn superlative(self) -> &'static str {
        match self {
            Self::Lower => "lowest",
            Self::Higher => "highest",
        }
    }
}

/// How values are shown to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// As they are, in the unit.
    #[default]
    Number,
    /// A share of one, in percent.
    Percent,
}

/// Between which numbers values lie, whatever is done: intervals of means end there, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Range {
    /// Any two.
    #[default]
    Any,
    /// From 0 on.
    NotNegative,
    /// From 0 to 1.
    Share,
}

impl Range {
    /// The least and the largest number.
    #[must_use]
    pub const fn ends(self) -> [f64; 2] {
        match self {
            Self::Any => [f64::NEG_INFINITY, f64::INFINITY],
            Self::NotNegative => [0.0, f64::INFINITY],
            Self::Share => [0.0, 1.0],
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
    fn is_any(&self) -> bool {
        *self == Self::Any
    }
}

/// Something that is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Measurement {
    /// Its name in specifications, tables and figures: small letters, digits and `-`.
    pub name: String,
    /// Whether it is measured twice: on the training and on the validation points.
    #[serde(default)]
    pub split: bool,
    /// The unit, to stand behind the name on an axis: `nat`, `share of points`.
    #[serde(default)]
    pub unit: String,
    /// Which values are better.
    pub direction: Direction,
    /// Whether neither small nor large values are better: then it decides nothing, and the direction is only an order.
    #[serde(default)]
    pub neutral: bool,
    /// How values are shown.
    #[serde(default)]
    pub shown: Shown,
    /// Whether it may be zero, or less, so that a logarithm would hide the best values.
    #[serde(default)]
    pub reaches_zero: bool,
    /// Between which numbers it lies.
    #[serde(default, skip_serializing_if = "Range::is_any")]
    pub range: Range,
    /// What it is: an equation, or a clause.
    #[serde(default)]
    pub about: String,
    /// What the time of a run is counted in, in the singular: `epoch`.
    #[serde(default = "epoch")]
    pub over: String,
}

fn epoch() -> String {
    "epoch".to_owned()
}

impl Measurement {
    /// One that is measured once; `direction` says which values are better.
    #[must_use]
    pub fn new(name: &str, direction: Direction) -> Self {
        Self {
            name: name.to_owned(),
            split: false,
            unit: String::new(),
            direction,
            neutral: false,
            shown: Shown::Number,
            reaches_zero: false,
            range: Range::Any,
            about: String::new(),
            over: epoch(),
        }
    }

    /// One of which neither small nor large values are better.
    #[must_use]
    pub fn neutral(name: &str) -> Self {
        Self { neutral: true, ..Self::new(name, Direction::Lower) }
    }

    /// Which values are better, for people.
    #[must_use]
    pub fn better(&self) -> &'static str {
        match self.direction {
            _ if self.neutral => "neither lower nor higher is better",
            Direction::Lower => "lower is better",
            Direction::Higher => "higher is better",
        }
    }

    /// The parts that it is measured on.
    #[must_use]
    pub fn parts(&self) -> &'static [Split] {
        if self.split { &[Split::Train, Split::Validation] } else { &[Split::None] }
    }

    /// What a value is multiplied with to be shown, and the unit that it then has.
    #[must_use]
    pub fn scaled(&self) -> (f64, &str) {
        match self.shown {
            Shown::Number => (1.0, &self.unit),
            Shown::Percent => (100.0, "%"),
        }
    }
}

/// On what something was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// The points that are learned from.
    Train,
    /// The points that are never seen.
    Validation,
    /// There are no such parts.
    #[serde(rename = "whole")]
    None,
}

impl Split {
    /// Both parts of data, in the order of the tables.
    pub const SPLIT: [Self; 2] = [Self::Train, Self::Validation];

    /// The name in tables; nothing where there are no parts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::None => "",
        }
    }

    /// The name for people, to stand before that of a measurement.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Train => "training",
            Self::Validation => "validation",
            Self::None => "",
        }
    }

    /// The column of tables that has a measurement of this part.
    #[must_use]
    pub fn column(self, measurement: &str) -> String {
        self.joined('_', measurement)
    }

    /// The name of a measurement of this part, with a sign between both.
    #[must_use]
    pub fn joined(self, sign: char, measurement: &str) -> String {
        match self {
            Self::None => measurement.to_owned(),
            part => format!("{}{sign}{measurement}", part.name()),
        }
    }

    /// A measurement of this part, for people: "validation error".
    #[must_use]
    pub fn of(self, measurement: &str) -> String {
        match self {
            Self::None => measurement.replace('-', " "),
            part => format!("{} {}", part.title(), measurement.replace('-', " ")),
        }
    }
}

/// Which measurement decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Objective {
    /// Its name.
    pub measurement: String,
    /// The part of it that counts.
    pub part: Split,
    /// What decides between equal ones, the first of them first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<String>,
    /// When a run counts as having succeeded, if anything says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<Success>,
}

/// When a run has succeeded: at the first measurement that is at least so good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Success {
    /// The word for it in names of columns: `zero` gives `zero_epoch`, `zero_share`.
    pub word: String,
    /// The measurement.
    pub measurement: String,
    /// The part of it.
    pub part: Split,
    /// The value that is to be reached.
    pub bound: f64,
    /// What is reached, in a clause: "zero training error".
    pub about: String,
}
