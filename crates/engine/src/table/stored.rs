//! Reads results back from stored tables.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use super::{Confirmed, Final, Spread, Statistics, Summary, TrialSummary, slot, summary::summary_as};
use crate::{digest::Outcome, escape::csv_text, seed::Seed, stats::Interval, sweep::Study};

/// Returns the integers of a column; `None` if there is no such column.
#[must_use]
pub fn wholes(table: &DataFrame, name: &str) -> Option<Vec<u64>> {
    Some(table.column(name).ok()?.u64().ok()?.iter().map(Option::unwrap_or_default).collect())
}

/// Returns the floats of a column; `None` if there is no such column.
#[must_use]
pub fn floats(table: &DataFrame, name: &str) -> Option<Vec<f64>> {
    Some(table.column(name).ok()?.f64().ok()?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
}

/// Returns the strings of a column; `None` if there is no such column.
#[must_use]
pub fn texts<'a>(table: &'a DataFrame, name: &str) -> Option<Vec<&'a str>> {
    Some(table.column(name).ok()?.str().ok()?.iter().map(Option::unwrap_or_default).collect())
}

/// Summarizes a stored table `runs`: the result has the same bits as the summary of the runs themselves. `None` if it
/// is not a table of this study.
#[must_use]
pub fn summary_of_table(study: &Study, runs: &DataFrame) -> Option<Summary> {
    summary_of_table_as(Statistics::OURS, study, runs)
}

/// As [`summary_of_table`], with the intervals of the given version of the statistics.
#[must_use]
pub fn summary_of_table_as(statistics: Statistics, study: &Study, runs: &DataFrame) -> Option<Summary> {
    let trials = wholes(runs, "trial")?;
    let (names, epochs, seeds) = (texts(runs, "outcome")?, wholes(runs, "epoch")?, wholes(runs, "seed")?);
    let success = study.objective().success.as_ref();
    let successes = success.map(|success| floats(runs, &format!("{}_epoch", success.word)));
    let successes = match successes {
        Some(column) => column?,
        None => vec![f64::NAN; trials.len()],
    };
    let columns = super::columns(study);
    let found = columns.iter().map(|(part, own)| floats(runs, &part.column(&own.name)));
    let found: Vec<Vec<f64>> = found.collect::<Option<_>>()?;
    let outcomes: Vec<_> = names.iter().zip(&epochs).map(|(name, &epoch)| outcome(name, epoch)).collect();
    // In the slots of records: measurements that a trial does not record have none.
    let mut slots = (usize::MAX, Vec::new());
    let mut finals: Vec<Vec<f64>> = Vec::with_capacity(trials.len());
    for (row, &trial) in trials.iter().enumerate() {
        if slots.0 != trial as usize {
            let measured = study.measured(study.trials.get(trial as usize)?);
            slots = (trial as usize, columns.iter().map(|(part, own)| slot(&measured, *part, &own.name)).collect());
        }
        let mut values: Vec<_> =
            slots.1.iter().zip(&found).filter_map(|(slot, own)| Some(((*slot)?, own[row]))).collect();
        values.sort_by_key(|(slot, _)| *slot);
        finals.push(values.into_iter().map(|(_, value)| value).collect());
    }
    let rows: Vec<_> = (0..trials.len())
        .map(|row| Final {
            trial: trials[row] as usize,
            seed: Seed(seeds[row]),
            outcome: &outcomes[row],
            finals: &finals[row],
            success_epoch: (!successes[row].is_nan()).then_some(successes[row] as u64),
        })
        .collect();
    Some(summary_as(statistics, study, &(0..study.trials.len()).collect::<Vec<_>>(), &rows))
}

/// Parses the text of a `summary.csv`. `None` if it is not one of this study.
#[must_use]
pub fn summary_of_csv(study: &Study, text: &str) -> Option<Summary> {
    let columns = super::columns(study);
    let success = study.objective().success.as_ref();
    let mut rows = csv::Reader::from_reader(text.as_bytes()).into_records();
    let mut trials = Vec::new();
    let axes = study.compared_axes();
    for (index, trial) in study.trials.iter().enumerate().step_by(study.folds) {
        let row = rows.next()?.ok()?;
        let mut cells = row.iter().skip(1 + axes.len()).map(|cell| cell.parse::<f64>().ok());
        let mut number = || cells.next().flatten();
        let runs = number()? as u64;
        let mut finals = Vec::with_capacity(columns.len());
        for _ in &columns {
            let [mean, sd, median, iqm, low, high] = [number()?, number()?, number()?, number()?, number()?, number()?];
            finals.push(Spread { mean, sd, median, iqm, interval: Interval { low, high }, range: [f64::NAN; 2] });
        }
        let (success_share, success_epoch_median) =
            if success.is_some() { (number()?, number()?) } else { (f64::NAN, f64::NAN) };
        let (diverged, failed) = (number()? as u64, number()? as u64);
        let values = trial.values[..axes.len()].to_vec();
        trials.push(TrialSummary {
            trial: index,
            values,
            runs,
            decides: BTreeMap::new(),
            finals,
            success_share,
            success_epoch_median,
            diverged,
            failed,
        });
    }
    let (axes, objective) = (axes.to_vec(), study.objective().clone());
    // The file has only the first stage.
    let confirmed = study.confirm.map(|confirm| Confirmed { confirm, of: study.compared(), trials: Vec::new() });
    let (confidence, baseline) = (study.confidence, super::Baseline::default());
    let folds = study.folds;
    let summary = Summary { axes, columns, objective, trials, folds, confidence, baseline, choice: None, confirmed };
    // The columns and the trials must be those that this study would write.
    let names = |text: &str| {
        let rows = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes()).into_records();
        let mut rows: Vec<Vec<String>> = rows.flatten().map(|row| row.iter().map(str::to_owned).collect()).collect();
        rows.iter_mut().skip(1).for_each(|row| row.truncate(1 + summary.axes.len()));
        rows.iter_mut().flatten().for_each(|cell| *cell = csv_text(cell));
        rows
    };
    (names(&summary.to_csv()) == names(text)).then_some(summary)
}

/// Returns the outcome with this name in the column `outcome`.
#[must_use]
pub fn outcome(name: &str, epoch: u64) -> Outcome {
    match name {
        "completed" => Outcome::Completed,
        "converged" => Outcome::Converged { epoch },
        "diverged" => Outcome::Diverged { epoch },
        _ => Outcome::Failed { message: String::new() },
    }
}
