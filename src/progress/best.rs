use std::collections::BTreeMap;

use super::compared_name;
use crate::{
    digest::Record,
    measure::Direction,
    run::Task,
    seed::Seed,
    sweep::{Confirm, Study, Trial, slot},
};

/// The best trial so far: the one with the best mean of what decides over its finished runs. For show only; the report
/// has the numbers.
pub(super) struct Best {
    /// For each trial, all its folds together, its finished runs and the sum of what decides.
    trials: Vec<(u32, f64)>,
    /// On how many folds each runs.
    folds: usize,
    /// Of every trial and seed of which some folds have run, how many, and the sum of what decides.
    begun: BTreeMap<(usize, Seed), (usize, f64)>,
    pub(super) finished: usize,
    /// Whether anybody asks for it.
    asked: bool,
    /// Runs that confirm are of some trials alone, and do not count.
    confirm: Option<Confirm>,
    /// Where the records of each trial have what decides.
    slots: Vec<Option<usize>>,
    direction: Direction,
}

impl Best {
    pub(super) fn new(study: &Study, asked: bool) -> Self {
        let objective = study.objective();
        let slot = |trial: &Trial| slot(&study.measured(trial), objective.part, &objective.measurement);
        let own = study.declaration().measurement(&objective.measurement);
        Self {
            trials: vec![(0, 0.0); study.compared()],
            folds: study.folds,
            begun: BTreeMap::new(),
            finished: 0,
            asked,
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
            .and_then(|(point, slot)| point.values.get(slot).copied());
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

    /// The trial and the mean of what decides.
    pub(super) fn trial(&self) -> Option<(usize, f64, u32)> {
        let means = self.trials.iter().enumerate().filter(|(_, (runs, _))| *runs > 0);
        means
            .map(|(trial, &(runs, total))| (trial * self.folds, total / f64::from(runs), runs))
            .min_by(|a, b| self.direction.rank(a.1).total_cmp(&self.direction.rank(b.1)))
    }

    /// The same in words, after `between`; nothing where there is none, or nobody asks.
    pub(super) fn words(&self, study: &Study, between: &str) -> String {
        let Some((trial, error, runs)) = self.trial().filter(|_| self.asked) else { return String::new() };
        let noun = if self.folds > 1 { "seed" } else { "run" };
        let plural = if runs == 1 { noun.into() } else { format!("{noun}s") };
        let objective = study.objective();
        let own = study.declaration().measurement(&objective.measurement);
        let value = match own.map(|own| own.scaled()) {
            Some((100.0, unit)) => format!("{:.2} {unit}", 100.0 * error),
            _ => format!("{error:.4}"),
        };
        // Over runs that are there by now: none of the trials is the best yet.
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
