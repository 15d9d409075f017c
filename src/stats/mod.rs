//! Statistics: means, spreads, quantiles, intervals and paired comparisons, each in one written order of operations.
//!
//! May touch: `math`, `seed`, `metric`, and threads for what is independent. A library of data frames sums in whatever order its threads finish; these functions
//! are our own, so that a summary is as reproducible as the runs it sums up. The caller gives the values sorted by identity
//! (trial, then seed); the order of operations is part of the [contract](crate::contract).
//!
//! Values are numbers or +∞: a run that diverged has an infinite loss. An infinite value makes the mean infinite and leaves
//! median and inter-quartile mean alone while it stays in the tail. What is undefined (anything of no values, the standard
//! deviation of one value or of an infinite one) is NaN, always the same one: positive, quiet, no payload.

mod bootstrap;
mod location;
mod paired;

pub use bootstrap::{Interval, RESAMPLES, bootstrap_mean, bootstrap_means};
pub use location::{iqm, mean, median, quantile, sd, sorted};
pub use paired::{Paired, paired};

/// The value, with the one NaN for every NaN: processors disagree about the sign of a NaN that they make.
fn canonical(value: f64) -> f64 {
    if value.is_nan() { f64::NAN } else { value }
}
