//! The digests over a run: its links, its measurements, its outcome.

use super::{Kept, Observation};
use crate::digest::{Digest, Hasher, portable_bits};

/// Computes the [digest of the measurements](super::Record::measurements) of a run, from a record or from a table.
#[derive(Debug)]
pub struct Measured(Hasher);

impl Measured {
    /// Starts the digest of a run with this number of rows.
    #[must_use]
    pub fn new(id: Digest, rows: usize) -> Self {
        let mut hasher = Hasher::new("restudy/measurements");
        hasher.bytes(&id.0).whole(rows as u64);
        Self(hasher)
    }

    /// Appends a measurement: its values on the training and on the validation points, and its link.
    pub fn row(&mut self, epoch: u64, step: u64, halves: [&[f64]; 2], link: Digest) {
        self.0.whole(epoch).whole(step);
        for values in halves {
            self.0.whole(values.len() as u64);
            values.iter().for_each(|value| _ = self.0.whole(portable_bits(*value)));
        }
        self.0.bytes(&link.0);
    }

    /// Returns the digest, after the last row.
    #[must_use]
    pub fn finish(self) -> Digest {
        self.0.finish()
    }
}

/// Computes the digest of a run, over its last link and its outcome.
#[must_use]
pub fn run_digest(last: Digest, outcome: &str) -> Digest {
    Hasher::new("restudy/run").bytes(&last.0).bytes(outcome.as_bytes()).finish()
}

/// Computes the last link of a run after `previous`, from the measurement and the kept numbers in canonical order;
/// `None` for a diverged run.
#[must_use]
pub fn last_link(previous: Digest, point: &Observation, kept: Option<&[f64]>) -> Digest {
    let mut hasher = start_link(previous, point);
    hasher.floats(kept.unwrap_or_default());
    hasher.finish()
}

/// Computes the link after `previous`, over the position, every value, and the arrays unless the run has diverged.
#[must_use]
pub fn link<'a>(previous: Digest, point: &Observation, arrays: impl IntoIterator<Item = &'a [f64]> + Clone) -> Digest {
    let mut hasher = start_link(previous, point);
    if !is_diverged(point, arrays.clone()) {
        arrays.into_iter().for_each(|array| _ = hasher.floats(array));
    }
    hasher.finish()
}

fn start_link(previous: Digest, point: &Observation) -> Hasher {
    let mut hasher = Hasher::new("restudy/link");
    hasher.bytes(&previous.0).whole(point.epoch).whole(point.step).floats(&point.values);
    hasher
}

/// Computes a link of a custom experiment, over the position, the number of values, for each whether it was measured
/// and its bits, and the kept arrays, each with its rows and columns. Only the last link has arrays.
#[must_use]
pub fn own_link(previous: Digest, point: &Observation, kept: &Kept) -> Digest {
    let mut hasher = Hasher::new("restudy/own-link");
    hasher.bytes(&previous.0).whole(point.epoch).whole(point.step).whole(point.values.len() as u64);
    for value in &point.values {
        hasher.whole(u64::from(!value.is_nan()));
        if !value.is_nan() {
            hasher.whole(portable_bits(*value));
        }
    }
    hasher.whole(kept.shapes.len() as u64);
    for ([rows, columns], values) in kept.arrays() {
        hasher.whole(rows as u64).whole(columns as u64);
        values.iter().for_each(|value| _ = hasher.whole(portable_bits(*value)));
    }
    hasher.finish()
}

/// Whether a measurement ends its run as diverged: a measured value or a number of an array is not finite.
#[must_use]
pub fn is_diverged<'a>(point: &Observation, arrays: impl IntoIterator<Item = &'a [f64]>) -> bool {
    !(point.is_finite() && arrays.into_iter().all(|array| array.iter().all(|value| value.is_finite())))
}
