use std::collections::BTreeMap;

use super::{Interval, canonical, mean, sd, t_within};
use crate::{math, measure::Range};

/// The default level of confidence.
pub const CONFIDENCE: f64 = 0.95;

/// The smallest number of values for an interval of a mean.
pub const ENOUGH: usize = 5;

/// Computes intervals of means at a level of confidence.
///
/// For n values with mean m, standard deviation s and third central moment `μ₃ = (1/n) Σ (x - m)³`, the interval is
/// that of Student, shifted for skewed values: `m + μ₃ / (6 s² n) ± t s / √n`, with t of n - 1 degrees of freedom, see
/// [`t_within`].
///
/// Intervals are clipped to the [`Range`] of the values.
///
/// Both ends are NaN for fewer than [`ENOUGH`] values, for equal values, and if a value is not finite. In the first two
/// cases, [`outside`](super::outside) and [`unseen`](super::unseen) give exact bounds for further seeds.
///
/// **Limits.** No interval covers events that none of the runs has shown: `docs/intervals.md` gives the simulated
/// coverage.
///
/// Source: Johnson, "Modified t tests and confidence intervals for asymmetrical populations", Journal of the American
/// Statistical Association 73 (1978).
#[derive(Debug, Clone)]
pub struct Within {
    level: f64,
    quantiles: BTreeMap<usize, f64>,
}

impl Within {
    /// Creates intervals that contain the mean of all seeds in this share of studies.
    ///
    /// # Panics
    /// If the level is outside (0, 1).
    #[must_use]
    pub fn new(level: f64) -> Self {
        assert!(0.0 < level && level < 1.0, "the level of confidence must be above 0 and below 1, not {level}");
        Self { level, quantiles: BTreeMap::new() }
    }

    /// Computes the interval of the mean of these values, clipped to their range.
    pub fn mean(&mut self, values: &[f64], range: Range) -> Interval {
        let n = values.len();
        let same = values.iter().all(|value| *value == values[0]);
        if n < ENOUGH || same || values.iter().any(|value| !value.is_finite()) {
            return Interval::NONE;
        }
        let (m, s) = (mean(values), sd(values));
        let cubes = math::sum(values.iter().map(|x| (x - m) * (x - m) * (x - m)));
        let shift = cubes / n as f64 / (6.0 * (s * s) * n as f64);
        let t = *self.quantiles.entry(n).or_insert_with(|| t_within(n as u64 - 1, self.level));
        let half = t * s / math::sqrt(n as f64);
        let ends = [m + shift - half, m + shift + half].map(canonical);
        let [least, most] = range.ends();
        if ends.iter().all(|end| end.is_finite()) {
            Interval { low: ends[0].max(least), high: ends[1].min(most) }
        } else {
            Interval::NONE
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn within(values: &[f64]) -> Interval {
        Within::new(CONFIDENCE).mean(values, Range::Any)
    }

    #[test]
    fn value_stability() {
        let values: Vec<f64> = (0..30).map(|i| f64::from(i * i % 17)).collect();
        let Interval { low, high } = within(&values);
        assert_eq!(
            (low, high),
            (5.921259719762831, 10.213311749070517),
            "pinned: a change needs a new version of the statistics"
        );
    }

    #[test]
    fn symmetric_values_have_the_interval_of_student() {
        let Interval { low, high } = within(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        let half = 2.776_445_105_197_793_4 * (2.5_f64).sqrt() / (5.0_f64).sqrt();
        assert!((low - (3.0 - half)).abs() < 1e-6 && (high - (3.0 + half)).abs() < 1e-6, "{low} {high}");
    }

    #[test]
    fn the_interval_of_a_skewed_sample_is_shifted_by_the_equation_of_johnson() {
        let mut values = [0.0; 30];
        values[7] = 1.0;
        let (m, s2, mu3) = (1.0 / 30.0, 1.0 / 30.0, (29.0 + 29.0_f64 * 29.0 * 29.0) / (27_000.0 * 30.0));
        let mu3 = mu3 - 2.0 * 29.0 / (27_000.0 * 30.0);
        let Interval { low, high } = within(&values);
        assert!(((low + high) / 2.0 - (m + mu3 / (6.0 * s2 * 30.0))).abs() < 1e-12, "{low} {high}");
        let clipped = Within::new(CONFIDENCE).mean(&values, Range::Share);
        assert!(low < 0.0 && clipped.low == 0.0 && clipped.high == high);
    }

    #[test]
    fn few_equal_or_infinite_values_have_no_interval() {
        for values in [
            &[][..],
            &[1.0],
            &[1.0, 2.0, 3.0, 4.0],
            &[0.25; 30],
            &[0.0, -0.0, 0.0, 0.0, 0.0],
            &[1.0, 2.0, 3.0, 4.0, f64::INFINITY],
            &[1.0, 2.0, f64::NAN, 3.0, 4.0],
            &[0.0, 1e-200, 0.0, 0.0, 0.0],
            &[f64::MAX, f64::MAX, 0.0, 1.0, 2.0],
        ] {
            assert!(within(values).is_none(), "{values:?}");
        }
    }

    proptest! {
        #[test]
        fn the_mean_lies_within_and_more_confidence_is_wider(values in prop::collection::vec(-1e3..1e3_f64, 5..40)) {
            let (usual, wide) = (within(&values), Within::new(0.99).mean(&values, Range::Any));
            let m = mean(&values);
            prop_assert!(usual.low <= m && m <= usual.high, "{usual:?} {m}");
            prop_assert!(wide.low <= usual.low && usual.high <= wide.high);
        }
    }
}
