//! The table of trials, as `show` and the end of `sweep` print it: the numbers of the report, and the course of every trial.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;

use super::{
    face::{Face, Paint},
    text,
};
use crate::{
    digest::Record,
    metric::Metric,
    report::results_table,
    run::Task,
    sweep::Study,
    table::{self, Summary, TrialSummary},
};

/// The mean validation error of each trial over the epochs, by the trial's place in the study: a few of its values, from the
/// first epoch to the last.
pub(super) type Courses = BTreeMap<usize, Vec<f64>>;

/// The values of a course, which are the columns of its drawing.
const WIDE: usize = 16;

/// The same where there is little room.
const NARROW: usize = 8;

/// The measurements of a run: epoch and validation error.
type Series = Vec<(u64, f64)>;

/// The courses of runs that are here themselves.
pub(super) fn courses<'a>(study: &Study, runs: impl Iterator<Item = (&'a Task, &'a Record)>) -> Courses {
    let mut series: BTreeMap<usize, Vec<Series>> = BTreeMap::new();
    for (task, record) in runs {
        let metrics = &study.trials[task.trial].setting.evaluate.metrics;
        let Some(error) = metrics.iter().position(|metric| *metric == Metric::Error) else { continue };
        let points = record.points.iter().filter_map(|point| Some((point.epoch, *point.validation.get(error)?)));
        series.entry(task.trial).or_default().push(points.collect());
    }
    series.into_iter().map(|(trial, runs)| (trial, course(&runs))).collect()
}

/// The courses of runs as the table `metrics` has them; none where it has no errors.
pub(super) fn courses_of_table(tasks: &[&Task], metrics: &DataFrame) -> Option<Courses> {
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
fn blocks(course: &[f64], greatest: f64, width: usize) -> String {
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
fn scale(greatest: f64) -> String {
    if greatest <= 0.0 {
        return "error by epoch: ▁ is 0 %, a higher block more".into();
    }
    format!(
        "error by epoch: heights by square root; ▁ is 0 %, █ is {:.1} %, the greatest in these rows once training began, or more",
        100.0 * greatest
    )
}

/// What a table of trials is printed from.
pub(super) struct Trials<'a> {
    pub(super) study: &'a Study,
    /// Some of the trials, in any order.
    pub(super) summary: &'a Summary,
    /// Whether the best of these is the best of all.
    pub(super) whole: bool,
    /// None of a study that is too large to look at every measurement.
    pub(super) courses: &'a Courses,
}

/// A column.
struct Column {
    head: String,
    cells: Vec<String>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Axis,
    Runs,
    TrainingError,
    ValidationError,
    ReachedZero,
    Epochs,
    Trouble,
    Course,
}

impl Trials<'_> {
    /// Prints the table, as wide as there is room.
    pub(super) fn print(&self, face: Face) {
        let table = results_table(self.summary);
        let mut columns = self.columns(&table.header, &table.rows, table.axes);
        if let Some(room) = face.width {
            self.narrow(&mut columns, room);
        }
        let header: Vec<Vec<&str>> = columns.iter().map(|column| column.head.split('\n').collect()).collect();
        let lines = header.iter().map(Vec::len).max().unwrap_or(1);
        // Heads of one line stand on the last one.
        let head = |line: usize| -> Vec<String> {
            let of = |words: &Vec<&str>| {
                (line + words.len()).checked_sub(lines).map_or(String::new(), |at| words[at].into())
            };
            header.iter().map(of).collect()
        };
        let heads: Vec<Vec<String>> = (0..lines).map(head).collect();
        let cells = |row: usize| columns.iter().map(|column| column.cells[row].clone()).collect();
        let rows: Vec<Vec<String>> = (0..table.rows.len()).map(cells).collect();
        text::painted(&heads, &rows, face, &|row, column| {
            let (kind, cell) = (columns[column].kind, &columns[column].cells[row]);
            match kind {
                Kind::Course => Paint::Drawn,
                Kind::Trouble if cell != "0" => Paint::Wrong,
                Kind::Trouble => Paint::Faint,
                _ if cell == "–" => Paint::Faint,
                _ if self.whole && table.best == Some(row) => Paint::Strong,
                _ => Paint::Plain,
            }
        });
        if columns.iter().any(|column| column.kind == Kind::Course) {
            let says = scale(self.greatest(&self.shown()));
            text::say_painted(Paint::Faint, &says, face);
        }
        if let Some(caution) = table.caution {
            text::say_painted(Paint::Faint, &caution, face);
        }
    }

    fn columns(&self, header: &[String], rows: &[Vec<String>], axes: usize) -> Vec<Column> {
        let kinds = [Kind::Runs, Kind::TrainingError, Kind::ValidationError, Kind::ReachedZero, Kind::Epochs];
        let kind = |place: usize| match place.checked_sub(axes) {
            None => Kind::Axis,
            Some(place) => kinds.get(place).copied().unwrap_or(Kind::Trouble),
        };
        let cells = |place: usize| rows.iter().map(|row| row[place].clone()).collect();
        let mut columns: Vec<Column> = header
            .iter()
            .enumerate()
            .map(|(place, head)| Column { head: head.clone(), cells: cells(place), kind: kind(place) })
            .collect();
        if !self.courses.is_empty() {
            columns.push(Column { head: "error by epoch".into(), cells: self.drawn(WIDE), kind: Kind::Course });
        }
        columns
    }

    /// The courses of the rows.
    fn shown(&self) -> Vec<Option<&Vec<f64>>> {
        let place = |row: &TrialSummary| self.study.trials.iter().position(|trial| trial.values == row.values);
        let course = |row: &TrialSummary| place(row).and_then(|trial| self.courses.get(&trial));
        self.summary.trials.iter().map(course).collect()
    }

    /// What the full block stands for. The untrained network may be off the scale: what was learned is what must be seen.
    fn greatest(&self, shown: &[Option<&Vec<f64>>]) -> f64 {
        let trained = |course: &Vec<f64>| course[usize::from(course.len() > 1)..].to_vec();
        shown.iter().flatten().flat_map(|course| trained(course)).fold(0.0, f64::max)
    }

    fn drawn(&self, width: usize) -> Vec<String> {
        let shown = self.shown();
        let greatest = self.greatest(&shown);
        shown.iter().map(|course| course.map_or(String::new(), |course| blocks(course, greatest, width))).collect()
    }

    /// Gives up one thing after the other until the table fits; what is left then is what it is.
    fn narrow(&self, columns: &mut Vec<Column>, room: usize) {
        let steps: [Step<'_>; 6] = [
            &|columns| {
                let ends: Vec<String> = columns.iter().map(|column| end(&column.head).to_owned()).collect();
                let unique = ends.iter().collect::<BTreeSet<_>>().len() == ends.len();
                let axes = columns.iter_mut().zip(ends).filter(|(column, _)| unique && column.kind == Kind::Axis);
                axes.for_each(|(column, end)| column.head = end);
            },
            &|columns| columns.iter_mut().for_each(|column| column.head = broken(&column.head)),
            &|columns| columns.iter_mut().filter(|column| column.kind == Kind::TrainingError).for_each(means),
            &|columns| {
                let course = columns.iter_mut().filter(|column| column.kind == Kind::Course);
                course.for_each(|column| column.cells = self.drawn(NARROW));
            },
            &|columns| columns.retain(|column| column.kind != Kind::Epochs),
            &|columns| columns.retain(|column| column.kind != Kind::TrainingError),
        ];
        for step in steps {
            if width(columns) <= room {
                return;
            }
            step(columns);
        }
    }
}

/// Gives up something of a table.
type Step<'a> = &'a dyn Fn(&mut Vec<Column>);

/// The width of a table.
fn width(columns: &[Column]) -> usize {
    let texts = |column: &Column| {
        column.head.split('\n').map(str::to_owned).chain(column.cells.iter().cloned()).collect::<Vec<_>>()
    };
    let each = columns.iter().map(|column| texts(column).iter().map(|text| text.chars().count()).max().unwrap_or(0));
    each.sum::<usize>() + 2 * columns.len().saturating_sub(1)
}

/// The last part of a path.
fn end(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The words of a head on two lines.
fn broken(head: &str) -> String {
    match head.split_once([' ', '-']) {
        Some((first, rest)) => {
            format!("{first}{}\n{rest}", if head[first.len()..].starts_with('-') { "-" } else { "" })
        }
        None => head.into(),
    }
}

/// Leaves the means of their intervals.
fn means(column: &mut Column) {
    for cell in &mut column.cells {
        cell.truncate(cell.find(' ').unwrap_or(cell.len()));
    }
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

    #[test]
    fn heads_are_broken_once() {
        assert_eq!(
            ["training error, %", "learning-rate", "runs"].map(broken),
            ["training\nerror, %", "learning-\nrate", "runs"]
        );
    }
}
