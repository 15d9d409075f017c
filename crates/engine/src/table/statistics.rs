//! Versions of the statistics: the methods for the intervals in `summary.csv`.
//!
//! A folder keeps the intervals of the version that made it, and is verified with these.

use restudy_core::measure::Range;

use crate::stats::{self, Interval, Within};

/// A version of the statistics. A better interval is a new version; the runs depend only on the arithmetic contract,
/// which does not change with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Statistics {
    /// Up to restudy 0.3: percentile bootstrap intervals of the mean at 95 %.
    One,
    /// Student's intervals, corrected for skewness after Johnson; none for few or equal values.
    Two,
}

impl Statistics {
    /// The version of this program.
    pub const OURS: Self = Self::Two;

    /// Returns the version with this number in a manifest.
    #[must_use]
    pub fn of(number: Option<u32>) -> Option<Self> {
        match number {
            None | Some(1) => Some(Self::One),
            Some(2) => Some(Self::Two),
            Some(_) => None,
        }
    }

    /// Returns the number in manifests; `None` for the first version, whose manifests have no such entry.
    #[must_use]
    pub fn number(self) -> Option<u32> {
        match self {
            Self::One => None,
            Self::Two => Some(2),
        }
    }

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
