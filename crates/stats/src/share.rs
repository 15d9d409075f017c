//! Exact intervals and bounds for shares: what n seeds imply for all further ones, for any distribution of values.

use super::{Interval, binomial::at_most};
use crate::math;

/// Computes the interval of a share of which `found` of `n` were seen, at a level of confidence: the ends are the
/// shares at which as few, or as many, are seen with the probability `(1 - level) / 2`, computed by bisection. It
/// starts at 0 if none was seen and ends at 1 if all were; both ends are NaN for n = 0.
///
/// It contains the share in at least `level` of studies, for every share.
///
/// Source: Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
/// Biometrika 26 (1934).
#[must_use]
pub fn share(found: u64, n: u64, level: f64) -> Interval {
    if n == 0 {
        return Interval::NONE;
    }
    let tail = (1.0 - level) / 2.0;
    let most = |found: u64| {
        if found >= n { 1.0 } else { bisect(|p| at_most(found, n, p / (1.0 - p), (n + 1) as f64 * p) > tail) }
    };
    Interval { low: 1.0 - most(n - found.min(n)), high: most(found) }
}

/// Computes the largest share of further seeds that may show an event that none of `n` seeds has shown: `1 - (1 -
/// level)^(1/n)`. With a larger share, at least one of `n` would have shown it in more than `level` of studies.
///
/// If all of n seeds agree in a value, one of them determined it, and `unseen(n - 1)` of further seeds may give
/// another: shares `pᵥ` of values that are all below L give n equal values with the probability `Σ pᵥⁿ ≤ Lⁿ⁻¹`.
///
/// Source: Clopper and Pearson (1934), one-sided.
#[must_use]
pub fn unseen(n: u64, level: f64) -> f64 {
    if n == 0 { 1.0 } else { 1.0 - math::exp(math::ln(1.0 - level) / n as f64) }
}

/// Computes the largest share of further seeds that may give a value below the smallest or above the largest of `n`:
/// the share q with `n (1 - q)^(n - 1) - (n - 1) (1 - q)^n = 1 - level`, computed by bisection. With a larger share, n
/// values would be as close together in less than `1 - level` of studies. 1 for n < 2.
///
/// Source: Wilks, "Determination of sample sizes for setting tolerance limits", Annals of Mathematical Statistics 12
/// (1941).
#[must_use]
pub fn outside(n: u64, level: f64) -> f64 {
    if n < 2 {
        return 1.0;
    }
    let within = |q: f64| {
        let power = (1..n).fold(1.0, |power, _| power * (1.0 - q));
        n as f64 * power - (n - 1) as f64 * (power * (1.0 - q))
    };
    bisect(|q| within(q) > 1.0 - level)
}

/// The largest number between 0 and 1 at which a condition holds, by bisection.
fn bisect(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if holds(middle) { low = middle } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-11, "{found}, not {expected}");
    }

    #[test]
    fn shares_are_those_of_scipy() {
        let known = [
            (29, 30, 0.95, 0.827_830_544_366_587, 0.999_156_429_073_350_7),
            (0, 30, 0.95, 0.0, 0.115_703_308_222_027_43),
            (30, 30, 0.95, 0.884_296_691_777_972_5, 1.0),
            (7, 10, 0.99, 0.264_886_014_712_869_27, 0.962_992_778_903_792_6),
            (1, 3, 0.95, 0.008_403_758_659_612_647, 0.905_700_675_949_286_6),
            (500, 1000, 0.95, 0.468_549_172_971_791_94, 0.531_450_827_028_208),
        ];
        for (found, n, level, low, high) in known {
            let interval = share(found, n, level);
            near(interval.low, low);
            near(interval.high, high);
        }
        assert!(share(0, 0, 0.95).low.is_nan());
    }

    #[test]
    fn bounds_of_unseen_events_are_those_of_scipy() {
        assert_eq!(unseen(0, 0.95), 1.0);
        near(unseen(1, 0.95), 0.95);
        near(unseen(30, 0.95), 0.095_033_852_855_304_19);
        near(unseen(30, 0.99), 0.142_304_101_409_105_88);
    }

    #[test]
    fn bounds_outside_of_a_range_are_those_of_scipy() {
        assert_eq!([outside(0, 0.95), outside(1, 0.95)], [1.0, 1.0]);
        near(outside(2, 0.95), 0.974_679_434_480_896_3);
        near(outside(3, 0.95), 0.864_649_637_828_416_1);
        near(outside(4, 0.95), 0.751_395_374_269_818_1);
        near(outside(30, 0.99), 0.201_589_780_352_945_4);
    }
}
