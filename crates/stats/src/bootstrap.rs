use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{canonical, quantile};
use crate::seed::{Draws, Seed, Stream};

/// The number of resamples of an interval.
pub const RESAMPLES: usize = 2000;

/// An interval that includes both ends; both are NaN for no interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// No interval: both ends are NaN.
    pub const NONE: Self = Self { low: f64::NAN, high: f64::NAN };

    /// Whether there is no interval.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.low.is_nan() || self.high.is_nan()
    }
}

/// Computes the 95 % percentile bootstrap interval of the mean.
///
/// [`RESAMPLES`] times, it draws as many values as there are, with replacement, and takes their [`mean`](super::mean)
/// in the order drawn; the ends are the [`quantile`]s 0.025 and 0.975 of these means. Every interval draws from the
/// beginning of the stream [`Stream::Bootstrap`] of seed 0, so it depends on its values alone.
///
/// Source: Efron and Tibshirani, "An introduction to the bootstrap" (1993), chapter 13.
#[must_use]
pub fn bootstrap_mean(values: &[f64]) -> Interval {
    bootstrap_means(&[values])[0]
}

/// Computes the interval of [`bootstrap_mean`] for every list.
///
/// It gives the same bits in less time: lists of one length share their draws and are summed in parallel, each in
/// order. Only part of the draws of long lists is in memory at a time.
///
/// # Panics
/// If the length of a list does not fit 32 bits.
#[must_use]
pub fn bootstrap_means(lists: &[&[f64]]) -> Vec<Interval> {
    let mut places: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut intervals = vec![Interval { low: f64::NAN, high: f64::NAN }; lists.len()];
    for (place, list) in lists.iter().enumerate() {
        match of_equal_values(list) {
            Some(interval) => intervals[place] = interval,
            None => places.entry(list.len()).or_default().push(place),
        }
    }
    for (n, places) in places.into_iter().filter(|(n, _)| *n > 0) {
        for places in places.chunks(SHARED_LISTS) {
            let chosen: Vec<_> = places.iter().map(|&place| lists[place]).collect();
            let found = of_equal_length(n, &chosen);
            places.iter().zip(found).for_each(|(&place, interval)| intervals[place] = interval);
        }
    }
    intervals
}

/// The interval of a list with one distinct value: every resample is the same, so nothing is drawn, and studies with a
/// single run a trial stay fast.
fn of_equal_values(list: &[f64]) -> Option<Interval> {
    let first = list.first()?.to_bits();
    if list.iter().any(|value| value.to_bits() != first) {
        return None;
    }
    let sum = list.iter().fold(0.0, |sum, value| sum + value);
    let means = [canonical(sum / list.len() as f64); RESAMPLES];
    Some(Interval { low: quantile(&means, 0.025), high: quantile(&means, 0.975) })
}

/// The lists that share one sequence of draws; their means take 16 MB.
const SHARED_LISTS: usize = 1024;

/// The draws in memory at a time: 4 MB.
const MAX_DRAWS: usize = 1 << 20;

/// The lists in a row.
const ROW_LISTS: usize = 4;

/// The resamples that are summed in parallel, so that additions do not wait for each other.
const PARALLEL: usize = 4;

type Row = [f64; ROW_LISTS];

fn of_equal_length(n: usize, lists: &[&[f64]]) -> Vec<Interval> {
    let below = u32::try_from(n).expect("a trial has far fewer than 2^32 runs");
    let mut resamplings: Vec<_> = lists.chunks(ROW_LISTS).map(|lists| Resampling::new(n, lists)).collect();
    let mut draws = Draws::new(Seed(0), Stream::Bootstrap);
    let mut left = RESAMPLES;
    while left > 0 {
        let resamples = (MAX_DRAWS / n).clamp(1, left);
        let indices: Vec<u32> = (0..resamples * n).map(|_| draws.below(below)).collect();
        resamplings.par_iter_mut().for_each(|resampling| resampling.take(&indices));
        left -= resamples;
    }
    let intervals: Vec<_> = resamplings.into_par_iter().map(Resampling::intervals).collect();
    intervals.into_iter().flatten().take(lists.len()).collect()
}

/// A row of lists, with the means of their resamples so far.
struct Resampling {
    rows: Vec<Row>,
    means: Vec<Row>,
}

impl Resampling {
    fn new(n: usize, lists: &[&[f64]]) -> Self {
        let value = |list: usize, i: usize| lists.get(list).map_or(0.0, |list| list[i]);
        Self { rows: (0..n).map(|i| std::array::from_fn(|list| value(list, i))).collect(), means: Vec::new() }
    }

    fn take(&mut self, indices: &[u32]) {
        let n = self.rows.len();
        let mut groups = indices.chunks_exact(PARALLEL * n);
        for indices in groups.by_ref() {
            self.means.extend(sums::<PARALLEL>(&self.rows, indices));
        }
        for indices in groups.remainder().chunks_exact(n) {
            self.means.extend(sums::<1>(&self.rows, indices));
        }
    }

    fn intervals(self) -> [Interval; ROW_LISTS] {
        let n = self.rows.len() as f64;
        std::array::from_fn(|list| interval(self.means.iter().map(|sums| canonical(sums[list] / n)).collect()))
    }
}

/// The sums of each list over each of `R` resamples, from zero in the order drawn. The loops use indices, since the dev
/// profile does not always inline iterators over arrays.
fn sums<const R: usize>(rows: &[Row], indices: &[u32]) -> [Row; R] {
    let n = rows.len();
    let resamples: [&[u32]; R] = std::array::from_fn(|r| &indices[r * n..][..n]);
    let mut sums = [[0.0; ROW_LISTS]; R];
    for i in 0..n {
        for r in 0..R {
            let row = rows[resamples[r][i] as usize];
            for list in 0..ROW_LISTS {
                sums[r][list] += row[list];
            }
        }
    }
    sums
}

/// The interval of the means of all resamples. The quantiles need only the ends in order.
fn interval(mut means: Vec<f64>) -> Interval {
    const END: usize = RESAMPLES / 40 + 2;
    means.select_nth_unstable_by(END, f64::total_cmp);
    means[..END].sort_unstable_by(f64::total_cmp);
    means[END..].select_nth_unstable_by(RESAMPLES - 2 * END, f64::total_cmp);
    means[RESAMPLES - END..].sort_unstable_by(f64::total_cmp);
    Interval { low: quantile(&means, 0.025), high: quantile(&means, 0.975) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn value_stability() {
        let values: Vec<f64> = (0..30).map(|i| f64::from(i * i % 17)).collect();
        let Interval { low, high } = bootstrap_mean(&values);
        assert_eq!(
            (low, high),
            (6.066666666666666, 10.166666666666666),
            "pinned: a change needs a new contract version"
        );
    }

    #[test]
    fn the_interval_has_the_width_of_theory() {
        let values: Vec<f64> = (0..200).map(|i| f64::from(i) / 199.0).collect();
        let Interval { low, high } = bootstrap_mean(&values);
        let expected = 2.0 * 1.96 * crate::sd(&values) / 200.0_f64.sqrt();
        assert!(((high - low) / expected - 1.0).abs() < 0.1, "{} against {expected}", high - low);
        assert!(low < 0.5 && 0.5 < high);
    }

    #[test]
    fn equal_values_need_no_draws_and_have_the_same_bits() {
        for value in [0.0, -0.0, 0.1, 1.0 / 3.0, -7.25, 1e300, 5e-324, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            for n in [1, 2, 3, 7, 30, 100] {
                let list = vec![value; n];
                let bits = |interval: Interval| [interval.low.to_bits(), interval.high.to_bits()];
                let drawn = of_equal_length(n, &[&list])[0];
                assert_eq!(of_equal_values(&list).map(bits), Some(bits(drawn)), "{n} times {value}");
            }
        }
        assert_eq!(of_equal_values(&[0.0, -0.0]), None);
        assert_eq!(of_equal_values(&[]), None);
    }

    #[test]
    fn few_or_infinite_values() {
        assert!(bootstrap_mean(&[]).low.is_nan());
        assert_eq!(bootstrap_mean(&[3.5]), Interval { low: 3.5, high: 3.5 });
        let diverged = bootstrap_mean(&[1.0, 1.0, 1.0, f64::INFINITY]);
        assert_eq!(diverged, Interval { low: 1.0, high: f64::INFINITY });
        assert_eq!(bootstrap_mean(&[f64::INFINITY; 3]).low, f64::INFINITY);
    }

    /// The definition, without shortcuts.
    fn literal(values: &[f64]) -> Interval {
        if values.is_empty() {
            return Interval { low: f64::NAN, high: f64::NAN };
        }
        let mut draws = Draws::new(Seed(0), Stream::Bootstrap);
        let n = values.len() as u32;
        let mut means: Vec<f64> = (0..RESAMPLES)
            .map(|_| {
                let drawn: Vec<f64> = values.iter().map(|_| values[draws.below(n) as usize]).collect();
                crate::mean(&drawn)
            })
            .collect();
        means.sort_by(f64::total_cmp);
        Interval { low: quantile(&means, 0.025), high: quantile(&means, 0.975) }
    }

    fn bits(interval: Interval) -> [u64; 2] {
        [interval.low.to_bits(), interval.high.to_bits()]
    }

    #[test]
    fn a_list_drawn_in_pieces_has_the_same_bits() {
        let values: Vec<f64> = (0..1500).map(|i| 1.0 / f64::from(i * i % 1009 + 3)).collect();
        let piece = MAX_DRAWS / values.len();
        assert!(
            piece < RESAMPLES && !piece.is_multiple_of(PARALLEL),
            "several pieces, none a multiple of the parallel resamples"
        );
        assert_eq!(bits(bootstrap_mean(&values)), bits(literal(&values)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn lists_together_have_the_bits_of_each_alone(
            lists in prop::collection::vec(
                prop::collection::vec(prop_oneof![9 => -1e3..1e3_f64, 1 => Just(f64::INFINITY), 1 => Just(-0.0)], 0..9),
                0..12,
            ),
        ) {
            let together = bootstrap_means(&lists.iter().map(Vec::as_slice).collect::<Vec<_>>());
            let alone: Vec<_> = lists.iter().map(|list| bits(literal(list))).collect();
            prop_assert_eq!(together.into_iter().map(bits).collect::<Vec<_>>(), alone);
        }

        #[test]
        fn the_interval_is_ordered_and_inside_the_values(values in prop::collection::vec(-1e3..1e3_f64, 1..20)) {
            let Interval { low, high } = bootstrap_mean(&values);
            let min = values.iter().copied().fold(f64::INFINITY, f64::min);
            let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(min - 1e-9 <= low && low <= high && high <= max + 1e-9);
        }
    }
}
