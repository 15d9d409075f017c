//! What an experiment declares, as figures read it, and the settings that name parts of it.

use restudy_core::measure::{Direction, Measurement, Objective, Split};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AxisInfo, FigureError, Tables};

/// What the settings of figures are checked against, and what fills in settings that are absent.
#[derive(Debug, Clone, Copy)]
pub struct Declared<'a> {
    /// The axes of the study, in its order.
    pub axes: &'a [AxisInfo],
    /// The number of inputs of a data point, if it is known before the data are read.
    pub dimension: Option<usize>,
    /// Whether a run leaves a [field](super::Field) behind.
    pub fields: bool,
    /// What is measured, in the order of the tables.
    pub measurements: &'a [Measurement],
    /// Which measurement decides.
    pub objective: &'a Objective,
}

/// The name of a measurement in the settings of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct MetricName(pub String);

impl From<&str> for MetricName {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

/// The points on which a metric was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SplitSetting {
    /// The points that the trainer drew from.
    Train,
    /// The points that it never saw.
    Validation,
}

impl From<SplitSetting> for Split {
    fn from(split: SplitSetting) -> Self {
        match split {
            SplitSetting::Train => Self::Train,
            SplitSetting::Validation => Self::Validation,
        }
    }
}

/// The measurements, and the one that decides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured<'a> {
    pub measurements: &'a [Measurement],
    pub objective: &'a Objective,
}

impl<'a> From<&Declared<'a>> for Measured<'a> {
    fn from(declared: &Declared<'a>) -> Self {
        Self { measurements: declared.measurements, objective: declared.objective }
    }
}

impl<'a> From<&Tables<'a>> for Measured<'a> {
    fn from(tables: &Tables<'a>) -> Self {
        Self { measurements: tables.measurements, objective: tables.objective }
    }
}

impl<'a> Measured<'a> {
    /// The name that a setting gives, or else that of the measurement that decides.
    pub(super) fn name(self, metric: Option<&'a MetricName>) -> &'a str {
        metric.map_or(&self.objective.measurement, |name| &name.0)
    }

    pub(super) fn get(self, name: &str) -> Option<&'a Measurement> {
        self.measurements.iter().find(|measurement| measurement.name == name)
    }

    /// The measurement that a setting names, for a figure that is drawn.
    pub(super) fn of(self, metric: Option<&'a MetricName>) -> Result<&'a Measurement, FigureError> {
        let name = self.name(metric);
        self.get(name).ok_or_else(|| FigureError::Column { column: name.into(), kind: "Float64" })
    }

    /// The part that a setting names, or else that of the objective; the whole where there are no parts.
    pub(super) fn part(self, measurement: Option<&Measurement>, split: Option<SplitSetting>) -> Split {
        match split.or_else(|| self.split(measurement?)) {
            Some(split) => split.into(),
            None => Split::None,
        }
    }

    /// The part of a measurement that is drawn where the settings name none.
    pub(super) fn split(self, measurement: &Measurement) -> Option<SplitSetting> {
        let own = if self.objective.part == Split::Train { SplitSetting::Train } else { SplitSetting::Validation };
        measurement.split.then_some(own)
    }

    /// Which values of the measurement that decides are better.
    pub(super) fn direction(self) -> Direction {
        self.get(&self.objective.measurement).map_or(Direction::Lower, |measurement| measurement.direction)
    }

    /// The column of the table of runs that decides which trial is best.
    pub(super) fn column(self) -> String {
        self.objective.part.column(&self.objective.measurement)
    }
}

/// The name of a measurement as a reader sees it.
pub(super) fn words(name: &str) -> String {
    name.replace('-', " ")
}
