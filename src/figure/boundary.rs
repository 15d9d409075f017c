use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AxisInfo, Draw, Points, settings};
use crate::{fault::Fault, metric::Metric};

/// What the trained network says about every place of the plane, among the validation points: one panel for each value
/// of an axis. Where axes are left open, the trial with the least median validation error is drawn, and named.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Boundary {
    /// The axis whose values get a panel each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The seed of the runs that are drawn; the first of the study without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Values that other axes are fixed at.
    #[serde(skip_serializing_if = "settings::At::is_empty")]
    pub at: settings::At,
}

impl Draw for Boundary {
    fn faults(&self, axes: &[AxisInfo], d: Option<usize>, _metrics: &[Metric]) -> Vec<Fault> {
        let mut check = settings::Check::new(axes);
        check.require(d.is_none_or(|d| d == 2), "", "data of two inputs: only a plane can be drawn");
        check.axis("by", self.by.as_deref());
        check.at(&self.at, &[self.by.as_deref()]);
        check.found()
    }

    fn points(&self) -> Points {
        self.seed.map_or(Points::OfFirstSeed, Points::OfSeed)
    }
}
