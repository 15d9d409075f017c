//! Versions of the statistics: how the intervals in `summary.csv` are made.
//!
//! A folder keeps the intervals of the version that made it, and is proven by these.

use restudy_core::measure::Range;

use crate::stats::{self, Interval, Within};

/// A version of the statistics. A better interval is a new one: what the runs are is the arithmetic contract's, and does not change with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statistics {
    /// Up to restudy 0.3: percentile bootstrap intervals of the mean at 95 %.
    One,
    /// Student's intervals, moved as Johnson says; none of few or equal values.
    Two,
}

impl Statistics {
    /// What this program makes.
    pub const OURS: Self = Self::Two;

    /// The version of this number, as manifests give it.
    #[must_use]
    pub fn of(number: Option<u32>) -> Option<Self> {
        match number {
            None | Some(1) => Some(Self::One),
            Some(2) => Some(Self::Two),
            Some(_) => None,
        }
    }

    /// The number in manifests; none of the first version, whose manifests have no such entry.
    #[must_use]
    pub fn number(self) -> Option<u32> {
        match self {
            Self::One => None,
            Self::Two => Some(2),
        }
    }

    /// The interval of every list.
    pub(super) fn intervals(
        self,
        confidence: f64,
        lists: &[Vec<f64>],
        ranges: impl Iterator<Item = Range>,
    ) -> Vec<Interval> {
        match self {
            Self::One => stats::bootstrap_means(&lists.iter().map(Vec::as_slice).collect::<Vec<_>>()),
            Self::Two => {
                let mut within = Within::new(confidence);
                lists.iter().zip(ranges).map(|(values, range)| within.mean(values, range)).collect()
            }
        }
    }
}
