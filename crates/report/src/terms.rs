//! What a report calls the measurement that decides, as the experiment declares it.

use crate::{
    measure::{Direction, Objective, Shown, Split, Success},
    table::Summary,
};

/// The words for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The measurement with its part: "validation error".
    pub what: String,
    /// The measurement of each of its parts, in the order of the columns.
    pub parts: Vec<(Split, String)>,
    /// Which values are better.
    pub direction: Direction,
    /// What time is counted in.
    pub over: String,
    /// What a value is multiplied with to be shown, and what stands behind it.
    pub factor: f64,
    /// The unit in which it is shown.
    pub unit: String,
    /// When a run has succeeded.
    pub success: Option<Success>,
    objective: Objective,
}

impl Terms {
    /// The words for what a summary is of.
    #[must_use]
    pub fn of(summary: &Summary) -> Self {
        let objective = summary.objective.clone();
        let declared = |name: &str| summary.columns.iter().find(|(_, own)| own.name == name).map(|(_, own)| own);
        let own = declared(&objective.measurement);
        let parts = own.map_or(&[][..], |own| own.parts());
        let (factor, unit) = own.map_or((1.0, String::new()), |own| {
            let (factor, unit) = own.scaled();
            (factor, if own.shown == Shown::Percent { unit.to_owned() } else { own.unit.clone() })
        });
        Self {
            what: objective.part.of(&objective.measurement),
            parts: parts.iter().map(|part| (*part, part.of(&objective.measurement))).collect(),
            direction: own.map_or(Direction::Lower, |own| own.direction),
            over: own.map_or_else(|| "epoch".into(), |own| own.over.clone()),
            factor,
            unit,
            success: objective.success.clone(),
            objective,
        }
    }

    /// The name of a column with its unit: "validation error, %".
    pub fn headed(&self, name: &str) -> String {
        if self.unit.is_empty() { name.to_owned() } else { format!("{name}, {}", self.unit) }
    }

    /// "lowest mean validation error".
    pub fn best(&self) -> String {
        format!("{} mean {}", self.direction.superlative(), self.what)
    }

    /// A value for people, without its unit; nothing if there is none.
    pub fn shown(&self, value: f64) -> Option<String> {
        if value.is_nan() {
            return None;
        }
        Some(if self.factor == 100.0 { format!("{:.2}", 100.0 * value) } else { short(value) })
    }

    /// The heads of the columns about success.
    pub fn reached(&self) -> Vec<String> {
        let heads =
            |success: &Success| [format!("reached {}", success.word), format!("{}s to {}", self.over, success.word)];
        self.success.iter().flat_map(heads).collect()
    }

    /// Which measurement decides.
    #[must_use]
    pub fn objective(&self) -> &Objective {
        &self.objective
    }
}

/// Four significant digits, as short as they are.
fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    let plain = rounded == 0.0 || !rounded.is_finite() || (1e-4..1e7).contains(&rounded.abs());
    if plain { format!("{rounded}") } else { format!("{rounded:e}") }
}
