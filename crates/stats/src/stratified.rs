use rayon::prelude::*;

use super::{CONFIDENCE, Interval, RESAMPLES, iqm, quantile};
use crate::seed::{Draws, Seed, Stream};

/// The 95 % stratified bootstrap interval of any statistic, by percentiles.
///
/// A stratum is what is run several times: a trial, a data set, a task. [`RESAMPLES`] times, draw from every stratum, in their
/// order, as many values as it has, with replacement, and take the statistic of all; the ends are the [`quantile`]s 0.025 and
/// 0.975. The draws are those of [`Stream::Bootstrap`] of seed 0 from its beginning: of one stratum and its mean, the interval
/// is that of [`bootstrap_mean`](super::bootstrap_mean) to the bit. Both ends are NaN when a stratum is empty or there is none.
///
/// **Limits.** The interval is about luck of the runs within these strata; it says nothing of strata that were not tried. Of
/// few values a stratum it is too narrow, see [`narrowness`](super::narrowness).
///
/// Source: Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", NeurIPS 2021, section 4;
/// `rliable`'s `StratifiedBootstrap`, which it agrees with but for the random numbers.
///
/// # Panics
/// When a stratum is so long that its length does not fit 32 bits.
#[must_use]
pub fn bootstrap_stratified(strata: &[&[f64]], statistic: impl Fn(&[Vec<f64>]) -> f64 + Sync) -> Interval {
    bootstrap_stratified_at(strata, CONFIDENCE, statistic)
}

/// The same at another level of confidence c: the ends are the quantiles `(1 - c) / 2` and `1 - (1 - c) / 2`.
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
        // Draws follow one another; what is made of them does not, and goes to all processors.
        let some = TOGETHER.min(RESAMPLES - found.len());
        let resamples: Vec<_> =
            (0..some).map(|_| strata.iter().map(|stratum| draw(stratum, &mut draws)).collect()).collect();
        found.par_extend(resamples.par_iter().map(|resample: &Vec<Vec<f64>>| statistic(resample)));
    }
    found.sort_unstable_by(f64::total_cmp);
    let [low, high] =
        if confidence == CONFIDENCE { [0.025, 0.975] } else { [(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0] };
    Interval { low: quantile(&found, low), high: quantile(&found, high) }
}

/// Resamples in memory at a time.
const TOGETHER: usize = 250;

fn draw(values: &[f64], draws: &mut Draws) -> Vec<f64> {
    let below = u32::try_from(values.len()).expect("a trial has far fewer than 2^32 runs");
    values.iter().map(|_| values[draws.below(below) as usize]).collect()
}

/// The inter-quartile mean over the values of all strata together, which is how a method is summed up over several tasks.
///
/// [`iqm`] of all values; `rliable`'s `aggregate_iqm` is `scipy.stats.trim_mean(values, 0.25)`, which drops whole values, and so is
/// the same where four divides their number, while ours counts the values at the border in part.
#[must_use]
pub fn iqm_of_strata(strata: &[Vec<f64>]) -> f64 {
    iqm(&strata.concat())
}

/// The inter-quartile mean over all strata with its stratified bootstrap interval.
#[must_use]
pub fn iqm_interval(strata: &[&[f64]]) -> Interval {
    bootstrap_stratified(strata, iqm_of_strata)
}
