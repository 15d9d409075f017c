//! The key `confirm` of `[sweep]`: the trials with the best means run again, under seeds that were not used to choose
//! them.
//!
//! ```toml
//! [sweep]
//! "model.hidden" = [1, 2, 5, 7, 10, 15]
//! seeds = 20
//! confirm = { best = 3, seeds = 30, from = 1000 }
//! ```
//!
//! No seed of `confirm` is in `sweep.seeds`, so that the seed alone determines the stage of a run.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    problem::{Code, Problem},
    read::read,
    sweeping::MOST,
    tree::{Node, Span},
};
use crate::{seed::Seed, stats};

/// Fewer seeds cannot show a difference between trials.
const FEWEST: u64 = 2;

/// The suggested first seed, if it is free.
const USUAL: u64 = 1000;

/// The trials that run again, and under which seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Confirm {
    /// How many trials run again: those with the best means.
    #[schemars(range(min = 1))]
    pub best: u32,
    /// Under how many further seeds each of them runs.
    #[schemars(range(min = 2, max = 1_000_000))]
    pub seeds: u32,
    /// The first of these seeds.
    pub from: u64,
}

impl Confirm {
    pub(super) fn read(node: &Node) -> Result<Self, Problem> {
        let wanted = "a table: { best = 3, seeds = 30, from = 1000 }";
        let table = node.table().ok_or_else(|| Problem::value(Code::WrongType, "sweep.confirm", node, wanted))?;
        let most = format!("a whole number from {FEWEST} to {MOST}");
        let confirm: Self = read(node, "sweep.confirm").map_err(|problem: Problem| {
            problem
                .adding(table, &["best", "seeds", "from"])
                .expecting("sweep.confirm.seeds", &most)
                .expecting("sweep.confirm.best", "a whole number from 1")
                .help("`best` trials run again under `seeds` further seeds, the first of which is `from`, such as 1000")
        })?;
        let of = |key: &str| table.get(key).map_or(node, |entry| &entry.node);
        if confirm.best == 0 {
            return Err(Problem::value(Code::InvalidValue, "sweep.confirm.best", of("best"), "a whole number from 1")
                .help("leave out `confirm` to run no trial again"));
        }
        if !(FEWEST..=MOST as u64).contains(&u64::from(confirm.seeds)) {
            return Err(Problem::value(Code::InvalidValue, "sweep.confirm.seeds", of("seeds"), &most)
                .help("the number of seeds decides which differences can be shown: `seeds = 30` is usual"));
        }
        if confirm.end().is_none() {
            return Err(Problem::new(Code::InvalidValue, "`sweep.confirm` goes beyond the largest seed")
                .at(of("from").span, format!("expected at most {}", u64::MAX - u64::from(confirm.seeds - 1))));
        }
        Ok(confirm)
    }

    /// The last seed, unless it exceeds the largest seed.
    fn end(&self) -> Option<u64> {
        self.from.checked_add(u64::from(self.seeds).saturating_sub(1))
    }

    /// Returns the last of these seeds.
    #[must_use]
    pub fn last(&self) -> Seed {
        Seed(self.end().unwrap_or(u64::MAX))
    }

    /// Returns whether a seed is one of these.
    #[must_use]
    pub fn has(&self, seed: Seed) -> bool {
        seed.0.checked_sub(self.from).is_some_and(|place| place < u64::from(self.seeds))
    }

    /// Returns the seeds in ascending order.
    #[must_use]
    pub fn all(&self) -> Vec<Seed> {
        (0..u64::from(self.seeds)).map(|place| Seed(self.from.saturating_add(place))).collect()
    }

    /// Returns the number of runs of the second stage, on one fold.
    #[must_use]
    pub fn runs(&self) -> usize {
        (self.best as usize).saturating_mul(self.seeds as usize)
    }

    /// Returns a warning if the seeds are too few to name a best trial, even one that is better under every seed.
    #[must_use]
    pub fn caution(&self) -> Option<String> {
        let needed = stats::seeds_needed(self.best.saturating_sub(1) as usize);
        (self.best > 1 && (self.seeds as usize) < needed).then(|| {
            format!(
                "{} further seeds cannot show which of {} trials is the best: that takes at least {needed}",
                self.seeds, self.best
            )
        })
    }

    /// Checks the table, which is at `span`, against the `trials` and `seeds` of the first stage; `seeds_span` is the
    /// place of the seeds.
    pub(crate) fn check(
        &self,
        trials: usize,
        folds: usize,
        seeds: &[Seed],
        span: Span,
        seeds_span: Option<Span>,
    ) -> Result<(), Problem> {
        if self.best as usize >= trials {
            let (count, expected) = match trials {
                1 => ("there is 1 trial".into(), "expected several trials".into()),
                _ => (format!("there are {trials} trials"), format!("expected from 1 to {}", trials - 1)),
            };
            return Err(Problem::new(Code::ConfirmAll, format!("`sweep.confirm.best` is {}, and {count}", self.best))
                .at(span, expected)
                .help("to choose is to leave some out: without a choice, give all trials more `seeds` and leave out `confirm`"));
        }
        let shared: Vec<_> = seeds.iter().filter(|seed| self.has(**seed)).collect();
        if let Some(first) = shared.first() {
            let last = self.last().0;
            let them = if shared.len() == 1 {
                format!("one of them, {}, is in `sweep.seeds`", first.0)
            } else {
                format!("{} of them, {} the first, are in `sweep.seeds`", shared.len(), first.0)
            };
            let mut problem = Problem::new(
                Code::ConfirmSeeds,
                format!("`sweep.confirm` has the seeds {} to {last}, and {them}", self.from),
            )
            .at(span, "expected seeds that the choice has not seen");
            if let Some(seeds_span) = seeds_span {
                problem = problem.at(seeds_span, "seeds that choose the trials");
            }
            // Free seeds always exist: each of the two has at most a million seeds.
            if let Some(from) = self.free(seeds) {
                problem = problem.help(format!(
                    "begin elsewhere: confirm = {{ best = {}, seeds = {}, from = {from} }}",
                    self.best, self.seeds
                ));
            }
            return Err(problem);
        }
        let first = trials.saturating_mul(folds).saturating_mul(seeds.len());
        let confirming = self.runs().saturating_mul(folds);
        if first.saturating_add(confirming) > MOST {
            return Err(Problem::new(
                Code::TooManyRuns,
                format!("the study asks for {first} runs and {confirming} that confirm, at most {MOST} are possible"),
            )
            .at(span, "expected fewer trials or seeds")
            .help(fewer(MOST.saturating_sub(first) / self.best as usize)));
        }
        Ok(())
    }

    /// A first seed such that none of these seeds is in `seeds`.
    fn free(&self, seeds: &[Seed]) -> Option<u64> {
        let successors = seeds.iter().filter_map(|seed| seed.0.checked_add(1));
        let mut places: Vec<_> = [0].into_iter().chain(successors).collect();
        places.sort_unstable_by_key(|place| std::cmp::Reverse(*place));
        // The usual place first, then the place after the largest seed.
        places.insert(0, USUAL);
        places.into_iter().find(|&from| {
            let moved = Self { from, ..*self };
            moved.end().is_some() && !seeds.iter().any(|seed| moved.has(*seed))
        })
    }
}

fn fewer(most: usize) -> String {
    if most as u64 >= FEWEST {
        format!("ask for at most {most} seeds of each trial, or for fewer trials")
    } else {
        "ask for fewer `seeds`, or shorten the axes".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIRM: Confirm = Confirm { best: 3, seeds: 30, from: 1000 };

    #[test]
    fn seeds_are_consecutive_from_the_first() {
        assert_eq!([999, 1000, 1029, 1030].map(|seed| CONFIRM.has(Seed(seed))), [false, true, true, false]);
        assert_eq!((CONFIRM.all().len(), CONFIRM.all()[29], CONFIRM.runs()), (30, Seed(1029), 90));
        let end = Confirm { from: u64::MAX - 29, ..CONFIRM };
        assert!(end.last() == Seed(u64::MAX) && end.has(Seed(u64::MAX)) && !end.has(Seed(0)));
    }

    #[test]
    fn counts_saturate() {
        let many = Confirm { best: u32::MAX, seeds: u32::MAX, from: u64::MAX };
        assert_eq!((many.runs(), many.last()), ((u32::MAX as usize).saturating_mul(u32::MAX as usize), Seed(u64::MAX)));
    }

    #[test]
    fn too_few_seeds_to_name_a_best_trial_give_a_warning() {
        let caution = |best, seeds| Confirm { best, seeds, from: 1000 }.caution();
        assert_eq!(
            caution(3, 6).as_deref(),
            Some("6 further seeds cannot show which of 3 trials is the best: that takes at least 7")
        );
        assert_eq!([caution(3, 7), caution(2, 6), caution(1, 2)], [None, None, None]);
        assert!(caution(2, 5).is_some());
    }

    #[test]
    fn suggested_seeds_are_free() {
        let seeds = |range: std::ops::Range<u64>| range.map(Seed).collect::<Vec<_>>();
        assert_eq!(CONFIRM.free(&seeds(0..30)), Some(1000));
        assert_eq!(CONFIRM.free(&seeds(0..1001)), Some(1001));
        assert_eq!(CONFIRM.free(&[Seed(1010), Seed(u64::MAX)]), Some(1011));
        let gaps: Vec<_> = (0..100).map(|place| Seed(u64::MAX - 20 * place)).chain([Seed(1001)]).collect();
        let from = CONFIRM.free(&gaps).unwrap();
        assert!(!gaps.iter().any(|seed| Confirm { from, ..CONFIRM }.has(*seed)), "{from}");
    }
}
