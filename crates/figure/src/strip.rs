use plotters::style::text_anchor::{HPos, VPos};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use restudy_core::validation::SettingError;
use restudy_stats as stats;

use super::{
    Asked, Draw, FigureError, Look, MetricName, Points, SplitSetting, Tables,
    asked::Measured,
    canvas::Sheet,
    columns,
    page::{self, Head},
    panel::{self, Axis, Panel},
    places::{self, Seen},
    rows::Rows,
    scale::Scale,
    select::select,
    settings,
    style::{self, Letters, Shown},
};

/// The distribution of a final measurement over the seeds: one strip for each value of an axis, every run a dot, the median
/// marked.
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
    #[serde(skip_serializing_if = "settings::At::is_empty")]
    pub at: settings::At,
    /// Only the runs under so many of the least seeds; all without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seeds: Option<u32>,
}

impl Draw for Strip {
    fn resolve(&mut self, measured: Measured<'_>) {
        settings::resolve_split(&mut self.metric, &mut self.split, measured);
    }

    fn validate(&self, asked: &Asked<'_>) -> Vec<SettingError> {
        let mut check = settings::Check::new(asked);
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

    fn reading(&self) -> &'static str {
        "; the bar is the median."
    }

    fn points(&self) -> Points {
        Points::Unneeded
    }

    fn networks(&self, _: &Tables<'_>) -> Result<Vec<usize>, FigureError> {
        Ok(Vec::new())
    }

    fn draw(&self, title: &str, tables: &Tables<'_>, look: Look) -> Result<Sheet, FigureError> {
        let measured = Measured::from(tables);
        let measurement = measured.of(self.metric.as_ref())?;
        let (shown, part) = (Shown::of(measurement), measured.part(Some(measurement), self.split));
        let selection = select(tables, self.by.as_deref().as_slice(), &self.at)?.joined(places::MOST);
        let selection = selection.of_first_seeds(tables, self.seeds)?;
        let name = part.column(shown.name);
        let values = columns::floats(tables.runs, &name)?;
        let value = |row: usize| values[row] * shown.factor;
        let mut notes = vec![match &selection.runs_each("strip")[..] {
            "1 run" => "A single run.".into(),
            each => format!("Every run a dot, {each}; the bar is the median."),
        }];
        notes.extend(selection.notes.iter().cloned());
        let edge = if shown.worst_edge() > 0.0 { "upper" } else { "lower" };
        let fate = format!("; those without a finite value are triangles at the {edge} edge");
        notes.extend(selection.divergence(|row| !values[row].is_finite(), &fate));
        let size = (look.width(860.0), look.height((860.0, 430.0), 90.0));
        let rows = Rows::selected(tables, &selection, &[&name])?.digest();
        page::sheet(look, Head { title, notes, rows }, size, |area| {
            let rows: Vec<usize> = selection.groups.iter().flat_map(|group| group.rows.iter().copied()).collect();
            if rows.is_empty() {
                return page::nothing(area, size);
            }
            let x = Scale::names(selection.groups.iter().map(|group| group.label.clone()));
            let y_scale = Scale::metric(shown, rows.iter().map(|&row| value(row)));
            let label = shown.label(&format!("final {}", part.of(shown.name)), y_scale.remark());
            let left = panel::left(look, 90.0, &y_scale, &label, size.1 - 82.0);
            let frame = [(left, 16.0), (size.0 - if look.is_own() { 24.0 } else { 12.0 }, size.1 - 66.0)];
            let panel = Panel::new(
                area,
                frame,
                Axis { scale: &x, label: &style::capital(&selection.name), written: true },
                Axis { scale: &y_scale, label: &label, written: true },
            )?;
            let room = (frame[1].0 - frame[0].0) / selection.groups.len() as f64;
            let reach = (room * 0.3).min(40.0);
            for (index, group) in selection.groups.iter().enumerate().filter(|(_, group)| !group.rows.is_empty()) {
                let values: Vec<f64> = group.rows.iter().map(|&row| value(row)).filter(|value| !value.is_nan()).collect();
                let median = stats::median(&values);
                let (x, y) = panel.pixels(area, (index as f64, median));
                page::line(area, &[(x - reach, y), (x + reach, y)], page::stroke(look.inks().ink, 2.8))?;
                if room > 70.0 && median.is_finite() {
                    let letters = Letters::new(style::TICK).bold();
                    let written = y_scale.written(median, 2);
                    page::text(area, &written, (x + reach + 5.0, y.min(frame[1].1 - 9.0)), letters, HPos::Left, VPos::Center)?;
                }
            }
            for (index, group) in selection.groups.iter().enumerate() {
                let color = look.inks().line(index, selection.groups.len());
                let mut seen = Seen::of(rows.len());
                for (i, &row) in group.rows.iter().enumerate() {
                    let (x, y) = panel.pixels(area, (index as f64, value(row)));
                    let place = (x + places::jitter(i) * reach, y);
                    if seen.shows(place) {
                        page::run(area, place, value(row), shown.worst_edge(), (color, 0.55))?;
                    }
                }
            }
            Ok(())
        })
    }
}
