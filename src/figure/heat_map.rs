use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AxisInfo, Draw, Part, settings};
use crate::{fault::Fault, metric::Metric};

/// The mean final metric over two axes, as colours and numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HeatMap {
    /// The axis drawn from left to right.
    pub x: String,
    /// The axis drawn from bottom to top.
    pub y: String,
    /// What is drawn.
    #[serde(default = "settings::error")]
    pub metric: Metric,
    /// On which points it was measured.
    #[serde(default)]
    pub split: Part,
    /// Values that other axes are fixed at; axes not named are pooled.
    #[serde(default, skip_serializing_if = "settings::At::is_empty")]
    pub at: settings::At,
}

impl Draw for HeatMap {
    fn faults(&self, axes: &[AxisInfo], _d: Option<usize>, metrics: &[Metric]) -> Vec<Fault> {
        let mut check = settings::Check::new(axes);
        check.metric(self.metric, metrics);
        check.axis("x", Some(&self.x));
        check.axis("y", Some(&self.y));
        check.require(self.x != self.y, "y", "an axis other than that of x");
        check.at(&self.at, &[Some(&self.x), Some(&self.y)]);
        check.found()
    }
}
