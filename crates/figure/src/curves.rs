use plotters::style::{RGBAColor, RGBColor};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use restudy_core::{
    validation::SettingError,
    measure::{Direction, Split},
};

use super::{
    Declared, Draw, FigureError, Theme, MetricName, Points,
    declared::Measured,
    canvas::{Area, Sheet},
    history::{History, Quartiles},
    legend,
    page::{self, DrawResult, Heading},
    panel::{self, Axis, Panel},
    rows::Source,
    scale::Scale,
    settings,
    style::{self, TextStyle, MetricFormat},
};

/// A measurement over the epochs, training beside validation: one line for each value of an axis, the median over runs
/// in a band from the first to the third quartile. Where axes are left open, the trial with the best median of what
/// decides (the least validation error) is drawn, and named.
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
    #[serde(skip_serializing_if = "settings::FixedAxes::is_empty")]
    pub at: settings::FixedAxes,
    /// The number of seeds to draw, from the smallest. Default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seeds: Option<u32>,
}

impl Draw for Curves {
    fn resolve(&mut self, measured: Measured<'_>) {
        settings::resolve(&mut self.metric, measured);
    }

    fn validate(&self, declared: &Declared<'_>) -> Vec<SettingError> {
        let mut check = settings::Check::new(declared);
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
        let over = measurement.map_or("epoch", |measurement| &measurement.over);
        format!("{} over the {over}s{scope}{parts}", settings::capital(&name))
    }

    fn how_to_read(&self) -> &'static str {
        ": median over the runs, in a band from quartile to quartile."
    }

    fn points(&self) -> Points {
        Points::Unneeded
    }

    fn networks(&self, _: &Source<'_>) -> Result<Vec<usize>, FigureError> {
        Ok(Vec::new())
    }

    fn draw(&self, title: &str, source: Source<'_>, theme: Theme) -> Result<Sheet, FigureError> {
        let selection = source.select_best(self.by.as_deref(), &self.at, MOST_LINES)?;
        let selection = source.first_seeds(selection, self.seeds)?;
        let measurement = source.measured().of(self.metric.as_ref())?;
        let (shown, parts) = (MetricFormat::of(measurement), measurement.parts());
        let (mut rows, [selection]) = source.take([selection], &[])?;
        let history = History::read(&mut rows, shown, parts, &selection)?;
        let mut notes = vec![match &selection.runs_each("line")[..] {
            "1 run" => "A single run.".into(),
            each => format!("Median over {each}; band from the first to the third quartile."),
        }];
        notes.extend(selection.notes.iter().cloned().chain(selection.choice()));
        notes.extend(selection.divergence(|_| true, ", counted as worst from there on"));
        // The scale is for trained networks; the untrained one may be off it.
        let learned = |point: &&Quartiles| point.time > 0.0 || history.length == 0.0;
        let drawn = history.curves.values().flatten().filter(learned).flat_map(|point| point.quartiles);
        let y = Scale::metric(shown, drawn);
        let label = shown.label(&shown.words(), y.remark());
        let names: Vec<String> = selection.groups.iter().map(|group| group.label.clone()).collect();
        let key = self.by.as_ref().map(|_| (selection.name.as_str(), names.as_slice()));
        let layout = Layout::new(theme, &y, &label, key, parts.len());
        page::sheet(theme, Heading { title, notes }, layout.size, |area| {
            if history.is_empty() {
                return page::nothing(area, layout.size);
            }
            let x = Scale::counts(history.length);
            let count = selection.groups.len();
            let palette = theme.palette();
            for (index, part) in parts.iter().enumerate() {
                let frame = layout.panels[index];
                let (first, last) = (frame[0].0 == layout.panels[0][0].0, frame[1].1 == layout.lowest());
                let panel = Panel::new(
                    area,
                    frame,
                    Axis { scale: &x, label: if last { &history.unit } else { "" }, written: true },
                    Axis { scale: &y, label: if first { &label } else { "" }, written: first },
                )?;
                if *part != Split::None {
                    let heading = TextStyle::new(style::LABEL).bold();
                    page::heading(area, &style::capital(part.title()), (frame[0].0, frame[0].1 - 12.0), heading)?;
                }
                let curve = |group: usize| {
                    let curve = history.curves.get(&(group, index)).map_or(&[][..], Vec::as_slice);
                    let untrained_is_off = curve.first().is_some_and(|first| !y.holds(first.quartiles[1]));
                    &curve[usize::from(untrained_is_off && curve.len() > 1)..]
                };
                for group in 0..count {
                    let color = style::translucent(palette.line(group, count), palette.band);
                    band(&panel, curve(group), shown.direction, color)?;
                }
                for group in 0..count {
                    median(area, &panel, curve(group), palette.line(group, count), theme.dashes(group))?;
                }
            }
            layout.key(area, key)
        })
    }
}

/// The most lines that a reader can tell apart.
const MOST_LINES: usize = 100;

/// The positions of the panels, one for each split, and of the legend: beside them, or beneath where there is no room.
struct Layout {
    size: (f64, f64),
    panels: Vec<[(f64, f64); 2]>,
    beneath: bool,
}

impl Layout {
    /// Panels narrower than this are stacked.
    const NARROW: f64 = 120.0;
    /// The gap between panels side by side: the last number of one and the first of the other need it.
    const BETWEEN: f64 = 30.0;

    fn new(theme: Theme, y: &Scale, label: &str, key: Option<(&str, &[String])>, panels: usize) -> Self {
        let width = theme.width(if panels > 1 { 960.0 } else { 640.0 });
        let beneath = width < 620.0;
        let beside = key.filter(|_| !beneath).map_or(0.0, |(name, labels)| legend::key_width(name, labels) + 26.0);
        // Two panels have a title each.
        let (top, bottom) = (if panels > 1 { 34.0 } else { 16.0 }, 66.0);
        if theme.is_own() {
            let (left, lowest) = (90.0, 430.0 - bottom);
            let each = (width - left - 24.0 - beside - 24.0 * (panels - 1) as f64) / panels as f64;
            let panel = |start: f64| [(start, top), (start + each, lowest)];
            let panels = (0..panels).map(|place| panel(left + place as f64 * (each + 24.0))).collect();
            return Self { size: (width, 430.0), panels, beneath };
        }
        let under = key.filter(|_| beneath).map_or(0.0, |(_, labels)| legend::rows_height(labels, width - 28.0));
        let side = |height: f64| panel::left(theme, 90.0, y, label, height);
        let left = side(200.0);
        let between = Self::BETWEEN * (panels - 1) as f64;
        let each = |left: f64| (width - left - 16.0 - beside - between) / panels as f64;
        let panels: Vec<[(f64, f64); 2]> = if each(left) >= Self::NARROW {
            // A single panel is as wide as two, and needs less height.
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

    fn key(&self, area: &Area<'_>, key: Option<(&str, &[String])>) -> DrawResult {
        let Some((name, labels)) = key else { return Ok(()) };
        let symbol = |group: usize, (x, y): (f64, f64)| {
            let stroke = page::stroke(area.theme.palette().line(group, labels.len()), 3.0);
            page::dashed(area, &[(x - 13.0, y), (x + 13.0, y)], stroke, area.theme.dashes(group))
        };
        if self.beneath {
            let at = (14.0, self.lowest() + 62.0);
            return legend::rows(area, at, self.size.0 - 28.0, name, labels, symbol);
        }
        let left = self.size.0 - legend::key_width(name, labels) - 26.0;
        legend::key(area, (left, self.panels[0][0].1 + 8.0), name, labels, symbol)
    }
}

fn band(panel: &Panel<'_, '_>, curve: &[Quartiles], direction: Direction, color: RGBAColor) -> DrawResult {
    let best = if direction == Direction::Lower { 0 } else { 2 };
    for piece in curve.split(|point| !point.quartiles[best].is_finite()).filter(|piece| piece.len() > 1) {
        let lower = piece.iter().map(|point| (point.time, point.quartiles[0]));
        let upper = piece.iter().rev().map(|point| (point.time, point.quartiles[2]));
        panel.polygon(&lower.chain(upper).collect::<Vec<_>>(), color)?;
    }
    Ok(())
}

fn median(area: &Area<'_>, panel: &Panel<'_, '_>, curve: &[Quartiles], color: RGBColor, pattern: &[f64]) -> DrawResult {
    for piece in curve.split(|point| !point.quartiles[1].is_finite()).filter(|piece| !piece.is_empty()) {
        let points: Vec<_> = piece.iter().map(|point| (point.time, point.quartiles[1])).collect();
        panel.dashed(area, &points, page::stroke(color, 2.2), pattern)?;
    }
    Ok(())
}
