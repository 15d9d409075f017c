//! The course of a trial over the epochs, in blocks that stand in a line of text.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;

use crate::{digest::Record, metric::Metric, run::Task, sweep::Study, table};

/// The mean validation error of each trial over the epochs, by the trial's place in the study: a few of its values, from the
/// first epoch to the last.
pub(super) type Courses = BTreeMap<usize, Vec<f64>>;

/// The values of a course, which are the columns of its drawing.
pub(super) const WIDE: usize = 16;

/// The same where there is little room.
pub(super) const NARROW: usize = 8;

/// The measurements of a run: epoch and validation error.
type Series = Vec<(u64, f64)>;

/// The courses of runs that are here themselves.
pub(super) fn of_records<'a>(study: &Study, runs: impl Iterator<Item = (&'a Task, &'a Record)>) -> Courses {
    let mut series: BTreeMap<usize, Vec<Series>> = BTreeMap::new();
    for (task, record) in runs {
        let metrics = &study.trials[task.trial].setting.evaluate.metrics;
        let Some(error) = metrics.iter().position(|metric| *metric == Metric::Error) else { continue };
        let points = record.points.iter().filter_map(|point| Some((point.epoch, *point.halves()[1].get(error)?)));
        series.entry(task.trial).or_default().push(points.collect());
    }
    series.into_iter().map(|(trial, runs)| (trial, course(&runs))).collect()
}

/// The courses of runs as the table `metrics` has them; none where it has no errors.
pub(super) fn of_table(tasks: &[&Task], metrics: &DataFrame) -> Option<Courses> {
    let (ids, splits) = (table::texts(metrics, "run")?, table::texts(metrics, "split")?);
    let (epochs, errors) = (table::wholes(metrics, "epoch")?, table::floats(metrics, "error")?);
    let trials: BTreeMap<String, usize> = tasks.iter().map(|task| (task.id.to_string(), task.trial)).collect();
    let mut series: BTreeMap<usize, Vec<Series>> = BTreeMap::new();
    let mut start = 0;
    for of_run in ids.chunk_by(|a, b| a == b) {
        let rows = start..start + of_run.len();
        start = rows.end;
        let Some(&trial) = trials.get(of_run[0]) else { continue };
        let points = rows.filter(|&row| splits[row] == "validation").map(|row| (epochs[row], errors[row]));
        series.entry(trial).or_default().push(points.collect());
    }
    Some(series.into_iter().map(|(trial, runs)| (trial, course(&runs))).collect())
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

/// A course in blocks: the lowest is zero, the full one the greatest value of all; between them by square root, as figures have
/// it, so that one per cent is seen beside fifty.
pub(super) fn blocks(course: &[f64], greatest: f64, width: usize) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let width = width.min(course.len());
    let block = |column: usize| {
        let value = course[(column * (course.len() - 1)).checked_div(width - 1).unwrap_or(0)];
        match value {
            value if value.is_nan() => ' ',
            value if value <= 0.0 || greatest <= 0.0 => BLOCKS[0],
            value => BLOCKS[1 + (7.0 * crate::math::sqrt(value / greatest)).ceil().clamp(1.0, 7.0) as usize - 1],
        }
    };
    (0..width).map(block).collect()
}

/// How the blocks are to be read.
pub(super) fn scale(greatest: f64) -> String {
    if greatest <= 0.0 {
        return "error by epoch: ▁ is 0 %, a higher block more".into();
    }
    format!(
        "error by epoch: heights by square root; ▁ is 0 %, █ is {:.1} %, the greatest in these rows once training began, or more",
        100.0 * greatest
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courses_are_drawn_by_square_root() {
        assert_eq!(blocks(&[0.5, 0.125, 0.01, 0.0, f64::NAN, 0.5], 0.5, 6), "█▅▂▁ █");
        assert_eq!(blocks(&[0.0, 0.0], 0.0, 2), "▁▁");
    }

    #[test]
    fn blocks_say_what_they_stand_for() {
        assert!(scale(0.5).contains("by square root") && scale(0.5).contains("█ is 50.0 %"));
        assert!(!scale(0.0).contains('█'));
    }

    #[test]
    fn a_run_that_has_ended_stays_where_it_was() {
        assert_eq!(course(&[vec![(0, 0.5)]]), [0.5]);
        assert_eq!(course(&[vec![(0, 0.5), (1, 0.25), (2, 0.0)]]), [0.5, 0.25, 0.0]);
        let mean = course(&[vec![(0, 1.0), (15, 0.5)], vec![(0, 0.0), (3, 0.25)]]);
        assert_eq!((mean.len(), mean[0], mean[3], mean[14], mean[15]), (WIDE, 0.5, 0.625, 0.625, 0.375));
    }
}
