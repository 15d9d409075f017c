use super::{mean, quantile};
use crate::seed::{Draws, Seed, Stream};

/// How often an interval resamples its values.
pub const RESAMPLES: usize = 2000;

/// An interval, both ends included; both NaN when there were no values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The 95 % bootstrap interval of the mean, by percentiles.
///
/// [`RESAMPLES`] times, draw as many values as there are, with replacement, and take their [`mean`] in the order drawn; the
/// ends are the [`quantile`]s 0.025 and 0.975 of these means. Every interval draws from the beginning of the stream
/// [`Stream::Bootstrap`] of seed 0, so it depends on its values alone.
///
/// Source: Efron and Tibshirani, "An introduction to the bootstrap" (1993), chapter 13.
#[must_use]
pub fn bootstrap_mean(values: &[f64]) -> Interval {
    Resamples::new(values.len()).mean_interval(values)
}

/// The draws behind every interval of `n` values: since they are always the same, many intervals can share them.
#[derive(Debug, Clone)]
pub struct Resamples {
    n: usize,
    indices: Vec<u32>,
}

impl Resamples {
    /// Draws `RESAMPLES · n` indices below `n`, resample after resample.
    ///
    /// # Panics
    /// When `n` does not fit 32 bits.
    #[must_use]
    pub fn new(n: usize) -> Self {
        let below = u32::try_from(n).expect("a trial has far fewer than 2^32 runs");
        let mut draws = Draws::new(Seed(0), Stream::Bootstrap);
        Self { n, indices: (0..RESAMPLES * n).map(|_| draws.below(below)).collect() }
    }

    /// The interval of [`bootstrap_mean`].
    ///
    /// # Panics
    /// When there are not `n` values.
    #[must_use]
    pub fn mean_interval(&self, values: &[f64]) -> Interval {
        assert_eq!(values.len(), self.n, "resamples of another number of values");
        if values.is_empty() {
            return Interval { low: f64::NAN, high: f64::NAN };
        }
        let mut drawn = vec![0.0; self.n];
        let mut means: Vec<f64> = (self.indices.chunks_exact(self.n))
            .map(|indices| {
                drawn.iter_mut().zip(indices).for_each(|(value, &index)| *value = values[index as usize]);
                mean(&drawn)
            })
            .collect();
        means.sort_unstable_by(f64::total_cmp);
        Interval { low: quantile(&means, 0.025), high: quantile(&means, 0.975) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn value_stability() {
        let values: Vec<f64> = (0..30).map(|i| f64::from(i * i % 17)).collect();
        let Interval { low, high } = bootstrap_mean(&values);
        assert_eq!((low, high), (6.066666666666666, 10.166666666666666), "pinned: a change is a new contract version");
    }

    #[test]
    fn the_interval_has_the_width_of_theory() {
        let values: Vec<f64> = (0..200).map(|i| f64::from(i) / 199.0).collect();
        let Interval { low, high } = bootstrap_mean(&values);
        let expected = 2.0 * 1.96 * crate::stats::sd(&values) / 200.0_f64.sqrt();
        assert!(((high - low) / expected - 1.0).abs() < 0.1, "{} against {expected}", high - low);
        assert!(low < 0.5 && 0.5 < high);
    }

    #[test]
    fn few_or_infinite_values() {
        assert!(bootstrap_mean(&[]).low.is_nan());
        assert_eq!(bootstrap_mean(&[3.5]), Interval { low: 3.5, high: 3.5 });
        let diverged = bootstrap_mean(&[1.0, 1.0, 1.0, f64::INFINITY]);
        assert_eq!(diverged, Interval { low: 1.0, high: f64::INFINITY });
        assert_eq!(bootstrap_mean(&[f64::INFINITY; 3]).low, f64::INFINITY);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn the_interval_is_ordered_and_inside_the_values(values in prop::collection::vec(-1e3..1e3_f64, 1..20)) {
            let Interval { low, high } = bootstrap_mean(&values);
            let min = values.iter().copied().fold(f64::INFINITY, f64::min);
            let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(min - 1e-9 <= low && low <= high && high <= max + 1e-9);
        }
    }
}
