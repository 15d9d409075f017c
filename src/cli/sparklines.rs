//! Sparklines: the curve of a trial over the epochs, as block characters in a line of text.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use crate::{digest::Record, measure::Measurement, run::Task, sweep::Study, table};

/// The mean objective of each trial over the epochs, by the index of the trial: a few values at even distances from the
/// first epoch to the last.
pub(super) type Curves = BTreeMap<usize, Vec<f64>>;

/// The values of a curve, one per character.
pub(super) const WIDE_COLUMNS: usize = 16;

/// The number of values on a narrow terminal.
pub(super) const NARROW_COLUMNS: usize = 8;

/// The measurements of a run: epoch and value.
type Series = Vec<(u64, f64)>;

/// The curves of trials from the records of their runs. A trial that lacks a record has no curve, since its row counts
/// more runs.
pub(super) fn of_records<'a>(study: &Study, runs: impl Iterator<Item = (&'a Task, Option<&'a Record>)>) -> Curves {
    let series = runs.filter_map(|(task, record)| {
        let objective = study.objective();
        let slot = table::slot(&study.measured(&study.trials[task.trial]), objective.part, &objective.measurement)?;
        let of = |record: &Record| {
            let observations = record.observations.iter();
            observations.filter_map(|observation| Some((observation.epoch, *observation.values.get(slot)?))).collect()
        };
        Some((study.first_fold(task.trial), record.map(of)))
    });
    of_series(series)
}

/// The curves of trials from the table `metrics`; none if it lacks the objective. A trial with a missing run has no
/// curve.
pub(super) fn of_table(study: &Study, tasks: &[&Task], metrics: &DataFrame) -> Option<Curves> {
    let (ids, splits) = (table::texts(metrics, "run")?, table::texts(metrics, "split")?);
    let (epochs, errors) = (table::wholes(metrics, "epoch")?, table::floats(metrics, &study.objective().measurement)?);
    let mut of_run: BTreeMap<&str, Series> = BTreeMap::new();
    for (row, id) in ids.iter().enumerate().filter(|(row, _)| splits[*row] == study.objective().part.name()) {
        let series = of_run.entry(id).or_default();
        // Two trials on files with equal content share run identities, each with rows of its own.
        if series.last().is_none_or(|(epoch, _)| *epoch <= epochs[row]) {
            series.push((epochs[row], errors[row]));
        }
    }
    Some(of_series(
        tasks.iter().map(|task| (study.first_fold(task.trial), of_run.get(task.id.to_string().as_str()).cloned())),
    ))
}

/// The curves of trials with all runs.
fn of_series(runs: impl Iterator<Item = (usize, Option<Series>)>) -> Curves {
    let mut series: BTreeMap<usize, Option<Vec<Series>>> = BTreeMap::new();
    for (trial, run) in runs {
        let all = series.entry(trial).or_insert_with(|| Some(Vec::new()));
        match (run, &mut *all) {
            (Some(run), Some(runs)) => runs.push(run),
            _ => *all = None,
        }
    }
    series.into_iter().filter_map(|(trial, runs)| Some((trial, curve(&runs?)))).collect()
}

/// The mean over the runs at even distances; a run that has ended keeps its last value.
fn curve(runs: &[Series]) -> Vec<f64> {
    let last = runs.iter().flatten().map(|(epoch, _)| *epoch).max().unwrap_or(0);
    let columns = last.saturating_add(1).min(WIDE_COLUMNS as u64);
    let at = |column: u64| {
        let epoch = (u128::from(last) * u128::from(column)).checked_div(u128::from(columns - 1)).unwrap_or(0);
        let before = |run: &Series| run.partition_point(|(measured, _)| u128::from(*measured) <= epoch);
        let values = runs.iter().filter_map(|run| run[..before(run)].last().map(|(_, value)| *value));
        crate::stats::mean(&values.filter(|value| value.is_finite()).collect::<Vec<_>>())
    };
    (0..columns).map(at).collect()
}

/// The range of the drawn values: from zero to the greatest, or from the least to the greatest if some are below zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ends {
    pub least: f64,
    pub greatest: f64,
}

impl Ends {
    pub(super) fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let known = values.filter(|value| value.is_finite());
        let least = known.clone().fold(0.0, f64::min);
        let greatest = known.clone().fold(if least < 0.0 { f64::NEG_INFINITY } else { 0.0 }, f64::max);
        Self { least, greatest }
    }
}

/// A curve as blocks: the lowest block is zero, the full block the greatest value, with a square root scale as in the
/// figures, so that 1 % is visible beside 50 %. If values are below zero, the scale is linear from the least to the
/// greatest.
pub(super) fn blocks(curve: &[f64], Ends { least, greatest }: Ends, width: usize) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let width = width.min(curve.len());
    let block = |column: usize| {
        let value = curve[(column * (curve.len() - 1)).checked_div(width - 1).unwrap_or(0)];
        match value {
            value if value.is_nan() => ' ',
            value if least < 0.0 => {
                BLOCKS[(7.0 * (value - least) / (greatest - least)).clamp(0.0, 7.0).round() as usize]
            }
            value if value <= 0.0 || greatest <= 0.0 => BLOCKS[0],
            value => BLOCKS[1 + (7.0 * crate::math::sqrt(value / greatest)).ceil().clamp(1.0, 7.0) as usize - 1],
        }
    };
    (0..width).map(block).collect()
}

/// The explanation of the blocks under `heading`.
pub(super) fn scale(heading: &str, own: Option<&Measurement>, Ends { least, greatest }: Ends) -> String {
    let (factor, unit) = own.map_or((1.0, ""), Measurement::scaled);
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let shown = |value: f64| if factor == 100.0 { format!("{:.1}", 100.0 * value) } else { format!("{value:.3}") };
    if least < 0.0 {
        return format!(
            "{heading}: ▁ is {}{unit}, █ is {}{unit}, the least and the greatest in these rows",
            shown(least),
            shown(greatest)
        );
    }
    if greatest <= 0.0 {
        return format!("{heading}: ▁ is 0{unit}, higher blocks are more");
    }
    format!(
        "{heading}: square root scale; ▁ is 0{unit}, █ is {}{unit} or more, the greatest value in these rows after training began",
        shown(greatest)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_a_square_root_scale() {
        let to = |greatest: f64| Ends { least: 0.0, greatest };
        assert_eq!(blocks(&[0.5, 0.125, 0.01, 0.0, f64::NAN, 0.5], to(0.5), 6), "█▅▂▁ █");
        assert_eq!(blocks(&[0.0, 0.0], to(0.0), 2), "▁▁");
        let ends = Ends::of([-3.0, -1.0, f64::NEG_INFINITY].into_iter());
        assert_eq!(
            (ends, blocks(&[-3.0, -2.0, -1.0, 5.0], ends, 4)),
            (Ends { least: -3.0, greatest: -1.0 }, "▁▅██".into())
        );
    }

    #[test]
    fn the_scale_names_both_ends() {
        let error = crate::metric::Metric::Error.measurement();
        let shown = |own: Option<&Measurement>, greatest| scale("error by epoch", own, Ends { least: 0.0, greatest });
        assert!(
            shown(Some(&error), 0.5).contains("square root scale") && shown(Some(&error), 0.5).contains("█ is 50.0 %")
        );
        assert!(shown(None, 0.5).contains("▁ is 0, █ is 0.500 or more"));
        assert!(!shown(Some(&error), 0.0).contains('█'));
    }

    #[test]
    fn a_trial_that_lacks_a_run_has_no_curve() {
        let run = |error: f64| Some(vec![(0, error)]);
        let curves = of_series([(0, run(0.5)), (1, run(0.5)), (1, None), (1, run(1.0)), (2, run(1.0))].into_iter());
        assert_eq!(curves, [(0, vec![0.5]), (2, vec![1.0])].into());
    }

    #[test]
    fn a_run_that_has_ended_keeps_its_last_value() {
        assert_eq!(curve(&[vec![(0, 0.5)]]), [0.5]);
        assert_eq!(curve(&[vec![(0, 0.5), (1, 0.25), (2, 0.0)]]), [0.5, 0.25, 0.0]);
        let mean = curve(&[vec![(0, 1.0), (15, 0.5)], vec![(0, 0.0), (3, 0.25)]]);
        assert_eq!((mean.len(), mean[0], mean[3], mean[14], mean[15]), (WIDE_COLUMNS, 0.5, 0.625, 0.625, 0.375));
    }
}
