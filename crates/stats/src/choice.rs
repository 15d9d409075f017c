use std::{cmp::Ordering, collections::BTreeMap};

use rayon::prelude::*;

use super::{binomial_at_most, mean, signed_rank};
use crate::{measure::Direction, seed::Seed};

/// The largest probability of naming a best trial where no trial is the best.
pub const LEVEL: f64 = 0.05;

/// The best of several trials, as far as their values show one.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The number of trials with a mean.
    pub of: usize,
    /// The number of trials without a mean: all their runs failed, or a run did not report the deciding measurement.
    pub without: usize,
    /// The trial with the best mean; the first of equal ones.
    pub leader: usize,
    /// The mean of the leader.
    pub mean: f64,
    /// The leader, and the trials with the same values under the same seeds.
    pub equals: Vec<usize>,
    /// The trials that are shown to be worse than the leader.
    pub worse: Vec<usize>,
    /// All other trials: those not shown to be worse than the leader.
    pub unsure: Vec<usize>,
    /// The largest corrected p-value among `worse`; 0 if it is empty.
    pub p: f64,
    /// The number of seeds of the leader.
    pub leader_seeds: usize,
    /// The fewest and the most seeds that the leader shares with another trial; the seeds of a single trial.
    pub seeds: [usize; 2],
    /// The comparison of the leader with a constant classifier, where one is known.
    pub constant: Option<Beyond>,
}

/// A constant classifier: it predicts the same class for every point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Constant {
    /// The number of points that it misclassifies.
    pub wrong: u64,
    /// The number of all points.
    pub points: u64,
    /// The number of points on which the error of a run is measured.
    pub seen: u64,
    /// Whether every run is measured on the same points.
    pub fixed: bool,
    /// Whether every run draws or divides its points again.
    pub divided: bool,
}

/// The comparison of the leader with a constant classifier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beyond {
    /// The constant classifier.
    pub constant: Constant,
    /// The mean number of points that the leader misclassifies.
    pub wrong: f64,
    /// Whether these are fewer than those of the constant classifier, compared in counts.
    pub fewer: bool,
    /// The probability that a classifier no better than the constant one misclassifies at most this many points, times
    /// the number of trials.
    pub p: f64,
    /// Whether the leader is shown to be better than the constant classifier.
    pub beaten: bool,
}

/// Whether a best trial is named, and the reason if not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// One trial is better than all others.
    Best,
    /// Several trials have the same values under every seed, and are better than all others.
    Set,
    /// Only one trial has values.
    Single,
    /// All trials have the same values under every seed.
    Equal,
    /// No trial is shown to be better than a constant classifier.
    NotBeyondConstant,
    /// There are too few seeds: no values could name a best trial.
    TooFewSeeds {
        /// The number of seeds from which a best trial could be named.
        needed: usize,
    },
    /// Some trials are not shown to be worse than the leader.
    Unsure,
}

impl Choice {
    /// Returns the finding.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let needed = seeds_needed(self.of.saturating_sub(1));
        match self {
            Self { of: 1, .. } => Finding::Single,
            Self { constant: Some(Beyond { beaten: false, .. }), .. } => Finding::NotBeyondConstant,
            _ if self.equals.len() == self.of => Finding::Equal,
            _ if self.unsure.is_empty() && self.equals.len() == 1 => Finding::Best,
            _ if self.unsure.is_empty() => Finding::Set,
            _ if self.leader_seeds < needed => Finding::TooFewSeeds { needed },
            _ => Finding::Unsure,
        }
    }

    /// Returns the best trial, if one is named.
    #[must_use]
    pub fn best(&self) -> Option<usize> {
        (self.finding() == Finding::Best).then_some(self.leader)
    }
}

/// Returns the number of seeds from which the best of `others` + 1 trials could be named: if it wins under each of n
/// seeds, its p-values are 2/2ⁿ each.
#[must_use]
pub fn seeds_needed(others: usize) -> usize {
    let mut n = 1;
    let mut p = 1.0;
    while p > LEVEL / others.max(1) as f64 {
        n += 1;
        p /= 2.0;
    }
    n
}

/// Returns the trials with the best means, the best first; equal means keep their order, and trials without a mean are
/// last.
///
/// The selection is not a finding: it may be chance in these seeds. [`choose_among`] then decides under other seeds.
#[must_use]
pub fn best(trials: &[BTreeMap<Seed, f64>], better: Direction, count: usize) -> Vec<usize> {
    let means = trials.iter().map(|values| mean(&values.values().copied().collect::<Vec<_>>()));
    let mut ranked: Vec<_> = means.map(|mean| (mean.is_nan(), better.rank(mean))).enumerate().collect();
    ranked.sort_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(if a.0 { Ordering::Equal } else { a.1.total_cmp(&b.1) }));
    ranked.into_iter().take(count).map(|(place, _)| place).collect()
}

/// Decides whether one of several trials is the best, from their values by seed. All statements about a best trial come
/// from this function.
///
/// The leader is the trial with the best mean. It is compared with every other trial over their shared seeds, by the
/// two-sided [`signed_rank`] test; a comparison in which the leader does not have the larger ranks has p = 1. The
/// p-values are corrected by the step-down method of Holm for all `of - 1` comparisons: sorted ascending, the i-th
/// (from 0) must not exceed `0.05 / (of - 1 - i)`, and the first that does ends the procedure. Trials equal to the
/// leader, with the same seeds and values, count as one with it. A best trial is named only if all others are shown to
/// be worse: to be wrong, the comparison with the truly best trial must be wrong.
///
/// The leader must also beat a constant classifier: with `w` of `seen` points misclassified (the mean, rounded up), `of
/// · P(X ≤ w) ≤ 0.025`, where X is binomial with the error of the constant classifier ([`binomial_at_most`]). The
/// number of points decides, not the number of seeds: all seeds share the points, and more seeds do not remove chance
/// in the points.
///
/// Trials without a mean are excluded and counted separately. **Limits.** Failed runs have no values: a trial is
/// compared on its finished seeds. The finding is about further seeds on data like these; if all runs share their
/// points, it is about these points. Seeds are assumed to be independent.
///
/// Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6
/// (1979); on choosing the best, Hsu, "Multiple comparisons" (1996), chapter 4.
#[must_use]
pub fn choose(trials: &[BTreeMap<Seed, f64>], better: Direction, constant: Option<Constant>) -> Option<Choice> {
    choose_among(trials, better, constant, 0)
}

/// Like [`choose`], for trials that are the [`best`] of `of`, under seeds that were not used to select them. The
/// comparisons are corrected for these trials only, since no other trial ran under these seeds. The points of the data
/// are the same as in the selection, so the comparison with a constant classifier is corrected for all: `of · P(X ≤ w)
/// ≤ 0.025`.
#[must_use]
pub fn choose_among(
    trials: &[BTreeMap<Seed, f64>],
    better: Direction,
    constant: Option<Constant>,
    of: usize,
) -> Option<Choice> {
    let means: Vec<f64> = trials.iter().map(|values| mean(&values.values().copied().collect::<Vec<_>>())).collect();
    let known: Vec<usize> = (0..trials.len()).filter(|&place| !means[place].is_nan()).collect();
    let leader = known.iter().copied().min_by(|&a, &b| better.rank(means[a]).total_cmp(&better.rank(means[b])))?;
    let leader_values = &trials[leader];
    let (equals, others): (Vec<usize>, Vec<usize>) =
        known.iter().copied().partition(|place| same(&trials[*place], leader_values));
    let compare = |&place: &usize| {
        let pairs = leader_values.iter().filter_map(|(seed, &a)| Some((a, *trials[place].get(seed)?)));
        let ahead: Vec<f64> = pairs.map(|(a, b)| ahead(a, b, better)).collect();
        let found = signed_rank(&ahead);
        (if found.side == Ordering::Greater { found.p } else { 1.0 }, place, ahead.len())
    };
    let found: Vec<_> = others.par_iter().map(compare).collect();
    let pairs = || found.iter().map(|(.., pairs)| *pairs);
    let seeds = [pairs().min().unwrap_or(leader_values.len()), pairs().max().unwrap_or(leader_values.len())];
    let mut compared: Vec<(f64, usize)> = found.into_iter().map(|(p, place, _)| (p, place)).collect();
    compared.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let all = known.len() - 1;
    let (mut worse, mut largest) = (Vec::new(), 0.0_f64);
    for (done, &(p, place)) in compared.iter().enumerate() {
        let corrected = (p * (all - done) as f64).min(1.0).max(largest);
        if corrected > LEVEL {
            break;
        }
        largest = corrected;
        worse.push(place);
    }
    let mut unsure: Vec<usize> = compared[worse.len()..].iter().map(|(_, place)| *place).collect();
    worse.sort_unstable();
    unsure.sort_unstable();
    Some(Choice {
        of: known.len(),
        without: trials.len() - known.len(),
        leader,
        mean: means[leader],
        equals,
        worse,
        unsure,
        p: largest,
        leader_seeds: leader_values.len(),
        seeds,
        constant: constant.map(|constant| beyond(constant, leader_values, known.len().max(of))),
    })
}

/// By how much the first is better; equal values, also infinite ones, are a tie.
fn ahead(a: f64, b: f64, better: Direction) -> f64 {
    match better {
        _ if a == b => 0.0,
        Direction::Lower => b - a,
        Direction::Higher => a - b,
    }
}

fn same(a: &BTreeMap<Seed, f64>, b: &BTreeMap<Seed, f64>) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|((s, x), (t, y))| s == t && x == y)
}

fn beyond(constant: Constant, values: &BTreeMap<Seed, f64>, of: usize) -> Beyond {
    let Constant { wrong, points, seen, .. } = constant;
    let counts = values.values().map(|share| (share.min(1.0) * seen as f64).round());
    let total = counts.fold(0_u64, |total, count| total.saturating_add(count as u64));
    let runs = (values.len() as u64).max(1);
    let p = (of as f64 * binomial_at_most(total.div_ceil(runs), seen, wrong, points)).min(1.0);
    // In counts: total / (runs seen) < wrong / points.
    let [total_of, runs_of, seen_of] = [total, runs, seen].map(u128::from);
    let fewer = total_of * u128::from(points) < u128::from(wrong) * seen_of * runs_of;
    Beyond { constant, wrong: total as f64 / runs as f64, fewer, p, beaten: fewer && p <= LEVEL / 2.0 }
}

#[cfg(test)]
mod tests;
