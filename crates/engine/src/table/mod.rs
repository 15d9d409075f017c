//! Builds tables from records: data frames, Parquet bytes, CSV text and digests.
//!
//! Every table is a pure function of the study and its records; nothing here opens a file. The schemas of [`runs()`],
//! [`metrics()`], [`weights()`] and [`points()`] are documented at `Tables` of `restudy-figure`, which reads them:
//! columns are UInt64, Float64 or String, without nulls; an absent number is NaN. So other programs read them without a
//! cast. The content of a table has a [digest](restudy_core::digest#the-digest-of-a-table) that does not depend on the
//! writer of its file.

mod chosen;
pub mod column;
mod difference;
mod digest;
mod folds;
mod metrics;
mod parquet;
mod points;
mod runs;
mod stage;
mod statistics;
mod stored;
mod summary;
mod weights;

pub use chosen::{Baseline, Confirmed};
pub use difference::first_difference;
pub use digest::logical_digest;
pub use metrics::metrics;
pub use parquet::{ReadError, read, write};
pub use points::{PointsRow, points};
pub use runs::runs;
pub use stage::first_stage;
pub use statistics::Statistics;
pub use stored::{floats, outcome, summary_of_csv, summary_of_table, summary_of_table_as, texts, wholes};
pub use summary::{Final, Spread, Summary, TrialSummary, summary, summary_of};
pub use weights::weights;

use crate::{
    digest::{Observation, Record},
    seed::Seed,
};
pub use crate::{
    measure::Split,
    sweep::{Successes, columns, recorded, slot},
};

/// A finished run as a row of tables. Tables take rows sorted by trial, then seed.
#[derive(Debug, Clone, Copy)]
pub struct RunRow<'a> {
    /// The index of its trial in the study.
    pub trial: usize,
    /// Its seed.
    pub seed: Seed,
    /// Its record.
    pub record: &'a Record,
}

/// The value in a slot of a measurement; NaN if it is not recorded.
fn value(point: &Observation, slot: Option<usize>) -> f64 {
    slot.and_then(|slot| point.values.get(slot).copied()).unwrap_or(f64::NAN)
}
