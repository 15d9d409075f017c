//! Helpers for generators of points in the plane.

use alloc::vec::Vec;

use super::{Dataset, SplitData};
use crate::{
    seed::{Draws, Seed, Stream},
    validation::SettingErrors,
};

/// `points` points, the first half (rounded up) of class -1, then class +1, each drawn by `point(label)`.
pub(super) fn two_classes(points: u32, mut point: impl FnMut(f64) -> [f64; 2]) -> Dataset {
    let mut data = Dataset { d: 2, x: Vec::with_capacity(2 * points as usize), y: Vec::with_capacity(points as usize) };
    for i in 0..points {
        let label = if i < points.div_ceil(2) { -1.0 } else { 1.0 };
        data.x.extend(point(label));
        data.y.push(label);
    }
    data
}

/// Training and validation points, each from a separate stream.
pub(super) fn split(seed: Seed, train: u32, validation: u32, draw: impl Fn(u32, &mut Draws) -> Dataset) -> SplitData {
    SplitData {
        train: draw(train, &mut Draws::new(seed, Stream::Training)),
        validation: draw(validation, &mut Draws::new(seed, Stream::Validation)),
    }
}

/// The largest number of points of a generator: ten million points are 240 MB.
const MAX_POINTS: u32 = 10_000_000;

/// Both splits need points of both classes.
pub(super) fn require_points(errors: &mut SettingErrors, train: u32, validation: u32) {
    errors.require((2..=MAX_POINTS).contains(&train), "train", "a whole number from 2 to 10000000");
    errors.require((2..=MAX_POINTS).contains(&validation), "validation", "a whole number from 2 to 10000000");
}

pub(super) fn require_radii(errors: &mut SettingErrors, inner: f64, outer: f64) {
    errors.require(inner.is_finite() && inner >= 0.0, "inner", "a number from 0");
    errors.require(outer.is_finite() && outer > inner, "outer", "a number greater than \"inner\"");
}

pub(super) fn require_noise(errors: &mut SettingErrors, noise: f64) {
    errors.require(noise.is_finite() && noise >= 0.0, "noise", "a number from 0");
}
