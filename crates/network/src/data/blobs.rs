use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{DataError, DataSeed, Dataset, Source, SplitData, plane};
use crate::{
    validation::{SettingError, SettingErrors},
    seed::{Draws, Seed},
};

/// Two Gaussian blobs that overlap.
///
/// Class -1: center `(-distance / 2, 0)`; class +1: `(distance / 2, 0)`. A point is `center + spread · (n₁, n₂)` with
/// `n` standard normal per coordinate. The best possible classifier is the sign of the first coordinate; it errs with
/// the probability that a standard normal number exceeds `distance / (2 spread)`: 6.7 % with the deerrors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Blobs {
    /// Training points, both classes together.
    pub train: u32,
    /// Validation points, both classes together.
    pub validation: u32,
    /// Seed of the points, or "per-run".
    pub seed: DataSeed,
    /// Distance between the two centers.
    pub distance: f64,
    /// Standard deviation of each coordinate.
    pub spread: f64,
}

impl Default for Blobs {
    fn default() -> Self {
        Self { train: 1000, validation: 1000, seed: DataSeed::default(), distance: 3.0, spread: 1.0 }
    }
}

impl Blobs {
    /// The draws of a point: the normal number of its first coordinate, then that of its second.
    fn draw(&self, points: u32, draws: &mut Draws) -> Dataset {
        plane::two_classes(points, |label| {
            let center = [label * (self.distance / 2.0), 0.0];
            center.map(|c| c + self.spread * draws.normal())
        })
    }
}

impl Source for Blobs {
    fn validate(&self) -> Vec<SettingError> {
        let mut errors = SettingErrors::new();
        plane::require_points(&mut errors, self.train, self.validation);
        errors.require(self.distance.is_finite() && self.distance >= 0.0, "distance", "a number from 0");
        errors.require(self.spread.is_finite() && self.spread > 0.0, "spread", "a positive number");
        errors.found()
    }

    fn seeding(&self) -> DataSeed {
        self.seed
    }

    fn dimension(&self) -> Option<usize> {
        Some(2)
    }

    fn load(&self, seed: Seed) -> Result<SplitData, DataError> {
        Ok(plane::split(seed, self.train, self.validation, |points, draws| self.draw(points, draws)))
    }
}
