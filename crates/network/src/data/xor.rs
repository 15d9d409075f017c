use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{DataError, DataSeed, Dataset, Source, SplitData, plane};
use crate::{
    validation::{SettingError, SettingErrors},
    seed::{Draws, Seed},
};

/// The exclusive or: a square around the origin; opposite quadrants have the same class.
///
/// Class -1 where the signs of the two coordinates agree, class +1 where they differ. With `t = 2 u - 1` and `u`
/// uniform on [0, 1) per coordinate, the distance of a point from an axis is `margin + (side - margin) · |t|`. The sign
/// of the first coordinate is that of `t₁` (positive at 0), the sign of the second follows from the class; the sign of
/// `t₂` is not used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Xor {
    /// Training points, both classes together.
    pub train: u32,
    /// Validation points, both classes together.
    pub validation: u32,
    /// Seed of the points, or "per-run".
    pub seed: DataSeed,
    /// Half the side of the square: coordinates are between `-side` and `side`.
    pub side: f64,
    /// Half the width of the empty cross along the axes.
    pub margin: f64,
}

impl Default for Xor {
    fn default() -> Self {
        Self { train: 1000, validation: 1000, seed: DataSeed::default(), side: 1.0, margin: 0.1 }
    }
}

impl Xor {
    /// The draws of a point, in order: `u₁`, `u₂`.
    fn draw(&self, points: u32, draws: &mut Draws) -> Dataset {
        plane::two_classes(points, |label| {
            let [first, second] = [0; 2].map(|_| 2.0 * draws.unit() - 1.0);
            let [a, b] = [first, second].map(|t| self.margin + (self.side - self.margin) * t.abs());
            match (label < 0.0, first < 0.0) {
                (true, false) => [a, b],
                (true, true) => [-a, -b],
                (false, false) => [a, -b],
                (false, true) => [-a, b],
            }
        })
    }
}

impl Source for Xor {
    fn validate(&self) -> Vec<SettingError> {
        let mut errors = SettingErrors::new();
        plane::require_points(&mut errors, self.train, self.validation);
        errors.require(self.side.is_finite() && self.side > 0.0, "side", "a positive number");
        errors.require(
            self.margin >= 0.0 && self.margin < self.side,
            "margin",
            "a number from 0, smaller than \"side\"",
        );
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
