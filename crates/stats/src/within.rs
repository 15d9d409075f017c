use std::collections::BTreeMap;

use super::{Interval, canonical, mean, sd, t_within};
use crate::{math, measure::Range};

/// The level of confidence where nothing else is asked for.
pub const CONFIDENCE: f64 = 0.95;

/// Values that an interval of a mean needs at least.
pub const ENOUGH: usize = 5;

/// Intervals of means at a level of confidence.
///
/// For n values with mean m, standard deviation s and third central moment `μ₃ = (1/n) Σ (x - m)³`, the interval is that of Student, moved to
/// where skewed values have their mean: `m + μ₃ / (6 s² n) ± t s / √n`, with t of n - 1 degrees of freedom, see [`t_within`].
///
/// What lies in a [`Range`] has no end outside of it.
///
/// There is none, and both ends are NaN, of fewer than [`ENOUGH`] values, of values that are all the same and of values that are not all finite. Of the first
/// two, [`outside`](super::outside) and [`unseen`](super::unseen) say exactly what further seeds may do.
///
/// **Limits.** What none of the runs has shown, no interval covers: `docs/intervals.md` has how often the mean lies within, by simulation.
///
/// Source: Johnson, "Modified t tests and confidence intervals for asymmetrical populations", Journal of the American Statistical Association 73 (1978).
#[derive(Debug, Clone)]
pub struct Within {
    level: f64,
    known: BTreeMap<usize, f64>,
}

impl Within {
    /// Intervals that hold the mean of all seeds in this share of studies.
    ///
    /// # Panics
    /// For a level outside (0, 1).
    #[must_use]
    pub fn new(level: f64) -> Self {
        assert!(0.0 < level && level < 1.0, "a level of confidence is above 0 and below 1, not {level}");
        Self { level, known: BTreeMap::new() }
    }

    /// The interval of the mean of these values, which all lie in a range: so does the interval.
    pub fn mean(&mut self, values: &[f64], range: Range) -> Interval {
        let n = values.len();
        let same = values.iter().all(|value| *value == values[0]);
        if n < ENOUGH || same || values.iter().any(|value| !value.is_finite()) {
            return Interval::NONE;
        }
        let (m, s) = (mean(values), sd(values));
        let cubes = math::sum(values.iter().map(|x| (x - m) * (x - m) * (x - m)));
        let shift = cubes / n as f64 / (6.0 * (s * s) * n as f64);
        let t = *self.known.entry(n).or_insert_with(|| t_within(n as u64 - 1, self.level));
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
            "pinned: a change is a new version of the statistics"
        );
    }

    #[test]
    fn symmetric_values_have_the_interval_of_student() {
        let Interval { low, high } = within(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        let half = 2.776_445_105_197_793_4 * (2.5_f64).sqrt() / (5.0_f64).sqrt();
        assert!((low - (3.0 - half)).abs() < 1e-6 && (high - (3.0 + half)).abs() < 1e-6, "{low} {high}");
    }

    #[test]
    fn a_skewed_sample_has_its_interval_moved_as_johnson_says() {
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
    fn there_is_none_of_few_equal_or_infinite_values() {
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
