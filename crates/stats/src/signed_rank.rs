use std::cmp::Ordering;

use crate::math;

/// The result of the signed-rank test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedRank {
    /// The number of untied pairs.
    pub untied: usize,
    /// The sign with the larger sum of ranks: `Greater` for the positive differences.
    pub side: Ordering,
    /// The two-sided p-value; 1 without an untied pair.
    pub p: f64,
}

/// Up to this number of untied pairs, p-values are exact.
const MAX_EXACT: usize = 300;

/// Sizes within this factor of the smallest of them are ties: differences of shares with equal counts differ in their
/// last bits.
const TIE_FACTOR: f64 = 1.000_000_001;

/// A bound below this replaces the p-value: no decision depends on smaller values.
const NEGLIGIBLE: f64 = 1e-12;

/// Computes the two-sided signed-rank test of Wilcoxon on paired differences.
///
/// Zeros and undefined differences are omitted. The other n are ranked by size, from 1; equal sizes (up to a factor of
/// 1 + 10⁻⁹) share the mean of their ranks, and infinite sizes are the largest. With `W` the sum of the ranks of
/// positive differences, `p = min(1, 2 P(V ≥ max(W, T - W)))`, where `T = n(n + 1)/2` and `V` is the sum of a random
/// subset of the same ranks, each included by a fair coin: all 2ⁿ subsets are counted. For n > 300, and if it is below
/// 10⁻¹², the bound of Hoeffding is used instead, `P(V - T/2 ≥ t) ≤ exp(-2t² / Σ rᵢ²)`, which is never too small.
///
/// It assumes that without an effect each difference has either sign equally often, as for runs of one seed under two
/// settings. Fewer than six untied pairs cannot reach p < 0.05.
///
/// Source: Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945); for ties Hollander,
/// Wolfe and Chicken, "Nonparametric statistical methods" (3rd edition, 2014), section 3.1; Hoeffding, "Probability
/// inequalities for sums of bounded random variables", JASA 58 (1963).
#[must_use]
pub fn signed_rank(differences: &[f64]) -> SignedRank {
    let mut untied: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0 && !d.is_nan()).collect();
    untied.sort_unstable_by(|a, b| a.abs().total_cmp(&b.abs()).then(a.total_cmp(b)));
    let n = untied.len();
    // Twice the ranks, which are whole numbers.
    let mut ranks = Vec::with_capacity(n);
    while ranks.len() < n {
        let low = ranks.len();
        let tie = untied[low].abs() * TIE_FACTOR;
        let high = low + untied[low..].partition_point(|d| d.abs() <= tie);
        ranks.resize(high, low + high + 1);
    }
    let total = n * (n + 1);
    let positive: usize = untied.iter().zip(&ranks).filter(|(d, _)| **d > 0.0).map(|(_, rank)| rank).sum();
    let more = positive.max(total - positive);
    let above = bound(&ranks, more);
    let p = if n > MAX_EXACT || above < NEGLIGIBLE { above } else { exact(&ranks, more) };
    SignedRank { untied: n, side: (2 * positive).cmp(&total), p: (2.0 * p).min(1.0) }
}

/// The probability that a random subset of the ranks has the sum `least` or more.
fn exact(ranks: &[usize], least: usize) -> f64 {
    let total: usize = ranks.iter().sum();
    let mut chances = vec![0.0; total + 1];
    chances[0] = 1.0;
    let mut reached = 0;
    for &rank in ranks {
        reached += rank;
        for sum in (0..=reached).rev() {
            let without = chances[sum];
            let with = if sum >= rank { chances[sum - rank] } else { 0.0 };
            chances[sum] = (without + with) / 2.0;
        }
    }
    // From the end, where the terms are smallest.
    math::sum(chances[least..].iter().rev().copied())
}

fn bound(ranks: &[usize], least: usize) -> f64 {
    if ranks.is_empty() {
        return 1.0;
    }
    let total: usize = ranks.iter().sum();
    let squares: f64 = math::sum(ranks.iter().map(|rank| (rank * rank) as f64));
    let beyond = least as f64 - total as f64 / 2.0;
    math::exp(-2.0 * beyond * beyond / squares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_scipy() {
        // scipy.stats.wilcoxon(d, method="exact")
        let p = |d: &[f64]| signed_rank(d).p;
        assert!((p(&[1.1, 2.2, 3.3, 4.4, 5.5, 6.6]) - 0.03125).abs() < 1e-15);
        assert!((p(&[0.5, -1.5, 2.5, 3.5, -0.7, 4.5, 5.5]) - 0.15625).abs() < 1e-15);
        assert!((p(&[-0.3, 1.2, 0.8, -0.1, 2.0, 1.7, 0.9, 0.4, -0.6, 1.1]) - 0.037_109_375).abs() < 1e-12);
    }

    /// The definition: all 2ⁿ signs, one by one.
    fn literal(differences: &[f64]) -> f64 {
        let d: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
        let rank = |x: f64| -> usize {
            let below = d.iter().filter(|y| y.abs() < x.abs()).count();
            let equal = d.iter().filter(|y| y.abs() == x.abs()).count();
            2 * below + equal + 1
        };
        let ranks: Vec<usize> = d.iter().map(|x| rank(*x)).collect();
        let total: usize = ranks.iter().sum();
        let positive: usize = d.iter().zip(&ranks).filter(|(x, _)| **x > 0.0).map(|(_, rank)| rank).sum();
        let more = positive.max(total - positive);
        let sum = |signs: u32| -> usize { (0..d.len()).filter(|i| signs >> i & 1 == 1).map(|i| ranks[i]).sum() };
        let beyond = (0..1_u32 << d.len()).filter(|signs| sum(*signs) >= more).count();
        (2.0 * beyond as f64 / f64::from(1_u32 << d.len())).min(1.0)
    }

    #[test]
    fn all_signs_are_counted_also_with_ties() {
        for d in [
            &[1.0, 1.0, 1.0, -1.0, 2.0, 2.0, 0.0][..],
            &[f64::INFINITY, 1.0, 2.0, f64::INFINITY, -3.0, 4.0],
            &[-1.0, 2.0, -2.0, 3.0, 3.0, 3.0, 7.0, 9.0, -9.0],
            &[0.0, 0.0],
            &[],
        ] {
            assert_eq!(signed_rank(d).p, literal(d), "{d:?}");
        }
    }

    #[test]
    fn sides_and_omitted_differences() {
        let found = signed_rank(&[0.0, f64::NAN, -1.0, -2.0]);
        assert_eq!((found.untied, found.side), (2, Ordering::Less));
        assert_eq!(signed_rank(&[1.0, -1.0]).side, Ordering::Equal);
        assert_eq!(signed_rank(&[]).p, 1.0);
    }

    #[test]
    fn shares_are_ranked_as_their_counts() {
        let (a, b) = ([193, 194, 195, 196, 197, 198, 199, 141], [194, 195, 196, 197, 198, 199, 200, 140]);
        let ahead =
            |unit: f64| a.iter().zip(&b).map(|(a, b)| f64::from(*b) / unit - f64::from(*a) / unit).collect::<Vec<_>>();
        assert_eq!(signed_rank(&ahead(1000.0)), signed_rank(&ahead(1.0)));
        assert_eq!(signed_rank(&ahead(1000.0)).p, 0.0703125);
    }

    #[test]
    fn the_bound_is_above_the_exact_value() {
        let d: Vec<f64> = (1..=60).map(|i| if i % 3 == 0 { -f64::from(i) } else { f64::from(i) }).collect();
        let ranks: Vec<usize> = (1..=60).map(|rank| 2 * rank).collect();
        let positive: usize = d.iter().zip(&ranks).filter(|(d, _)| **d > 0.0).map(|(_, rank)| rank).sum();
        let (counted, above) = (exact(&ranks, positive), bound(&ranks, positive));
        assert!(counted < above && above < 20.0 * counted, "{counted} {above}");
        let many = vec![1.0; 400];
        assert!(signed_rank(&many).p < 1e-60);
    }
}
