use std::{cmp::Ordering, collections::BTreeMap};

use rayon::prelude::*;

use super::{binomial_at_most, mean, signed_rank};
use crate::{measure::Direction, seed::Seed};

/// How often at most a best trial may be named where none is.
pub const LEVEL: f64 = 0.05;

/// What can be said of the best of several trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// How many trials have values.
    pub of: usize,
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
    /// The fewest seeds that the leader shares with another trial; of a single trial, its own.
    pub seeds: usize,
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
}

/// How the leader stands to a constant answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beyond {
    /// The constant answer.
    pub constant: Constant,
    /// On how many points the leader errs, on average over its runs and rounded up.
    pub wrong: u64,
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
            _ if self.seeds < needed => Finding::TooFewSeeds { needed },
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
/// **Limits.** It says what holds for further seeds on data like these; where all runs share their points, it holds for these points. It takes seeds as
/// independent of each other.
///
/// Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979); on choosing the best, Hsu,
/// "Multiple comparisons" (1996), chapter 4.
#[must_use]
pub fn choose(trials: &[BTreeMap<Seed, f64>], better: Direction, constant: Option<Constant>) -> Option<Choice> {
    let means: Vec<f64> = trials.iter().map(|values| mean(&values.values().copied().collect::<Vec<_>>())).collect();
    let known: Vec<usize> = (0..trials.len()).filter(|&place| !means[place].is_nan()).collect();
    let leader = known.iter().copied().min_by(|&a, &b| better.rank(means[a]).total_cmp(&better.rank(means[b])))?;
    let own = &trials[leader];
    let (equals, others): (Vec<usize>, Vec<usize>) =
        known.iter().copied().partition(|place| same(&trials[*place], own));
    let mut seeds = own.len();
    let compare = |&place: &usize| {
        let pairs = own.iter().filter_map(|(seed, &a)| Some((a, *trials[place].get(seed)?)));
        let ahead: Vec<f64> = pairs.map(|(a, b)| ahead(a, b, better)).collect();
        let found = signed_rank(&ahead);
        (if found.side == Ordering::Greater { found.p } else { 1.0 }, place, ahead.len())
    };
    let found: Vec<_> = others.par_iter().map(compare).collect();
    seeds = found.iter().map(|(.., pairs)| *pairs).fold(seeds, usize::min);
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
        leader,
        mean: means[leader],
        equals,
        worse,
        unsure,
        p: largest,
        seeds,
        constant: constant.map(|constant| beyond(constant, own, known.len())),
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
    a.len() == b.len() && a.iter().zip(b).all(|((s, x), (t, y))| s == t && (x == y || x.is_nan() && y.is_nan()))
}

fn beyond(constant: Constant, values: &BTreeMap<Seed, f64>, of: usize) -> Beyond {
    let Constant { wrong, points, seen } = constant;
    let counts = values.values().map(|share| (share * seen as f64).round());
    let total = counts.fold(0_u64, |total, count| total.saturating_add(count as u64));
    let errs = total.div_ceil((values.len() as u64).max(1));
    let p = (of as f64 * binomial_at_most(errs, seen, wrong, points)).min(1.0);
    // In counts: errs / seen < wrong / points.
    let fewer = u128::from(errs) * u128::from(points) < u128::from(wrong) * u128::from(seen);
    Beyond { constant, wrong: errs, p, beaten: fewer && p <= LEVEL / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Draws, Stream};

    fn trial(values: &[f64]) -> BTreeMap<Seed, f64> {
        (0..).map(Seed).zip(values.iter().copied()).collect()
    }

    fn of(trials: &[Vec<f64>]) -> Choice {
        let trials: Vec<_> = trials.iter().map(|values| trial(values)).collect();
        choose(&trials, Direction::Lower, None).unwrap()
    }

    #[test]
    fn a_trial_that_always_wins_is_the_best_from_enough_seeds_on() {
        let far = |n: usize| of(&[vec![1.0; n], (0..n).map(|i| i as f64 / 100.0).collect()]);
        assert_eq!(far(5).finding(), Finding::TooFewSeeds { needed: 6 });
        assert_eq!((far(6).finding(), far(6).best()), (Finding::Best, Some(1)));
        assert_eq!([1, 2, 5, 31].map(seeds_needed), [6, 7, 8, 11]);
        // Six seeds name the better of two, and no best one of three.
        let three = |n: usize| of(&[vec![1.0; n], vec![0.0; n], vec![2.0; n]]);
        assert_eq!(three(6).finding(), Finding::TooFewSeeds { needed: 7 });
        assert_eq!(three(7).best(), Some(1));
    }

    #[test]
    fn ties_are_one() {
        let n = 10;
        let set = of(&[vec![1.0; n], vec![0.0; n], vec![0.0; n]]);
        assert_eq!((set.finding(), set.equals.as_slice(), set.worse.as_slice()), (Finding::Set, &[1, 2][..], &[0][..]));
        assert_eq!(of(&[vec![0.5; n], vec![0.5; n]]).finding(), Finding::Equal);
        assert_eq!(of(&[vec![0.5; n], vec![]]).finding(), Finding::Single);
        assert_eq!(choose(&[], Direction::Lower, None), None);
        assert_eq!(choose(&[trial(&[])], Direction::Lower, None), None);
    }

    #[test]
    fn a_better_mean_that_loses_most_seeds_is_not_the_best() {
        // Better by a little under 27 seeds, far worse under three.
        let often = (0..30).map(|i| if i < 3 { 1.0 } else { 0.09 }).collect();
        let steady = (0..30).map(|_| 0.1).collect();
        let choice = of(&[often, steady]);
        assert_eq!((choice.leader, choice.finding()), (1, Finding::Unsure));
    }

    #[test]
    fn infinite_values_are_the_worst_of_all() {
        let mut diverged = vec![0.0; 12];
        diverged[..7].fill(f64::INFINITY);
        let choice = of(&[diverged, vec![0.5; 12]]);
        assert_eq!((choice.leader, choice.finding()), (1, Finding::Unsure));
        let choice = of(&[vec![f64::INFINITY; 12], vec![0.5; 12]]);
        assert_eq!(choice.best(), Some(1));
    }

    #[test]
    fn direction_and_missing_seeds() {
        let mut less = trial(&[1.0; 12]);
        less.remove(&Seed(3));
        let choice = choose(&[trial(&[0.0; 12]), less], Direction::Higher, None).unwrap();
        assert_eq!((choice.best(), choice.seeds), (Some(1), 11));
    }

    #[test]
    fn a_constant_answer_must_be_beaten_on_the_points() {
        let trials = [trial(&[0.38; 20]), trial(&[0.40; 20])];
        let against = |wrong: u64, points: u64, seen: u64| {
            let choice = choose(&trials, Direction::Lower, Some(Constant { wrong, points, seen })).unwrap();
            (choice.constant.unwrap().wrong, choice.finding())
        };
        assert_eq!(against(46, 100, 100), (38, Finding::NotBeyondConstant));
        assert_eq!(against(460, 1000, 1000), (380, Finding::Best));
        assert_eq!(against(38, 100, 100), (38, Finding::NotBeyondConstant));
        assert_eq!(against(0, 100, 100), (38, Finding::NotBeyondConstant));
    }

    /// How often a best trial is named among `k` with these shifts, of `studies`.
    fn named(studies: u64, k: usize, n: usize, shift: f64) -> u64 {
        let study = |study: u64| {
            let mut draws = Draws::new(Seed(study), Stream::GradientCheck);
            let trials: Vec<_> = (0..k)
                .map(|place| {
                    trial(&(0..n).map(|_| draws.normal() - if place == 0 { shift } else { 0.0 }).collect::<Vec<_>>())
                })
                .collect();
            choose(&trials, Direction::Lower, None).unwrap().best().is_some()
        };
        (0..studies).filter(|n| study(*n)).count() as u64
    }

    #[test]
    fn luck_names_few_and_an_effect_is_named() {
        for k in [2, 3, 6, 20] {
            assert!(named(400, k, 30, 0.0) <= 20, "{k} trials that differ in nothing");
        }
        // Differences between two trials have the standard deviation √2: an effect of one of these.
        assert!(named(200, 6, 30, std::f64::consts::SQRT_2) >= 160);
    }
}
