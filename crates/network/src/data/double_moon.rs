use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{DataError, DataSeed, Dataset, Source, SplitData, plane};
use crate::{
    validation::{SettingError, SettingErrors},
    seed::{Draws, Seed},
};

/// Two interleaved half circles, the data set of the course from which this network comes.
///
/// Class -1: a direction uniform on the right half circle around the origin; class +1: on the left half circle around
/// `offset`. A point is `center + radius · direction + noise · (u₁, u₂)` with `u` uniform on [0, 1) per coordinate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct DoubleMoon {
    /// Training points, both classes together.
    pub train: u32,
    /// Validation points, both classes together.
    pub validation: u32,
    /// Seed of the points, or "per-run".
    pub seed: DataSeed,
    /// Radius of the half circles.
    pub radius: f64,
    /// Width of the uniform noise added to each coordinate.
    pub noise: f64,
    /// Center of the second half circle; the first one has the origin.
    pub offset: [f64; 2],
}

impl Default for DoubleMoon {
    fn default() -> Self {
        Self { train: 1000, validation: 1000, seed: DataSeed::default(), radius: 2.0, noise: 0.6, offset: [0.8, -1.8] }
    }
}

impl DoubleMoon {
    /// The draws of a point, in order: its direction, then the noise of its two coordinates.
    fn draw(&self, points: u32, draws: &mut Draws) -> Dataset {
        plane::two_classes(points, |label| {
            let [c, s] = draws.direction();
            let (c, center) = if label < 0.0 { (c.abs(), [0.0, 0.0]) } else { (-c.abs(), self.offset) };
            let noise = [draws.unit(), draws.unit()];
            [center[0] + self.radius * c + self.noise * noise[0], center[1] + self.radius * s + self.noise * noise[1]]
        })
    }
}

impl Source for DoubleMoon {
    fn validate(&self) -> Vec<SettingError> {
        let mut errors = SettingErrors::new();
        plane::require_points(&mut errors, self.train, self.validation);
        errors.require(self.radius.is_finite() && self.radius > 0.0, "radius", "a positive number");
        errors.require(self.noise.is_finite() && self.noise >= 0.0, "noise", "a number from 0");
        errors.require(self.offset.iter().all(|c| c.is_finite()), "offset", "two finite numbers");
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
