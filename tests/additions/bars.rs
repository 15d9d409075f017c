use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{DataError, DataSeed, Source, SplitData, plane};
use crate::{
    seed::{Draws, Seed},
    validation::{SettingError, SettingErrors},
};

/// Two vertical bars, class -1 at the left.
///
/// A point is `(y (gap + width u₁), 2 u₂ - 1)` with `u` uniform on [0, 1) per coordinate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Bars {
    /// Training points, both classes together.
    pub train: u32,
    /// Validation points, both classes together.
    pub validation: u32,
    /// Seed of the points, or "per-run".
    pub seed: DataSeed,
    /// Distance of both bars from the vertical axis.
    pub gap: f64,
    /// Width of a bar.
    pub width: f64,
}

impl Default for Bars {
    fn default() -> Self {
        Self { train: 1000, validation: 1000, seed: DataSeed::default(), gap: 0.5, width: 1.0 }
    }
}

impl Source for Bars {
    fn validate(&self) -> Vec<SettingError> {
        let mut errors = SettingErrors::new();
        plane::require_points(&mut errors, self.train, self.validation);
        errors.require(self.gap.is_finite() && self.gap >= 0.0, "gap", "a number from 0");
        errors.require(self.width.is_finite() && self.width >= 0.0, "width", "a number from 0");
        errors.found()
    }

    fn seeding(&self) -> DataSeed {
        self.seed
    }

    fn dimension(&self) -> Option<usize> {
        Some(2)
    }

    fn load(&self, seed: Seed) -> Result<SplitData, DataError> {
        let draw = |points: u32, draws: &mut Draws| {
            plane::two_classes(points, |label| {
                let (u1, u2) = (draws.unit(), draws.unit());
                [label * (self.gap + self.width * u1), 2.0 * u2 - 1.0]
            })
        };
        Ok(plane::split(seed, self.train, self.validation, draw))
    }
}
