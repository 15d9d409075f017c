//! Whether a record, which may come from anyone, is one that a run can have left: its shape, its end and its last link.

use super::{Observation, Outcome, Record, is_diverged, link, own_link};
use crate::digest::Digest;

impl Record {
    /// Makes the last link hold, for records that tests make up.
    #[doc(hidden)]
    pub fn close(&mut self) {
        let previous = self.chain.iter().rev().nth(1).copied().unwrap_or(self.id);
        let closing = self.observations.last().map(|point| self.closing(previous, point));
        if let (Some(closing), Some(last)) = (closing, self.chain.last_mut()) {
            *last = closing;
        }
    }

    /// Whether what is kept has its shape, the measurements follow each other from before the first step on, all of as many values, and the run
    /// ended as the last of them says. A record that anybody made up may have any digests that it needs, but not any shape.
    ///
    /// Which arrays, and how many values, the record alone does not say: the bytes that are hashed do not part measurements and arrays, the
    /// settings of the run do.
    #[must_use]
    pub fn is_in_shape(&self) -> bool {
        if self.own.is_some() {
            return self.is_in_own_shape();
        }
        let follows = |pair: &[Observation]| {
            let [one, next] = [&pair[0], &pair[1]];
            let later = one.step < next.step && one.epoch <= next.epoch && one.values.len() == next.values.len();
            later && one.is_finite()
        };
        let (Some(first), Some(last)) = (self.observations.first(), self.observations.last()) else { return false };
        let begins = (first.epoch, first.step) == (0, 0) && self.chain.len() == self.observations.len();
        // What is not finite was measured as +∞.
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

    /// The same of a record of another experiment. What was not measured is no number; what was, and is not finite, is infinite and ends the run.
    fn is_in_own_shape(&self) -> bool {
        let ends = |outcome: &Outcome, last: &Observation| match outcome {
            Outcome::Completed => !self.is_endless(),
            Outcome::Converged { epoch } => *epoch == last.epoch && !self.is_endless(),
            Outcome::Diverged { epoch } => *epoch == last.epoch && self.is_endless(),
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

    /// Whether the last measurement, or what is kept, is not finite.
    fn is_endless(&self) -> bool {
        let measured = self.observations.last().is_some_and(|last| last.values.iter().any(|value| value.is_infinite()));
        measured || !self.kept.values.iter().all(|value| value.is_finite())
    }

    /// Whether the chain is the one that the identity, measurements and what is kept give, as far as they tell: the
    /// links in the middle also cover arrays that were not kept.
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
    /// The last link, which covers what is kept.
    fn closing(&self, previous: Digest, point: &Observation) -> Digest {
        match self.own {
            Some(_) => own_link(previous, point, &self.kept),
            None => link(previous, point, [self.kept.values.as_slice()]),
        }
    }
}
