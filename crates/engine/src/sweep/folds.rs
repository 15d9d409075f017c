//! Cross-validation: each trial runs on every fold.
//!
//! If the settings give the number of folds, and not the fold that is held out, every combination of the grid becomes
//! one trial per fold. The fold is the last axis and varies fastest, so that the folds of a combination are adjacent.
//! It is not an axis of `[sweep]`, and it is independent of the seed: each seed runs on each fold. Every fold has its
//! own runs, identities and rows of tables; comparisons are between combinations, by their means over the folds under
//! each seed.

use super::{Axis, AxisValue, grid::Grid};
use crate::{
    experiment::Kind,
    spec::{
        Code,
        problem::Problem,
        sweeping::MOST,
        tree::{Node, Span, Value},
    },
};

/// A limit that excludes leave-one-out on large tables, which would train one network per row.
const MOST_FOLDS: i128 = 1000;

#[derive(Debug)]
pub(super) struct Folded {
    /// The path of the setting that selects the fold that is held out.
    pub path: String,
    pub count: usize,
    /// Where the number of folds is written.
    span: Span,
}

impl Folded {
    /// Returns the folds that the settings ask for; `None` without folds, or if one fold is selected.
    pub fn of(kind: &dyn Kind, base: &Node, grid: &Grid) -> Result<Option<Self>, Problem> {
        let axis = |path: &str| grid.axes.iter().find(|axis| axis.path == path);
        for setting in &kind.declaration().folds {
            if let Some(swept) = axis(&setting.count) {
                return Err(Problem::new(
                    Code::AxisFolds,
                    format!("`{}` cannot be swept: trials on other folds cannot be compared", setting.count),
                )
                .at(swept.key, "expected one number of folds for all trials")
                .help("write it under its section, and a study for each number of folds"));
            }
            let (found, fold) = (base.find(&setting.count), base.find(&setting.fold));
            let is_selected = axis(&setting.fold).is_some() || fold.is_complete;
            let Value::Int(count) = found.node.value else { continue };
            // The check of the settings refuses a number that is too small.
            if !found.is_complete || is_selected || count < 2 {
                continue;
            }
            if count > MOST_FOLDS {
                return Err(Problem::value(
                    Code::InvalidValue,
                    &setting.count,
                    found.node,
                    &format!("from 2 to {MOST_FOLDS} folds"),
                ));
            }
            return Ok(Some(Self { path: setting.fold.clone(), count: count as usize, span: found.node.span }));
        }
        Ok(None)
    }

    /// Refuses more runs than a study can have.
    pub fn require_few(&self, trials: usize, seeds: usize) -> Result<(), Problem> {
        let runs = trials.saturating_mul(seeds).saturating_mul(self.count);
        if runs <= MOST {
            return Ok(());
        }
        Err(Problem::new(Code::TooManyRuns, format!("the study asks for {runs} runs, at most {MOST} are possible"))
            .at(self.span, format!("every trial runs on each of {} folds", self.count))
            .help("ask for fewer folds, trials or seeds"))
    }

    pub fn node(&self, fold: usize) -> Node {
        Node { span: self.span, value: Value::Int(fold as i128) }
    }

    pub fn span(&self) -> Span {
        self.span
    }

    pub fn axis(&self) -> Axis {
        Axis::new(self.path.clone(), (0..self.count as u64).map(AxisValue::Int).collect(), Some(false))
    }
}
