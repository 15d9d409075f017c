use std::{collections::BTreeMap, fmt};

use super::{
    CONFIDENCE, ENOUGH, FEWEST, Improvement, Paired, improvement_at, paired_at, pairs_needed, sd, sign_test,
    signed_rank,
};
use crate::{measure::Direction, seed::Seed};

/// A comparison of two trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The differences over the shared seeds.
    pub paired: Paired,
    /// The standard deviation of the differences; NaN for fewer than two.
    pub sd: f64,
    /// The p-value of the [`signed_rank`] test. [`choose`](super::choose) decides by this test, corrected for the
    /// number of trials.
    pub signed_rank: f64,
    /// The p-value of the exact [`sign_test`], which uses only the signs of the differences: it may be on the other
    /// side of 0.05.
    pub sign_test: f64,
    /// The probability that a run of the first trial is better than one of the second, over all runs, not only those
    /// with shared seeds.
    pub improvement: Improvement,
    /// The number of seeds that a study needs to show a difference of this size: [`pairs_needed`] for a t test, but at
    /// least as many as leave [`FEWEST`] untied pairs at this share of ties.
    pub needed: Option<u64>,
    /// The limits of the comparison.
    pub cautions: Vec<Caution>,
}

/// A limit of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// The trials share no seed.
    NoPairs,
    /// Too few untied pairs: neither test can be below 0.05, even if one trial wins all of them.
    TooFew {
        /// The number of untied pairs.
        untied: usize,
    },
    /// Too few pairs for an interval.
    Narrow {
        /// The number of pairs.
        pairs: usize,
    },
    /// Some values are not finite: the mean difference is infinite or undefined.
    Infinite,
    /// Most pairs are ties: the mean difference depends on few of them.
    Ties {
        /// The number of equal pairs.
        ties: usize,
        /// The number of pairs.
        pairs: usize,
    },
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPairs => write!(f, "the trials share no seed: their difference is unknown"),
            Self::TooFew { untied } => {
                let untied = match untied {
                    0 => "no untied pair".into(),
                    1 => "1 untied pair".into(),
                    n => format!("{n} untied pairs"),
                };
                write!(
                    f,
                    "too few seeds: {untied}, and at least {FEWEST} are needed to show a difference at the 5 % level"
                )
            }
            Self::Narrow { pairs: 1 } => write!(f, "no interval: a single pair has no variation"),
            Self::Narrow { pairs } => {
                write!(f, "no interval: it needs at least {ENOUGH} pairs, not {pairs}")
            }
            Self::Infinite => {
                write!(f, "some values are infinite or undefined: rely on wins, losses and the sign test")
            }
            Self::Ties { ties, pairs } if ties == pairs => {
                write!(f, "every pair is equal: there is no difference")
            }
            Self::Ties { ties, pairs } => {
                let verb = if *ties == 1 { "is" } else { "are" };
                write!(
                    f,
                    "{ties} of {pairs} pairs {verb} equal: the mean difference depends on the other {}",
                    pairs - ties
                )
            }
        }
    }
}

/// Compares two trials. Values are final metrics by seed; `better` says which values are better.
#[must_use]
pub fn compare(a: &BTreeMap<Seed, f64>, b: &BTreeMap<Seed, f64>, better: Direction) -> Comparison {
    compare_at(a, b, better, CONFIDENCE)
}

/// Like [`compare`], with intervals at another level of confidence.
#[must_use]
pub fn compare_at(a: &BTreeMap<Seed, f64>, b: &BTreeMap<Seed, f64>, better: Direction, confidence: f64) -> Comparison {
    let pairs = a.iter().filter_map(|(seed, &a)| b.get(seed).map(|&b| (a, b)));
    let differences: Vec<f64> = pairs.map(|(a, b)| if a == b { 0.0 } else { a - b }).collect();
    let paired = paired_at(a, b, better, confidence);
    let sd = sd(&differences);
    let values = |side: &BTreeMap<Seed, f64>| side.values().copied().collect::<Vec<f64>>();
    Comparison {
        sd,
        signed_rank: signed_rank(&differences).p,
        sign_test: sign_test(paired.wins, paired.losses),
        improvement: improvement_at(&[&values(a)], &[&values(b)], better, confidence),
        needed: needed(&paired, sd),
        cautions: cautions(&paired, &differences),
        paired,
    }
}

/// At least the number that the sign test needs: a smaller one would contradict [`Caution::TooFew`].
fn needed(paired: &Paired, sd: f64) -> Option<u64> {
    if paired.n < 2 {
        return None;
    }
    let by_size = pairs_needed(paired.difference, sd)?;
    let by_signs = (FEWEST * paired.n).div_ceil((paired.wins + paired.losses).max(1));
    Some(by_size.max(by_signs as u64))
}

fn cautions(paired: &Paired, differences: &[f64]) -> Vec<Caution> {
    let Paired { n: pairs, wins, losses, ties, .. } = *paired;
    if pairs == 0 {
        return vec![Caution::NoPairs];
    }
    let mut cautions = Vec::new();
    if ties == pairs && pairs >= FEWEST {
        // Enough seeds with equal values are a result, without limits.
        return cautions;
    }
    if wins + losses < FEWEST {
        cautions.push(Caution::TooFew { untied: wins + losses });
    }
    if pairs < ENOUGH {
        cautions.push(Caution::Narrow { pairs });
    }
    if differences.iter().any(|difference| !difference.is_finite()) {
        cautions.push(Caution::Infinite);
    }
    if 2 * ties > pairs {
        cautions.push(Caution::Ties { ties, pairs });
    }
    cautions
}
