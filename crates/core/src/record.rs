//! Records of runs: measurements, the chain of digests over them, the kept arrays, and how the run ended.
//!
//! The experiment declares the meaning of the values and the names of the arrays.

mod links;
mod shape;
#[cfg(test)]
mod tests;

use alloc::{format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

pub use links::{Measured, is_diverged, last_link, link, own_link, run_digest};

use crate::{
    digest::{Digest, portable_bits},
    seed::Seed,
};

/// One measurement of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Whole epochs at the step; a custom experiment counts in its own unit of time.
    pub epoch: u64,
    /// Completed steps; 0 is before the first step.
    pub step: u64,
    /// The values in the order of their declaration. Measured on two splits, all values of the first split come first.
    pub values: Vec<f64>,
}

impl Observation {
    /// Returns the values on the training points, and those on the validation points.
    #[must_use]
    pub fn halves(&self) -> [&[f64]; 2] {
        let (train, validation) = self.values.split_at(self.values.len() / 2);
        [train, validation]
    }

    /// Whether every value is finite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.values.iter().all(|value| value.is_finite())
    }
}

/// How a run ended. Divergence is a result, not an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// All steps are done.
    Completed,
    /// A stopping condition was met before the last step.
    Converged {
        /// The epoch of the last measurement.
        epoch: u64,
    },
    /// A measurement or a kept array is not finite.
    Diverged {
        /// The epoch at which it was measured.
        epoch: u64,
    },
    /// The run could not be completed.
    Failed {
        /// The reason.
        message: String,
    },
}

impl Outcome {
    /// Returns the name in tables.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Converged { .. } => "converged",
            Self::Diverged { .. } => "diverged",
            Self::Failed { .. } => "failed",
        }
    }

    /// Parses an outcome from its [text](Self::text).
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
        let epoch = || rest.parse().ok();
        let outcome = match name {
            "completed" => Self::Completed,
            "converged" => Self::Converged { epoch: epoch()? },
            "diverged" => Self::Diverged { epoch: epoch()? },
            "failed" => Self::Failed { message: rest.into() },
            _ => return None,
        };
        (outcome.text() == text).then_some(outcome)
    }

    /// Returns the text of the outcome in the digest of a run.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Completed => "completed".into(),
            Self::Converged { epoch } => format!("converged {epoch}"),
            Self::Diverged { epoch } => format!("diverged {epoch}"),
            Self::Failed { message } => format!("failed {message}"),
        }
    }
}

/// The kept arrays of a run, in the order of their declaration.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kept {
    /// The rows and columns of each array.
    pub shapes: Vec<[usize; 2]>,
    /// The numbers of all arrays, one array after the other, row after row.
    pub values: Vec<f64>,
}

impl Kept {
    /// Returns each array: its rows and columns, and its numbers.
    pub fn arrays(&self) -> impl Iterator<Item = ([usize; 2], &[f64])> {
        let mut rest = self.values.as_slice();
        self.shapes.iter().map(move |&shape| {
            let (array, more) = rest.split_at(size(shape).unwrap_or(usize::MAX).min(rest.len()));
            rest = more;
            (shape, array)
        })
    }

    /// Whether the number of values equals the total size of the shapes.
    #[must_use]
    pub fn is_in_shape(&self) -> bool {
        let mut sizes = self.shapes.iter().map(|&shape| size(shape));
        sizes.try_fold(0, |sum: usize, size| sum.checked_add(size?)) == Some(self.values.len())
    }
}

fn size([rows, columns]: [usize; 2]) -> Option<usize> {
    rows.checked_mul(columns)
}

/// The complete record of a finished run.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The identity of the run.
    pub id: Digest,
    /// The measurements; the first is before the first step.
    pub observations: Vec<Observation>,
    /// The link of the chain at each measurement.
    pub chain: Vec<Digest>,
    /// How the run ended.
    pub outcome: Outcome,
    /// The arrays at the end of the run. Those of a diverged run may contain numbers that are not finite.
    pub kept: Kept,
    /// The additional fields of a custom experiment; `None` for the network.
    pub own: Option<Own>,
}

/// The additional fields in the record of a custom experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// The seed of the run.
    pub seed: Seed,
    /// The epoch of the first measurement that met the condition of success.
    pub success: Option<u64>,
}

impl Record {
    /// Returns the digest of the run, over the last link and the outcome.
    #[must_use]
    pub fn digest(&self) -> Digest {
        run_digest(*self.chain.last().unwrap_or(&self.id), &self.outcome.text())
    }

    /// Returns the digest of all measurements and links. The digest of the run and its last link alone do not bind the
    /// measurements before the last one, since the arrays at those are not kept.
    #[must_use]
    pub fn measurements(&self) -> Digest {
        let mut measured = Measured::new(self.id, self.observations.len());
        for (point, link) in self.observations.iter().zip(&self.chain) {
            measured.row(point.epoch, point.step, point.halves(), *link);
        }
        measured.finish()
    }

    /// Returns the number of equal measurements of two records of one run, before the first that differs in a bit or in
    /// its link.
    #[must_use]
    pub fn agreeing(&self, other: &Self) -> usize {
        let measured = |record: &Self, place: usize| {
            let point = &record.observations[place];
            (point.epoch, point.step, bits(&point.values), record.chain.get(place).copied())
        };
        let common = self.observations.len().min(other.observations.len());
        (0..common).take_while(|&place| measured(self, place) == measured(other, place)).count()
    }

    /// Returns the place at which two records of one run first differ in a bit; every NaN is equal.
    #[must_use]
    pub fn first_difference(&self, other: &Self) -> Option<Place> {
        let same = self.agreeing(other);
        if let (Some(point), Some(_)) = (self.observations.get(same), other.observations.get(same)) {
            return Some(Place::Epoch(point.epoch));
        }
        if self.id != other.id
            || self.observations.len() != other.observations.len()
            || self.chain.len() != other.chain.len()
        {
            return Some(Place::Length);
        }
        if self.outcome != other.outcome || self.own != other.own {
            return Some(Place::Outcome);
        }
        let kept = |record: &Self| (record.kept.shapes.clone(), bits(&record.kept.values));
        (kept(self) != kept(other)).then_some(Place::Kept)
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| portable_bits(*value)).collect()
}

/// The place of the first difference between two records of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The measurement at this epoch.
    Epoch(u64),
    /// The identity, or the number of measurements or links.
    Length,
    /// The outcome, or the fields of a custom experiment.
    Outcome,
    /// Only the kept arrays.
    Kept,
}
