//! Cross-validation: a trial that runs on each of several folds.
//!
//! Where the settings say how many folds there are, and not which one is held out, every point of the grid
//! becomes one trial a fold. The fold is the last axis and varies fastest, so that the trials of one point follow each other. It is no axis of
//! `[sweep]`, and no seed: every seed sees every fold. A fold has runs, identities and rows of tables of its own; what is compared are the
//! points of the grid, each by its mean over the folds, seed by seed.

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

/// More folds than these are none: leaving out one row at a time would train a network for each.
const MOST_FOLDS: i128 = 1000;

/// The folds of every trial.
#[derive(Debug)]
pub(super) struct Folded {
    /// The path of the setting that says which fold is held out.
    pub path: String,
    /// How many there are.
    pub count: usize,
    /// Where that is said.
    span: Span,
}

impl Folded {
    /// What the settings ask for; none where they do not, or where they say which fold it is.
    pub fn of(kind: &dyn Kind, base: &Node, grid: &Grid) -> Result<Option<Self>, Problem> {
        let axis = |path: &str| grid.axes.iter().find(|axis| axis.path == path);
        for own in &kind.declaration().folds {
            if let Some(swept) = axis(&own.count) {
                return Err(Problem::new(
                    Code::AxisFolds,
                    format!("`{}` cannot be swept: trials on other folds cannot be compared", own.count),
                )
                .at(swept.key, "expected one number of folds for all trials")
                .help("write it under its section, and a study for each number of folds"));
            }
            let (found, fold) = (base.find(&own.count), base.find(&own.fold));
            let one = axis(&own.fold).is_some() || fold.whole;
            let Value::Int(count) = found.node.value else { continue };
            // The settings themselves refuse a number that is too small.
            if !found.whole || one || count < 2 {
                continue;
            }
            if count > MOST_FOLDS {
                return Err(Problem::value(
                    Code::InvalidValue,
                    &own.count,
                    found.node,
                    &format!("from 2 to {MOST_FOLDS} folds"),
                ));
            }
            return Ok(Some(Self { path: own.fold.clone(), count: count as usize, span: found.node.span }));
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

    /// A fold as a setting.
    pub fn node(&self, fold: usize) -> Node {
        Node { span: self.span, value: Value::Int(fold as i128) }
    }

    /// Where the number of folds is written.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The folds as an axis.
    pub fn axis(&self) -> Axis {
        Axis::new(self.path.clone(), (0..self.count as u64).map(AxisValue::Int).collect(), Some(false))
    }
}
