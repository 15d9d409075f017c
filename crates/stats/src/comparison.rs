use std::{collections::BTreeMap, fmt};

use super::{
    CONFIDENCE, ENOUGH, FEWEST, Improvement, Paired, improvement_at, paired_at, pairs_needed, sd, sign_test,
    signed_rank,
};
use crate::{measure::Direction, seed::Seed};

/// Two trials side by side: what can be said of their difference, and how well.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The differences over the seeds that both have.
    pub paired: Paired,
    /// The standard deviation of these differences; NaN for fewer than two.
    pub sd: f64,
    /// The p-value of the [`signed_rank`] test, by which [`choose`](super::choose) decides; there it is corrected for the number of trials.
    pub signed_rank: f64,
    /// The p-value of the exact [`sign_test`], which asks only who is better and never by how much: it may be on the other side of 0.05.
    pub sign_test: f64,
    /// How likely a run of the first is better than one of the second, over all runs and not only those with a shared seed.
    pub improvement: Improvement,
    /// The seeds that it takes to see a difference of this size: [`pairs_needed`] for a t test, but no fewer than leave, with the share of
    /// ties found here, the [`FEWEST`] pairs without which the sign test beside it says nothing.
    pub needed: Option<u64>,
    /// What a reader must know before believing any of it.
    pub cautions: Vec<Caution>,
}

/// Why a comparison says less than it seems to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// The trials share no seed.
    NoPairs,
    /// So few pairs that are no ties that even if the same trial won all of them, neither test would be below 0.05.
    TooFew {
        /// Pairs that are no ties.
        untied: usize,
    },
    /// So few pairs that there is no interval.
    Narrow {
        /// Pairs.
        pairs: usize,
    },
    /// Values that are not finite: the mean difference is infinite or undefined.
    Infinite,
    /// Most pairs are ties: the mean difference rests on few of them.
    Ties {
        /// Pairs that are equal.
        ties: usize,
        /// Pairs.
        pairs: usize,
    },
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPairs => write!(f, "the trials share no seed: nothing can be said of their difference"),
            Self::TooFew { untied } => {
                let (untied, such) = match untied {
                    0 => ("every pair is a tie".into(), " others"),
                    1 => ("1 pair is no tie".into(), ""),
                    n => (format!("{n} pairs are no ties"), ""),
                };
                write!(
                    f,
                    "too few seeds to say anything: {untied}, and fewer than {FEWEST}{such} cannot tell a difference from luck at 5 %, \
                     whichever trial wins them"
                )
            }
            Self::Narrow { pairs: 1 } => write!(f, "there is no interval: a single pair has no variation"),
            Self::Narrow { pairs } => {
                write!(f, "there is no interval: {pairs} pairs are fewer than the {ENOUGH} that one needs")
            }
            Self::Infinite => {
                write!(f, "some values are infinite or undefined: rely on wins, losses and the sign test")
            }
            Self::Ties { ties, pairs } if ties == pairs => {
                write!(f, "every pair is equal: there is no difference to see")
            }
            Self::Ties { ties, pairs } => {
                let verb = if *ties == 1 { "is" } else { "are" };
                write!(
                    f,
                    "{ties} of {pairs} pairs {verb} equal: the mean difference rests on the other {}",
                    pairs - ties
                )
            }
        }
    }
}

/// Compares two trials. Values are final metrics by seed; `better` says which way the metric improves.
#[must_use]
pub fn compare(a: &BTreeMap<Seed, f64>, b: &BTreeMap<Seed, f64>, better: Direction) -> Comparison {
    compare_at(a, b, better, CONFIDENCE)
}

/// The same with intervals at another level of confidence.
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

/// Never fewer than the sign test needs: a number below would contradict the caution that stands beside it.
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
        // Equal to the bit under enough seeds: that is something to say.
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
