use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use restudy_core::{validation::SettingError, measure::Measurement};
use restudy_stats as stats;

use super::{
    AxisInfo, Declared, Draw, FigureError, Theme, MetricName, Points,
    declared::Measured,
    canvas::{Area, Sheet},
    legend,
    page::{self, DrawResult, Heading},
    panel::{self, Axis, Panel},
    x_positions::{self, XPositions, VisibleDots},
    rows::Source,
    scale::Scale,
    settings,
    style::{self, MetricFormat},
};

/// A final measurement, training beside validation, by the values of an axis: the mean with its interval,
/// and every run as a faint dot.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Final {
    /// What is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "MetricName")]
    pub metric: Option<MetricName>,
    /// The axis to draw it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Values that other axes are fixed at; axes not named are pooled.
    #[serde(skip_serializing_if = "settings::FixedAxes::is_empty")]
    pub at: settings::FixedAxes,
    /// The number of seeds to draw, from the smallest. Default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seeds: Option<u32>,
}

impl Draw for Final {
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
        let scope = settings::scope(self.by.as_deref(), &self.at, self.seeds);
        let (measurement, name) = settings::named(self.metric.as_ref(), measured);
        let split = measurement.is_none_or(|measurement| measurement.split);
        let parts = if split { "training and validation " } else { "" };
        format!("Final {parts}{name}{scope}")
    }

    fn described(&self, measured: Measured<'_>) -> String {
        let subject = self.subject(measured);
        format!("{subject} (intervals of the mean: Student's, moved for skewed values as Johnson says)")
    }

    fn how_to_read(&self) -> &'static str {
        ": mean with its interval, where it has one; every dot is a run."
    }

    fn points(&self) -> Points {
        Points::Unneeded
    }

    fn networks(&self, _: &Source<'_>) -> Result<Vec<usize>, FigureError> {
        Ok(Vec::new())
    }

    fn draw(&self, title: &str, source: Source<'_>, theme: Theme) -> Result<Sheet, FigureError> {
        let measurement = source.measured().of(self.metric.as_ref())?;
        let (shown, parts) = (MetricFormat::of(measurement), measurement.parts());
        let (axes, confidence) = (source.axes(), source.confidence());
        let selection = source.select(self.by.as_deref().as_slice(), &self.at)?.joined(x_positions::MOST);
        let selection = source.first_seeds(selection, self.seeds)?;
        let names: Vec<String> = parts.iter().map(|part| part.column(shown.name)).collect();
        let (rows, [selection]) = source.take([selection], &names.iter().map(String::as_str).collect::<Vec<_>>())?;
        let values = names.iter().map(|name| rows.runs.floats(name)).collect::<Result<Vec<_>, _>>()?;
        let value = |part: usize, row: usize| values[part][row] * shown.factor;
        let is_free = |axis: &AxisInfo| self.by.as_ref() != Some(&axis.path) && !self.at.contains_key(&axis.path);
        let averages_folds = axes.iter().any(|axis| axis.folds && is_free(axis));
        let mut notes = vec![match &selection.runs_each("value")[..] {
            "1 run" => "A single run.".into(),
            each => {
                let over = if averages_folds { "the seeds, each a mean over its folds" } else { each };
                let percent = stats::percent(confidence);
                format!("Mean with its {percent} % interval over {over}; every run a faint dot.")
            }
        }];
        notes.extend(selection.notes.iter().cloned());
        let last = &values[parts.len() - 1];
        let fate = "; those without a finite value are triangles, left out of the mean";
        notes.extend(selection.divergence(|row| !last[row].is_finite(), fate));
        let size = (theme.width(860.0), theme.height((860.0, 450.0), 110.0));
        page::sheet(theme, Heading { title, notes }, size, |area| {
            let rows: Vec<usize> = selection.rows().collect();
            if rows.is_empty() {
                return page::nothing(area, size);
            }
            let all = rows.iter().flat_map(|&row| (0..parts.len()).map(move |part| value(part, row)));
            let y = Scale::metric(shown, all);
            let label = shown.label(&format!("final {}", shown.words()), y.remark());
            let left = panel::left(theme, 90.0, &y, &label, size.1 - 110.0);
            let apart = parts.len() > 1;
            let (top, right) = (if apart { 44.0 } else { 16.0 }, if theme.is_own() { 24.0 } else { 12.0 });
            let frame = [(left, top), (size.0 - right, size.1 - 66.0)];
            let places = XPositions::new(&selection, frame[1].0 - frame[0].0);
            // A measurement without splits has the color of validation, and is centered.
            let colors = &theme.palette().parts[2 - parts.len()..];
            let aside = if apart { [-1.0, 1.0] } else { [0.0; 2] };
            let panel = Panel::new(
                area,
                frame,
                Axis { scale: &places.scale, label: &style::capital(&selection.name), written: true },
                Axis { scale: &y, label: &label, written: true },
            )?;
            let marker = |part: usize, at: (f64, f64)| marker(area, part + 2 - parts.len(), at);
            if apart {
                let entries: Vec<String> = parts.iter().map(|part| style::capital(part.title())).collect();
                legend::legend(area, (frame[0].0, 20.0), &entries, |part, (x, y)| {
                    page::line(area, &[(x - 11.0, y), (x + 11.0, y)], page::stroke(colors[part], 2.5))?;
                    marker(part, (x, y))
                })?;
            }
            let middles = |part: usize, group: usize| -> Vec<f64> {
                let values = |rows: &[usize]| rows.iter().map(|&row| value(part, row)).collect::<Vec<_>>();
                let seeds = selection.by_folds(&selection.groups[group].rows);
                seeds.iter().map(|rows| stats::mean(&values(rows))).filter(|value| value.is_finite()).collect()
            };
            let room = places.room.min(44.0);
            let at = |part: usize, group: usize, value: f64| {
                let (x, y) = panel.pixels(area, (places.of[group], value));
                (x + aside[part] * room * 0.25, y)
            };
            for (part, &color) in colors.iter().enumerate() {
                let mut seen = VisibleDots::of(parts.len() * rows.len());
                for (group, of_group) in selection.groups.iter().enumerate() {
                    for (i, &row) in of_group.rows.iter().enumerate() {
                        let (x, y) = at(part, group, value(part, row));
                        let x = x + x_positions::jitter(i) * room * 0.18;
                        if seen.shows((x, y)) {
                            page::run(area, (x, y), value(part, row), shown.worst_edge(), (color, 0.3))?;
                        }
                    }
                }
            }
            for (part, &color) in colors.iter().enumerate() {
                let groups = (0..selection.groups.len()).map(|group| (group, middles(part, group)));
                let groups: Vec<_> = groups.filter(|(_, values)| !values.is_empty()).collect();
                if places.numeric {
                    let means = groups.iter().map(|(group, values)| at(part, *group, stats::mean(values)));
                    page::dashed(area, &means.collect::<Vec<_>>(), page::stroke(color, 1.6), theme.dashes(part))?;
                }
                let mut within = stats::Within::new(confidence);
                for (group, values) in &groups {
                    let interval = interval(&mut within, values, measurement, shown.factor);
                    if !interval.is_none() {
                        let ends = [interval.low, interval.high].map(|end| at(part, *group, end));
                        page::line(area, &ends, page::stroke(color, 3.0))?;
                    }
                    marker(part, at(part, *group, stats::mean(values)))?;
                }
            }
            Ok(())
        })
    }
}

/// The interval of values that are multiplied with a factor to be shown, in the range of the measurement itself.
fn interval(within: &mut stats::Within, shown: &[f64], measurement: &Measurement, factor: f64) -> stats::Interval {
    let values: Vec<f64> = shown.iter().map(|value| value / factor).collect();
    let stats::Interval { low, high } = within.mean(&values, measurement.range);
    stats::Interval { low: low * factor, high: high * factor }
}

/// The mean: a square for training, a disc for validation.
fn marker(area: &Area<'_>, part: usize, (x, y): (f64, f64)) -> DrawResult {
    let palette = area.theme.palette();
    if part == 0 {
        page::rectangle(area, [(x - 5.5, y - 5.5), (x + 5.5, y + 5.5)], palette.ground)?;
        page::rectangle(area, [(x - 4.5, y - 4.5), (x + 4.5, y + 4.5)], palette.parts[0])
    } else {
        page::disc(area, (x, y), 6.2, palette.ground)?;
        page::disc(area, (x, y), 5.2, palette.parts[1])
    }
}
