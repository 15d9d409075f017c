use crate::math;

/// The probability that of `n` points, each wrong with the probability `q = wrong / points`, at most `most` are wrong:
/// `Σ_{k ≤ most} C(n, k) qᵏ (1 - q)ⁿ⁻ᵏ`.
///
/// Terms are computed relative to the largest, by `t_{k+1} = t_k · (n - k) wrong / ((k + 1)(points - wrong))`, and
/// summed from the smallest. The result is 1 if `wrong` is 0 or `most` is at least `n`, and 0 if all points are wrong
/// and `most` is less than `n`.
///
/// Source: the binomial distribution; the same number as `scipy.stats.binom.cdf`.
#[must_use]
pub fn binomial_at_most(most: u64, n: u64, wrong: u64, points: u64) -> f64 {
    if most >= n || wrong == 0 {
        return 1.0;
    }
    if wrong >= points {
        return 0.0;
    }
    at_most(most, n, wrong as f64 / (points - wrong) as f64, (n + 1) as f64 * wrong as f64 / points as f64)
}

/// The same for `most < n`, with the odds `q / (1 - q)` and an estimate of the index of the largest term.
pub(super) fn at_most(most: u64, n: u64, odds: f64, middle: f64) -> f64 {
    let mode = (middle as u64).min(n);
    let mut below = vec![1.0]; // from the mode down
    for k in (0..mode).rev() {
        let term = below[below.len() - 1] * (k + 1) as f64 / ((n - k) as f64 * odds);
        if term < TINY {
            break;
        }
        below.push(term);
    }
    let mut above = Vec::new(); // beyond the mode
    let mut last = 1.0;
    for k in mode..n {
        last *= (n - k) as f64 * odds / (k + 1) as f64;
        if last < TINY {
            break;
        }
        above.push(last);
    }
    let up = |terms: &[f64]| math::sum(terms.iter().rev().copied());
    let all = up(&below) + up(&above);
    let part = if most >= mode {
        up(&below) + up(&above[..above.len().min((most - mode) as usize)])
    } else {
        below.get((mode - most) as usize..).map_or(0.0, up)
    };
    part / all
}

/// Terms below this, relative to the largest, are omitted.
const TINY: f64 = 1e-300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_scipy() {
        let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-12 * b, "{a} {b}");
        near(binomial_at_most(34, 100, 46, 100), 0.009_956_086_079_726_775);
        near(binomial_at_most(5, 10, 1, 2), 0.623_046_875);
        near(binomial_at_most(0, 30, 1, 10), 0.042_391_158_275_216_24);
        near(binomial_at_most(400, 1000, 500, 1000), 1.364_232_078_033_009_2e-10);
    }

    #[test]
    fn the_ends() {
        assert_eq!(binomial_at_most(3, 3, 1, 2), 1.0);
        assert_eq!(binomial_at_most(0, 3, 0, 2), 1.0);
        assert_eq!(binomial_at_most(2, 3, 2, 2), 0.0);
        assert_eq!(binomial_at_most(0, 100_000, 1, 2), 0.0);
    }
}
