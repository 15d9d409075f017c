//! The bound that a sample proves: how many runs can be wrong although all recomputed ones were right.
//!
//! Of N runs, n different ones are drawn, and all are right. If K runs were wrong, the probability of that is
//! hypergeometric:
//!
//! ```text
//! P(K) = C(N − K, n) / C(N, n) = ∏ (N − n − i) / (N − i),  i = 0 … K − 1
//! ```
//!
//! The bound is the largest K with P(K) ≥ 0.05: more wrong runs would be found in more than 19 of 20 samples. This is
//! the exact one-sided upper limit for drawing without replacement (Buonaccorsi, "A note on confidence intervals for
//! proportions in finite populations", The American Statistician 41, 1987). It holds for samples that a forger cannot
//! predict: see [`sample`](super::sample()).

/// The probability that a sample misses wrong runs. A little less than 1 in 20, because the product is rounded: a tie
/// counts as one more wrong run.
const MISSED: f64 = 0.05 * (1.0 - 1e-12);

/// Returns the largest number of `runs` that can be wrong, at 95 % confidence, if a sample of `sampled` had no wrong
/// run.
#[must_use]
pub fn most_wrong(runs: usize, sampled: usize) -> usize {
    let mut chance = 1.0;
    let mut wrong = 0;
    while wrong < runs.saturating_sub(sampled) {
        chance *= (runs - sampled - wrong) as f64 / (runs - wrong) as f64;
        if chance < MISSED {
            break;
        }
        wrong += 1;
    }
    wrong
}

/// Returns the share of `wrong` in `runs`, in percent, rounded up to a tenth.
#[must_use]
pub fn percent(wrong: usize, runs: usize) -> f64 {
    (wrong * 1000).div_ceil(runs.max(1)) as f64 / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C(n, k), exactly.
    fn choose(n: u128, k: u128) -> u128 {
        (0..k).fold(1, |product, i| product * (n - i) / (i + 1))
    }

    #[test]
    fn the_bound_matches_its_definition() {
        for runs in 1..30_u128 {
            for sampled in 1..=runs {
                let plausible = |wrong: u128| 20 * choose(runs - wrong, sampled) >= choose(runs, sampled);
                let expected = (0..=runs - sampled).rev().find(|&wrong| plausible(wrong)).unwrap();
                assert_eq!(most_wrong(runs as usize, sampled as usize) as u128, expected, "{sampled} of {runs}");
            }
        }
    }

    #[test]
    fn known_values() {
        assert_eq!(most_wrong(100, 100), 0, "all were computed");
        assert_eq!(
            most_wrong(20, 19),
            1,
            "one that was left out is missed with a chance of 1 in 20, which is not less"
        );
        // The rule of three: about 3 / n of a large population.
        assert!((295_000..=299_500).contains(&most_wrong(100_000_000, 1000)), "{}", most_wrong(100_000_000, 1000));
        // Tables of discovery sampling for auditors: 95 of 1000 for at most 3 %; 59 of a large population for 5 %.
        assert!(most_wrong(1000, 95) <= 30 && most_wrong(1000, 94) >= 29);
        assert!(most_wrong(1_000_000, 59) < 50_000 && most_wrong(1_000_000, 58) >= 50_000);
        assert_eq!((percent(34, 720), percent(0, 5), percent(1, 1000), percent(1, 1001)), (4.8, 0.0, 0.1, 0.1));
    }
}
