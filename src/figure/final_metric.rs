use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AxisInfo, Draw, settings};
use crate::{fault::Fault, metric::Metric};

/// The final training and validation metric by the values of an axis: the mean with its 95 % bootstrap interval, and
/// every run as a faint dot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Final {
    /// What is drawn.
    pub metric: Metric,
    /// The axis to draw it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Values that other axes are fixed at; axes not named are pooled.
    #[serde(skip_serializing_if = "settings::At::is_empty")]
    pub at: settings::At,
}

impl Default for Final {
    fn default() -> Self {
        Self { metric: Metric::Error, by: None, at: settings::At::default() }
    }
}

impl Draw for Final {
    fn faults(&self, axes: &[AxisInfo], _d: Option<usize>, metrics: &[Metric]) -> Vec<Fault> {
        let mut check = settings::Check::new(axes);
        check.metric(self.metric, metrics);
        check.axis("by", self.by.as_deref());
        check.at(&self.at, &[self.by.as_deref()]);
        check.found()
    }
}
