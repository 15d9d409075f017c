//! What was read of data files, for people: it binds no run, and says which rows and columns the points are made of.

use serde::{Deserialize, Serialize};

/// What was read of the files of a data set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The rows of each file, in the order of the settings, those that were left out among them.
    pub rows: Vec<u64>,
    /// The names of the inputs, the first thousand of them.
    pub inputs: Vec<String>,
    /// The labels of class -1 and of class +1.
    pub labels: [Vec<LabelCount>; 2],
    /// Columns that are not used, the first thousand of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unused: Vec<String>,
    /// How many of them there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unused_columns: u64,
    /// Rows that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
    /// Values that were filled in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filled: Vec<Filled>,
    /// How the first file is written, where that is not the usual way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub how: Vec<String>,
    /// What is worth a word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

/// A text that stands for a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelCount {
    /// The text as it stands in the file.
    pub text: String,
    /// The rows that have it.
    pub rows: u64,
}

/// Rows that are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Why: to follow "with".
    pub why: String,
    /// How many there are.
    pub rows: u64,
}

/// Values of a column that were filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// The name of the column.
    pub column: String,
    /// How many there are.
    pub values: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Reading {
    /// More names than these are not kept.
    pub const MOST_NAMED: usize = 1000;

    /// Adds what a further file holds.
    pub fn add(&mut self, labels: [Vec<LabelCount>; 2], dropped: &[Dropped]) {
        for (own, more) in self.labels.iter_mut().zip(labels) {
            for label in more {
                match own.iter_mut().find(|own| own.text == label.text) {
                    Some(own) => own.rows += label.rows,
                    None => own.push(label),
                }
            }
        }
        for more in dropped {
            match self.dropped.iter_mut().find(|own| own.why == more.why) {
                Some(own) => own.rows += more.rows,
                None => self.dropped.push(more.clone()),
            }
        }
    }
}
