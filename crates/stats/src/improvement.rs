use super::{CONFIDENCE, ENOUGH, Interval, bootstrap_stratified_at, canonical};
use crate::{math, measure::Direction};

/// The probability that a run of one method is better than a run of another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Improvement {
    /// The probability; one half if neither method is better.
    pub probability: f64,
    /// The stratified bootstrap interval; both ends are NaN if a stratum has fewer than [`ENOUGH`] values or all
    /// resamples agree: an interval without width would claim certainty.
    pub interval: Interval,
}

/// Computes the probability of improvement of `a` over `b`, averaged over the strata.
///
/// For a stratum with runs `x₁ ... xₙ` of the first and `y₁ ... yₘ` of the second: `P = (1/nm) Σᵢⱼ s(xᵢ, yⱼ)`, where
/// `s` is 1 if `xᵢ` is better, ½ if they are equal, else 0: the statistic of Mann and Whitney divided by `nm`. The
/// result is the mean of `P` over the strata. Runs are assumed to be independent; for the same seeds on both sides,
/// [`paired`](super::paired) is more precise.
///
/// **Limits.** It measures how often, not how much: a probability of 1 may be a negligible difference.
///
/// Source: Agarwal et al. (NeurIPS 2021), section 4.3; Mann and Whitney, "On a test of whether one of two random
/// variables is stochastically larger than the other", Annals of Mathematical Statistics 18 (1947).
///
/// # Panics
/// If the numbers of strata differ.
#[must_use]
pub fn improvement(a: &[&[f64]], b: &[&[f64]], better: Direction) -> Improvement {
    improvement_at(a, b, better, CONFIDENCE)
}

/// Like [`improvement`], with an interval at another level of confidence.
///
/// # Panics
/// If the numbers of strata differ.
#[must_use]
pub fn improvement_at(a: &[&[f64]], b: &[&[f64]], better: Direction, confidence: f64) -> Improvement {
    assert_eq!(a.len(), b.len(), "both methods have the same strata");
    let all: Vec<&[f64]> = a.iter().chain(b).copied().collect();
    let owned: Vec<Vec<f64>> = all.iter().map(|stratum| stratum.to_vec()).collect();
    let probability = |strata: &[Vec<f64>]| probability(&strata[..a.len()], &strata[a.len()..], better);
    let interval = match all.iter().all(|stratum| stratum.len() >= ENOUGH) {
        true => bootstrap_stratified_at(&all, confidence, probability),
        false => Interval::NONE,
    };
    let interval = if interval.low < interval.high { interval } else { Interval::NONE };
    Improvement { probability: probability(&owned), interval }
}

fn probability(a: &[Vec<f64>], b: &[Vec<f64>], better: Direction) -> f64 {
    let shares = a.iter().zip(b).map(|(a, b)| {
        let mut ordered = b.clone();
        ordered.sort_unstable_by(f64::total_cmp);
        // Counted in halves, which are whole numbers: two for every win, one for every tie. So the order of sums does
        // not matter.
        let halves: u64 = a.iter().map(|x| halves(*x, &ordered, better)).sum();
        halves as f64 / (2.0 * a.len() as f64 * b.len() as f64)
    });
    canonical(math::sum(shares) / a.len() as f64)
}

fn halves(x: f64, ordered: &[f64], better: Direction) -> u64 {
    let below = ordered.partition_point(|y| *y < x);
    let equal = ordered.partition_point(|y| *y <= x) - below;
    let above = ordered.len() - below - equal;
    let won = match better {
        Direction::Lower => above,
        Direction::Higher => below,
    };
    (2 * won + equal) as u64
}
