use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{DataError, DataSeed, Dataset, Source, SplitData, plane};
use crate::{
    validation::{SettingError, SettingErrors},
    seed::{Draws, Seed},
};

/// Two rings around the origin, one inside the other.
///
/// Class -1: radius `inner`; class +1: radius `outer`. A point is `radius · direction + noise · (u₁ - ½, u₂ - ½)` with
/// the direction uniform on the unit circle and `u` uniform on [0, 1) per coordinate. The classes cannot touch while
/// `noise < (outer - inner) / √2`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Circles {
    /// Training points, both classes together.
    pub train: u32,
    /// Validation points, both classes together.
    pub validation: u32,
    /// Seed of the points, or "per-run".
    pub seed: DataSeed,
    /// Radius of the inner ring, class -1; 0 makes it a square of side `noise`.
    pub inner: f64,
    /// Radius of the outer ring, class +1.
    pub outer: f64,
    /// Width of the uniform noise added to each coordinate.
    pub noise: f64,
}

impl Default for Circles {
    fn default() -> Self {
        Self { train: 1000, validation: 1000, seed: DataSeed::default(), inner: 1.0, outer: 2.0, noise: 0.5 }
    }
}

impl Circles {
    /// The draws of a point, in order: its direction, then the noise of its two coordinates.
    fn draw(&self, points: u32, draws: &mut Draws) -> Dataset {
        plane::two_classes(points, |label| {
            let radius = if label < 0.0 { self.inner } else { self.outer };
            let direction = draws.direction();
            direction.map(|c| radius * c + self.noise * (draws.unit() - 0.5))
        })
    }
}

impl Source for Circles {
    fn validate(&self) -> Vec<SettingError> {
        let mut errors = SettingErrors::new();
        plane::require_points(&mut errors, self.train, self.validation);
        plane::require_radii(&mut errors, self.inner, self.outer);
        plane::require_noise(&mut errors, self.noise);
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
