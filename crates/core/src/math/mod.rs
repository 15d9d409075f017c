//! Portable exp, ln, ln(1 + x), sigmoid and softplus, and sums in a fixed order.
//!
//! The only module with transcendental functions. `f64::exp` and its family differ between platforms and versions of
//! the standard library. These functions have the same bits everywhere: they use addition, subtraction, multiplication,
//! division and integer operations on bit patterns, in one written order, without fused operations. Each is within 2
//! ulp of the true value (measured in the tests against values rounded from 60 digits) and free of branches, so that a
//! loop over lanes becomes vector code. Constants and order of operations are part of the contract.

mod exp;
mod ln;
mod logistic;

pub use exp::exp;
pub use exp::exp_of_negative;
pub use ln::ln_1p_of_fraction;
pub use ln::{ln, ln_1p};
pub use logistic::{sigmoid, softplus};

/// The square root, correctly rounded as IEEE 754 demands.
#[must_use]
#[inline]
pub fn sqrt(x: f64) -> f64 {
    libm::sqrt(x)
}

/// The logarithm to base 10, `ln(x) · (1 / ln 10)`. Only for axes of figures, never for a stored number.
#[must_use]
#[inline]
pub fn log10(x: f64) -> f64 {
    ln(x) * core::f64::consts::LOG10_E
}

/// The sum of the values, from zero, in their order.
#[inline]
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut total = 0.0;
    for value in values {
        total += value;
    }
    total
}

/// The mean of the values: their sum in order, divided by their number; NaN for no values.
#[must_use]
#[inline]
pub fn mean(values: &[f64]) -> f64 {
    sum(values.iter().copied()) / values.len() as f64
}

#[cfg(test)]
mod tests;
