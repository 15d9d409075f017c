//! Shared by the readers of files: opening, labels, and the choice of validation points.

use std::{fs, io, path::Path};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DataError, Dataset};
use crate::validation::SettingErrors;

pub(super) use restudy_engine::run::Dropped;

mod divide;
mod fill;
mod plan;

pub(super) use plan::Plan;
pub use plan::{Loaded, Opened};

/// Where the validation points come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Validation {
    /// This share of the rows, chosen at random by the seed of the data: more than 0, less than 1.
    Share(f64),
    /// All rows of this other file; the seed of the data plays no part.
    File(String),
    /// Cross-validation: the number of folds. The rows are divided at random; each trial runs once per fold, validated
    /// on it.
    Folds(u64),
}

impl Validation {
    /// Equal for all choices that draw from one file.
    pub(super) fn read_as(&self) -> Self {
        match self {
            Self::Share(_) | Self::Folds(_) => Self::default(),
            Self::File(other) => Self::File(other.clone()),
        }
    }
}

impl Default for Validation {
    fn default() -> Self {
        Self::Share(0.25)
    }
}

/// The source of an input.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Input {
    /// The numbers of a column.
    Number(String),
    /// 1 for rows with this text in the column, else 0.
    Category { column: String, text: String },
    /// 1 for rows without a value in the column, else 0.
    Gap(String),
}

impl Input {
    pub fn column(&self) -> &str {
        let (Self::Number(column) | Self::Category { column, .. } | Self::Gap(column)) = self;
        column
    }

    pub fn name(&self) -> String {
        match self {
            Self::Number(column) => column.clone(),
            Self::Category { column, text } => format!("{column}={text}"),
            Self::Gap(column) => format!("{column}:missing"),
        }
    }
}

/// The texts of labels of class -1 and of class +1, with their counts.
pub(super) type ClassTexts = [Vec<(String, u64)>; 2];

/// Labels that settings name and no row has, and the labels of the rows, up to a bound.
#[derive(Debug, Default)]
pub(super) struct Lost {
    pub lost: Vec<String>,
    pub present: Vec<String>,
}

/// The points of one file, and facts about it.
#[derive(Debug)]
pub(super) struct Points {
    pub inputs: Vec<Input>,
    /// A value that is missing is NaN.
    pub data: Dataset,
    /// Rows of points in the file, including those that are left out.
    pub rows: u64,
    pub labels: ClassTexts,
    /// Names of unused columns.
    pub unused: Vec<String>,
    pub dropped: Vec<Dropped>,
    pub lost: Lost,
    /// How the file is written, where that differs from the usual format.
    pub how: Vec<String>,
}

/// The most numbers that are read from a file: one gigabyte of doubles.
pub(super) const MOST_NUMBERS: usize = 1 << 27;
const MOST_BYTES: u64 = 1 << 30;

/// Makes an error. Codes are stable: programs may rely on them.
pub(super) fn error(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> DataError {
    DataError { code, message: message.into(), help: help.into() }
}

/// Checks the settings that all readers share.
pub(super) fn require_files(
    faults: &mut SettingErrors,
    file: &str,
    validation: &Validation,
    fold: Option<u64>,
    stratified: bool,
) {
    faults.require(!file.is_empty(), "file", "the path of a file");
    if let Some(fold) = fold {
        match validation {
            Validation::Folds(folds) => {
                let expected = format!("a whole number below {folds}, or nothing: then every fold is held out in turn");
                faults.require(fold < *folds, "fold", &expected);
            }
            _ => faults.require(false, "fold", "the number of folds beside it: validation = { folds = 5 }"),
        }
    }
    match validation {
        Validation::Share(share) => {
            faults.require(
                *share > 0.0 && *share < 1.0,
                "validation.share",
                "a number between 0 and 1, neither of them",
            );
        }
        Validation::File(other) => {
            faults.require(!other.is_empty(), "validation.file", "the path of a file");
            faults.require(!stratified, "stratified", "false beside a validation file: nothing is drawn");
        }
        Validation::Folds(folds) => {
            faults.require(*folds >= 2, "validation.folds", "a whole number of folds, 2 or more: 5 and 10 are usual");
        }
    }
}

/// The settings that may name files, in the order in which a data set lists its files.
pub const FILES: [&str; 2] = ["file", "validation.file"];

pub(super) fn paths<'a>(file: &'a mut String, validation: &'a mut Validation) -> Vec<&'a mut String> {
    match validation {
        Validation::Share(_) | Validation::Folds(_) => vec![file],
        Validation::File(other) => vec![file, other],
    }
}

/// Reads a file of at most `MOST_BYTES`.
pub(super) fn bytes(file: &str) -> Result<Vec<u8>, DataError> {
    // An empty path is the folder of the specification itself.
    let file = if file.is_empty() { "." } else { file };
    let cannot = |fault: io::Error| {
        let help = match fault.kind() {
            io::ErrorKind::NotFound => {
                "Check the path; a relative path starts at the folder of the specification.".to_owned()
            }
            io::ErrorKind::PermissionDenied => "Allow yourself to read the file.".to_owned(),
            _ => "Check that the file can be opened by other programs.".to_owned(),
        };
        error("data.file.unreadable", format!("{file} cannot be read: {fault}"), help)
    };
    let about = fs::metadata(Path::new(file)).map_err(cannot)?;
    if !about.is_file() {
        let what = if about.is_dir() { "a folder" } else { "not a regular file" };
        return Err(error(
            "data.file.not-a-file",
            format!("{file} is {what}"),
            "Give the path of the file with the data.",
        ));
    }
    if about.len() > MOST_BYTES {
        return Err(error(
            "data.file.too-large",
            format!("{file} has {} bytes; at most {MOST_BYTES} are read", about.len()),
            "Take a sample of the rows, or fewer columns.",
        ));
    }
    fs::read(file).map_err(cannot)
}

/// Converts labels that are all -1 or 1, or all 0 or 1, to -1 and +1.
///
/// # Errors
/// Returns the index of the first label that does not fit.
pub(super) fn signs(labels: &[f64]) -> Result<Vec<f64>, usize> {
    let low = labels.iter().copied().find(|&label| label == 0.0 || label == -1.0).unwrap_or(-1.0);
    labels
        .iter()
        .enumerate()
        .map(|(i, &label)| match label {
            1.0 => Ok(1.0),
            _ if label == low => Ok(-1.0),
            _ => Err(i),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_take_one_convention_at_a_time() {
        assert_eq!(signs(&[1.0, 0.0, 1.0]), Ok(vec![1.0, -1.0, 1.0]));
        assert_eq!(signs(&[-1.0, 1.0]), Ok(vec![-1.0, 1.0]));
        assert_eq!(signs(&[1.0, -1.0, 0.0]), Err(2));
        assert_eq!(signs(&[1.0, 0.5]), Err(1));
        assert_eq!(signs(&[f64::NAN]), Err(0));
    }
}
