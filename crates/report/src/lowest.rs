//! The trial with the best mean of what decides, and whether it can be called the best.

use std::cmp::Ordering;

use super::{results::Results, terms::Terms};
use crate::{
    measure::Direction,
    table::{Spread, Summary, TrialSummary},
};

/// The trial with the best mean among several; what the objective names next decides a tie, then the order of the study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lowest {
    /// Its place in the summary.
    pub place: usize,
    /// How many trials have results.
    of: usize,
    /// How many of these have its error, itself among them.
    sharing: usize,
    /// How many others have an interval that overlaps with its own.
    overlapping: usize,
    /// The error of always naming the more frequent class, as far as the trial is not shown to be below it.
    chance: Option<f64>,
}

impl Lowest {
    /// Looks for it. `chance` is the share of points that naming the more frequent class always gets wrong.
    pub fn find(summary: &Summary, chance: Option<f64>, terms: &Terms) -> Option<Self> {
        let (part, name) = (terms.objective().part, &terms.objective().measurement);
        let mean =
            |trial: &TrialSummary, name: &str| summary.spread(trial, part, name).map_or(f64::NAN, |spread| spread.mean);
        let trials = summary.trials.iter().enumerate();
        let known: Vec<_> = trials.filter(|(_, trial)| !mean(trial, name).is_nan()).collect();
        let (place, best) = known.iter().copied().min_by(|(_, a), (_, b)| {
            let first = terms.direction.rank(mean(a, name)).total_cmp(&terms.direction.rank(mean(b, name)));
            let tie = terms
                .tie
                .as_ref()
                .map(|(name, direction)| direction.rank(mean(a, name)).total_cmp(&direction.rank(mean(b, name))));
            first.then(tie.unwrap_or(Ordering::Equal))
        })?;
        if known.len() < 2 {
            return None;
        }
        let own = summary.spread(best, part, name)?;
        // As they are read in the table; of a single run the interval is a point.
        let read = |value: f64| terms.read(value);
        let meets = |other: &Spread| {
            let overlaps = match terms.direction {
                Direction::Lower => read(other.interval.low) <= read(own.interval.high),
                Direction::Higher => read(other.interval.high) >= read(own.interval.low),
            };
            overlaps || other.mean == own.mean
        };
        let others = known
            .iter()
            .filter(|(other, _)| *other != place)
            .filter_map(|(_, trial)| summary.spread(trial, part, name));
        let (overlapping, shared) = others.fold((0, 0), |(overlapping, shared), other| {
            (overlapping + usize::from(meets(other)), shared + usize::from(other.mean == own.mean))
        });
        let chance = chance.filter(|chance| *chance <= own.interval.high.max(own.mean));
        Some(Self { place, of: known.len(), sharing: 1 + shared, overlapping, chance })
    }

    /// Whether it is to be called the best: some trial is told apart from it, and it from a constant answer.
    pub fn stands_out(&self) -> bool {
        self.chance.is_none() && self.overlapping + 1 < self.of
    }

    /// What is to be said of it.
    pub fn sentence(&self, results: &Results) -> Option<String> {
        let row = results.rows.get(self.place)?;
        let at: Vec<_> =
            results.axes.iter().zip(&row.values).map(|(axis, value)| format!("{axis} = {value}")).collect();
        let at = at.join(", ");
        let terms = &results.terms;
        let error = &row.errors.last()?.text;
        let unit = if terms.unit.is_empty() { String::new() } else { format!(" {}", terms.unit) };
        let value = match error.split_once(' ') {
            Some((mean, interval)) => format!("{mean}{unit} {interval}"),
            None => format!("{error}{unit}"),
        };
        let others = self.of - 1;
        if let Some(chance) = self.chance {
            return Some(format!(
                "No trial is shown to be better than a constant answer: naming the more frequent class always errs on {:.2} % of \
                 the points, and the {} is {value}.",
                100.0 * chance,
                terms.best()
            ));
        }
        if self.sharing == self.of {
            let all = if self.of == 2 { "Both trials".into() } else { format!("All {} trials", self.of) };
            return Some(format!("{all} have the same mean {}, {value}: none is the best.", terms.what));
        }
        if !self.stands_out() {
            let overlap = match others {
                1 => "the interval of the other trial overlaps".into(),
                2 => "the intervals of both others overlap".into(),
                n => format!("the intervals of all {n} others overlap"),
            };
            return Some(format!(
                "No trial stands out: the {} is {value}, at {at}, and {overlap} with that one.",
                terms.best()
            ));
        }
        let place = match &terms.tie {
            _ if self.sharing == 1 => format!(" at {at}"),
            Some((name, direction)) => format!(
                ", in {} of {} trials; of these, {at} has the {} {name}",
                self.sharing,
                self.of,
                direction.superlative()
            ),
            None => format!(", in {} of {} trials, {at} the first of them", self.sharing, self.of),
        };
        let overlap = match self.overlapping + 1 - self.sharing {
            0 => String::new(),
            1 => " The interval of 1 more trial overlaps with that one.".into(),
            n => format!(" The intervals of {n} more trials overlap with that one."),
        };
        let best = terms.best();
        let (first, rest) = best.split_at(1);
        Some(format!("{}{rest}: {value}{place}.{overlap}", first.to_uppercase()))
    }
}
