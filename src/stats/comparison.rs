use std::{collections::BTreeMap, fmt};

use super::{FEWEST, Improvement, Paired, improvement, narrowness, paired, pairs_needed, sd, sign_test};
use crate::{metric::Direction, seed::Seed};

/// Two trials side by side: what can be said of their difference, and how well.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The differences over the seeds that both have.
    pub paired: Paired,
    /// The standard deviation of these differences; NaN for fewer than two.
    pub sd: f64,
    /// The p-value of the exact [`sign_test`].
    pub sign_test: f64,
    /// How likely a run of the first is better than one of the second, over all runs and not only those with a shared seed.
    pub improvement: Improvement,
    /// [`pairs_needed`] to see a difference of this size.
    pub needed: Option<u64>,
    /// What a reader must know before believing any of it.
    pub cautions: Vec<Caution>,
}

/// Why a comparison says less than it seems to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// The trials share no seed.
    NoPairs,
    /// So few pairs that are no ties that even if the same trial won all of them, the sign test would not be below 0.05.
    TooFew {
        /// Pairs that are no ties.
        untied: usize,
    },
    /// So few pairs that the interval is more than a tenth too narrow.
    Narrow {
        /// Pairs.
        pairs: usize,
        /// How wide it is, in percent of what it should be.
        percent: u64,
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
            Self::TooFew { untied } => write!(
                f,
                "too few seeds to say anything: {untied} pairs are no ties, and fewer than {FEWEST} cannot tell a difference from luck at 5 %, \
                 whoever wins them"
            ),
            Self::Narrow { pairs, percent } => write!(
                f,
                "the interval is too narrow: of {pairs} pairs it has some {percent} % of the width that it should have"
            ),
            Self::Infinite => {
                write!(f, "some values are infinite or undefined: rely on wins, losses and the sign test")
            }
            Self::Ties { ties, pairs } => {
                write!(f, "{ties} of {pairs} pairs are equal: the mean difference rests on the other {}", pairs - ties)
            }
        }
    }
}

/// Compares two trials. Values are final metrics by seed; `better` says which way the metric improves.
#[must_use]
pub fn compare(a: &BTreeMap<Seed, f64>, b: &BTreeMap<Seed, f64>, better: Direction) -> Comparison {
    let pairs = a.iter().filter_map(|(seed, &a)| b.get(seed).map(|&b| (a, b)));
    let differences: Vec<f64> = pairs.map(|(a, b)| if a == b { 0.0 } else { a - b }).collect();
    let paired = paired(a, b, better);
    let sd = sd(&differences);
    let values = |side: &BTreeMap<Seed, f64>| side.values().copied().collect::<Vec<f64>>();
    Comparison {
        sd,
        sign_test: sign_test(paired.wins, paired.losses),
        improvement: improvement(&[&values(a)], &[&values(b)], better),
        needed: if paired.n < 2 { None } else { pairs_needed(paired.difference, sd) },
        cautions: cautions(&paired, &differences),
        paired,
    }
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
    let width = narrowness(pairs);
    if wins + losses < FEWEST {
        cautions.push(Caution::TooFew { untied: wins + losses });
    }
    if width < 0.9 {
        cautions.push(Caution::Narrow { pairs, percent: (100.0 * width) as u64 });
    }
    if differences.iter().any(|difference| !difference.is_finite()) {
        cautions.push(Caution::Infinite);
    }
    if 2 * ties > pairs {
        cautions.push(Caution::Ties { ties, pairs });
    }
    cautions
}
