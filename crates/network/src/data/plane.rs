//! What the generators of points in the plane share.

use alloc::vec::Vec;

use super::{Dataset, SplitData};
use crate::{
    seed::{Draws, Seed, Stream},
    validation::SettingErrors,
};

/// `points` points, the first half (rounded up) of class -1, then class +1, each made by `point(label)`.
pub(super) fn two_classes(points: u32, mut point: impl FnMut(f64) -> [f64; 2]) -> Dataset {
    let mut data = Dataset { d: 2, x: Vec::with_capacity(2 * points as usize), y: Vec::with_capacity(points as usize) };
    for i in 0..points {
        let label = if i < points.div_ceil(2) { -1.0 } else { 1.0 };
        data.x.extend(point(label));
        data.y.push(label);
    }
    data
}

/// Training and validation points, each from a stream of its own.
pub(super) fn split(seed: Seed, train: u32, validation: u32, draw: impl Fn(u32, &mut Draws) -> Dataset) -> SplitData {
    SplitData {
        train: draw(train, &mut Draws::new(seed, Stream::Training)),
        validation: draw(validation, &mut Draws::new(seed, Stream::Validation)),
    }
}

/// The largest number of points a generator makes: ten million points are 240 MB.
const MOST: u32 = 10_000_000;

/// Both classes must be there, in both parts.
pub(super) fn require_points(faults: &mut SettingErrors, train: u32, validation: u32) {
    faults.require((2..=MOST).contains(&train), "train", "a whole number from 2 to 10000000");
    faults.require((2..=MOST).contains(&validation), "validation", "a whole number from 2 to 10000000");
}

/// Both radii of a pair, the inner one smaller.
pub(super) fn require_radii(faults: &mut SettingErrors, inner: f64, outer: f64) {
    faults.require(inner.is_finite() && inner >= 0.0, "inner", "a number from 0");
    faults.require(outer.is_finite() && outer > inner, "outer", "a number greater than \"inner\"");
}

/// The width of uniform noise.
pub(super) fn require_noise(faults: &mut SettingErrors, noise: f64) {
    faults.require(noise.is_finite() && noise >= 0.0, "noise", "a number from 0");
}
