use std::collections::BTreeMap;

use super::compared_name;
use crate::{
    digest::Record,
    measure::Direction,
    run::Task,
    seed::Seed,
    sweep::{Confirm, Study, Trial, slot},
};

/// The trial with the best mean objective over its finished runs so far. For progress only; the report has the final
/// numbers.
pub(super) struct Best {
    /// For each trial, all folds together: the number of finished runs and the sum of the objective.
    trials: Vec<(u32, f64)>,
    folds: usize,
    /// For trials and seeds with unfinished folds: the number of finished folds and the sum of the objective.
    begun: BTreeMap<(usize, Seed), (usize, f64)>,
    pub(super) finished: usize,
    /// Whether the display shows the best trial.
    enabled: bool,
    /// Confirming runs do not count, since only some trials have them.
    confirm: Option<Confirm>,
    /// The slot of the objective in the records of each trial.
    slots: Vec<Option<usize>>,
    direction: Direction,
}

impl Best {
    pub(super) fn new(study: &Study, enabled: bool) -> Self {
        let objective = study.objective();
        let slot = |trial: &Trial| slot(&study.measured(trial), objective.part, &objective.measurement);
        let own = study.declaration().measurement(&objective.measurement);
        Self {
            trials: vec![(0, 0.0); study.compared()],
            folds: study.folds,
            begun: BTreeMap::new(),
            finished: 0,
            enabled,
            confirm: study.confirm,
            slots: study.trials.iter().map(slot).collect(),
            direction: own.map_or(Direction::Lower, |own| own.direction),
        }
    }

    pub(super) fn add(&mut self, task: &Task, record: &Record) {
        self.finished += 1;
        if self.confirm.is_some_and(|confirm| confirm.has(task.seed)) {
            return;
        }
        let value = record
            .observations
            .last()
            .zip(self.slots[task.trial])
            .and_then(|(observation, slot)| observation.values.get(slot).copied());
        let value = value.filter(|value| !value.is_nan()).unwrap_or(self.direction.worst());
        let trial = task.trial / self.folds;
        let (folds, sum) = self.begun.remove(&(trial, task.seed)).unwrap_or((0, 0.0));
        if folds + 1 < self.folds {
            self.begun.insert((trial, task.seed), (folds + 1, sum + value));
            return;
        }
        let (runs, total) = &mut self.trials[trial];
        (*runs, *total) = (*runs + 1, *total + (sum + value) / self.folds as f64);
    }

    /// The trial, its mean objective, and its number of runs.
    pub(super) fn trial(&self) -> Option<(usize, f64, u32)> {
        let means = self.trials.iter().enumerate().filter(|(_, (runs, _))| *runs > 0);
        means
            .map(|(trial, &(runs, total))| (trial * self.folds, total / f64::from(runs), runs))
            .min_by(|a, b| self.direction.rank(a.1).total_cmp(&self.direction.rank(b.1)))
    }

    /// The best trial as text after `between`; empty if there is none or it is not shown.
    pub(super) fn words(&self, study: &Study, between: &str) -> String {
        let Some((trial, error, runs)) = self.trial().filter(|_| self.enabled) else { return String::new() };
        let noun = if self.folds > 1 { "seed" } else { "run" };
        let plural = if runs == 1 { noun.into() } else { format!("{noun}s") };
        let objective = study.objective();
        let own = study.declaration().measurement(&objective.measurement);
        let value = match own.map(|own| own.scaled()) {
            Some((100.0, unit)) => format!("{:.2} {unit}", 100.0 * error),
            _ => format!("{error:.4}"),
        };
        // Means over the finished runs only, so no trial is called the best yet.
        let end = match self.direction {
            Direction::Lower => "lowest",
            Direction::Higher => "highest",
        };
        format!(
            "{between}{end} mean so far: {}, {} {value} ({runs} {plural})",
            compared_name(study, trial),
            objective.part.of(&objective.measurement),
        )
    }
}
