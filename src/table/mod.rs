//! Tables: records in, data frames, Parquet bytes, CSV text and digests out.
//!
//! May touch: `seed`, `data`, `metric`, `model`, `train`, `digest`, `spec`, `sweep`, `stats`. Every table is a pure function
//! of the study and its records; nothing here opens a file. The schemas of [`runs()`], [`metrics()`], [`weights()`] and [`points()`]
//! stand where they are read, at [`Tables`](crate::figure::Tables): columns are UInt64, Float64 or String, nothing is ever
//! null, an absent number is NaN. Other programs so read them without a cast. What a table says has a
//! [digest](crate::digest#the-digest-of-a-table) that does not change with the writer of its file.

mod columns;
mod difference;
mod digest;
mod metrics;
mod parquet;
mod points;
mod runs;
mod stored;
mod summary;
mod weights;

pub use difference::first_difference;
pub use digest::logical_digest;
pub use metrics::metrics;
pub use parquet::{ReadError, read, write};
pub use points::{PointsRow, points};
pub use runs::runs;
pub use stored::{floats, outcome, summary_of_csv, summary_of_table, texts, wholes};
pub use summary::{Final, Spread, Summary, TrialSummary, summary, summary_of};
pub use weights::weights;

use crate::{
    digest::Record,
    metric::Metric,
    seed::Seed,
    sweep::{Study, Trial},
    train::Point,
};

/// A finished run, as tables see it. Tables take them sorted by trial, then seed.
#[derive(Debug, Clone, Copy)]
pub struct RunRow<'a> {
    /// The index of its trial in the study.
    pub trial: usize,
    /// Its seed.
    pub seed: Seed,
    /// What it left behind.
    pub record: &'a Record,
}

/// One of the two parts of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The points that the trainer draws from.
    Train,
    /// The points it never sees.
    Validation,
}

impl Part {
    /// Both parts, in the order of the tables.
    pub const ALL: [Self; 2] = [Self::Train, Self::Validation];

    /// The name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
        }
    }

    fn of(self, point: &Point) -> &[f64] {
        point.halves()[self as usize]
    }
}

/// The metrics that any trial records, in the order in which the trials name them.
#[must_use]
pub fn recorded_metrics(study: &Study) -> Vec<Metric> {
    let mut recorded = Vec::new();
    for metric in study.trials.iter().flat_map(|trial| &trial.setting.evaluate.metrics) {
        if !recorded.contains(metric) {
            recorded.push(*metric);
        }
    }
    recorded
}

/// Where the measurements of a trial hold a metric, if it records it.
fn place(trial: &Trial, metric: Metric) -> Option<usize> {
    trial.setting.evaluate.metrics.iter().position(|recorded| *recorded == metric)
}

/// The metric at this place of a measurement; NaN if it is not recorded.
fn value(point: &Point, part: Part, place: Option<usize>) -> f64 {
    place.and_then(|place| part.of(point).get(place).copied()).unwrap_or(f64::NAN)
}

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
