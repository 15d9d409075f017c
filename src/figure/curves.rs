use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AxisInfo, Draw, FigureError, Part, Tables,
    canvas::Sheet,
    columns,
    page::{self, Axis, Drawn, Panel},
    scale::Scale,
    select::{Selection, select_best},
    settings,
    style::{self, Letters, Shown},
};
use crate::{fault::Fault, metric::Metric, stats};

/// A metric over the epochs, training beside validation: one line for each value of an axis, the median over runs in a
/// band from the first to the third quartile. Where axes are left open, the trial with the least median validation error
/// is drawn, and named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Curves {
    /// What is drawn.
    pub metric: Metric,
    /// The axis whose values get a line each; one line for everything without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Values that other axes are fixed at.
    #[serde(skip_serializing_if = "settings::At::is_empty")]
    pub at: settings::At,
}

impl Default for Curves {
    fn default() -> Self {
        Self { metric: Metric::Error, by: None, at: settings::At::default() }
    }
}

impl Draw for Curves {
    fn faults(&self, axes: &[AxisInfo], _d: Option<usize>, metrics: &[Metric]) -> Vec<Fault> {
        let mut check = settings::Check::new(axes);
        check.metric(self.metric, metrics);
        check.axis("by", self.by.as_deref());
        check.at(&self.at, &[self.by.as_deref()]);
        check.found()
    }

    fn caption(&self) -> String {
        format!("{} over the epochs{}, training beside validation: median over the runs, in a band from quartile to quartile.", settings::capital(self.metric.name()), settings::by(self.by.as_deref()))
    }

    fn draw(&self, title: &str, tables: &Tables<'_>) -> Result<Sheet, FigureError> {
        let selection = select_best(tables, self.by.as_deref(), &self.at)?;
        let shown = Shown::of(self.metric);
        let history = History::read(tables, shown, &selection)?;
        let mut notes = vec![match &selection.runs_each("line")[..] {
            "1 run" => "A single run.".into(),
            each => format!("Median over {each}; band from the first to the third quartile."),
        }];
        notes.extend(selection.notes.iter().cloned().chain(selection.choice()));
        notes.extend(selection.divergence(|_| true, ", counted as worst from there on"));
        let size = (960.0, 430.0);
        page::sheet(title, &notes, size, |area| {
            if history.is_empty() {
                return page::nothing(area, size);
            }
            let labels: Vec<String> = selection.groups.iter().map(|group| group.label.clone()).collect();
            let keyed = self.by.is_some();
            let key = if keyed { page::key_width(&selection.name, &labels) + 26.0 } else { 0.0 };
            let (left, top, bottom) = (90.0, 34.0, size.1 - 66.0);
            let width = (size.0 - left - 24.0 - key - 24.0) / 2.0;
            // The untrained network may be off the scale: what was learned is what must be seen.
            let learned = |point: &&Point| point.time > 0.0 || history.length == 0.0;
            let drawn = history.curves.values().flatten().filter(learned).flat_map(|point| point.quartiles);
            let y = Scale::metric(shown, drawn);
            let x = Scale::counts(history.length);
            let label = style::capital(&format!("{} ({}{})", shown.name, shown.unit, y.remark()));
            for (index, part) in [Part::Train, Part::Validation].into_iter().enumerate() {
                let first = index == 0;
                let start = left + index as f64 * (width + 24.0);
                let panel = Panel::new(
                    area,
                    [(start, top), (start + width, bottom)],
                    Axis { scale: &x, label: history.unit, written: true },
                    Axis { scale: &y, label: if first { &label } else { "" }, written: first },
                )?;
                let heading = Letters::new(style::LABEL).bold();
                page::heading(area, &style::capital(part.title()), (start, top - 12.0), heading)?;
                let count = selection.groups.len();
                let curve = |group: usize| {
                    let curve = history.curves.get(&(group, index)).map_or(&[][..], Vec::as_slice);
                    let untrained_is_off = curve.first().is_some_and(|first| !y.holds(first.quartiles[1]));
                    &curve[usize::from(untrained_is_off && curve.len() > 1)..]
                };
                for group in 0..count {
                    band(&panel, curve(group), style::line_color(group, count))?;
                }
                for group in 0..count {
                    median(&panel, curve(group), style::line_color(group, count))?;
                }
            }
            if keyed {
                page::key(area, (size.0 - key, top + 8.0), &selection.name, &labels, |group, (x, y)| {
                    let color = style::line_color(group, labels.len());
                    page::line(area, &[(x - 13.0, y), (x + 13.0, y)], page::stroke(color, 3.0))
                })?;
            }
            Ok(())
        })
    }
}

/// The quartiles of a group at one time.
#[derive(Debug, Clone, Copy)]
struct Point {
    time: f64,
    quartiles: [f64; 3],
}

/// What is drawn of all runs.
struct History {
    /// By group, then 0 for training and 1 for validation.
    curves: BTreeMap<(usize, usize), Vec<Point>>,
    /// What times are counted in.
    unit: &'static str,
    /// The last time.
    length: f64,
}

/// One run on one part of the data: times and values.
type Series = Vec<(u64, f64)>;

/// More times than this are thinned out: no figure has more pixels to show them.
const MOST_TIMES: usize = 240;

impl History {
    fn read(tables: &Tables<'_>, shown: Shown, selection: &Selection) -> Result<Self, FigureError> {
        let runs = columns::texts(tables.metrics, "run")?;
        let splits = columns::texts(tables.metrics, "split")?;
        let values = columns::floats(tables.metrics, shown.name)?;
        let epochs = columns::wholes(tables.metrics, "epoch")?;
        // Several measurements in an epoch: only steps tell them apart.
        let within = (2..runs.len()).any(|row| {
            (runs[row], splits[row], epochs[row]) == (runs[row - 2], splits[row - 2], epochs[row - 2])
        });
        let times = if within { columns::wholes(tables.metrics, "step")? } else { epochs };
        let mut series: BTreeMap<&str, [Series; 2]> = BTreeMap::new();
        let mut start = 0;
        for rows in runs.chunk_by(|a, b| a == b) {
            let of_run = series.entry(rows[0]).or_default();
            for row in start..start + rows.len() {
                let part = usize::from(splits[row] != "train");
                of_run[part].push((times[row], values[row] * shown.factor));
            }
            start += rows.len();
        }
        let names = columns::texts(tables.runs, "run")?;
        let outcomes = columns::texts(tables.runs, "outcome")?;
        let mut curves = BTreeMap::new();
        for (group, runs) in selection.groups.iter().enumerate() {
            for part in 0..2 {
                let of_group: Vec<(&Series, &str)> = (runs.rows.iter())
                    .filter_map(|&row| Some((&series.get(names[row])?[part], outcomes[row])))
                    .collect();
                curves.insert((group, part), curve(&of_group));
            }
        }
        let length = curves.values().flatten().map(|point| point.time).fold(0.0, f64::max);
        Ok(Self { curves, unit: if within { "Step" } else { "Epoch" }, length })
    }

    fn is_empty(&self) -> bool {
        self.curves.values().all(Vec::is_empty)
    }
}

/// The quartiles over the runs of a group. After its end a run that converged stays where it was, and one that diverged
/// counts as worst.
fn curve(runs: &[(&Series, &str)]) -> Vec<Point> {
    let times: BTreeSet<u64> = runs.iter().flat_map(|(series, _)| series.iter().map(|&(time, _)| time)).collect();
    let mut times: Vec<u64> = times.into_iter().collect();
    let every = times.len().div_ceil(MOST_TIMES).max(1);
    let last = times.len().saturating_sub(1);
    let mut index = 0..;
    times.retain(|_| index.next().is_some_and(|i: usize| i.is_multiple_of(every) || i == last));
    let mut places = vec![0; runs.len()];
    let at = |time: u64| {
        let now = runs.iter().zip(&mut places).filter_map(|((series, outcome), place)| {
            while series.get(*place).is_some_and(|&(measured, _)| measured < time) {
                *place += 1;
            }
            match series.get(*place) {
                Some(&(measured, value)) => (measured == time).then_some(value),
                None if *outcome == "diverged" => Some(f64::INFINITY),
                None if *outcome == "converged" => series.last().map(|&(_, value)| value),
                None => None,
            }
        });
        let mut now: Vec<f64> = now.filter(|value| !value.is_nan()).collect();
        now.sort_unstable_by(f64::total_cmp);
        (!now.is_empty())
            .then(|| Point { time: time as f64, quartiles: [0.25, 0.5, 0.75].map(|q| stats::quantile(&now, q)) })
    };
    times.into_iter().filter_map(at).collect()
}

fn band(panel: &Panel<'_, '_>, curve: &[Point], color: plotters::style::RGBColor) -> Drawn {
    for piece in curve.split(|point| !point.quartiles[0].is_finite()).filter(|piece| piece.len() > 1) {
        let lower = piece.iter().map(|point| (point.time, point.quartiles[0]));
        let upper = piece.iter().rev().map(|point| (point.time, point.quartiles[2]));
        panel.polygon(&lower.chain(upper).collect::<Vec<_>>(), style::sheer(color, 0.16))?;
    }
    Ok(())
}

fn median(panel: &Panel<'_, '_>, curve: &[Point], color: plotters::style::RGBColor) -> Drawn {
    for piece in curve.split(|point| !point.quartiles[1].is_finite()).filter(|piece| !piece.is_empty()) {
        let points: Vec<_> = piece.iter().map(|point| (point.time, point.quartiles[1])).collect();
        panel.line(&points, page::stroke(color, 2.2))?;
    }
    Ok(())
}
