use crate::math;

/// Computes the two-sided p-value of the exact sign test: the probability that the wins of two equal methods are
/// divided at least as unevenly.
///
/// Ties are omitted. With `n = wins + losses` and `m = min(wins, losses)`: `p = min(1, 2 Σ_{k ≤ m} C(n, k) / 2ⁿ)`. It
/// is 1 without a win or loss. Terms are computed relative to the largest, from that of `k = ⌊n/2⌋` down by `t_{k-1} =
/// t_k k / (n - k + 1)`, and summed from the smallest, so nothing overflows, and a result below 10⁻³⁰⁰ is 0.
///
/// **Limits.** It uses only the signs of the differences, not their sizes. It assumes independent pairs, such as
/// different seeds. With fewer than [`FEWEST`] untied pairs it cannot be below 0.05.
///
/// Source: Conover, "Practical nonparametric statistics" (3rd edition, 1999), section 3.4; the same number as
/// `scipy.stats.binomtest(wins, n)`.
#[must_use]
pub fn sign_test(wins: usize, losses: usize) -> f64 {
    let n = wins + losses;
    let (middle, least) = (n / 2, wins.min(losses));
    if wins.abs_diff(losses) <= 1 {
        return 1.0;
    }
    let mut terms = vec![1.0];
    for k in (1..=middle).rev() {
        let term = terms[terms.len() - 1] * k as f64 / (n - k + 1) as f64;
        terms.push(term);
    }
    let ascending = |from: usize| math::sum(terms[from..].iter().rev().copied());
    // All terms: twice those up to the middle; the middle term of an even n counts once.
    let total = 2.0 * ascending(0) - if n.is_multiple_of(2) { 1.0 } else { 0.0 };
    (2.0 * ascending(middle - least) / total).min(1.0)
}

/// The smallest number of untied pairs at which a [`sign_test`] can be below 0.05: `2 / 2⁵ > 0.05 > 2 / 2⁶`.
pub const FEWEST: usize = 6;
