//! The course of a trial over the epochs, in blocks that stand in a line of text.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use crate::{digest::Record, measure::Measurement, run::Task, sweep::Study, table};

/// The mean of what decides of each trial over the epochs, by the trial's place in the study: a few of its values, from the
/// first epoch to the last.
pub(super) type Courses = BTreeMap<usize, Vec<f64>>;

/// The values of a course, which are the columns of its drawing.
pub(super) const WIDE: usize = 16;

/// The same where there is little room.
pub(super) const NARROW: usize = 8;

/// The measurements of a run: epoch and value.
type Series = Vec<(u64, f64)>;

/// The courses of trials by their runs, each with its record; none of a trial that lacks one, for it would be the course of fewer runs than the row counts.
pub(super) fn of_records<'a>(study: &Study, runs: impl Iterator<Item = (&'a Task, Option<&'a Record>)>) -> Courses {
    let series = runs.filter_map(|(task, record)| {
        let objective = study.objective();
        let slot = table::slot(&study.measured(&study.trials[task.trial]), objective.part, &objective.measurement)?;
        let of = |record: &Record| {
            let points = record.observations.iter();
            points.filter_map(|point| Some((point.epoch, *point.values.get(slot)?))).collect()
        };
        Some((study.first_fold(task.trial), record.map(of)))
    });
    of_series(series)
}

/// The courses of runs as the table `metrics` has them; none where it has no errors, and none of a trial of which it lacks a run.
pub(super) fn of_table(study: &Study, tasks: &[&Task], metrics: &DataFrame) -> Option<Courses> {
    let (ids, splits) = (table::texts(metrics, "run")?, table::texts(metrics, "split")?);
    let (epochs, errors) = (table::wholes(metrics, "epoch")?, table::floats(metrics, &study.objective().measurement)?);
    let mut of_run: BTreeMap<&str, Series> = BTreeMap::new();
    for (row, id) in ids.iter().enumerate().filter(|(row, _)| splits[*row] == study.objective().part.name()) {
        let series = of_run.entry(id).or_default();
        // Two trials on files of one content have the same runs, each with its rows.
        if series.last().is_none_or(|(epoch, _)| *epoch <= epochs[row]) {
            series.push((epochs[row], errors[row]));
        }
    }
    Some(of_series(
        tasks.iter().map(|task| (study.first_fold(task.trial), of_run.get(task.id.to_string().as_str()).cloned())),
    ))
}

/// The courses of trials of which every run is there.
fn of_series(runs: impl Iterator<Item = (usize, Option<Series>)>) -> Courses {
    let mut series: BTreeMap<usize, Option<Vec<Series>>> = BTreeMap::new();
    for (trial, run) in runs {
        let all = series.entry(trial).or_insert_with(|| Some(Vec::new()));
        match (run, &mut *all) {
            (Some(run), Some(runs)) => runs.push(run),
            _ => *all = None,
        }
    }
    series.into_iter().filter_map(|(trial, runs)| Some((trial, course(&runs?)))).collect()
}

/// The mean over the runs, at even distances; a run that has ended stays where it was.
fn course(runs: &[Series]) -> Vec<f64> {
    let last = runs.iter().flatten().map(|(epoch, _)| *epoch).max().unwrap_or(0);
    let columns = last.saturating_add(1).min(WIDE as u64);
    let at = |column: u64| {
        let epoch = (u128::from(last) * u128::from(column)).checked_div(u128::from(columns - 1)).unwrap_or(0);
        let before = |run: &Series| run.partition_point(|(measured, _)| u128::from(*measured) <= epoch);
        let values = runs.iter().filter_map(|run| run[..before(run)].last().map(|(_, value)| *value));
        crate::stats::mean(&values.filter(|value| value.is_finite()).collect::<Vec<_>>())
    };
    (0..columns).map(at).collect()
}

/// The values of what is drawn: from zero to the greatest, or, where some are below zero, from the least to the greatest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ends {
    pub least: f64,
    pub greatest: f64,
}

impl Ends {
    /// Of these values.
    pub(super) fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let known = values.filter(|value| value.is_finite());
        let least = known.clone().fold(0.0, f64::min);
        let greatest = known.clone().fold(if least < 0.0 { f64::NEG_INFINITY } else { 0.0 }, f64::max);
        Self { least, greatest }
    }
}

/// A course in blocks: the lowest is zero, the full one the greatest value of all; between them by square root, as figures have
/// it, so that one per cent is seen beside fifty. Where values are below zero, evenly from the least to the greatest.
pub(super) fn blocks(course: &[f64], Ends { least, greatest }: Ends, width: usize) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let width = width.min(course.len());
    let block = |column: usize| {
        let value = course[(column * (course.len() - 1)).checked_div(width - 1).unwrap_or(0)];
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

/// How the blocks under `heading` are to be read.
pub(super) fn scale(heading: &str, own: Option<&Measurement>, Ends { least, greatest }: Ends) -> String {
    let (factor, unit) = own.map_or((1.0, ""), Measurement::scaled);
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let said = |value: f64| if factor == 100.0 { format!("{:.1}", 100.0 * value) } else { format!("{value:.3}") };
    if least < 0.0 {
        return format!(
            "{heading}: ▁ is {}{unit}, █ is {}{unit}, the least and the greatest in these rows",
            said(least),
            said(greatest)
        );
    }
    if greatest <= 0.0 {
        return format!("{heading}: ▁ is 0{unit}, a higher block more");
    }
    format!(
        "{heading}: heights by square root; ▁ is 0{unit}, █ is {}{unit}, the greatest in these rows once training began, or more",
        said(greatest)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courses_are_drawn_by_square_root() {
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
    fn blocks_say_what_they_stand_for() {
        let error = crate::metric::Metric::Error.measurement();
        let said = |own: Option<&Measurement>, greatest| scale("error by epoch", own, Ends { least: 0.0, greatest });
        assert!(said(Some(&error), 0.5).contains("by square root") && said(Some(&error), 0.5).contains("█ is 50.0 %"));
        assert!(said(None, 0.5).contains("▁ is 0, █ is 0.500,"));
        assert!(!said(Some(&error), 0.0).contains('█'));
    }

    #[test]
    fn a_trial_that_lacks_a_run_has_no_course() {
        let run = |error: f64| Some(vec![(0, error)]);
        let courses = of_series([(0, run(0.5)), (1, run(0.5)), (1, None), (1, run(1.0)), (2, run(1.0))].into_iter());
        assert_eq!(courses, [(0, vec![0.5]), (2, vec![1.0])].into());
    }

    #[test]
    fn a_run_that_has_ended_stays_where_it_was() {
        assert_eq!(course(&[vec![(0, 0.5)]]), [0.5]);
        assert_eq!(course(&[vec![(0, 0.5), (1, 0.25), (2, 0.0)]]), [0.5, 0.25, 0.0]);
        let mean = course(&[vec![(0, 1.0), (15, 0.5)], vec![(0, 0.0), (3, 0.25)]]);
        assert_eq!((mean.len(), mean[0], mean[3], mean[14], mean[15]), (WIDE, 0.5, 0.625, 0.625, 0.375));
    }
}
