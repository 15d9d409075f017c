//! `confirm` in `[sweep]`: the trials with the best means run again under seeds that their choice has not seen.
//!
//! ```toml
//! [sweep]
//! "model.hidden" = [1, 2, 5, 7, 10, 15]
//! seeds = 20
//! confirm = { best = 3, seeds = 30, from = 1000 }
//! ```
//!
//! The seeds of `confirm` are none of `sweep.seeds`, so that the seed alone says which stage a run is of.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    problem::{Code, Problem},
    read::read,
    sweeping::MOST,
    tree::{Node, Span},
};
use crate::{seed::Seed, stats};

/// Fewer seeds show no difference between trials.
const FEWEST: u64 = 2;

/// Where further seeds begin if nothing speaks against it.
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
    /// Reads the table.
    pub(super) fn read(node: &Node) -> Result<Self, Problem> {
        let wanted = "a table: { best = 3, seeds = 30, from = 1000 }";
        let table = node.table().ok_or_else(|| Problem::value(Code::WrongType, "sweep.confirm", node, wanted))?;
        let most = format!("a whole number from {FEWEST} to {MOST}");
        let found: Self = read(node, "sweep.confirm").map_err(|problem: Problem| {
            problem
                .adding(table, &["best", "seeds", "from"])
                .expecting("sweep.confirm.seeds", &most)
                .expecting("sweep.confirm.best", "a whole number from 1")
                .help("`best` trials run again under `seeds` further seeds, the first of which is `from`, such as 1000")
        })?;
        let of = |key: &str| table.get(key).map_or(node, |entry| &entry.node);
        if found.best == 0 {
            return Err(Problem::value(Code::InvalidValue, "sweep.confirm.best", of("best"), "a whole number from 1")
                .help("leave out `confirm` to run no trial again"));
        }
        if !(FEWEST..=MOST as u64).contains(&u64::from(found.seeds)) {
            return Err(Problem::value(Code::InvalidValue, "sweep.confirm.seeds", of("seeds"), &most)
                .help("the number of seeds decides which differences can be shown: `seeds = 30` is usual"));
        }
        if found.end().is_none() {
            return Err(Problem::new(Code::InvalidValue, "`sweep.confirm` goes beyond the largest seed")
                .at(of("from").span, format!("expected at most {}", u64::MAX - u64::from(found.seeds - 1))));
        }
        Ok(found)
    }

    /// The last seed, if there is one so large.
    fn end(&self) -> Option<u64> {
        self.from.checked_add(u64::from(self.seeds).saturating_sub(1))
    }

    /// The last of these seeds.
    #[must_use]
    pub fn last(&self) -> Seed {
        Seed(self.end().unwrap_or(u64::MAX))
    }

    /// Whether a seed is one of these.
    #[must_use]
    pub fn has(&self, seed: Seed) -> bool {
        seed.0.checked_sub(self.from).is_some_and(|place| place < u64::from(self.seeds))
    }

    /// The seeds, ascending.
    #[must_use]
    pub fn all(&self) -> Vec<Seed> {
        (0..u64::from(self.seeds)).map(|place| Seed(self.from.saturating_add(place))).collect()
    }

    /// The number of runs that follow the first stage.
    #[must_use]
    pub fn runs(&self) -> usize {
        (self.best as usize).saturating_mul(self.seeds as usize)
    }

    /// What is to be said where even a trial that is better under every seed could not be named the best: these seeds are too few.
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

    /// Refuses what cannot be asked of `trials` trials under `seeds`, which stand at the other place.
    pub(crate) fn check(
        &self,
        trials: usize,
        folds: usize,
        seeds: &[Seed],
        own: Span,
        other: Option<Span>,
    ) -> Result<(), Problem> {
        if self.best as usize >= trials {
            let (asked, fewer) = match trials {
                1 => ("there is 1 trial".into(), "expected several trials".into()),
                _ => (format!("there are {trials} trials"), format!("expected from 1 to {}", trials - 1)),
            };
            return Err(Problem::new(Code::ConfirmAll, format!("`sweep.confirm.best` is {}, and {asked}", self.best))
                .at(own, fewer)
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
            .at(own, "expected seeds that the choice has not seen");
            if let Some(other) = other {
                problem = problem.at(other, "seeds that choose the trials");
            }
            // There is always room: neither of the two is more than a million of all seeds.
            if let Some(from) = self.free(seeds) {
                problem = problem.help(format!(
                    "begin elsewhere: confirm = {{ best = {}, seeds = {}, from = {from} }}",
                    self.best, self.seeds
                ));
            }
            return Err(problem);
        }
        let first = trials.saturating_mul(folds).saturating_mul(seeds.len());
        let again = self.runs().saturating_mul(folds);
        if first.saturating_add(again) > MOST {
            return Err(Problem::new(
                Code::TooManyRuns,
                format!("the study asks for {first} runs and {again} that confirm, at most {MOST} are possible"),
            )
            .at(own, "expected fewer trials or seeds")
            .help(fewer(MOST.saturating_sub(first) / self.best as usize)));
        }
        Ok(())
    }

    /// Where as many seeds are free of `seeds`.
    fn free(&self, seeds: &[Seed]) -> Option<u64> {
        let behind = seeds.iter().filter_map(|seed| seed.0.checked_add(1));
        let mut places: Vec<_> = [0].into_iter().chain(behind.clone()).collect();
        places.sort_unstable_by_key(|place| std::cmp::Reverse(*place));
        // Behind all others first, but not at an odd place where there is a usual one.
        places.insert(0, USUAL);
        places.into_iter().find(|&from| {
            let moved = Self { from, ..*self };
            moved.end().is_some() && !seeds.iter().any(|seed| moved.has(*seed))
        })
    }
}

/// What to do where at most this many seeds are left for each trial.
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
    fn seeds_are_those_from_the_first_on() {
        assert_eq!([999, 1000, 1029, 1030].map(|seed| CONFIRM.has(Seed(seed))), [false, true, true, false]);
        assert_eq!((CONFIRM.all().len(), CONFIRM.all()[29], CONFIRM.runs()), (30, Seed(1029), 90));
        let end = Confirm { from: u64::MAX - 29, ..CONFIRM };
        assert!(end.last() == Seed(u64::MAX) && end.has(Seed(u64::MAX)) && !end.has(Seed(0)));
    }

    #[test]
    fn numbers_that_are_too_large_are_the_largest() {
        let many = Confirm { best: u32::MAX, seeds: u32::MAX, from: u64::MAX };
        assert_eq!((many.runs(), many.last()), ((u32::MAX as usize).saturating_mul(u32::MAX as usize), Seed(u64::MAX)));
    }

    #[test]
    fn seeds_too_few_to_name_a_best_trial_are_said() {
        let said = |best, seeds| Confirm { best, seeds, from: 1000 }.caution();
        assert_eq!(
            said(3, 6).as_deref(),
            Some("6 further seeds cannot show which of 3 trials is the best: that takes at least 7")
        );
        assert_eq!([said(3, 7), said(2, 6), said(1, 2)], [None, None, None]);
        assert!(said(2, 5).is_some());
    }

    #[test]
    fn a_place_that_is_offered_is_free() {
        let seeds = |range: std::ops::Range<u64>| range.map(Seed).collect::<Vec<_>>();
        assert_eq!(CONFIRM.free(&seeds(0..30)), Some(1000));
        assert_eq!(CONFIRM.free(&seeds(0..1001)), Some(1001));
        assert_eq!(CONFIRM.free(&[Seed(1010), Seed(u64::MAX)]), Some(1011));
        let gaps: Vec<_> = (0..100).map(|place| Seed(u64::MAX - 20 * place)).chain([Seed(1001)]).collect();
        let from = CONFIRM.free(&gaps).unwrap();
        assert!(!gaps.iter().any(|seed| Confirm { from, ..CONFIRM }.has(*seed)), "{from}");
    }
}
