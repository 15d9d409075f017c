use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use plotters::style::{RGBAColor, RGBColor};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Asked, Draw, FigureError, Look, MetricName, Tables,
    asked::Measured,
    canvas::{Area, Sheet},
    columns, legend,
    page::{self, Drawn, Head},
    panel::{self, Axis, Panel},
    rows::Rows,
    scale::Scale,
    select::{Selection, select_best},
    settings,
    style::{self, Letters, Shown},
};
use crate::stats;
use restudy_core::{
    fault::Fault,
    measure::{Direction, Part},
};

/// A measurement over the epochs, training beside validation: one line for each value of an axis, the median over runs in
/// a band from the first to the third quartile. Where axes are left open, the trial with the best median of what decides
/// (the least validation error) is drawn, and named.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Curves {
    /// What is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "MetricName")]
    pub metric: Option<MetricName>,
    /// The axis whose values get a line each; one line for everything without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Values that other axes are fixed at.
    #[serde(skip_serializing_if = "settings::At::is_empty")]
    pub at: settings::At,
    /// Only the runs under so many of the least seeds; all without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seeds: Option<u32>,
}

impl Draw for Curves {
    fn resolve(&mut self, measured: Measured<'_>) {
        settings::resolve(&mut self.metric, measured);
    }

    fn faults(&self, asked: &Asked<'_>) -> Vec<Fault> {
        let mut check = settings::Check::new(asked);
        check.metric(self.metric.as_ref(), None);
        check.axis("by", self.by.as_deref());
        check.require(self.seeds != Some(0), "seeds", "a whole number from 1");
        check.at(&self.at, &[self.by.as_deref()]);
        check.found()
    }

    fn subject(&self, measured: Measured<'_>) -> String {
        let (measurement, name) = settings::named(self.metric.as_ref(), measured);
        let scope = settings::scope(self.by.as_deref(), &self.at, self.seeds);
        let apart = measurement.is_none_or(|measurement| measurement.split);
        let parts = if apart { ", training beside validation" } else { "" };
        format!("{} over the epochs{scope}{parts}", settings::capital(&name))
    }

    fn reading(&self) -> &'static str {
        ": median over the runs, in a band from quartile to quartile."
    }

    fn draw(&self, title: &str, tables: &Tables<'_>, look: Look) -> Result<Sheet, FigureError> {
        let selection = select_best(tables, self.by.as_deref(), &self.at, MOST_LINES)?.of_first_seeds(tables, self.seeds)?;
        let measurement = Measured::from(tables).of(self.metric.as_ref())?;
        let (shown, parts) = (Shown::of(measurement), measurement.parts());
        let history = History::read(tables, shown, parts, &selection)?;
        let mut notes = vec![match &selection.runs_each("line")[..] {
            "1 run" => "A single run.".into(),
            each => format!("Median over {each}; band from the first to the third quartile."),
        }];
        notes.extend(selection.notes.iter().cloned().chain(selection.choice()));
        notes.extend(selection.divergence(|_| true, ", counted as worst from there on"));
        // The untrained network may be off the scale: what was learned is what must be seen.
        let learned = |point: &&Point| point.time > 0.0 || history.length == 0.0;
        let drawn = history.curves.values().flatten().filter(learned).flat_map(|point| point.quartiles);
        let y = Scale::metric(shown, drawn);
        let label = shown.label(&shown.words(), y.remark());
        let names: Vec<String> = selection.groups.iter().map(|group| group.label.clone()).collect();
        let key = self.by.as_ref().map(|_| (selection.name.as_str(), names.as_slice()));
        let layout = Layout::new(look, &y, &label, key, parts.len());
        let metric = ["run", "epoch", "step", "split", shown.name];
        let rows = Rows::selected(tables, &selection, &[])?.with("metrics", tables.metrics, &metric)?.digest();
        page::sheet(look, Head { title, notes, rows }, layout.size, |area| {
            if history.is_empty() {
                return page::nothing(area, layout.size);
            }
            let x = Scale::counts(history.length);
            let count = selection.groups.len();
            let inks = look.inks();
            for (index, part) in parts.iter().enumerate() {
                let frame = layout.panels[index];
                let (first, last) = (frame[0].0 == layout.panels[0][0].0, frame[1].1 == layout.lowest());
                let panel = Panel::new(
                    area,
                    frame,
                    Axis { scale: &x, label: if last { history.unit } else { "" }, written: true },
                    Axis { scale: &y, label: if first { &label } else { "" }, written: first },
                )?;
                if *part != Part::Whole {
                    let heading = Letters::new(style::LABEL).bold();
                    page::heading(area, &style::capital(part.title()), (frame[0].0, frame[0].1 - 12.0), heading)?;
                }
                let curve = |group: usize| {
                    let curve = history.curves.get(&(group, index)).map_or(&[][..], Vec::as_slice);
                    let untrained_is_off = curve.first().is_some_and(|first| !y.holds(first.quartiles[1]));
                    &curve[usize::from(untrained_is_off && curve.len() > 1)..]
                };
                for group in 0..count {
                    band(&panel, curve(group), shown.direction, style::sheer(inks.line(group, count), inks.band))?;
                }
                for group in 0..count {
                    median(area, &panel, curve(group), inks.line(group, count), look.dashes(group))?;
                }
            }
            layout.key(area, key)
        })
    }
}

/// More lines than this cannot be told apart.
const MOST_LINES: usize = 100;

/// Where the panels stand, one for each part, and what the lines mean: beside them, or beneath where there is no room.
struct Layout {
    size: (f64, f64),
    panels: Vec<[(f64, f64); 2]>,
    beneath: bool,
}

impl Layout {
    /// Narrower panels than this stand one above the other.
    const NARROW: f64 = 120.0;
    /// Between panels side by side, where the last number of one and the first of the other meet.
    const BETWEEN: f64 = 30.0;

    fn new(look: Look, y: &Scale, label: &str, key: Option<(&str, &[String])>, panels: usize) -> Self {
        let width = look.width(if panels > 1 { 960.0 } else { 640.0 });
        let beneath = width < 620.0;
        let beside = key.filter(|_| !beneath).map_or(0.0, |(name, labels)| legend::key_width(name, labels) + 26.0);
        let (top, bottom) = (34.0, 66.0);
        if look.is_own() {
            let (left, lowest) = (90.0, 430.0 - bottom);
            let each = (width - left - 24.0 - beside - 24.0 * (panels - 1) as f64) / panels as f64;
            let panel = |start: f64| [(start, top), (start + each, lowest)];
            let panels = (0..panels).map(|place| panel(left + place as f64 * (each + 24.0))).collect();
            return Self { size: (width, 430.0), panels, beneath };
        }
        let under = key.filter(|_| beneath).map_or(0.0, |(_, labels)| legend::rows_height(labels, width - 28.0));
        let side = |height: f64| panel::left(look, 90.0, y, label, height);
        let left = side(200.0);
        let between = Self::BETWEEN * (panels - 1) as f64;
        let each = |left: f64| (width - left - 16.0 - beside - between) / panels as f64;
        let panels: Vec<[(f64, f64); 2]> = if each(left) >= Self::NARROW {
            // One alone is as wide as two, and need not be as high.
            let share = if panels > 1 { 0.8 } else { 0.5 };
            let lowest = top + (share * each(left)).clamp(130.0, 420.0);
            let left = side(lowest - top);
            let starts = std::iter::successors(Some(left), |start| Some(start + each(left) + Self::BETWEEN));
            starts.take(panels).map(|start| [(start, top), (start + each(left), lowest)]).collect()
        } else {
            let height = (0.55 * (width - left)).max(110.0);
            let left = side(height);
            let tops = std::iter::successors(Some(top), |top| Some(top + height + 60.0));
            tops.take(panels).map(|top| [(left, top), (width - 12.0, top + height)]).collect()
        };
        let mut layout = Self { size: (width, 0.0), panels, beneath };
        layout.size.1 = layout.lowest() + 54.0 + under;
        layout
    }

    /// The lower end of the last panel.
    fn lowest(&self) -> f64 {
        self.panels.last().map_or(0.0, |panel| panel[1].1)
    }

    fn key(&self, area: &Area<'_>, key: Option<(&str, &[String])>) -> Drawn {
        let Some((name, labels)) = key else { return Ok(()) };
        let mark = |group: usize, (x, y): (f64, f64)| {
            let stroke = page::stroke(area.look.inks().line(group, labels.len()), 3.0);
            page::dashed(area, &[(x - 13.0, y), (x + 13.0, y)], stroke, area.look.dashes(group))
        };
        if self.beneath {
            let at = (14.0, self.lowest() + 62.0);
            return legend::rows(area, at, self.size.0 - 28.0, name, labels, mark);
        }
        let left = self.size.0 - legend::key_width(name, labels) - 26.0;
        legend::key(area, (left, self.panels[0][0].1 + 8.0), name, labels, mark)
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
    /// By group, then by part.
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
    fn read(
        tables: &Tables<'_>,
        shown: Shown<'_>,
        parts: &[Part],
        selection: &Selection,
    ) -> Result<Self, FigureError> {
        let places = columns::places(tables, tables.metrics)?;
        let values = columns::floats(tables.metrics, shown.name)?;
        let epochs = columns::wholes(tables.metrics, "epoch")?;
        let splits = columns::texts(tables.metrics, "split")?;
        let place = |split: &str| parts.iter().position(|part| part.name() == split);
        let part_of: Vec<Option<usize>> = splits.into_iter().map(place).collect();
        // Several measurements in an epoch: only steps tell them apart.
        let again = |rows: &Range<usize>| {
            let mut before = [None; 2];
            rows.clone().filter_map(|row| Some((part_of[row]?, epochs[row]))).any(|(part, epoch)| {
                before[part].replace(epoch) == Some(epoch)
            })
        };
        let within = places.iter().any(again);
        let times = if within { columns::wholes(tables.metrics, "step")? } else { epochs };
        let series = |run: usize, part: usize| -> Series {
            let of_part = places[run].clone().filter(|&row| part_of[row] == Some(part));
            of_part.map(|row| (times[row], values[row] * shown.factor)).collect()
        };
        let outcomes = columns::texts(tables.runs, "outcome")?;
        let mut curves = BTreeMap::new();
        for (group, runs) in selection.groups.iter().enumerate() {
            for part in 0..parts.len() {
                let measured = runs.rows.iter().filter(|&&run| !places[run].is_empty());
                let of_group: Vec<(Series, &str)> =
                    measured.map(|&run| (series(run, part), outcomes[run])).collect();
                curves.insert((group, part), curve(&of_group, shown.direction));
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
fn curve(runs: &[(Series, &str)], direction: Direction) -> Vec<Point> {
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
                None if *outcome == "diverged" => Some(direction.worst()),
                None if *outcome == "converged" => series.last().map(|&(_, value)| value),
                None => None,
            }
        });
        // By rank, so that what is between a value and the worst is the worst in either direction.
        let mut now: Vec<f64> = now.filter(|value| !value.is_nan()).map(|value| direction.rank(value)).collect();
        now.sort_unstable_by(f64::total_cmp);
        let [best, middle, worst] = [0.25, 0.5, 0.75].map(|q| stats::quantile(&now, q));
        let quartiles = match direction {
            Direction::Lower => [best, middle, worst],
            Direction::Higher => [-worst, -middle, -best],
        };
        (!now.is_empty()).then_some(Point { time: time as f64, quartiles })
    };
    times.into_iter().filter_map(at).collect()
}

fn band(panel: &Panel<'_, '_>, curve: &[Point], direction: Direction, color: RGBAColor) -> Drawn {
    let best = if direction == Direction::Lower { 0 } else { 2 };
    for piece in curve.split(|point| !point.quartiles[best].is_finite()).filter(|piece| piece.len() > 1) {
        let lower = piece.iter().map(|point| (point.time, point.quartiles[0]));
        let upper = piece.iter().rev().map(|point| (point.time, point.quartiles[2]));
        panel.polygon(&lower.chain(upper).collect::<Vec<_>>(), color)?;
    }
    Ok(())
}

fn median(area: &Area<'_>, panel: &Panel<'_, '_>, curve: &[Point], color: RGBColor, pattern: &[f64]) -> Drawn {
    for piece in curve.split(|point| !point.quartiles[1].is_finite()).filter(|piece| !piece.is_empty()) {
        let points: Vec<_> = piece.iter().map(|point| (point.time, point.quartiles[1])).collect();
        panel.dashed(area, &points, page::stroke(color, 2.2), pattern)?;
    }
    Ok(())
}
