//! The table of trials that `show` and `sweep` print: the numbers of the report, and a sparkline for every trial.

use std::collections::BTreeSet;

use super::{
    output_style::{OutputStyle, Paint},
    sparklines::{Curves, Ends, NARROW_COLUMNS, WIDE_COLUMNS, blocks, scale},
    text,
};
use crate::{
    measure::Measurement,
    report::{ResultsTable, results_table},
    stats::Constant,
    sweep::Study,
    table::{Baseline, Confirmed, Summary, TrialSummary},
};

/// The input of a table of trials.
pub(super) struct Trials<'a> {
    pub(super) study: &'a Study,
    /// Some of the trials, in any order.
    pub(super) summary: &'a Summary,
    /// Whether the rows include all candidates, so that the best row is the best trial.
    pub(super) whole: bool,
    /// Whether the rows include the best trial with all of its runs: the note about further points concerns that trial.
    pub(super) points: bool,
    /// Empty if the study is too large to read every measurement.
    pub(super) curves: &'a Curves,
}

/// The name of the row of the constant baseline.
const CONSTANT: &str = "constant";

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
    Curve,
}

impl Trials<'_> {
    pub(super) fn print(&self, style: OutputStyle) {
        self.print_some(style, None);
    }

    /// As [`Self::print`], with the `cautions` of a table of which these rows are a part.
    pub(super) fn print_some(&self, style: OutputStyle, cautions: Option<Vec<String>>) {
        let mut table = results_table(self.summary);
        let cautions = cautions.unwrap_or_else(|| std::mem::take(&mut table.cautions));
        let mut columns = self.columns(&table);
        if let Some(room) = style.width {
            self.narrow(&mut columns, room);
        }
        let header: Vec<Vec<&str>> = columns.iter().map(|column| column.head.split('\n').collect()).collect();
        let lines = header.iter().map(Vec::len).max().unwrap_or(1);
        // Heads of one line are on the last line.
        let head = |line: usize| -> Vec<String> {
            let of = |words: &Vec<&str>| {
                (line + words.len()).checked_sub(lines).map_or(String::new(), |at| words[at].into())
            };
            header.iter().map(of).collect()
        };
        let heads: Vec<Vec<String>> = (0..lines).map(head).collect();
        let cells = |row: usize| columns.iter().map(|column| column.cells[row].clone()).collect();
        let mut rows: Vec<Vec<String>> = (0..table.rows.len()).map(cells).collect();
        // The constant row has the columns that remain.
        if let Some(constant) = table.constant.as_ref().filter(|_| table.axes > 0) {
            let own = |column: &Column| match column.kind {
                Kind::Curve => String::new(),
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
                Kind::Curve => Paint::Drawn,
                Kind::Trouble if cell != "0" => Paint::Wrong,
                Kind::Trouble => Paint::Faint,
                _ if cell == "–" => Paint::Faint,
                _ if self.whole && table.best == Some(row) => Paint::Strong,
                _ => Paint::Plain,
            }
        });
        if columns.iter().any(|column| column.kind == Kind::Curve) {
            let explanation = scale(&self.heading(), self.objective(), self.ends(&self.shown()));
            text::say_painted(Paint::Faint, &explanation, style);
        }
        for caution in cautions.into_iter().chain(table.points.filter(|_| self.points)) {
            text::say_painted(Paint::Faint, &caution, style);
        }
        self.print_confirmed(style);
    }

    /// Prints the confirmed trials, which decide the verdict.
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
        let verdict = if ranked { ", which decide the verdict" } else { "" };
        text::say(format!("under the further seeds {} to {last}{verdict}:", confirm.from));
        text::say("");
        // The table of all trials above has the note about further points.
        let baseline = match self.summary.baseline {
            Baseline::Constant(constant) => Baseline::Constant(Constant { fixed: false, ..constant }),
            other => other,
        };
        let summary = Summary { trials: trials.clone(), confirmed: None, baseline, ..self.summary.clone() };
        Trials { study: self.study, summary: &summary, whole: true, points: false, curves: &Curves::new() }
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
        if !self.curves.is_empty() {
            columns.push(Column { head: self.heading(), cells: self.drawn(WIDE_COLUMNS), kind: Kind::Curve });
        }
        columns
    }

    /// The measurement of the objective.
    fn objective(&self) -> Option<&Measurement> {
        self.study.declaration().measurement(&self.study.objective().measurement)
    }

    /// The head of the sparklines: "error by epoch".
    fn heading(&self) -> String {
        let over = self.objective().map_or("epoch", |own| &own.over);
        format!("{} by {over}", self.study.objective().measurement)
    }

    fn shown(&self) -> Vec<Option<&Vec<f64>>> {
        let curve = |row: &TrialSummary| self.curves.get(&row.trial);
        self.summary.trials.iter().map(curve).collect()
    }

    /// The range of the blocks. The first value is excluded: an untrained network may be off the scale.
    fn ends(&self, shown: &[Option<&Vec<f64>>]) -> Ends {
        Ends::of(shown.iter().flatten().flat_map(|curve| &curve[usize::from(curve.len() > 1)..]).copied())
    }

    fn drawn(&self, width: usize) -> Vec<String> {
        let shown = self.shown();
        let ends = self.ends(&shown);
        shown.iter().map(|curve| curve.map_or(String::new(), |curve| blocks(curve, ends, width))).collect()
    }

    /// Shortens the table step by step until it fits or no step is left.
    fn narrow(&self, columns: &mut Vec<Column>, room: usize) {
        let steps: [Step<'_>; 6] = [
            &|columns| {
                let ends: Vec<String> = columns.iter().map(|column| end(&column.head).to_owned()).collect();
                let unique = ends.iter().collect::<BTreeSet<_>>().len() == ends.len();
                let axes = columns.iter_mut().zip(ends).filter(|(column, _)| unique && column.kind == Kind::Axis);
                axes.for_each(|(column, end)| column.head = end);
            },
            &|columns| columns.iter_mut().for_each(|column| column.head = broken(&column.head)),
            &|columns| columns.iter_mut().filter(|column| column.kind == Kind::Other).for_each(drop_intervals),
            &|columns| {
                let curve = columns.iter_mut().filter(|column| column.kind == Kind::Curve);
                curve.for_each(|column| column.cells = self.drawn(NARROW_COLUMNS));
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

/// A step that makes a table narrower.
type Step<'a> = &'a dyn Fn(&mut Vec<Column>);

fn width(columns: &[Column]) -> usize {
    let texts = |column: &Column| {
        column.head.split('\n').map(str::to_owned).chain(column.cells.iter().cloned()).collect::<Vec<_>>()
    };
    let each = columns.iter().map(|column| texts(column).iter().map(|text| text.chars().count()).max().unwrap_or(0));
    each.sum::<usize>() + 2 * columns.len().saturating_sub(1)
}

/// The last component of a path.
fn end(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// A head broken into two lines.
fn broken(head: &str) -> String {
    match head.split_once([' ', '-']) {
        Some((first, rest)) => {
            format!("{first}{}\n{rest}", if head[first.len()..].starts_with('-') { "-" } else { "" })
        }
        None => head.into(),
    }
}

/// Removes the intervals behind the means.
fn drop_intervals(column: &mut Column) {
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
