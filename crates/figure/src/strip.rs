use plotters::style::text_anchor::{HPos, VPos};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use restudy_core::validation::SettingError;
use restudy_stats as stats;

use super::{
    Declared, Draw, FigureError, Theme, MetricName, Points, SplitSetting,
    declared::Measured,
    canvas::Sheet,
    page::{self, Heading},
    panel::{self, Axis, Panel},
    x_positions::{self, VisibleDots},
    rows::Source,
    scale::Scale,
    settings,
    style::{self, TextStyle, MetricFormat},
};

/// The distribution of a final measurement over the seeds: one strip for each value of an axis, every run a dot, the
/// median marked.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Strip {
    /// What is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "MetricName")]
    pub metric: Option<MetricName>,
    /// On which points it was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "SplitSetting")]
    pub split: Option<SplitSetting>,
    /// The axis whose values get a strip each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Values that other axes are fixed at; axes not named are pooled.
    #[serde(skip_serializing_if = "settings::FixedAxes::is_empty")]
    pub at: settings::FixedAxes,
    /// The number of seeds to draw, from the smallest. Default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seeds: Option<u32>,
}

impl Draw for Strip {
    fn resolve(&mut self, measured: Measured<'_>) {
        settings::resolve_split(&mut self.metric, &mut self.split, measured);
    }

    fn validate(&self, declared: &Declared<'_>) -> Vec<SettingError> {
        let mut check = settings::Check::new(declared);
        check.metric(self.metric.as_ref(), self.split);
        check.axis("by", self.by.as_deref());
        check.require(self.seeds != Some(0), "seeds", "a whole number from 1");
        check.at(&self.at, &[self.by.as_deref()]);
        check.found()
    }

    fn subject(&self, measured: Measured<'_>) -> String {
        let scope = settings::scope(self.by.as_deref(), &self.at, self.seeds);
        let name = measured.name(self.metric.as_ref());
        let what = measured.part(measured.get(name), self.split).of(name);
        format!("Final {what} of every run{scope}")
    }

    fn how_to_read(&self) -> &'static str {
        "; the bar is the median."
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
        let selection = source.select(self.by.as_deref().as_slice(), &self.at)?.joined(x_positions::MOST);
        let selection = source.first_seeds(selection, self.seeds)?;
        let name = part.column(shown.name);
        let (rows, [selection]) = source.take([selection], &[&name])?;
        let values = rows.runs.floats(&name)?;
        let value = |row: usize| values[row] * shown.factor;
        let mut notes = vec![match &selection.runs_each("strip")[..] {
            "1 run" => "A single run.".into(),
            each => format!("Every run a dot, {each}; the bar is the median."),
        }];
        notes.extend(selection.notes.iter().cloned());
        let edge = if shown.worst_edge() > 0.0 { "upper" } else { "lower" };
        let fate = format!("; those without a finite value are triangles at the {edge} edge");
        notes.extend(selection.divergence(|row| !values[row].is_finite(), &fate));
        let size = (theme.width(860.0), theme.height((860.0, 430.0), 90.0));
        page::sheet(theme, Heading { title, notes }, size, |area| {
            let rows: Vec<usize> = selection.rows().collect();
            if rows.is_empty() {
                return page::nothing(area, size);
            }
            let x = Scale::names(selection.groups.iter().map(|group| group.label.clone()));
            let y_scale = Scale::metric(shown, rows.iter().map(|&row| value(row)));
            let label = shown.label(&format!("final {}", part.of(shown.name)), y_scale.remark());
            let left = panel::left(theme, 90.0, &y_scale, &label, size.1 - 82.0);
            let frame = [(left, 16.0), (size.0 - if theme.is_own() { 24.0 } else { 12.0 }, size.1 - 66.0)];
            let panel = Panel::new(
                area,
                frame,
                Axis { scale: &x, label: &style::capital(&selection.name), written: true },
                Axis { scale: &y_scale, label: &label, written: true },
            )?;
            let room = (frame[1].0 - frame[0].0) / selection.groups.len() as f64;
            let reach = (room * 0.3).min(40.0);
            for (index, group) in selection.groups.iter().enumerate().filter(|(_, group)| !group.rows.is_empty()) {
                let values = group.rows.iter().map(|&row| value(row)).filter(|value| !value.is_nan());
                let values: Vec<f64> = values.collect();
                let median = stats::median(&values);
                let (x, y) = panel.pixels(area, (index as f64, median));
                page::line(area, &[(x - reach, y), (x + reach, y)], page::stroke(theme.palette().ink, 2.8))?;
                if room > 70.0 && median.is_finite() {
                    let letters = TextStyle::new(style::TICK).bold();
                    let written = y_scale.written(median, 2);
                    let at = (x + reach + 5.0, y.min(frame[1].1 - 9.0));
                    page::text(area, &written, at, letters, HPos::Left, VPos::Center)?;
                }
            }
            for (index, group) in selection.groups.iter().enumerate() {
                let color = theme.palette().line(index, selection.groups.len());
                let mut seen = VisibleDots::of(rows.len());
                for (i, &row) in group.rows.iter().enumerate() {
                    let (x, y) = panel.pixels(area, (index as f64, value(row)));
                    let place = (x + x_positions::jitter(i) * reach, y);
                    if seen.shows(place) {
                        page::run(area, place, value(row), shown.worst_edge(), (color, 0.55))?;
                    }
                }
            }
            Ok(())
        })
    }
}
