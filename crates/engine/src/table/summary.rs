use std::collections::{BTreeMap, BTreeSet};

use super::{
    Baseline, Confirmed, RunRow, Split, Statistics, Successes, columns,
    folds::{Pooled, firsts, pooled},
    slot,
};
use crate::{
    digest::Outcome,
    escape::csv_cell,
    measure::{Measurement, Objective, Success},
    seed::Seed,
    stats::{self, Choice, Interval},
    sweep::{Axis, AxisValue, Study},
};

/// The answer of a study in numbers: one row a trial.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// What was swept.
    pub axes: Vec<Axis>,
    /// The measurements that any trial records, part after part.
    pub columns: Vec<(Split, Measurement)>,
    /// Which measurement decides, and when a run counts as having succeeded, if anything says so.
    pub objective: Objective,
    /// The trials, in the order of the study.
    pub trials: Vec<TrialSummary>,
    /// On how many folds every trial runs; 1 without cross-validation. With more, what is called a run here is all of them under one seed.
    pub folds: usize,
    /// How sure intervals and bounds are.
    pub confidence: f64,
    /// What the trials are held against.
    pub baseline: Baseline,
    /// What can be said of the best of all trials, which it names by their places in the study; none where the values of runs are not at hand. Of a study that
    /// confirms, it is of the confirming runs alone.
    pub choice: Option<Choice>,
    /// The runs that confirm, which are in none of the `trials`; none of a study that does not confirm.
    pub confirmed: Option<Confirmed>,
}

/// What the runs of a trial came to. Runs that failed have no results and count for nothing but `failed`.
///
/// Of a trial on folds, a run here is what all its folds came to under one seed: its values are means over the folds, in their order; it failed where one
/// of them did, diverged where one of them did, and succeeded where all did, at the latest of their epochs.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialSummary {
    /// Its place in the study; of a trial on folds, that of the first of them.
    pub trial: usize,
    /// The value on each axis, but for the folds.
    pub values: Vec<AxisValue>,
    /// Number of runs that did not fail.
    pub runs: u64,
    /// The final values that decide, by seed; none where the runs are not at hand.
    pub decides: BTreeMap<Seed, f64>,
    /// The final value of each of the [columns](Summary::columns) over the runs.
    pub finals: Vec<Spread>,
    /// Share of the runs that succeeded at some measurement; NaN without runs.
    pub success_share: f64,
    /// Median over those runs of the first epoch measured so; NaN if there are none.
    pub success_epoch_median: f64,
    /// Number of runs that diverged.
    pub diverged: u64,
    /// Number of runs that failed.
    pub failed: u64,
}

/// The statistics of one number over the runs of a trial; what is undefined is NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation of the sample.
    pub sd: f64,
    /// The median.
    pub median: f64,
    /// The inter-quartile mean.
    pub iqm: f64,
    /// The interval of the mean, see [`stats::Within`].
    pub interval: Interval,
    /// The least and the largest value; NaN where only `summary.csv` is at hand.
    pub range: [f64; 2],
}

/// Sums up the runs, sorted by trial, then seed; a trial without runs has a row too.
#[must_use]
pub fn summary(study: &Study, rows: &[RunRow<'_>]) -> Summary {
    let mut successes = Successes::of(study);
    let finals: Vec<_> = rows.iter().map(|row| Final::of(row, &mut successes)).collect();
    summary_of(study, &(0..study.trials.len()).collect::<Vec<_>>(), &finals)
}

/// What a summary needs of a run.
#[derive(Debug, Clone, Copy)]
pub struct Final<'a> {
    /// The index of its trial in the study.
    pub trial: usize,
    /// Its seed.
    pub seed: Seed,
    /// How it ended.
    pub outcome: &'a Outcome,
    /// The values of its last measurement, as a record has them; none of a run that failed.
    pub finals: &'a [f64],
    /// The first epoch measured to have succeeded.
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

/// Sums up some trials of a study; `runs` are sorted by trial, then seed. Runs that confirm are summed up by themselves: the seeds by which trials were chosen flatter
/// those that were, and a mean over both would be neither.
#[must_use]
pub fn summary_of(study: &Study, trials: &[usize], runs: &[Final<'_>]) -> Summary {
    summary_as(Statistics::OURS, study, trials, runs)
}

/// The same with the intervals of a version of the statistics.
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

/// What the runs of each of the trials came to.
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
    /// Whether all values are the same, of which there are some.
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

    /// The statistics with the ends of their names, in the order of `summary.csv`.
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
    /// Where the statistics of a trial have a measurement of a part.
    #[must_use]
    pub fn place(&self, part: Split, name: &str) -> Option<usize> {
        self.columns.iter().position(|(own, measurement)| *own == part && measurement.name == name)
    }

    /// The statistics of a measurement of a part over the runs of a trial.
    #[must_use]
    pub fn spread<'a>(&self, trial: &'a TrialSummary, part: Split, name: &str) -> Option<&'a Spread> {
        trial.finals.get(self.place(part, name)?)
    }

    /// The file `summary.csv`: `trial`, the axes, `runs`, then for each part and measurement `PART_NAME_mean`, `_sd`, `_median`,
    /// `_iqm`, `_low`, `_high` (without `PART_` where there are no parts), then, where the experiment says when a run has succeeded, `WORD_share` and
    /// `WORD_epoch_median` (of the network `zero_share`, `zero_epoch_median`), then `diverged`, `failed`.
    ///
    /// A float has the fewest digits that give the same float back, and always a point or an exponent, so that readers which
    /// guess types see floats. Absent is `NaN`; infinite is `1e999`, which overflows to infinity in every reader, while `inf`
    /// makes a text of the column in DuckDB. Texts are quoted where CSV (RFC 4180) demands it, and no spreadsheet computes them:
    /// [`csv_cell`].
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut lines = vec![self.header()];
        for trial in &self.trials {
            let mut cells = vec![trial.trial.to_string()];
            cells.extend(trial.values.iter().map(cell));
            cells.push(trial.runs.to_string());
            let spreads = trial.finals.iter();
            cells.extend(spreads.flat_map(Spread::columns).map(|(_, value)| number(value)));
            if self.objective.success.is_some() {
                cells.extend([trial.success_share, trial.success_epoch_median].map(number));
            }
            cells.extend([trial.diverged, trial.failed].map(|count| count.to_string()));
            lines.push(cells);
        }
        lines.into_iter().map(|cells| cells.join(",") + "\n").collect()
    }

    fn header(&self) -> Vec<String> {
        const NAN: f64 = f64::NAN;
        let names = Spread { mean: NAN, sd: NAN, median: NAN, iqm: NAN, interval: Interval::NONE, range: [NAN; 2] };
        let mut header = vec!["trial".to_string()];
        header.extend(self.axes.iter().map(|axis| csv_cell(&axis.path)));
        header.push("runs".into());
        for (part, own) in &self.columns {
            header.extend(names.columns().map(|(name, _)| format!("{}_{name}", part.column(&own.name))));
        }
        let succeeded = |success: &Success| ["share", "epoch_median"].map(|end| format!("{}_{end}", success.word));
        header.extend(self.objective.success.iter().flat_map(succeeded));
        header.extend(["diverged", "failed"].map(String::from));
        header
    }
}

fn cell(value: &AxisValue) -> String {
    match value {
        AxisValue::Int(value) => value.to_string(),
        AxisValue::Float(value) => number(*value),
        AxisValue::String(value) => csv_cell(value),
    }
}

fn number(value: f64) -> String {
    if value.is_infinite() { format!("{}1e999", if value < 0.0 { "-" } else { "" }) } else { format!("{value:?}") }
}

#[cfg(test)]
mod tests;
