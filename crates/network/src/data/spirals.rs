use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{DataError, DataSeed, Dataset, Source, SplitData, plane};
use crate::{
    validation::{SettingError, SettingErrors},
    seed::{Draws, Seed},
};

/// Two interleaved spirals; the second is the first, rotated by half a turn.
///
/// With `u` uniform on [0, 1), a point of class -1 is `(inner + (outer - inner) · u) · direction(u) + noise · (v₁ - ½,
/// v₂ - ½)`, one of class +1 has the opposite direction; `v` is uniform on [0, 1) per coordinate. The direction makes
/// `turns` turns while `u` goes from 0 to 1, in basic operations: with `p = (4 · turns) · u` and `q` its whole part, it
/// is `((1 - w²) / (1 + w²), 2 w / (1 + w²))` for `w = (2 (p - q) - 1) · tan(π/8)`, turned by `q` quarter turns. This
/// rational parametrization of the quarter circle from -45 to 45 degrees is smooth where quarters meet and within 1.1
/// degrees of a spiral of Archimedes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Spirals {
    /// Training points, both classes together.
    pub train: u32,
    /// Validation points, both classes together.
    pub validation: u32,
    /// Seed of the points, or "per-run".
    pub seed: DataSeed,
    /// Turns of a spiral.
    pub turns: f64,
    /// Distance from the origin at which the spirals begin.
    pub inner: f64,
    /// Distance from the origin at which they end.
    pub outer: f64,
    /// Width of the uniform noise added to each coordinate.
    pub noise: f64,
}

impl Default for Spirals {
    fn default() -> Self {
        Self {
            train: 1000,
            validation: 1000,
            seed: DataSeed::default(),
            turns: 1.5,
            inner: 0.25,
            outer: 2.0,
            noise: 0.2,
        }
    }
}

impl Spirals {
    /// The draws of a point, in order: its place `u` along the spiral, then the noise of its two coordinates.
    fn draw(&self, points: u32, draws: &mut Draws) -> Dataset {
        plane::two_classes(points, |label| {
            let u = draws.unit();
            let radius = self.inner + (self.outer - self.inner) * u;
            let radius = if label < 0.0 { radius } else { -radius };
            direction(4.0 * self.turns * u).map(|c| radius * c + self.noise * (draws.unit() - 0.5))
        })
    }
}

impl Source for Spirals {
    fn validate(&self) -> Vec<SettingError> {
        let mut errors = SettingErrors::new();
        plane::require_points(&mut errors, self.train, self.validation);
        errors.require(self.turns > 0.0 && self.turns <= 1000.0, "turns", "a positive number up to 1000");
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

/// The direction after `p` quarter turns, starting at -45 degrees.
fn direction(p: f64) -> [f64; 2] {
    const TAN_EIGHTH: f64 = 0.414_213_562_373_095_03;
    let quarters = p as u32;
    let w = (2.0 * (p - f64::from(quarters)) - 1.0) * TAN_EIGHTH;
    let square = w * w;
    let (c, s) = ((1.0 - square) / (1.0 + square), 2.0 * w / (1.0 + square));
    match quarters % 4 {
        0 => [c, s],
        1 => [-s, c],
        2 => [-c, -s],
        _ => [s, -c],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the platform's trigonometry is good enough to compare with")]
    fn directions_are_close_to_those_of_an_even_turn() {
        for i in 0..8000 {
            let p = f64::from(i) / 1000.0;
            let (s, c) = ((p - 0.5) * core::f64::consts::FRAC_PI_2).sin_cos();
            let [x, y] = direction(p);
            assert!((x * x + y * y - 1.0).abs() < 1e-15, "{p}: not of length one");
            let off = (x * s - y * c).abs();
            assert!(off < 0.0192 && x * c + y * s > 0.0, "{p}: off by {off}");
        }
    }
}
