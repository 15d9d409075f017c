//! Pools the runs on the folds of a cross-validation: one run for each seed.
//!
//! Folds are not independent: they share most of their training points, so their spread gives no interval (Bengio and
//! Grandvalet, "No unbiased estimator of the variance of k-fold cross-validation", Journal of Machine Learning Research
//! 5, 2004). Every seed runs on every fold, and the mean over the folds is one value.

use std::collections::{BTreeMap, BTreeSet};

use super::Final;
use crate::{digest::Outcome, seed::Seed, stats, sweep::Study};

/// The folds of a trial under one seed, as one run.
pub(super) struct Pooled {
    trial: usize,
    seed: Seed,
    outcome: Outcome,
    finals: Vec<f64>,
    success_epoch: Option<u64>,
}

impl Pooled {
    pub fn as_final(&self) -> Final<'_> {
        let Self { trial, seed, outcome, finals, success_epoch } = self;
        Final { trial: *trial, seed: *seed, outcome, finals, success_epoch: *success_epoch }
    }

    fn of(trial: usize, seed: Seed, folds: &[&Final<'_>]) -> Self {
        let finished = |run: &&&Final<'_>| !matches!(run.outcome, Outcome::Failed { .. });
        let whole = folds.iter().all(|run| finished(&run));
        let slots = if whole { folds.iter().map(|run| run.finals.len()).min().unwrap_or(0) } else { 0 };
        let mean = |slot: usize| stats::mean(&folds.iter().map(|run| run.finals[slot]).collect::<Vec<_>>());
        let epochs: Vec<u64> = folds.iter().filter_map(|run| run.success_epoch).collect();
        Self {
            trial,
            seed,
            outcome: worst(folds),
            finals: (0..slots).map(mean).collect(),
            success_epoch: (epochs.len() == folds.len()).then(|| epochs.into_iter().max()).flatten(),
        }
    }
}

/// The worst outcome of the folds: failed or diverged if one of them did.
fn worst(folds: &[&Final<'_>]) -> Outcome {
    let rank = |outcome: &Outcome| match outcome {
        Outcome::Failed { .. } => 0,
        Outcome::Diverged { .. } => 1,
        Outcome::Completed => 2,
        Outcome::Converged { .. } => 3,
    };
    folds.iter().map(|run| run.outcome).min_by_key(|outcome| rank(outcome)).cloned().unwrap_or(Outcome::Completed)
}

/// The pooled runs of a study; a seed counts once it has run on every fold. `None` without folds.
pub(super) fn pooled(study: &Study, runs: &[Final<'_>]) -> Option<Vec<Pooled>> {
    if study.folds == 1 {
        return None;
    }
    let mut of: BTreeMap<(usize, Seed), Vec<&Final<'_>>> = BTreeMap::new();
    runs.iter().for_each(|run| of.entry((study.first_fold(run.trial), run.seed)).or_default().push(run));
    let whole = of.into_iter().filter(|(_, folds)| folds.len() == study.folds);
    Some(whole.map(|((trial, seed), folds)| Pooled::of(trial, seed, &folds)).collect())
}

pub(super) fn firsts(study: &Study, trials: &[usize]) -> Vec<usize> {
    let firsts: BTreeSet<usize> = trials.iter().map(|trial| study.first_fold(*trial)).collect();
    firsts.into_iter().collect()
}
