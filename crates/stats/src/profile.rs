use super::{Interval, bootstrap_stratified, canonical};
use crate::{math, measure::Direction};

/// The value of a performance profile at one threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfilePoint {
    /// The threshold τ.
    pub threshold: f64,
    /// The share of runs that are better than the threshold, averaged over the strata.
    pub share: f64,
    /// The 95 % stratified bootstrap interval, for this threshold alone.
    pub interval: Interval,
}

/// Computes the performance profile: for every threshold τ, the share of runs that are better than τ.
///
/// With strata of `nₛ` runs each: `F(τ) = (1/S) Σₛ (1/nₛ) #{ i : xₛᵢ better than τ }`, where better is strict: greater
/// if higher is better, less if lower is. Read it like a distribution function: if the profile of one method is above
/// that of another everywhere, that method is better at every share of runs; if they cross, no single number ranks
/// them.
///
/// **Limits.** The intervals are for each threshold alone; they are not a 95 % band for the whole curve. Choose
/// thresholds before looking at the results.
///
/// Source: run-score distributions in Agarwal et al. (NeurIPS 2021), section 4.2, after Dolan and Moré, "Benchmarking
/// optimization software with performance profiles", Mathematical Programming 91 (2002).
#[must_use]
pub fn profile(strata: &[&[f64]], thresholds: &[f64], better: Direction) -> Vec<ProfilePoint> {
    let owned: Vec<Vec<f64>> = strata.iter().map(|stratum| stratum.to_vec()).collect();
    let point = |&threshold: &f64| ProfilePoint {
        threshold,
        share: share(&owned, threshold, better),
        interval: bootstrap_stratified(strata, |strata| share(strata, threshold, better)),
    };
    thresholds.iter().map(point).collect()
}

fn share(strata: &[Vec<f64>], threshold: f64, better: Direction) -> f64 {
    let passes = |value: &&f64| match better {
        Direction::Lower => **value < threshold,
        Direction::Higher => **value > threshold,
    };
    let shares = strata.iter().map(|values| values.iter().filter(passes).count() as f64 / values.len() as f64);
    canonical(math::sum(shares) / strata.len() as f64)
}
