use super::{exp_of_negative, ln_1p_of_fraction};

/// The logistic function `1 / (1 + exp(-z))`, the probability of a margin `z`.
///
/// Computed as `n / (1 + e)` with `e = exp(-|z|)` and `n = 1` for `z ≥ 0`, else `e`: it neither overflows nor loses
/// small probabilities. Domain: all numbers; range [0, 1]; NaN stays NaN. Error at most 2 ulp for normal results.
#[inline(always)]
#[must_use]
pub fn sigmoid(z: f64) -> f64 {
    let e = exp_of_negative(-z.abs());
    let numerator = if z >= 0.0 { 1.0 } else { e };
    numerator / (1.0 + e)
}

/// `ln(1 + exp(z))`; the logistic loss of a margin `m` is `softplus(-m)`.
///
/// Computed as `max(0, z) + ln_1p(exp(-|z|))`, which overflows for no finite `z`. Domain: all numbers; range [0, ∞];
/// NaN stays NaN. Error at most 2 ulp for normal results.
#[inline(always)]
#[must_use]
pub fn softplus(z: f64) -> f64 {
    let positive = if z > 0.0 { z } else { 0.0 };
    positive + ln_1p_of_fraction(exp_of_negative(-z.abs()))
}
