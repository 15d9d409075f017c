//! What a run leaves behind: its measurements, the chain of digests over them, the arrays that are kept, and how it ended.
//!
//! What a measurement means, and which arrays are kept, the experiment declares.

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
    /// Whole epochs, or whatever the experiment counts, at the step.
    pub epoch: u64,
    /// Steps so far; 0 is before the first one.
    pub step: u64,
    /// What was measured, in the order in which it is declared. Of what is measured on two parts of the data, all that is of the first part comes first.
    pub values: Vec<f64>,
}

impl Observation {
    /// The two halves of the values: what was measured on the training points, and the same on the validation points.
    #[must_use]
    pub fn halves(&self) -> [&[f64]; 2] {
        let (train, validation) = self.values.split_at(self.values.len() / 2);
        [train, validation]
    }

    /// Whether every value is a number.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.values.iter().all(|value| value.is_finite())
    }
}

/// How a run ended. Divergence is a result, not an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// All steps were done.
    Completed,
    /// It was settled before.
    Converged {
        /// When.
        epoch: u64,
    },
    /// A measurement or what is kept was not finite.
    Diverged {
        /// When it was seen.
        epoch: u64,
    },
    /// It could not be done.
    Failed {
        /// Why.
        message: String,
    },
}

impl Outcome {
    /// The name in tables.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Converged { .. } => "converged",
            Self::Diverged { .. } => "diverged",
            Self::Failed { .. } => "failed",
        }
    }

    /// The outcome that this text is of; nothing if there is no such.
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

    /// The outcome as it enters the digest of a run.
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

/// Arrays that are kept of a run, in the order in which they are declared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kept {
    /// The rows and columns of each.
    pub shapes: Vec<[usize; 2]>,
    /// The numbers of all of them, one array after the other, row after row.
    pub values: Vec<f64>,
}

impl Kept {
    /// Each array: its rows and columns, and its numbers.
    pub fn arrays(&self) -> impl Iterator<Item = ([usize; 2], &[f64])> {
        let mut rest = self.values.as_slice();
        self.shapes.iter().map(move |&shape| {
            let (own, more) = rest.split_at(size(shape).unwrap_or(usize::MAX).min(rest.len()));
            rest = more;
            (shape, own)
        })
    }

    /// Whether there are as many numbers as the shapes say.
    #[must_use]
    pub fn is_in_shape(&self) -> bool {
        let mut sizes = self.shapes.iter().map(|&shape| size(shape));
        sizes.try_fold(0, |sum: usize, size| sum.checked_add(size?)) == Some(self.values.len())
    }
}

fn size([rows, columns]: [usize; 2]) -> Option<usize> {
    rows.checked_mul(columns)
}

/// Everything that a finished run leaves behind.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The identity of the run.
    pub id: Digest,
    /// The measurements; the first one is before the first step.
    pub observations: Vec<Observation>,
    /// The link of the chain at each measurement.
    pub chain: Vec<Digest>,
    /// How it ended.
    pub outcome: Outcome,
    /// What is kept of it at its end; of a diverged run it is not all finite.
    pub kept: Kept,
    /// What a record says of itself since there are other experiments than the network, of which it has none.
    pub own: Option<Own>,
}

/// What a record of another experiment than the network says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// The seed of the run.
    pub seed: Seed,
    /// The first epoch at which it was measured to have succeeded.
    pub success: Option<u64>,
}

impl Record {
    /// The digest of the run: of the last link and the outcome.
    #[must_use]
    pub fn digest(&self) -> Digest {
        run_digest(*self.chain.last().unwrap_or(&self.id), &self.outcome.text())
    }

    /// The digest of all measurements, those in the midst of the run among them, and their links: neither the digest of the run nor its last
    /// link binds these to anybody who has only what is kept of a run.
    #[must_use]
    pub fn measurements(&self) -> Digest {
        let mut measured = Measured::new(self.id, self.observations.len());
        for (point, link) in self.observations.iter().zip(&self.chain) {
            measured.row(point.epoch, point.step, point.halves(), *link);
        }
        measured.finish()
    }

    /// How many measurements two records of one run have in common before the first that differs in any bit, or in its link.
    #[must_use]
    pub fn agreeing(&self, other: &Self) -> usize {
        let measured = |record: &Self, place: usize| {
            let point = &record.observations[place];
            (point.epoch, point.step, bits(&point.values), record.chain.get(place).copied())
        };
        let common = self.observations.len().min(other.observations.len());
        (0..common).take_while(|&place| measured(self, place) == measured(other, place)).count()
    }

    /// Where two records of one run first differ in any bit; every NaN is the same.
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

/// Where two records of one run part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the measurement of this epoch.
    Epoch(u64),
    /// One has more measurements.
    Length,
    /// In how they ended.
    Outcome,
    /// In what is kept of them alone.
    Kept,
}
