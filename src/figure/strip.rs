use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AxisInfo, Draw, Part, settings};
use crate::{fault::Fault, metric::Metric};

/// The distribution of a final metric over the seeds: one strip for each value of an axis, every run a dot, the median
/// marked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Strip {
    /// What is drawn.
    pub metric: Metric,
    /// On which points it was measured.
    pub split: Part,
    /// The axis whose values get a strip each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Values that other axes are fixed at; axes not named are pooled.
    #[serde(skip_serializing_if = "settings::At::is_empty")]
    pub at: settings::At,
}

impl Default for Strip {
    fn default() -> Self {
        Self { metric: Metric::Error, split: Part::Validation, by: None, at: settings::At::default() }
    }
}

impl Draw for Strip {
    fn faults(&self, axes: &[AxisInfo], _d: Option<usize>, metrics: &[Metric]) -> Vec<Fault> {
        let mut check = settings::Check::new(axes);
        check.metric(self.metric, metrics);
        check.axis("by", self.by.as_deref());
        check.at(&self.at, &[self.by.as_deref()]);
        check.found()
    }
}
