use super::trial_name;
use crate::{digest::Record, run::Task, sweep::Study};

/// The best trial so far: the one with the smallest mean validation error over its finished runs. For show only; the report
/// has the numbers.
pub(super) struct Best {
    /// For each trial, its finished runs and the sum of their validation errors.
    trials: Vec<(u32, f64)>,
    pub(super) finished: usize,
    /// Whether anybody asks for it.
    asked: bool,
}

impl Best {
    pub(super) fn new(study: &Study, asked: bool) -> Self {
        Self { trials: vec![(0, 0.0); study.trials.len()], finished: 0, asked }
    }

    pub(super) fn add(&mut self, task: &Task, record: &Record) {
        let (runs, total) = &mut self.trials[task.trial];
        let error = record.points.last().and_then(|point| point.halves()[1].get(1).copied()).unwrap_or(1.0);
        (*runs, *total) = (*runs + 1, *total + error);
        self.finished += 1;
    }

    /// The trial and the mean of its validation error.
    pub(super) fn trial(&self) -> Option<(usize, f64, u32)> {
        let means = self.trials.iter().enumerate().filter(|(_, (runs, _))| *runs > 0);
        means.map(|(trial, &(runs, total))| (trial, total / f64::from(runs), runs)).min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// The same in words, after `between`; nothing where there is none, or nobody asks.
    pub(super) fn words(&self, study: &Study, between: &str) -> String {
        let Some((trial, error, runs)) = self.trial().filter(|_| self.asked) else { return String::new() };
        let plural = if runs == 1 { "run" } else { "runs" };
        format!(
            "{between}best so far: {}, validation error {:.2} % ({runs} {plural})",
            trial_name(study, trial),
            100.0 * error
        )
    }
}
