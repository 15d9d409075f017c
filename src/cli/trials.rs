//! The table of trials, as `show` and the end of `sweep` print it: the numbers of the report, and the course of every trial.

use std::collections::BTreeSet;

use super::{
    output_style::{OutputStyle, Paint},
    sparklines::{Courses, Ends, NARROW, WIDE, blocks, scale},
    text,
};
use crate::{
    measure::Measurement,
    report::{ResultsTable, results_table},
    stats::Constant,
    sweep::Study,
    table::{Baseline, Confirmed, Summary, TrialSummary},
};

/// What a table of trials is printed from.
pub(super) struct Trials<'a> {
    pub(super) study: &'a Study,
    /// Some of the trials, in any order.
    pub(super) summary: &'a Summary,
    /// Whether the best of these is the best of all.
    pub(super) whole: bool,
    /// Whether the best of all trials is among the rows, with all of its runs: what further points leave open is about that one.
    pub(super) points: bool,
    /// None of a study that is too large to look at every measurement.
    pub(super) courses: &'a Courses,
}

/// The name of the row of an answer that knows nothing.
const CONSTANT: &str = "constant";

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
    Other,
    Decides,
    Reached,
    Epochs,
    Trouble,
    Course,
}

impl Trials<'_> {
    /// Prints the table, as wide as there is room.
    pub(super) fn print(&self, style: OutputStyle) {
        let table = results_table(self.summary);
        let mut columns = self.columns(&table);
        if let Some(room) = style.width {
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
        let mut rows: Vec<Vec<String>> = (0..table.rows.len()).map(cells).collect();
        // As wide as the others, of which some may have been given up.
        if let Some(constant) = table.constant.as_ref().filter(|_| table.axes > 0) {
            let own = |column: &Column| match column.kind {
                Kind::Course => String::new(),
                Kind::Decides => constant.get(table.axes + table.errors).cloned().unwrap_or_default(),
                _ => "–".into(),
            };
            let mut cells: Vec<String> = columns.iter().map(own).collect();
            if let Some(first) = cells.first_mut() {
                *first = CONSTANT.into();
            }
            rows.push(cells);
        }
        text::painted(&heads, &rows, style, &|row, column| {
            if row == table.rows.len() {
                return Paint::Faint;
            }
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
            let says = scale(&self.heading(), self.objective(), self.ends(&self.shown()));
            text::say_painted(Paint::Faint, &says, style);
        }
        for caution in table.cautions.into_iter().chain(table.points.filter(|_| self.points)) {
            text::say_painted(Paint::Faint, &caution, style);
        }
        self.print_confirmed(style);
    }

    /// Prints the trials that ran again, with what the verdict is made from.
    fn print_confirmed(&self, style: OutputStyle) {
        let Some(Confirmed { confirm, trials, .. }) = self.summary.confirmed.as_ref().filter(|_| self.whole) else {
            return;
        };
        if trials.is_empty() {
            return;
        }
        let last = confirm.last().0;
        text::say("");
        let ranked = !matches!(self.summary.baseline, Baseline::Unknown(_));
        let verdict = if ranked { ", which the verdict is made from" } else { "" };
        text::say(format!("under the further seeds {} to {last}{verdict}:", confirm.from));
        text::say("");
        // What is to be said of further points was said above, where all trials stand.
        let baseline = match self.summary.baseline {
            Baseline::Constant(constant) => Baseline::Constant(Constant { fixed: false, ..constant }),
            other => other,
        };
        let summary = Summary { trials: trials.clone(), confirmed: None, baseline, ..self.summary.clone() };
        Trials { study: self.study, summary: &summary, whole: true, points: false, courses: &Courses::new() }
            .print(style);
    }

    fn columns(&self, ResultsTable { header, rows, axes, errors, success, .. }: &ResultsTable) -> Vec<Column> {
        let others = errors.saturating_sub(1);
        let mut kinds = vec![Kind::Runs];
        kinds.extend(std::iter::repeat_n(Kind::Other, others).chain([Kind::Decides]));
        kinds.extend([Kind::Reached, Kind::Epochs].into_iter().take(*success));
        let kind = |place: usize| match place.checked_sub(*axes) {
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
            columns.push(Column { head: self.heading(), cells: self.drawn(WIDE), kind: Kind::Course });
        }
        columns
    }

    /// The measurement that decides.
    fn objective(&self) -> Option<&Measurement> {
        self.study.declaration().measurement(&self.study.objective().measurement)
    }

    /// The head of the courses: "error by epoch".
    fn heading(&self) -> String {
        let over = self.objective().map_or("epoch", |own| &own.over);
        format!("{} by {over}", self.study.objective().measurement)
    }

    /// The courses of the rows.
    fn shown(&self) -> Vec<Option<&Vec<f64>>> {
        let course = |row: &TrialSummary| self.courses.get(&row.trial);
        self.summary.trials.iter().map(course).collect()
    }

    /// What the full block stands for. The untrained network may be off the scale: what was learned is what must be seen.
    fn ends(&self, shown: &[Option<&Vec<f64>>]) -> Ends {
        Ends::of(shown.iter().flatten().flat_map(|course| &course[usize::from(course.len() > 1)..]).copied())
    }

    fn drawn(&self, width: usize) -> Vec<String> {
        let shown = self.shown();
        let ends = self.ends(&shown);
        shown.iter().map(|course| course.map_or(String::new(), |course| blocks(course, ends, width))).collect()
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
            &|columns| columns.iter_mut().filter(|column| column.kind == Kind::Other).for_each(means),
            &|columns| {
                let course = columns.iter_mut().filter(|column| column.kind == Kind::Course);
                course.for_each(|column| column.cells = self.drawn(NARROW));
            },
            &|columns| columns.retain(|column| column.kind != Kind::Epochs),
            &|columns| columns.retain(|column| column.kind != Kind::Other),
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
    fn heads_are_broken_once() {
        assert_eq!(
            ["training error, %", "learning-rate", "runs"].map(broken),
            ["training\nerror, %", "learning-\nrate", "runs"]
        );
    }
}
