use std::collections::BTreeMap;

use super::{CONFIDENCE, Interval, Within, mean};
use crate::{
    measure::{Direction, Range},
    seed::Seed,
};

/// The differences between two trials under the same seeds.
///
/// Runs of one seed share initial parameters and the order of examples, so their difference varies less than the
/// difference of two means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// The number of pairs: the seeds that both trials have.
    pub n: usize,
    /// The mean of the differences, first minus second; NaN without pairs.
    pub difference: f64,
    /// The interval of that mean, see [`Within`].
    pub interval: Interval,
    /// The number of pairs in which the first is better.
    pub wins: usize,
    /// The number of pairs in which the second is better.
    pub losses: usize,
    /// The number of equal pairs.
    pub ties: usize,
}

/// Compares two trials over their shared seeds, in ascending order of seed.
///
/// The difference of a pair is `a - b`, and 0 for equal values: two diverged runs are a tie. `better` says which values
/// are better.
#[must_use]
pub fn paired(a: &BTreeMap<Seed, f64>, b: &BTreeMap<Seed, f64>, better: Direction) -> Paired {
    paired_at(a, b, better, CONFIDENCE)
}

/// Like [`paired`], with an interval at another level of confidence.
#[must_use]
pub fn paired_at(a: &BTreeMap<Seed, f64>, b: &BTreeMap<Seed, f64>, better: Direction, confidence: f64) -> Paired {
    let pairs = a.iter().filter_map(|(seed, &a)| b.get(seed).map(|&b| (a, b)));
    let differences: Vec<f64> = pairs.map(|(a, b)| if a == b { 0.0 } else { a - b }).collect();
    let below = differences.iter().filter(|difference| **difference < 0.0).count();
    let above = differences.iter().filter(|difference| **difference > 0.0).count();
    let (wins, losses) = match better {
        Direction::Lower => (below, above),
        Direction::Higher => (above, below),
    };
    Paired {
        n: differences.len(),
        difference: mean(&differences),
        interval: Within::new(confidence).mean(&differences, Range::Any),
        wins,
        losses,
        ties: differences.len() - below - above,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(values: &[(u64, f64)]) -> BTreeMap<Seed, f64> {
        values.iter().map(|&(seed, value)| (Seed(seed), value)).collect()
    }

    #[test]
    fn only_shared_seeds_count() {
        let a = trial(&[(0, 0.1), (1, 0.5), (2, 0.3), (9, 100.0)]);
        let b = trial(&[(0, 0.2), (1, 0.5), (2, 0.1), (7, -100.0)]);
        let lower = paired(&a, &b, Direction::Lower);
        assert_eq!((lower.n, lower.wins, lower.losses, lower.ties), (3, 1, 1, 1));
        assert!((lower.difference - 0.1 / 3.0).abs() < 1e-12);
        assert!(lower.interval.is_none(), "three pairs have no interval");
    }

    #[test]
    fn the_direction_decides_who_wins() {
        let (a, b) = (trial(&[(0, 1.0), (1, 2.0)]), trial(&[(0, 0.0), (1, 0.0)]));
        assert_eq!(paired(&a, &b, Direction::Lower).losses, 2);
        assert_eq!(paired(&a, &b, Direction::Higher).wins, 2);
    }

    #[test]
    fn two_diverged_runs_are_a_tie_and_no_pairs_are_undefined() {
        let both = trial(&[(0, f64::INFINITY)]);
        let tie = paired(&both, &both, Direction::Lower);
        assert_eq!((tie.ties, tie.difference), (1, 0.0));
        assert!(paired(&both, &trial(&[]), Direction::Lower).difference.is_nan());
    }
}
