//! A description of the rows and columns that were read from data files, for reports; it affects no run.

use serde::{Deserialize, Serialize};

/// What was read from the files of a data set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The number of rows of each file, including dropped rows, in the order of the settings.
    pub rows: Vec<u64>,
    /// The names of the inputs, at most [`MOST_NAMED`](Self::MOST_NAMED).
    pub inputs: Vec<String>,
    /// The labels of class -1 and class +1.
    pub labels: [Vec<LabelCount>; 2],
    /// The names of unused columns, at most [`MOST_NAMED`](Self::MOST_NAMED).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unused: Vec<String>,
    /// The number of unused columns.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unused_columns: u64,
    /// The dropped rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
    /// The values that were filled in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filled: Vec<Filled>,
    /// The deviations of the first file from the usual format.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub how: Vec<String>,
    /// Notices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

/// A label of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelCount {
    /// The label as written in the file.
    pub text: String,
    /// The number of rows with this label.
    pub rows: u64,
}

/// Rows that were dropped for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The reason, in words that follow "with".
    pub why: String,
    /// The number of rows.
    pub rows: u64,
}

/// Values of a column that were filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// The name of the column.
    pub column: String,
    /// The number of values.
    pub values: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Reading {
    /// The largest number of names in a list.
    pub const MOST_NAMED: usize = 1000;

    /// Adds the labels and dropped rows of another file.
    pub fn add(&mut self, labels: [Vec<LabelCount>; 2], dropped: &[Dropped]) {
        for (all, more) in self.labels.iter_mut().zip(labels) {
            for label in more {
                match all.iter_mut().find(|known| known.text == label.text) {
                    Some(known) => known.rows += label.rows,
                    None => all.push(label),
                }
            }
        }
        for more in dropped {
            match self.dropped.iter_mut().find(|known| known.why == more.why) {
                Some(known) => known.rows += more.rows,
                None => self.dropped.push(more.clone()),
            }
        }
    }
}
