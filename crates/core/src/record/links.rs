//! The digests over a run: its links, its measurements, its end.

use super::{Kept, Observation};
use crate::digest::{Digest, Hasher, portable_bits};

/// The rows of measurements of a run on their way into their [digest](super::Record::measurements), from a record or from a table.
#[derive(Debug)]
pub struct Measured(Hasher);

impl Measured {
    /// The rows of this run, of which there are `rows`.
    #[must_use]
    pub fn new(id: Digest, rows: usize) -> Self {
        let mut hasher = Hasher::new("restudy/measurements");
        hasher.bytes(&id.0).whole(rows as u64);
        Self(hasher)
    }

    /// The next measurement: its values on the training and on the validation points, and its link.
    pub fn row(&mut self, epoch: u64, step: u64, halves: [&[f64]; 2], link: Digest) {
        self.0.whole(epoch).whole(step);
        for values in halves {
            self.0.whole(values.len() as u64);
            values.iter().for_each(|value| _ = self.0.whole(portable_bits(*value)));
        }
        self.0.bytes(&link.0);
    }

    /// The digest, after the last row.
    #[must_use]
    pub fn finish(self) -> Digest {
        self.0.finish()
    }
}

/// The digest of a run: of its last link and its outcome.
#[must_use]
pub fn run_digest(last: Digest, outcome: &str) -> Digest {
    Hasher::new("restudy/run").bytes(&last.0).bytes(outcome.as_bytes()).finish()
}

/// The last link of a run after `previous`, from its measurement and what is kept of it in canonical order; a diverged run has
/// nothing that counts.
#[must_use]
pub fn last_link(previous: Digest, point: &Observation, kept: Option<&[f64]>) -> Digest {
    let mut hasher = begun(previous, point);
    hasher.floats(kept.unwrap_or_default());
    hasher.finish()
}

/// The link that follows `previous`: over the position, every value, and the arrays unless the run has diverged.
#[must_use]
pub fn link<'a>(previous: Digest, point: &Observation, arrays: impl IntoIterator<Item = &'a [f64]> + Clone) -> Digest {
    let mut hasher = begun(previous, point);
    if !is_diverged(point, arrays.clone()) {
        arrays.into_iter().for_each(|array| _ = hasher.floats(array));
    }
    hasher.finish()
}

fn begun(previous: Digest, point: &Observation) -> Hasher {
    let mut hasher = Hasher::new("restudy/link");
    hasher.bytes(&previous.0).whole(point.epoch).whole(point.step).floats(&point.values);
    hasher
}

/// The link of a run of another experiment than the network: over the position, the number of values, of each whether it was measured and what it was, and
/// the arrays that are kept, each with its rows and columns. Only the last link has any.
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

/// Whether a measurement ends its run as diverged: a value of it or of the arrays is not finite.
#[must_use]
pub fn is_diverged<'a>(point: &Observation, arrays: impl IntoIterator<Item = &'a [f64]>) -> bool {
    !(point.is_finite() && arrays.into_iter().all(|array| array.iter().all(|value| value.is_finite())))
}
