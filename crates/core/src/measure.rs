//! Declarations of measurements: names, units, which values are better, and which measurement decides.
//!
//! Tables, figures and reports read only these declarations, so they work for every experiment.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

/// One axis of a sweep, as figures and reports see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxisInfo {
    /// The path of the setting, which is also its column in the table of runs: `model.hidden`.
    pub path: String,
    /// The values as text, in the order of the study.
    pub values: Vec<String>,
    /// Whether the values are spaced evenly on a logarithmic scale rather than a linear one.
    pub log: bool,
    /// Whether the values are the folds of a cross-validation: trials that differ only in the fold are one trial.
    pub folds: bool,
}

/// Which values are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Small values.
    Lower,
    /// Large values.
    Higher,
}

impl Direction {
    /// Returns the sort key of a value, the best first and NaN last.
    #[must_use]
    pub fn rank(self, value: f64) -> f64 {
        match self {
            _ if value.is_nan() => f64::INFINITY,
            Self::Lower => value,
            Self::Higher => -value,
        }
    }

    /// Returns the worst of all values.
    #[must_use]
    pub const fn worst(self) -> f64 {
        match self {
            Self::Lower => f64::INFINITY,
            Self::Higher => f64::NEG_INFINITY,
        }
    }

    /// Returns "lower" or "higher".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Higher => "higher",
        }
    }

    /// Returns the word for the best value: "lowest" or "highest".
    #[must_use]
    pub const fn superlative(self) -> &'static str {
        match self {
            Self::Lower => "lowest",
            Self::Higher => "highest",
        }
    }
}

/// How values are displayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// Unchanged, in the unit.
    #[default]
    Number,
    /// A share of one, in percent.
    Percent,
}

/// The range of possible values. Intervals of means are clipped to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Range {
    /// All numbers.
    #[default]
    Any,
    /// Numbers from 0.
    NotNegative,
    /// Numbers from 0 to 1.
    Share,
}

impl Range {
    /// Returns the smallest and the largest number.
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

/// The declaration of a measurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Measurement {
    /// The name in specifications, tables and figures: lowercase letters, digits and `-`.
    pub name: String,
    /// Whether it is measured twice: on the training and on the validation points.
    #[serde(default)]
    pub split: bool,
    /// The unit, which follows the name on an axis: `nat`, `share of points`.
    #[serde(default)]
    pub unit: String,
    /// Which values are better.
    pub direction: Direction,
    /// Whether neither small nor large values are better. A neutral measurement decides nothing; its direction is only
    /// an order.
    #[serde(default)]
    pub neutral: bool,
    /// How values are displayed.
    #[serde(default)]
    pub shown: Shown,
    /// Whether values may be zero or negative, so that a logarithmic scale would hide the best ones.
    #[serde(default)]
    pub reaches_zero: bool,
    /// The range of possible values.
    #[serde(default, skip_serializing_if = "Range::is_any")]
    pub range: Range,
    /// The definition: an equation or a clause.
    #[serde(default)]
    pub about: String,
    /// The unit of time of a run, in the singular: `epoch`.
    #[serde(default = "epoch")]
    pub over: String,
}

fn epoch() -> String {
    "epoch".to_owned()
}

impl Measurement {
    /// Declares a measurement without splits; `direction` says which values are better.
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

    /// Declares a measurement of which neither small nor large values are better.
    #[must_use]
    pub fn neutral(name: &str) -> Self {
        Self { neutral: true, ..Self::new(name, Direction::Lower) }
    }

    /// Returns which values are better, as a clause.
    #[must_use]
    pub fn better(&self) -> &'static str {
        match self.direction {
            _ if self.neutral => "neither lower nor higher is better",
            Direction::Lower => "lower is better",
            Direction::Higher => "higher is better",
        }
    }

    /// Returns the splits on which it is measured.
    #[must_use]
    pub fn parts(&self) -> &'static [Split] {
        if self.split { &[Split::Train, Split::Validation] } else { &[Split::None] }
    }

    /// Returns the factor from values to displayed values, and the displayed unit.
    #[must_use]
    pub fn scaled(&self) -> (f64, &str) {
        match self.shown {
            Shown::Number => (1.0, &self.unit),
            Shown::Percent => (100.0, "%"),
        }
    }
}

/// The split of the data on which a value was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// The points that the trainer learns from.
    Train,
    /// The points that the trainer never sees.
    Validation,
    /// The data is not split.
    #[serde(rename = "whole")]
    None,
}

impl Split {
    /// Both splits, in the order of the tables.
    pub const SPLIT: [Self; 2] = [Self::Train, Self::Validation];

    /// Returns the name in tables; empty without splits.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::None => "",
        }
    }

    /// Returns the displayed name, which precedes that of a measurement.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Train => "training",
            Self::Validation => "validation",
            Self::None => "",
        }
    }

    /// Returns the column of a measurement on this split.
    #[must_use]
    pub fn column(self, measurement: &str) -> String {
        self.joined('_', measurement)
    }

    /// Returns the name of a measurement on this split: both names, joined by `sign`.
    #[must_use]
    pub fn joined(self, sign: char, measurement: &str) -> String {
        match self {
            Self::None => measurement.to_owned(),
            split => format!("{}{sign}{measurement}", split.name()),
        }
    }

    /// Returns the displayed name of a measurement on this split: "validation error".
    #[must_use]
    pub fn of(self, measurement: &str) -> String {
        match self {
            Self::None => measurement.replace('-', " "),
            split => format!("{} {}", split.title(), measurement.replace('-', " ")),
        }
    }
}

/// The measurement that decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Objective {
    /// The name of the measurement.
    pub measurement: String,
    /// The split that counts.
    pub part: Split,
    /// The measurements that break ties, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<String>,
    /// The condition of success, if the experiment has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<Success>,
}

/// The condition of success: the first measurement at least as good as the bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Success {
    /// The word in names of columns: `zero` gives `zero_epoch`, `zero_share`.
    pub word: String,
    /// The measurement that must reach the bound.
    pub measurement: String,
    /// The split on which it counts.
    pub part: Split,
    /// The value to reach.
    pub bound: f64,
    /// The condition as a clause: "zero training error".
    pub about: String,
}
