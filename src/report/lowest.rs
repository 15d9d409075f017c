//! The trial with the best mean of what decides, and whether it can be called the best.

use std::cmp::Ordering;

use super::{results::Results, terms::Terms};
use crate::{
    measure::Direction,
    table::{Spread, Summary, TrialSummary},
};

/// The trial with the best mean among several; what the objective names next decides a tie, then the order of the study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lowest {
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
    pub(super) fn find(summary: &Summary, chance: Option<f64>, terms: &Terms) -> Option<Self> {
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
    pub(super) fn stands_out(&self) -> bool {
        self.chance.is_none() && self.overlapping + 1 < self.of
    }

    /// What is to be said of it.
    pub(super) fn sentence(&self, results: &Results) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use crate::{report::results::Results, stats::Interval, table::summary, tests::fixture};

    /// The headline of trials with these validation errors and intervals, and which of them is marked.
    fn of(errors: &[(f64, f64, f64)], chance: Option<f64>) -> (Option<String>, Option<usize>) {
        let hidden: Vec<u32> = (1..=errors.len() as u32).collect();
        let study = fixture::study(&hidden, &[0.02], 5);
        let records = fixture::records(&study, 2);
        let mut summary = summary(&study, &fixture::rows(&study, &records));
        summary.axes.truncate(1);
        for (trial, &(mean, low, high)) in summary.trials.iter_mut().zip(errors) {
            trial.values.truncate(1);
            let own = &mut trial.finals[3];
            (own.mean, own.interval) = (mean, Interval { low, high });
        }
        let results = Results::beside(&summary, chance);
        (results.headline(), results.rows.iter().position(|row| row.best))
    }

    #[test]
    fn a_trial_that_is_told_apart_is_the_best() {
        let (said, best) = of(&[(0.2, 0.1, 0.3), (0.05, 0.0, 0.1), (0.5, 0.4, 0.6)], Some(0.5));
        let said = said.unwrap();
        assert_eq!(best, Some(1));
        assert_eq!(
            said,
            "Lowest mean validation error: 5.00 % [0.00, 10.00] at model.hidden = 2. The interval of 1 more trial overlaps with that one."
        );
        assert_eq!(of(&[(0.2, 0.1, 0.3)], None), (None, None));
    }

    #[test]
    fn where_nothing_is_told_apart_nothing_is_marked() {
        let (said, best) = of(&[(0.2, 0.1, 0.3), (0.15, 0.05, 0.25), (0.3, 0.2, 0.4)], Some(0.5));
        assert_eq!(best, None);
        assert_eq!(
            said.unwrap(),
            "No trial stands out: the lowest mean validation error is 15.00 % [5.00, 25.00], at model.hidden = 2, and the intervals of \
             both others overlap with that one."
        );
        let (said, best) = of(&[(0.0, 0.0, 0.0); 2], Some(0.5));
        assert_eq!(best, None);
        assert_eq!(
            said.unwrap(),
            "Both trials have the same mean validation error, 0.00 % [0.00, 0.00]: none is the best."
        );
    }

    #[test]
    fn intervals_overlap_as_they_are_read() {
        let said = |low: f64| of(&[(0.0, 0.0, 0.0), (0.01, low, 0.02), (0.5, 0.4, 0.6)], None).0.unwrap();
        assert!(said(0.000_03).ends_with("The interval of 1 more trial overlaps with that one."));
        assert!(said(0.000_06).ends_with("at model.hidden = 1."));
    }

    #[test]
    fn a_constant_answer_is_never_the_best() {
        let (said, best) = of(&[(0.37, 0.37, 0.37), (0.63, 0.63, 0.63)], Some(0.37));
        assert_eq!(best, None);
        assert!(said.unwrap().contains("naming the more frequent class always errs on 37.00 % of the points"));
        // Below it, it is one.
        assert_eq!(of(&[(0.36, 0.35, 0.365), (0.63, 0.63, 0.63)], Some(0.37)).1, Some(0));
    }
}
