mod csv_text;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Baseline, Confirmed, RunRow, Split, Statistics, Successes, columns,
    folds::{Pooled, firsts, pooled},
    slot,
};
use crate::{
    digest::Outcome,
    measure::{Measurement, Objective},
    seed::Seed,
    stats::{self, Choice, Interval},
    sweep::{Axis, AxisValue, Study},
};

/// The results of a study in numbers: one row for each trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The swept settings.
    pub axes: Vec<Axis>,
    /// The measurements that any trial records, split by split.
    pub columns: Vec<(Split, Measurement)>,
    /// The measurement that ranks the trials, and the definition of success, if there is one.
    pub objective: Objective,
    /// The trials, in the order of the study.
    pub trials: Vec<TrialSummary>,
    /// The number of folds of every trial; 1 without cross-validation. With more, a run here is all folds under one
    /// seed.
    pub folds: usize,
    /// The confidence level of intervals and bounds.
    pub confidence: f64,
    /// The prediction that trials are compared with.
    pub baseline: Baseline,
    /// The choice of the best trial, with trials by their indices in the study; `None` if the values of runs are not
    /// available. With `confirm`, it is based on the confirming runs alone.
    pub choice: Option<Choice>,
    /// The runs that confirm, which are not in `trials`; `None` without `confirm`.
    pub confirmed: Option<Confirmed>,
}

/// The results of a trial. Runs that failed have no results and count only in `failed`.
///
/// For a trial on folds, a run here is all its folds under one seed: its values are means over the folds, in their
/// order; it failed if one of them did, diverged if one of them did, and succeeded if all did, at the latest of their
/// epochs.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialSummary {
    /// Its index in the study; for a trial on folds, that of the first fold.
    pub trial: usize,
    /// The value on each axis except the folds.
    pub values: Vec<AxisValue>,
    /// The number of runs that did not fail.
    pub runs: u64,
    /// The final values of the objective, by seed; empty if the runs are not available.
    pub decides: BTreeMap<Seed, f64>,
    /// The final values of each of the [columns](Summary::columns) over the runs.
    pub finals: Vec<Spread>,
    /// The share of the runs that succeeded at some measurement; NaN without runs.
    pub success_share: f64,
    /// The median over these runs of the first epoch that was measured as a success; NaN if there are none.
    pub success_epoch_median: f64,
    /// The number of runs that diverged.
    pub diverged: u64,
    /// The number of runs that failed.
    pub failed: u64,
}

/// The statistics of one measurement over the runs of a trial; undefined ones are NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The arithmetic mean.
    pub mean: f64,
    /// The sample standard deviation.
    pub sd: f64,
    /// The median of the values.
    pub median: f64,
    /// The interquartile mean.
    pub iqm: f64,
    /// The interval of the mean, see [`stats::Within`].
    pub interval: Interval,
    /// The smallest and the largest value; NaN if only `summary.csv` is available.
    pub range: [f64; 2],
}

/// Summarizes the runs, which must be sorted by trial, then seed; a trial without runs has a row too.
#[must_use]
pub fn summary(study: &Study, rows: &[RunRow<'_>]) -> Summary {
    let mut successes = Successes::of(study);
    let finals: Vec<_> = rows.iter().map(|row| Final::of(row, &mut successes)).collect();
    summary_of(study, &(0..study.trials.len()).collect::<Vec<_>>(), &finals)
}

/// The values of a run that a summary needs.
#[derive(Debug, Clone, Copy)]
pub struct Final<'a> {
    /// The index of its trial in the study.
    pub trial: usize,
    /// Its seed.
    pub seed: Seed,
    /// Its outcome.
    pub outcome: &'a Outcome,
    /// The values of its last measurement, in the order of the record; empty for a run that failed.
    pub finals: &'a [f64],
    /// The first epoch that was measured as a success.
    pub success_epoch: Option<u64>,
}

impl<'a> Final<'a> {
    fn of(row: &RunRow<'a>, successes: &mut Successes<'_>) -> Self {
        let RunRow { trial, seed, record } = *row;
        let finals = record.observations.last().map_or(&[][..], |point| &point.values);
        Self { trial, seed, outcome: &record.outcome, finals, success_epoch: successes.epoch(trial, record) }
    }

    fn failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { .. })
    }
}

/// Summarizes some trials of a study; `runs` must be sorted by trial, then seed. Runs that confirm are summarized
/// separately: the seeds of the choice favor the chosen trials, so a mean over both stages would be biased.
#[must_use]
pub fn summary_of(study: &Study, trials: &[usize], runs: &[Final<'_>]) -> Summary {
    summary_as(Statistics::OURS, study, trials, runs)
}

/// As [`summary_of`], with the intervals of the given version of the statistics.
pub(super) fn summary_as(statistics: Statistics, study: &Study, trials: &[usize], runs: &[Final<'_>]) -> Summary {
    let columns = columns(study);
    let (axes, objective) = (study.compared_axes().to_vec(), study.objective().clone());
    let (folds, confidence) = (study.folds, study.confidence);
    let together = pooled(study, runs);
    let (of_folds, first): (Vec<_>, _);
    let (runs, trials) = match &together {
        Some(together) => {
            (of_folds, first) = (together.iter().map(Pooled::as_final).collect(), firsts(study, trials));
            (&of_folds[..], &first[..])
        }
        None => (runs, trials),
    };
    let Some(confirm) = study.confirm else {
        let trials = summed(statistics, study, &columns, trials, runs);
        return Summary {
            axes,
            columns,
            objective,
            trials,
            folds,
            confidence,
            baseline: Baseline::None,
            choice: None,
            confirmed: None,
        };
    };
    let (again, first): (Vec<_>, Vec<_>) = runs.iter().partition(|run| confirm.has(run.seed));
    let ran: BTreeSet<usize> = again.iter().map(|run: &Final<'_>| run.trial).collect();
    let chosen: Vec<_> = trials.iter().copied().filter(|trial| ran.contains(trial)).collect();
    let of = trials.len();
    let confirmed = Some(Confirmed { confirm, of, trials: summed(statistics, study, &columns, &chosen, &again) });
    let trials = summed(statistics, study, &columns, trials, &first);
    Summary { axes, columns, objective, trials, folds, confidence, baseline: Baseline::None, choice: None, confirmed }
}

fn summed(
    statistics: Statistics,
    study: &Study,
    columns: &[(Split, Measurement)],
    trials: &[usize],
    runs: &[Final<'_>],
) -> Vec<TrialSummary> {
    let runs_of = |index: usize| {
        let start = runs.partition_point(|run| run.trial < index);
        let end = runs.partition_point(|run| run.trial <= index);
        &runs[start..end]
    };
    let mut lists = Vec::with_capacity(trials.len() * columns.len());
    for &index in trials {
        let finished: Vec<_> = runs_of(index).iter().filter(|run| !run.failed()).collect();
        let measured = study.measured(&study.trials[index]);
        for (part, own) in columns {
            let slot = slot(&measured, *part, &own.name);
            let value = |run: &&Final<'_>| slot.and_then(|slot| run.finals.get(slot).copied()).unwrap_or(f64::NAN);
            lists.push(finished.iter().map(value).collect::<Vec<f64>>());
        }
    }
    let ranges = columns.iter().map(|(_, own)| own.range).cycle();
    let intervals = statistics.intervals(study.confidence, &lists, ranges);
    let spread = |(values, interval): (&Vec<f64>, Interval)| Spread::new(values, interval);
    let mut spreads = lists.iter().zip(intervals).map(spread);
    let mut of_one = || spreads.by_ref().take(columns.len()).collect();
    let objective = study.objective();
    let of_trial = |&index: &usize| {
        let slot = slot(&study.measured(&study.trials[index]), objective.part, &objective.measurement);
        let values = study.trials[index].values[..study.compared_axes().len()].to_vec();
        TrialSummary::new(index, values, of_one(), runs_of(index), slot)
    };
    trials.iter().map(of_trial).collect()
}

impl TrialSummary {
    fn new(
        index: usize,
        values: Vec<AxisValue>,
        finals: Vec<Spread>,
        runs: &[Final<'_>],
        decides: Option<usize>,
    ) -> Self {
        let diverged = |run: &&&Final<'_>| matches!(run.outcome, Outcome::Diverged { .. });
        let finished: Vec<_> = runs.iter().filter(|run| !run.failed()).collect();
        let epochs: Vec<f64> = finished.iter().filter_map(|run| run.success_epoch).map(|epoch| epoch as f64).collect();
        let value = |run: &&Final<'_>| Some((run.seed, run.finals.get(decides?).copied()?));
        Self {
            trial: index,
            values,
            runs: finished.len() as u64,
            decides: finished.iter().copied().filter_map(|run| value(&run)).collect(),
            finals,
            success_share: if finished.is_empty() { f64::NAN } else { epochs.len() as f64 / finished.len() as f64 },
            success_epoch_median: stats::median(&epochs),
            diverged: finished.iter().filter(diverged).count() as u64,
            failed: (runs.len() - finished.len()) as u64,
        }
    }
}

impl Spread {
    /// Whether there are values and all are equal.
    #[must_use]
    pub fn is_one_value(&self) -> bool {
        self.mean.is_finite() && if self.range[0].is_nan() { self.sd == 0.0 } else { self.range[0] == self.range[1] }
    }

    fn new(values: &[f64], interval: Interval) -> Self {
        Self {
            mean: stats::mean(values),
            sd: stats::sd(values),
            median: stats::median(values),
            iqm: stats::iqm(values),
            interval,
            range: stats::range(values),
        }
    }

    /// The statistics with the suffixes of their names, in the order of `summary.csv`.
    fn columns(&self) -> [(&'static str, f64); 6] {
        [
            ("mean", self.mean),
            ("sd", self.sd),
            ("median", self.median),
            ("iqm", self.iqm),
            ("low", self.interval.low),
            ("high", self.interval.high),
        ]
    }
}

impl Summary {
    /// Returns the index of a measurement of a split in [`TrialSummary::finals`].
    #[must_use]
    pub fn place(&self, part: Split, name: &str) -> Option<usize> {
        self.columns.iter().position(|(own, measurement)| *own == part && measurement.name == name)
    }

    /// Returns the statistics of a measurement of a split over the runs of a trial.
    #[must_use]
    pub fn spread<'a>(&self, trial: &'a TrialSummary, part: Split, name: &str) -> Option<&'a Spread> {
        trial.finals.get(self.place(part, name)?)
    }
}
