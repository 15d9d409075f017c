use crate::math;

/// The number of pairs at which a two-sided paired t test at 5 % detects a difference of this size with a probability
/// of 80 %, if the mean and the standard deviation of the differences are as given.
///
/// `n = ⌈ ((z₀.₉₇₅ + z₀.₈) s / d)² + z₀.₉₇₅² / 2 ⌉`, with the mean difference `d` and its standard deviation `s`; the
/// second term corrects for the estimate of `s`. The result is at least 2, also if all differences are equal. `None` if
/// `d = 0`, if `d` or `s` is not finite, or if the result exceeds 10¹⁵.
///
/// **Limits.** The size itself is an estimate, and a poor one from few pairs: use it to plan the next study, not to
/// judge this one ("observed power" only restates the p-value). It assumes approximately normal differences; many ties
/// of errors near zero make it too low or too high. Near n = 2 it may be one pair short.
///
/// Source: Guenther, "Sample size formulas for normal theory t tests", The American Statistician 35 (1981); Cohen,
/// "Statistical power analysis for the behavioral sciences" (2nd edition, 1988), chapter 2. On its limits: Hoenig and
/// Heisey, "The abuse of power", The American Statistician 55 (2001).
#[must_use]
pub fn pairs_needed(difference: f64, sd: f64) -> Option<u64> {
    const Z_TEST: f64 = 1.959_963_984_540_054;
    const Z_POWER: f64 = 0.841_621_233_572_914_3;
    if difference == 0.0 || !difference.is_finite() || !sd.is_finite() {
        return None;
    }
    let root = (Z_TEST + Z_POWER) * sd / difference;
    let n = root * root + Z_TEST * Z_TEST / 2.0;
    (n <= 1e15).then(|| (n.ceil() as u64).max(2))
}

/// The ratio of the width of a percentile bootstrap interval of the mean of `n` values to the correct width.
///
/// About `√((n-1)/n) z₀.₉₇₅ / t₀.₉₇₅,ₙ₋₁`: the bootstrap divides by `n` rather than `n - 1` and uses normal rather than
/// Student quantiles. Here `t ≈ z + (z³ + z)/4ν + (5z⁵ + 16z³ + 3z)/96ν² + (3z⁷ + 19z⁵ + 17z³ - 15z)/384ν³`, `ν = n -
/// 1`. The result is 0 for fewer than two values.
///
/// Source: Hesterberg, "What teachers should know about the bootstrap", The American Statistician 69 (2015), section
/// 3.3; the series is 26.7.5 of Abramowitz and Stegun (1964).
#[must_use]
pub fn narrowness(n: usize) -> f64 {
    if n < 2 {
        return 0.0;
    }
    let (z, v) = (1.959_963_984_540_054, (n - 1) as f64);
    let (z3, z5) = (z * z * z, z * z * z * z * z);
    let z7 = z5 * z * z;
    let t = z
        + (z3 + z) / (4.0 * v)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * v * v)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * v * v * v);
    math::sqrt(v / n as f64) * z / t
}
