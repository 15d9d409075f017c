use std::collections::BTreeMap;

use super::compared_name;
use crate::{
    digest::Record,
    measure::{Direction, Range},
    run::Task,
    seed::Seed,
    stats::{Interval, Within},
    sweep::{Confirm, Study, Trial, slot},
};

/// The most runs of a trial whose interval is shown: it is computed again after every run.
const MOST: usize = 1000;

/// The trial with the best mean objective over its finished runs so far. For progress only; the report has the final
/// numbers.
pub(super) struct Best {
    /// For each trial, all folds together: the sum of the objective of the finished runs, and its values.
    trials: Vec<(f64, Vec<f64>)>,
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
            trials: vec![(0.0, Vec::new()); study.compared()],
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
        let (total, values) = &mut self.trials[trial];
        values.push((sum + value) / self.folds as f64);
        *total += (sum + value) / self.folds as f64;
    }

    /// The trial, its mean objective, and the objective of its runs.
    fn trial(&self) -> Option<(usize, f64, &[f64])> {
        let means = self.trials.iter().enumerate().filter(|(_, (_, values))| !values.is_empty());
        means
            .map(|(trial, (total, values))| (trial * self.folds, total / values.len() as f64, values.as_slice()))
            .min_by(|a, b| self.direction.rank(a.1).total_cmp(&self.direction.rank(b.1)))
    }

    /// The best trial as text after `between`; empty if there is none or it is not shown.
    pub(super) fn words(&self, study: &Study, between: &str) -> String {
        let Some((trial, mean, values)) = self.trial().filter(|_| self.enabled) else { return String::new() };
        let noun = if self.folds > 1 { "seed" } else { "run" };
        let runs = values.len();
        let plural = if runs == 1 { noun.into() } else { format!("{noun}s") };
        let objective = study.objective();
        let own = study.declaration().measurement(&objective.measurement);
        let scale = own.map(|own| own.scaled());
        let shown = |value: f64| match scale {
            Some((100.0, _)) => format!("{:.2}", 100.0 * value),
            _ => format!("{value:.4}"),
        };
        let range = own.map_or(Range::Any, |own| own.range);
        let interval = match runs {
            ..=MOST => Within::new(study.confidence).mean(values, range),
            _ => Interval::NONE,
        };
        let interval = match interval.is_none() {
            true => String::new(),
            false => format!(" [{}, {}]", shown(interval.low), shown(interval.high)),
        };
        let unit =
            scale.filter(|(factor, _)| *factor == 100.0).map_or_else(String::new, |(_, unit)| format!(" {unit}"));
        let value = format!("{}{unit}{interval}", shown(mean));
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{
        digest::{Digest, Kept, Observation, Outcome},
        sweep,
    };

    #[test]
    fn the_lowest_mean_has_an_interval_from_five_runs_on() {
        let text = "[study]\nquestion = \"?\"\n[data.double-moon]\n[sweep]\n\"model.hidden\" = [1, 2]\nseeds = 9\n";
        let study = sweep::parse("study", Path::new("study.toml"), text, &[]).unwrap();
        let mut best = Best::new(&study, true);
        assert_eq!(best.words(&study, "; "), "");
        let mut add = |trial: usize, seed: u64, value: f64| {
            let id = Digest::of(&[trial as u8, seed as u8]);
            let observation = Observation { epoch: 1, step: 1, values: vec![value; 8] };
            let record = Record {
                id,
                observations: vec![observation],
                chain: vec![id],
                outcome: Outcome::Completed,
                kept: Kept::default(),
                own: None,
            };
            best.add(&Task { trial, seed: Seed(seed), id }, &record);
            best.words(&study, "; ")
        };
        let said: Vec<_> = (0..5).map(|seed| add(1, seed, 0.1 + 0.05 * seed as f64)).collect();
        assert!(said[3].ends_with("17.50 % (4 runs)"), "{}", said[3]);
        // Student's interval: 0.2 ± 2.776 · 0.0791 / √5.
        assert!(said[4].ends_with("20.00 % [10.18, 29.82] (5 runs)"), "{}", said[4]);
        let other = [add(0, 0, 0.3), add(0, 1, 0.0)];
        assert!(other[0].contains("so far: hidden 2,") && other[1].contains("so far: hidden 1,"), "{other:?}");
    }
}
