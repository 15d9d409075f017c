use std::{cmp::Ordering, collections::BTreeMap};

use rayon::prelude::*;

use super::{binomial_at_most, mean, signed_rank};
use crate::{measure::Direction, seed::Seed};

/// How often at most a best trial may be named where none is.
pub const LEVEL: f64 = 0.05;

/// What can be said of the best of several trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// How many trials have a mean.
    pub of: usize,
    /// How many have none: all their runs failed, or one did not tell what decides.
    pub without: usize,
    /// The trial with the best mean, the first of several.
    pub leader: usize,
    /// Its mean.
    pub mean: f64,
    /// Trials with the same values under the same seeds: the leader, and what cannot be distinguished from it by any run.
    pub equals: Vec<usize>,
    /// Trials that the leader is shown to be better than.
    pub worse: Vec<usize>,
    /// All others: what is not told apart from the leader.
    pub unsure: Vec<usize>,
    /// The largest corrected p-value among `worse`; 0 where there are none.
    pub p: f64,
    /// The number of seeds of the leader.
    pub own: usize,
    /// The fewest and the most seeds that it shares with another trial; of a single trial, its own.
    pub seeds: [usize; 2],
    /// How the leader stands to a constant answer, where one is known.
    pub constant: Option<Beyond>,
}

/// An answer that knows nothing: the same for every point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Constant {
    /// On how many points it errs.
    pub wrong: u64,
    /// Of how many.
    pub points: u64,
    /// On how many of such points the error of one run is measured.
    pub seen: u64,
    /// Whether these are the same points for every run.
    pub fixed: bool,
    /// Whether every run draws its points anew, or divides them anew.
    pub divided: bool,
}

/// How the leader stands to a constant answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beyond {
    /// The constant answer.
    pub constant: Constant,
    /// On how many points the leader errs, on average over its runs.
    pub wrong: f64,
    /// Whether these are fewer than those of the constant answer, in counts.
    pub fewer: bool,
    /// The chance that an answer no better than the constant one errs on so few points, times the number of trials.
    pub p: f64,
    /// Whether the leader is shown to be better.
    pub beaten: bool,
}

/// Why no best trial is named, or that one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// One trial is better than all others.
    Best,
    /// Several trials have the same values under every seed, and are better than all others.
    Set,
    /// There is only one trial, or only one with values.
    Single,
    /// All trials have the same values under every seed.
    Equal,
    /// No trial is shown to be better than an answer that knows nothing.
    NotBeyondConstant,
    /// So few seeds that no result could name a best trial.
    TooFewSeeds {
        /// The number of seeds from which one could.
        needed: usize,
    },
    /// Some trials are not told apart from the one with the best mean.
    Unsure,
}

impl Choice {
    /// What is to be said.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let needed = seeds_needed(self.of.saturating_sub(1));
        match self {
            Self { of: 1, .. } => Finding::Single,
            Self { constant: Some(Beyond { beaten: false, .. }), .. } => Finding::NotBeyondConstant,
            _ if self.equals.len() == self.of => Finding::Equal,
            _ if self.unsure.is_empty() && self.equals.len() == 1 => Finding::Best,
            _ if self.unsure.is_empty() => Finding::Set,
            _ if self.own < needed => Finding::TooFewSeeds { needed },
            _ => Finding::Unsure,
        }
    }

    /// The best trial, if one is to be named.
    #[must_use]
    pub fn best(&self) -> Option<usize> {
        (self.finding() == Finding::Best).then_some(self.leader)
    }
}

/// The number of seeds from which a best one of `others` + 1 trials could be named: where it wins under every seed, its p-values are 2/2ⁿ each.
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

/// The trials with the best means, best first: of equal means the one that comes first, and those without a mean last.
///
/// That a trial is among them is no finding: it may be luck of these seeds. [`choose_among`] then decides under others.
#[must_use]
pub fn best(trials: &[BTreeMap<Seed, f64>], better: Direction, count: usize) -> Vec<usize> {
    let means = trials.iter().map(|values| mean(&values.values().copied().collect::<Vec<_>>()));
    let mut ranked: Vec<_> = means.map(|mean| (mean.is_nan(), better.rank(mean))).enumerate().collect();
    ranked.sort_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(if a.0 { Ordering::Equal } else { a.1.total_cmp(&b.1) }));
    ranked.into_iter().take(count).map(|(place, _)| place).collect()
}

/// Chooses among trials, given their values by seed: the one function that decides what is said of a best trial.
///
/// The leader is the trial with the best mean. It is compared with every other trial over the seeds that both have, by the
/// [`signed_rank`] test, two-sided, where a comparison whose larger ranks are not on the side of the leader has p = 1. The p-values are corrected by
/// the step-down method of Holm for all `of - 1` comparisons: sorted ascending, the i-th (from 0) must not be above `0.05 / (of - 1 - i)`, and the first
/// that is ends it. Trials equal to the leader under every seed, with the same seeds, are one with it. A best trial is named only if all others
/// are shown to be worse: then it would have to be luck in the very comparison with the trial that is truly the best.
///
/// A constant answer must be beaten, too: with the leader wrong on `w` of `seen` points (its mean, rounded up), `of · P(X ≤ w) ≤ 0.025`, where X is
/// binomial with the share that the constant answer gets wrong ([`binomial_at_most`]). The points, not the seeds, decide there: seeds all see the same
/// points, and a hundred of them cannot make a chance of these points go away.
///
/// Trials without a mean take no part, and are counted apart. **Limits.** Runs that failed are not among the values: a trial is compared on the seeds that
/// it finished. It says what holds for further seeds on data like these; where all runs share their points, it holds for these points. It takes seeds as
/// independent of each other.
///
/// Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979); on choosing the best, Hsu,
/// "Multiple comparisons" (1996), chapter 4.
#[must_use]
pub fn choose(trials: &[BTreeMap<Seed, f64>], better: Direction, constant: Option<Constant>) -> Option<Choice> {
    choose_among(trials, better, constant, 0)
}

/// The same where these trials are the [`best`] of `of`, under seeds that this first choice has not seen. Comparisons are corrected for the trials that are
/// compared here: under these seeds no other was. The points of the data are those by which the trials were chosen, so that a constant answer
/// must be beaten as by the luckiest of all: `of · P(X ≤ w) ≤ 0.025`.
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
    let own = &trials[leader];
    let (equals, others): (Vec<usize>, Vec<usize>) =
        known.iter().copied().partition(|place| same(&trials[*place], own));
    let compare = |&place: &usize| {
        let pairs = own.iter().filter_map(|(seed, &a)| Some((a, *trials[place].get(seed)?)));
        let ahead: Vec<f64> = pairs.map(|(a, b)| ahead(a, b, better)).collect();
        let found = signed_rank(&ahead);
        (if found.side == Ordering::Greater { found.p } else { 1.0 }, place, ahead.len())
    };
    let found: Vec<_> = others.par_iter().map(compare).collect();
    let pairs = || found.iter().map(|(.., pairs)| *pairs);
    let seeds = [pairs().min().unwrap_or(own.len()), pairs().max().unwrap_or(own.len())];
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
        own: own.len(),
        seeds,
        constant: constant.map(|constant| beyond(constant, own, known.len().max(of))),
    })
}

/// By how much the first is better; two equal values, infinite ones too, are a tie.
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
