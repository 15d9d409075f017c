use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AxisInfo, Draw, settings};
use crate::{fault::Fault, metric::Metric};

/// A metric over the epochs, training beside validation: one line for each value of an axis, the median over runs in a
/// band from the first to the third quartile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Curves {
    /// What is drawn.
    pub metric: Metric,
    /// The axis whose values get a line each; one line for everything without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Values that other axes are fixed at; axes not named are pooled.
    #[serde(skip_serializing_if = "settings::At::is_empty")]
    pub at: settings::At,
}

impl Default for Curves {
    fn default() -> Self {
        Self { metric: Metric::Error, by: None, at: settings::At::default() }
    }
}

impl Draw for Curves {
    fn faults(&self, axes: &[AxisInfo], _d: Option<usize>, metrics: &[Metric]) -> Vec<Fault> {
        let mut check = settings::Check::new(axes);
        check.metric(self.metric, metrics);
        check.axis("by", self.by.as_deref());
        check.at(&self.at, &[self.by.as_deref()]);
        check.found()
    }
}
