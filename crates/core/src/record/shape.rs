//! Checks of records, which are untrusted input: the shape, the outcome and the last link.

use super::{Observation, Outcome, Record, is_diverged, link, own_link};
use crate::digest::Digest;

impl Record {
    /// Computes the last link, for records that tests construct.
    #[doc(hidden)]
    pub fn close(&mut self) {
        let previous = self.chain.iter().rev().nth(1).copied().unwrap_or(self.id);
        let closing = self.observations.last().map(|point| self.closing(previous, point));
        if let (Some(closing), Some(last)) = (closing, self.chain.last_mut()) {
            *last = closing;
        }
    }

    /// Whether the arrays fit their shapes, the measurements are in order from before the first step and have the same
    /// number of values, and the outcome agrees with the last measurement. A forged record can have any digests, but
    /// not any shape.
    ///
    /// The record alone does not determine the number of values and arrays: the hashed bytes do not separate
    /// measurements from arrays, only the settings of the run do.
    #[must_use]
    pub fn is_in_shape(&self) -> bool {
        if self.own.is_some() {
            return self.is_in_custom_shape();
        }
        let follows = |pair: &[Observation]| {
            let [one, next] = [&pair[0], &pair[1]];
            let later = one.step < next.step && one.epoch <= next.epoch && one.values.len() == next.values.len();
            later && one.is_finite()
        };
        let (Some(first), Some(last)) = (self.observations.first(), self.observations.last()) else { return false };
        let begins = (first.epoch, first.step) == (0, 0) && self.chain.len() == self.observations.len();
        // A value that is not finite is recorded as +∞.
        let numbers = last.values.iter().all(|value| value.is_finite() || *value == f64::INFINITY);
        let diverged = is_diverged(last, [self.kept.values.as_slice()]);
        let ends = match self.outcome {
            Outcome::Completed => !diverged,
            Outcome::Converged { epoch } => epoch == last.epoch && !diverged,
            Outcome::Diverged { epoch } => epoch == last.epoch && diverged,
            Outcome::Failed { .. } => true,
        };
        self.kept.is_in_shape() && begins && numbers && ends && self.observations.windows(2).all(follows)
    }

    /// The record of a custom experiment. NaN means not measured; a measured value that is not finite is recorded as
    /// infinite and ends the run.
    fn is_in_custom_shape(&self) -> bool {
        let ends = |outcome: &Outcome, last: &Observation| match outcome {
            Outcome::Completed => !self.is_infinite_at_end(),
            Outcome::Converged { epoch } => *epoch == last.epoch && !self.is_infinite_at_end(),
            Outcome::Diverged { epoch } => *epoch == last.epoch && self.is_infinite_at_end(),
            Outcome::Failed { .. } => true,
        };
        let failed = matches!(self.outcome, Outcome::Failed { .. });
        let goes_on = |point: &Observation| point.values.iter().all(|value| !value.is_infinite());
        let follows = |pair: &[Observation]| {
            let [one, next] = [&pair[0], &pair[1]];
            one.step < next.step && one.epoch <= next.epoch && one.values.len() == next.values.len() && goes_on(one)
        };
        self.kept.is_in_shape()
            && self.chain.len() == self.observations.len()
            && self.observations.windows(2).all(follows)
            && self.observations.last().map_or(failed, |last| ends(&self.outcome, last))
    }

    fn is_infinite_at_end(&self) -> bool {
        let measured = self.observations.last().is_some_and(|last| last.values.iter().any(|value| value.is_infinite()));
        measured || !self.kept.values.iter().all(|value| value.is_finite())
    }

    /// Whether the last link follows from the link before it, the last measurement and the kept arrays. The links
    /// before it cover arrays that are not kept, so they cannot be checked.
    #[must_use]
    pub fn last_link_holds(&self) -> bool {
        if self.observations.len() != self.chain.len() {
            return false;
        }
        match (self.observations.last(), self.chain.as_slice()) {
            (None, []) => self.own.is_some(),
            (Some(point), [.., previous, last]) => self.closing(*previous, point) == *last,
            (Some(point), [only]) => self.closing(self.id, point) == *only,
            _ => false,
        }
    }

    fn closing(&self, previous: Digest, point: &Observation) -> Digest {
        match self.own {
            Some(_) => own_link(previous, point, &self.kept),
            None => link(previous, point, [self.kept.values.as_slice()]),
        }
    }
}
