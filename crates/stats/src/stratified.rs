use rayon::prelude::*;

use super::{CONFIDENCE, Interval, RESAMPLES, iqm, quantile};
use crate::seed::{Draws, Seed, Stream};

/// Computes the 95 % stratified percentile bootstrap interval of any statistic.
///
/// A stratum is a group of repeated runs: a trial, a data set, a task. [`RESAMPLES`] times, it draws from every
/// stratum, in order, as many values as the stratum has, with replacement, and takes the statistic of all; the ends are
/// the [`quantile`]s 0.025 and 0.975. The draws are those of [`Stream::Bootstrap`] of seed 0 from its beginning: the
/// interval of the mean of one stratum is that of [`bootstrap_mean`](super::bootstrap_mean) to the bit. Both ends are
/// NaN if there is no stratum or if one is empty.
///
/// **Limits.** The interval covers the variation of runs within these strata, not that of other strata. With few values
/// in a stratum it is too narrow, see [`narrowness`](super::narrowness).
///
/// Source: Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", NeurIPS 2021,
/// section 4; `StratifiedBootstrap` of `rliable`, which differs only in its random numbers.
///
/// # Panics
/// If the length of a stratum does not fit 32 bits.
#[must_use]
pub fn bootstrap_stratified(strata: &[&[f64]], statistic: impl Fn(&[Vec<f64>]) -> f64 + Sync) -> Interval {
    bootstrap_stratified_at(strata, CONFIDENCE, statistic)
}

/// At the level of confidence c, the ends are the quantiles `(1 - c) / 2` and `1 - (1 - c) / 2`.
pub(super) fn bootstrap_stratified_at(
    strata: &[&[f64]],
    confidence: f64,
    statistic: impl Fn(&[Vec<f64>]) -> f64 + Sync,
) -> Interval {
    if strata.is_empty() || strata.iter().any(|stratum| stratum.is_empty()) {
        return Interval::NONE;
    }
    let mut draws = Draws::new(Seed(0), Stream::Bootstrap);
    let mut found = Vec::with_capacity(RESAMPLES);
    while found.len() < RESAMPLES {
        // The draws are sequential; the statistics are independent and computed in parallel.
        let count = BATCH.min(RESAMPLES - found.len());
        let resamples: Vec<_> =
            (0..count).map(|_| strata.iter().map(|stratum| draw(stratum, &mut draws)).collect()).collect();
        found.par_extend(resamples.par_iter().map(|resample: &Vec<Vec<f64>>| statistic(resample)));
    }
    found.sort_unstable_by(f64::total_cmp);
    let [low, high] =
        if confidence == CONFIDENCE { [0.025, 0.975] } else { [(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0] };
    Interval { low: quantile(&found, low), high: quantile(&found, high) }
}

/// The resamples in memory at a time.
const BATCH: usize = 250;

fn draw(values: &[f64], draws: &mut Draws) -> Vec<f64> {
    let below = u32::try_from(values.len()).expect("a trial has far fewer than 2^32 runs");
    values.iter().map(|_| values[draws.below(below) as usize]).collect()
}

/// The interquartile mean over the values of all strata, the summary of a method over several tasks.
///
/// This is the [`iqm`] of all values. `aggregate_iqm` of `rliable` is `scipy.stats.trim_mean(values, 0.25)`, which
/// drops whole values, so it is equal if four divides their number; this function counts the values at the border in
/// part.
#[must_use]
pub fn iqm_of_strata(strata: &[Vec<f64>]) -> f64 {
    iqm(&strata.concat())
}

/// Computes the stratified bootstrap interval of the interquartile mean over all strata.
#[must_use]
pub fn iqm_interval(strata: &[&[f64]]) -> Interval {
    bootstrap_stratified(strata, iqm_of_strata)
}
