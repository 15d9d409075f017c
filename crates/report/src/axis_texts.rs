//! The displayed values of the axes.

use std::collections::BTreeSet;

use crate::{
    sweep::{Axis, AxisValue},
    table::{Summary, TrialSummary},
};

/// Returns, for each trial, the values on the axes, with the fewest digits that distinguish the values of an axis, but
/// at least four.
pub(super) fn axis_texts(summary: &Summary, trials: &[TrialSummary]) -> Vec<Vec<String>> {
    let digits: Vec<_> = summary.axes.iter().map(digits).collect();
    let texts =
        |trial: &TrialSummary| trial.values.iter().zip(&digits).map(|(value, digits)| shown(value, *digits)).collect();
    trials.iter().map(texts).collect()
}

fn digits(axis: &Axis) -> usize {
    let apart = |digits: &usize| {
        let mut seen = BTreeSet::new();
        axis.values.iter().all(|value| seen.insert(shown(value, *digits)))
    };
    (4..17).find(apart).unwrap_or(17)
}

fn shown(value: &AxisValue, digits: usize) -> String {
    match value {
        AxisValue::Float(value) => {
            let rounded = format!("{value:.*e}", digits - 1).parse().unwrap_or(*value);
            let plain = rounded == 0.0 || (1e-5..1e7).contains(&rounded.abs());
            if plain { format!("{rounded}") } else { format!("{rounded:e}") }
        }
        other => other.to_string(),
    }
}
