use super::{CONFIDENCE, ENOUGH, Interval, bootstrap_stratified_at, canonical};
use crate::{math, measure::Direction};

/// How likely a run of one method is better than a run of another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Improvement {
    /// The probability; one half if neither is better.
    pub probability: f64,
    /// Its stratified bootstrap interval; none, with both ends NaN, where a stratum has fewer than [`ENOUGH`] values or no resample differs: an
    /// interval without width would promise what no number of seeds can.
    pub interval: Interval,
}

/// The probability of improvement of `a` over `b`, averaged over strata that both have.
///
/// For a stratum with runs `x₁ ... xₙ` of the first and `y₁ ... yₘ` of the second: `P = (1/nm) Σᵢⱼ s(xᵢ, yⱼ)`, where `s` is 1 if `xᵢ` is
/// better, ½ if they are equal, else 0: the statistic of Mann and Whitney divided by `nm`. The result is the mean of `P` over the
/// strata. It takes runs as independent; for the same seeds on both sides, [`paired`](super::paired) says more.
///
/// **Limits.** It says how often, not how much: a probability of 1 may be a difference that nobody would notice.
///
/// Source: Agarwal et al. (NeurIPS 2021), section 4.3; Mann and Whitney, "On a test of whether one of two random variables is
/// stochastically larger than the other", Annals of Mathematical Statistics 18 (1947).
///
/// # Panics
/// When the methods do not have the same number of strata.
#[must_use]
pub fn improvement(a: &[&[f64]], b: &[&[f64]], better: Direction) -> Improvement {
    improvement_at(a, b, better, CONFIDENCE)
}

/// The same with an interval at another level of confidence.
///
/// # Panics
/// When the methods do not have the same number of strata.
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
        // In halves, which are whole: twice the pairs that are won, and once those that are equal. No order of sums matters.
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
