//! What an experiment declares, as figures read it, and the settings that name parts of it.

use restudy_core::measure::{Direction, Measurement, Objective, Split};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AxisInfo, FigureError, Tables};

/// What the settings of figures are checked against, and what fills in those that are absent.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The axes of the study, in its order.
    pub axes: &'a [AxisInfo],
    /// The inputs of a data point, where they are counted before the data are read.
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

/// On which points something was measured.
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

/// What is measured, and which of it decides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured<'a> {
    pub measurements: &'a [Measurement],
    pub objective: &'a Objective,
}

impl<'a> From<&Asked<'a>> for Measured<'a> {
    fn from(asked: &Asked<'a>) -> Self {
        Self { measurements: asked.measurements, objective: asked.objective }
    }
}

impl<'a> From<&Tables<'a>> for Measured<'a> {
    fn from(tables: &Tables<'a>) -> Self {
        Self { measurements: tables.measurements, objective: tables.objective }
    }
}

impl<'a> Measured<'a> {
    /// The name of the measurement that a setting names, or that decides.
    pub(super) fn name(self, metric: Option<&'a MetricName>) -> &'a str {
        metric.map_or(&self.objective.measurement, |name| &name.0)
    }

    /// The measurement of this name.
    pub(super) fn get(self, name: &str) -> Option<&'a Measurement> {
        self.measurements.iter().find(|measurement| measurement.name == name)
    }

    /// The measurement that a setting names, for a figure that is drawn.
    pub(super) fn of(self, metric: Option<&'a MetricName>) -> Result<&'a Measurement, FigureError> {
        let name = self.name(metric);
        self.get(name).ok_or_else(|| FigureError::Column { column: name.into(), kind: "Float64" })
    }

    /// The part that a setting names; that of the objective without one, and the whole where there are no parts.
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

    /// How good a value of the measurement that decides is: the lower the better.
    pub(super) fn direction(self) -> Direction {
        self.get(&self.objective.measurement).map_or(Direction::Lower, |measurement| measurement.direction)
    }

    /// The column of runs by which the best trial is found.
    pub(super) fn column(self) -> String {
        self.objective.part.column(&self.objective.measurement)
    }
}

/// A name of a measurement as people read it.
pub(super) fn words(name: &str) -> String {
    name.replace('-', " ")
}
