use std::collections::BTreeMap;

use plotters::style::text_anchor::{HPos, VPos};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use plotters::style::RGBColor;
use restudy_core::{validation::SettingError, measure::Direction};
use restudy_stats as stats;

use super::{
    Declared, Draw, FigureError, Theme, MetricName, Points, SplitSetting,
    declared::Measured,
    canvas::{Area, Sheet},
    page::{self, DrawResult, Heading},
    panel::{self, Axis, Panel},
    rows::{Group, Source},
    scale::Scale,
    settings,
    style::{self, TextStyle, MetricFormat},
};

/// The mean of a final measurement over two axes, as colors and numbers: the darker the better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HeatMap {
    /// The axis drawn from left to right.
    pub x: String,
    /// The axis drawn from bottom to top.
    pub y: String,
    /// What is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "MetricName")]
    pub metric: Option<MetricName>,
    /// On which points it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "SplitSetting")]
    pub split: Option<SplitSetting>,
    /// Values that other axes are fixed at; axes not named are pooled.
    #[serde(default, skip_serializing_if = "settings::FixedAxes::is_empty")]
    pub at: settings::FixedAxes,
}

impl Draw for HeatMap {
    fn resolve(&mut self, measured: Measured<'_>) {
        settings::resolve_split(&mut self.metric, &mut self.split, measured);
    }

    fn validate(&self, declared: &Declared<'_>) -> Vec<SettingError> {
        let mut check = settings::Check::new(declared);
        check.metric(self.metric.as_ref(), self.split);
        check.axis("x", Some(&self.x));
        check.axis("y", Some(&self.y));
        check.require(self.x != self.y, "y", "an axis other than that of x");
        check.at(&self.at, &[Some(&self.x), Some(&self.y)]);
        check.found()
    }

    fn subject(&self, measured: Measured<'_>) -> String {
        let (name, scope) = (measured.name(self.metric.as_ref()), settings::scope(None, &self.at, None));
        let what = measured.part(measured.get(name), self.split).of(name);
        format!("Mean final {what} by {} and {}{scope}", self.x, self.y)
    }

    fn how_to_read(&self) -> &'static str {
        "."
    }

    fn points(&self) -> Points {
        Points::Unneeded
    }

    fn networks(&self, _: &Source<'_>) -> Result<Vec<usize>, FigureError> {
        Ok(Vec::new())
    }

    fn draw(&self, title: &str, source: Source<'_>, theme: Theme) -> Result<Sheet, FigureError> {
        let measured = source.measured();
        let measurement = measured.of(self.metric.as_ref())?;
        let (shown, part) = (MetricFormat::of(measurement), measured.part(Some(measurement), self.split));
        let across = source.select(&[&self.x, &self.y], &self.at)?.joined(MOST_CELLS);
        let along = source.select(&[&self.y, &self.x], &self.at)?.joined(MOST_CELLS);
        let name = part.column(shown.name);
        let (taken, [across, along]) = source.take([across, along], &[&name])?;
        let values = taken.runs.floats(&name)?;
        let (columns, rows) = (across.groups.len(), along.groups.len());
        let mut of_cell = vec![Vec::new(); rows * columns];
        let of_group = |(row, group): (usize, &Group)| -> Vec<(usize, usize)> {
            group.rows.iter().map(move |&run| (run, row)).collect()
        };
        let row_of: BTreeMap<usize, usize> = along.groups.iter().enumerate().flat_map(of_group).collect();
        for (column, group) in across.groups.iter().enumerate() {
            for run in &group.rows {
                if let Some(row) = row_of.get(run) {
                    of_cell[row * columns + column].push(values[*run] * shown.factor);
                }
            }
        }
        let cells: Vec<Cell> = of_cell.iter().map(|values| Cell::of(values)).collect();
        let what = part.of(shown.name);
        let runs = match (cells.iter().map(|cell| cell.runs).min(), cells.iter().map(|cell| cell.runs).max()) {
            (Some(low), Some(high)) if low != high => format!("{low} to {high} runs"),
            (_, high) => format!("{} runs", high.unwrap_or(0)),
        };
        // Readers expect that the lowest is best; only the other direction needs words.
        let best = if shown.direction == Direction::Higher { " The highest is best, and darkest." } else { "" };
        let mut notes = vec![format!("Mean final {what} over {runs} a cell.{best}")];
        let others = along.notes.iter().filter(|note| !across.notes.contains(note));
        notes.extend(across.notes.iter().chain(others).cloned());
        let fate = "; those without a finite value are left out of the mean and counted in the cell";
        notes.extend(across.divergence(|row| !values[row].is_finite(), fate));
        let body = ((rows as f64 * 62.0).clamp(150.0, 560.0)) + 84.0;
        let own = (((columns as f64 * 112.0).clamp(260.0, 900.0)) + 240.0, body);
        let size = (theme.width(own.0), theme.height(own, 84.0));
        let least = if theme.is_own() { 620.0 } else { 0.0 };
        page::sheet(theme, Heading { title, notes }, (size.0.max(least), size.1), |area| {
            if cells.iter().all(|cell| cell.runs == 0) {
                return page::nothing(area, size);
            }
            let x = Scale::names(across.groups.iter().map(|group| group.label.clone()));
            let y = Scale::names(along.groups.iter().map(|group| group.label.clone()));
            let left = panel::left(theme, 112.0, &y, &style::capital(&along.name), size.1 - 84.0);
            let colors = Scale::metric(shown, cells.iter().map(|cell| cell.mean));
            let label = shown.label(&what, colors.remark());
            let tint = |place: f64| tint(shown.direction, place);
            let height = size.1 - 84.0;
            let label = if theme.is_own() { vec![label] } else { panel::split(&label, height) };
            let right = if theme.is_own() { 128.0 } else { 88.0 + 18.0 * label.len() as f64 };
            let frame = [(left, 14.0), (size.0 - right, size.1 - 70.0)];
            Panel::new(
                area,
                frame,
                Axis { scale: &x, label: &style::capital(&across.name), written: true },
                Axis { scale: &y, label: &style::capital(&along.name), written: true },
            )?;
            let step = ((frame[1].0 - frame[0].0) / columns as f64, (frame[1].1 - frame[0].1) / rows as f64);
            for (index, cell) in cells.iter().enumerate() {
                let left = frame[0].0 + (index % columns) as f64 * step.0;
                let bottom = frame[1].1 - (index / columns) as f64 * step.1;
                let mean = cell.mean.is_finite().then(|| (tint(colors.place(cell.mean)), written(cell.mean, &colors)));
                cell.draw(area, [(left, bottom - step.1), (left + step.0, bottom)], mean)?;
            }
            let corners = [(frame[1].0 + 26.0, frame[0].1), (frame[1].0 + 44.0, frame[1].1)];
            bar(area, corners, &colors, &label, &tint)
        })
    }
}

/// The color of a place on the scale: the dark end is the best one.
fn tint(direction: Direction, place: f64) -> RGBColor {
    style::viridis(match direction {
        Direction::Lower => place,
        Direction::Higher => 1.0 - place,
    })
}

/// The runs of one place of the map.
struct Cell {
    /// The mean of the finite values; NaN without any.
    mean: f64,
    runs: usize,
    without_value: usize,
}

impl Cell {
    fn of(values: &[f64]) -> Self {
        let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        Self { mean: stats::mean(&finite), runs: values.len(), without_value: values.len() - finite.len() }
    }

    /// Draws the color of the mean and its number; an empty cell without one.
    fn draw(&self, area: &Area<'_>, corners: [(f64, f64); 2], mean: Option<(RGBColor, String)>) -> DrawResult {
        let [(left, top), (right, bottom)] = corners;
        let (color, mean) = mean.unzip();
        let color = color.unwrap_or(area.theme.palette().empty);
        page::rectangle(area, [(left + 0.8, top + 0.8), (right - 0.8, bottom - 0.8)], color)?;
        if right - left < LEAST_CELL.0 || bottom - top < LEAST_CELL.1 {
            return Ok(());
        }
        let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
        let lines = [
            mean.map(|mean| (mean, style::LABEL)),
            (self.without_value > 0).then(|| (format!("{} diverged", self.without_value), style::TICK - 1.5)),
        ];
        let lines: Vec<_> = lines.into_iter().flatten().collect();
        for (i, (line, size)) in lines.iter().enumerate() {
            let y = y + (i as f64 - (lines.len() - 1) as f64 / 2.0) * 20.0;
            let mut letters = TextStyle::new(*size).color(style::readable_on(color));
            if !area.theme.is_own() {
                letters = letters.fitted(line, right - left - 6.0, 0.0);
                if letters.size < LEAST {
                    continue;
                }
            }
            page::text(area, line, (x, y), letters, HPos::Center, VPos::Center)?;
        }
        Ok(())
    }
}

/// The most cells in a row or a column that are large enough to be seen.
const MOST_CELLS: usize = 100;

/// The least width and height of a cell with text.
const LEAST_CELL: (f64, f64) = (12.0, 9.0);

/// The least size of text in a cell.
const LEAST: f64 = 8.0;

/// A mean in about three digits, with zeros where others have digits: 45.0 beside 48.4.
fn written(mean: f64, colors: &Scale) -> String {
    let written = match mean.abs() {
        _ if colors.is_far_from_zero() => colors.written(mean, 3),
        size if size >= 100.0 => style::number(mean),
        size if size >= 10.0 => format!("{mean:.1}"),
        size if size >= 1.0 => format!("{mean:.2}"),
        _ => style::digits(mean, 2),
    };
    written.replace('-', "\u{2212}")
}

/// The color bar.
fn bar(
    area: &Area<'_>,
    [(left, top), (right, bottom)]: [(f64, f64); 2],
    colors: &Scale,
    label: &[String],
    tint: &impl Fn(f64) -> RGBColor,
) -> DrawResult {
    const STEPS: u32 = 64;
    let height = (bottom - top) / f64::from(STEPS);
    for step in 0..STEPS {
        let at = bottom - f64::from(step + 1) * height;
        // Each step reaches under the next one, so that no gap is visible.
        let reach = if step == 0 { at + height } else { at + 2.0 * height };
        let color = tint((f64::from(step) + 0.5) / f64::from(STEPS));
        page::rectangle(area, [(left, at), (right, reach)], color)?;
    }
    let mut widest: f64 = 0.0;
    for (value, written) in &colors.ticks {
        let y = bottom - (bottom - top) * colors.place(*value);
        page::line(area, &[(right, y), (right + 5.0, y)], page::stroke(area.theme.palette().frame, 1.2))?;
        let tick = TextStyle::new(style::TICK).soft();
        page::text(area, written, (right + 9.0, y), tick, HPos::Left, VPos::Center)?;
        widest = widest.max(super::font::width(written, false) * style::TICK);
    }
    let letters = TextStyle::new(style::TICK).upwards();
    for (i, line) in label.iter().enumerate() {
        let at = (right + 9.0 + widest + 8.0 + 17.0 * i as f64, (top + bottom) / 2.0);
        page::text(area, line, at, letters, HPos::Center, VPos::Top)?;
    }
    Ok(())
}
