use super::canonical;
use crate::math;

/// The arithmetic mean `(x₁ + ... + xₙ) / n`, summed from zero in the given order; NaN for no values.
#[must_use]
#[inline]
pub fn mean(values: &[f64]) -> f64 {
    canonical(math::mean(values))
}

/// The standard deviation `√( Σ (xᵢ - x̄)² / (n - 1) )` of a sample, in two passes in the given order.
///
/// NaN for fewer than two values, and if a value is infinite.
#[must_use]
#[inline]
pub fn sd(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return f64::NAN;
    }
    let center = mean(values);
    let squares = math::sum(values.iter().map(|value| (value - center) * (value - center)));
    canonical(math::sqrt(squares / (values.len() - 1) as f64))
}

/// Sorts the values in ascending order, -0 before +0.
#[must_use]
#[inline]
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The quantile `q` in [0, 1] of values that are already [`sorted`], by linear interpolation between order statistics.
///
/// With the values `x₀ ≤ ... ≤ xₙ₋₁`: `p = (n - 1) q`, `i = ⌊p⌋`, `f = p - i`; the quantile is `xᵢ` if `f = 0` or `xᵢ`
/// is infinite, otherwise `xᵢ + f (xᵢ₊₁ - xᵢ)`. NaN for no values.
///
/// Source: type 7 of Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996);
/// the default of NumPy and R.
#[must_use]
#[inline]
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = last as f64 * q.clamp(0.0, 1.0);
    let index = place as usize;
    let (low, share) = (sorted[index], place - index as f64);
    if share == 0.0 || low.is_infinite() { low } else { low + share * (sorted[index + 1] - low) }
}

/// The smallest and the largest value; NaN for no values, or if one is NaN.
#[must_use]
pub fn range(values: &[f64]) -> [f64; 2] {
    let ascending = sorted(values);
    match (ascending.first(), ascending.last()) {
        (Some(first), Some(last)) if !values.iter().any(|value| value.is_nan()) => [*first, *last],
        _ => [f64::NAN; 2],
    }
}

/// The median: the [`quantile`] at one half; NaN for no values.
#[must_use]
#[inline]
pub fn median(values: &[f64]) -> f64 {
    quantile(&sorted(values), 0.5)
}

/// The interquartile mean: the mean of the middle half, which values in the tails do not affect.
///
/// Spread the sorted value `xᵢ` over the interval `[i, i + 1]`; the interquartile mean is the average over `[n/4,
/// 3n/4]`, so a value at the border counts with its share inside. In quarters, which are whole numbers: `cᵢ = max(0,
/// min(4i + 4, 3n) - max(4i, n))`, and the interquartile mean is `Σ cᵢ xᵢ / (2n)`, summed from zero in ascending order
/// over the values with `cᵢ > 0`. NaN for no values.
///
/// Source of its use: Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", NeurIPS
/// 2021.
#[must_use]
pub fn iqm(values: &[f64]) -> f64 {
    let n = values.len();
    let weighted = sorted(values).into_iter().enumerate().filter_map(|(i, value)| {
        let quarters = (4 * i + 4).min(3 * n).saturating_sub((4 * i).max(n));
        (quarters > 0).then_some(quarters as f64 * value)
    });
    canonical(math::sum(weighted) / (2 * n) as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CANONICAL_NAN: u64 = 0x7ff8_0000_0000_0000;

    fn values() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(-1e3..1e3_f64, 1..40)
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-9
    }

    #[test]
    fn known_values() {
        let values = [3.0, 1.0, 2.0, 10.0];
        assert_eq!(mean(&values), 4.0);
        assert_eq!(sd(&values), (50.0_f64 / 3.0).sqrt());
        assert_eq!(median(&values), 2.5);
        assert_eq!(iqm(&values), 2.5);
        let ordered = sorted(&values);
        assert_eq!([0.0, 0.25, 0.5, 0.75, 1.0].map(|q| quantile(&ordered, q)), [1.0, 1.75, 2.5, 4.75, 10.0]);
    }

    #[test]
    fn values_at_the_border_of_the_middle_half_count_in_part() {
        assert_eq!(iqm(&[7.0]), 7.0);
        assert_eq!(iqm(&[0.0, 1.0]), 0.5);
        assert_eq!(iqm(&[0.0, 1.0, 5.0]), (0.25 * 0.0 + 1.0 + 0.25 * 5.0) / 1.5);
        assert_eq!(iqm(&[0.0, 10.0, 20.0, 30.0, 100.0]), (0.75 * 10.0 + 20.0 + 0.75 * 30.0) / 2.5);
        assert_eq!(iqm(&[9.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, -9.0]), (1.0 + 2.0 + 3.0 + 4.0) / 4.0);
    }

    #[test]
    fn undefined_is_one_nan() {
        let nothing: [f64; 0] = [];
        let undefined =
            [mean(&nothing), sd(&nothing), sd(&[1.0]), median(&nothing), iqm(&nothing), sd(&[1.0, f64::INFINITY])];
        assert!(undefined.iter().all(|value| value.to_bits() == CANONICAL_NAN), "{undefined:?}");
    }

    #[test]
    fn a_diverged_run_affects_the_mean_but_not_the_middle() {
        let values = [0.1, f64::INFINITY, 0.2, 0.3, 0.4];
        assert_eq!(mean(&values), f64::INFINITY);
        assert_eq!(median(&values), 0.3);
        assert!(iqm(&values).is_finite());
        assert_eq!(median(&[f64::INFINITY; 4]), f64::INFINITY);
        assert_eq!(median(&[0.0, f64::INFINITY]), f64::INFINITY);
    }

    proptest! {
        #[test]
        fn every_location_lies_between_the_extremes(values in values()) {
            let ordered = sorted(&values);
            let (low, high) = (ordered[0] - 1e-9, ordered[ordered.len() - 1] + 1e-9);
            for location in [mean(&values), median(&values), iqm(&values)] {
                prop_assert!((low..=high).contains(&location));
            }
        }

        #[test]
        fn all_are_equivariant_under_shift_and_scale(values in values(), shift in -10.0..10.0_f64, scale in 0.1..10.0_f64) {
            let moved: Vec<f64> = values.iter().map(|value| scale * value + shift).collect();
            for location in [mean, median, iqm] {
                prop_assert!(close(location(&moved), scale * location(&values) + shift));
            }
            prop_assert!(values.len() < 2 || close(sd(&moved), scale * sd(&values)));
        }

        #[test]
        fn quantiles_never_descend(values in values(), a in 0.0..=1.0_f64, b in 0.0..=1.0_f64) {
            let ordered = sorted(&values);
            prop_assert!(quantile(&ordered, a.min(b)) <= quantile(&ordered, a.max(b)) + 1e-9);
        }

        #[test]
        fn median_and_middle_do_not_depend_on_the_order(mut values in values()) {
            let before = [median(&values), iqm(&values)];
            values.reverse();
            prop_assert_eq!(before, [median(&values), iqm(&values)]);
        }

        #[test]
        fn the_middle_half_of_four_n_values_is_a_plain_mean(values in prop::collection::vec(-1e3..1e3_f64, 4)) {
            prop_assert!(close(iqm(&values), mean(&sorted(&values)[1..3])));
        }
    }
}
