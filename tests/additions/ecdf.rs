use restudy_core::validation::SettingError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Declared, Draw, FigureError, MetricName, Points, Theme,
    canvas::Sheet,
    declared::Measured,
    page::{self, Heading},
    panel::{Axis, Panel},
    rows::Source,
    scale::Scale,
    settings,
    style::MetricFormat,
};

/// The share of runs up to each value of a final measurement.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Ecdf {
    /// What is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "MetricName")]
    pub metric: Option<MetricName>,
}

impl Draw for Ecdf {
    fn resolve(&mut self, measured: Measured<'_>) {
        settings::resolve(&mut self.metric, measured);
    }

    fn validate(&self, declared: &Declared<'_>) -> Vec<SettingError> {
        let mut check = settings::Check::new(declared);
        check.metric(self.metric.as_ref(), None);
        check.found()
    }

    fn subject(&self, measured: Measured<'_>) -> String {
        format!("Share of runs by final {}", settings::named(self.metric.as_ref(), measured).1)
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
        let (shown, part) = (MetricFormat::of(measurement), measured.part(Some(measurement), None));
        let name = part.column(shown.name);
        let selection = source.select(&[], &settings::FixedAxes::new())?;
        let (rows, [selection]) = source.take([selection], &[&name])?;
        let mut values: Vec<f64> = rows.runs.floats(&name)?.iter().map(|value| value * shown.factor).collect();
        values.retain(|value| value.is_finite());
        values.sort_unstable_by(f64::total_cmp);
        let size = (theme.width(640.0), theme.height((640.0, 400.0), 90.0));
        let notes = vec![format!("{}.", selection.runs())];
        page::sheet(theme, Heading { title, notes }, size, |area| {
            if values.is_empty() {
                return page::nothing(area, size);
            }
            let x = Scale::metric(shown, values.iter().copied());
            let y = Scale::linear(0.0, 1.0);
            let label = shown.label(&format!("final {}", shown.words()), x.remark());
            let panel = Panel::new(
                area,
                [(90.0, 16.0), (size.0 - 24.0, size.1 - 66.0)],
                Axis { scale: &x, label: &label, written: true },
                Axis { scale: &y, label: "Share of runs", written: true },
            )?;
            let share = |count: usize| count as f64 / values.len() as f64;
            let steps = values.iter().enumerate().flat_map(|(i, &value)| [(value, share(i)), (value, share(i + 1))]);
            panel.line(&steps.collect::<Vec<_>>(), page::stroke(theme.palette().line(0, 1), 2.2))
        })
    }
}
