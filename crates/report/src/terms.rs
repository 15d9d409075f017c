//! The words of a report for the objective, from the declaration of the experiment.

use crate::{
    measure::{Direction, Objective, Shown, Split, Success},
    table::Summary,
};

/// The words for the objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The objective with its split: "validation error".
    pub what: String,
    /// The measurement on each of its splits, in the order of the columns.
    pub splits: Vec<(Split, String)>,
    /// Which values are better.
    pub direction: Direction,
    /// The unit of time.
    pub over: String,
    /// The factor from values to displayed values.
    pub factor: f64,
    /// The displayed unit.
    pub unit: String,
    /// The condition of success.
    pub success: Option<Success>,
    objective: Objective,
}

impl Terms {
    /// Returns the words for the objective of a summary.
    #[must_use]
    pub fn of(summary: &Summary) -> Self {
        let objective = summary.objective.clone();
        let declared = |name: &str| {
            summary.columns.iter().find(|(_, declared)| declared.name == name).map(|(_, declared)| declared)
        };
        let measurement = declared(&objective.measurement);
        let splits = measurement.map_or(&[][..], |measurement| measurement.parts());
        let (factor, unit) = measurement.map_or((1.0, String::new()), |measurement| {
            let (factor, unit) = measurement.scaled();
            (factor, if measurement.shown == Shown::Percent { unit.to_owned() } else { measurement.unit.clone() })
        });
        Self {
            what: objective.part.of(&objective.measurement),
            splits: splits.iter().map(|split| (*split, split.of(&objective.measurement))).collect(),
            direction: measurement.map_or(Direction::Lower, |measurement| measurement.direction),
            over: measurement.map_or_else(|| "epoch".into(), |measurement| measurement.over.clone()),
            factor,
            unit,
            success: objective.success.clone(),
            objective,
        }
    }

    /// Returns the head of a column with its unit: "validation error, %".
    pub fn headed(&self, name: &str) -> String {
        if self.unit.is_empty() { name.to_owned() } else { format!("{name}, {}", self.unit) }
    }

    /// Returns the words for the best mean: "lowest mean validation error".
    pub fn best(&self) -> String {
        format!("{} mean {}", self.direction.superlative(), self.what)
    }

    /// Formats a value, without its unit; `None` for NaN.
    pub fn shown(&self, value: f64) -> Option<String> {
        if value.is_nan() {
            return None;
        }
        Some(if self.factor == 100.0 { format!("{:.2}", 100.0 * value) } else { short(value) })
    }

    /// Returns the heads of the columns about success.
    pub fn reached(&self) -> Vec<String> {
        let heads =
            |success: &Success| [format!("reached {}", success.word), format!("{}s to {}", self.over, success.word)];
        self.success.iter().flat_map(heads).collect()
    }

    /// Returns the objective.
    #[must_use]
    pub fn objective(&self) -> &Objective {
        &self.objective
    }
}

/// Four significant digits, without trailing zeros.
fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    let plain = rounded == 0.0 || !rounded.is_finite() || (1e-4..1e7).contains(&rounded.abs());
    if plain { format!("{rounded}") } else { format!("{rounded:e}") }
}
