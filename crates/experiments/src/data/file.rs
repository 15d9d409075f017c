//! What the readers of files share: opening, labels, the choice of validation points, standardising.

use std::{fs, io, path::Path};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DataError, Dataset, Split};
use crate::{
    fault::Faults,
    math,
    seed::{Draws, Seed, Stream},
};

/// Where the validation points come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Validation {
    /// This share of the rows, chosen at random by the seed of the data: more than 0, less than 1.
    Share(f64),
    /// All rows of this other file; the seed of the data plays no part.
    File(String),
}

impl Default for Validation {
    fn default() -> Self {
        Self::Share(0.25)
    }
}

/// The points of one file, with the names of their columns for whoever has to be told about them.
#[derive(Debug)]
pub(super) struct Points {
    pub names: Vec<String>,
    pub data: Dataset,
}

/// The most numbers that are read from a file: as doubles they fill a gigabyte.
pub(super) const MOST_NUMBERS: usize = 1 << 27;
const MOST_BYTES: u64 = 1 << 30;

pub(super) fn error(message: impl Into<String>, help: impl Into<String>) -> DataError {
    DataError { message: message.into(), help: help.into() }
}

/// The checks of the settings that every reader has.
pub(super) fn require_files(faults: &mut Faults, file: &str, validation: &Validation) {
    faults.require(!file.is_empty(), "file", "the path of a file");
    match validation {
        Validation::Share(share) => {
            faults.require(
                *share > 0.0 && *share < 1.0,
                "validation.share",
                "a number between 0 and 1, neither of them",
            );
        }
        Validation::File(other) => faults.require(!other.is_empty(), "validation.file", "the path of a file"),
    }
}

/// The settings that name files, where they do, in the order of `paths`.
pub const FILES: [&str; 2] = ["file", "validation.file"];

/// The paths in the settings.
pub(super) fn paths<'a>(file: &'a mut String, validation: &'a mut Validation) -> Vec<&'a mut String> {
    match validation {
        Validation::Share(_) => vec![file],
        Validation::File(other) => vec![file, other],
    }
}

/// The content of a file of reasonable size.
pub(super) fn bytes(file: &str) -> Result<Vec<u8>, DataError> {
    let cannot = |fault: io::Error| {
        let help = match fault.kind() {
            io::ErrorKind::NotFound => {
                "Check the path; a relative path starts at the folder of the specification.".to_owned()
            }
            io::ErrorKind::PermissionDenied => "Allow yourself to read the file.".to_owned(),
            _ => "Check that the file can be opened by other programs.".to_owned(),
        };
        error(format!("{file} cannot be read: {fault}"), help)
    };
    let about = fs::metadata(Path::new(file)).map_err(cannot)?;
    if !about.is_file() {
        let what = if about.is_dir() { "a folder" } else { "not a regular file" };
        return Err(error(format!("{file} is {what}"), "Give the path of the file with the data."));
    }
    if about.len() > MOST_BYTES {
        return Err(error(
            format!("{file} has {} bytes; at most {MOST_BYTES} are read", about.len()),
            "Take a sample of the rows, or fewer columns.",
        ));
    }
    fs::read(file).map_err(cannot)
}

/// Labels as -1 and +1 from numbers that are all -1 or 1, or all 0 or 1; else the index of the first that does not fit.
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

/// What is done with the points of a file once they can be read.
pub(super) struct Plan<'a> {
    pub file: &'a str,
    pub validation: &'a Validation,
    pub standardise: bool,
    pub seed: Seed,
}

impl Plan<'_> {
    /// Reads the file or the files and splits; `read` is given the names of the columns that the second file must have.
    pub fn split(
        &self,
        read: impl Fn(&str, Option<&[String]>) -> Result<Points, DataError>,
    ) -> Result<Split, DataError> {
        let Points { names, data } = read(self.file, None)?;
        require_both(&data, self.file, "Use a file with points of both classes.")?;
        let mut split = match self.validation {
            Validation::Share(share) => {
                let split = share_out(&data, *share, self.seed);
                let help = "Choose another `seed` for the data, or another share.";
                require_both(&split.train, &format!("{}: the training split", self.file), help)?;
                require_both(&split.validation, &format!("{}: the validation split", self.file), help)?;
                split
            }
            Validation::File(other) => {
                let held = read(other, Some(&names))?.data;
                require_both(&held, other, "Use a validation file with points of both classes.")?;
                Split { train: data, validation: held }
            }
        };
        if self.standardise {
            for (column, name) in names.iter().enumerate() {
                standardise(&mut split, column).map_err(|()| {
                    error(
                        format!(
                            "{}: {name} cannot be standardised: its values are too large or too close together",
                            self.file
                        ),
                        "Rescale the column in the file, or leave it out.",
                    )
                })?;
            }
        }
        Ok(split)
    }
}

fn require_both(data: &Dataset, whose: &str, help: &str) -> Result<(), DataError> {
    let count = |class: f64| data.y.iter().filter(|&&y| y == class).count();
    match (count(-1.0), count(1.0)) {
        (0, 0) => Err(error(format!("{whose} has no rows"), help)),
        (n, 0) => Err(error(format!("{whose} has one class only: all {n} rows are of class -1"), help)),
        (0, n) => Err(error(format!("{whose} has one class only: all {n} rows are of class +1"), help)),
        _ => Ok(()),
    }
}

/// The first `⌊share · n + ½⌋` rows of a random order are held out; both parts keep the order of the file.
fn share_out(data: &Dataset, share: f64, seed: Seed) -> Split {
    let mut order: Vec<u32> = (0..data.len() as u32).collect();
    Draws::new(seed, Stream::Validation).permute(&mut order);
    let (held, kept) = order.split_at_mut((share * data.len() as f64 + 0.5) as usize);
    held.sort_unstable();
    kept.sort_unstable();
    Split { train: data.select(kept), validation: data.select(held) }
}

/// `(x - mean) / sd` with mean and standard deviation (divisor n) of the training points, sums in data order.
///
/// A column whose training values are all equal has no spread to divide by: that value is subtracted, and that is all.
fn standardise(split: &mut Split, column: usize) -> Result<(), ()> {
    let values: Vec<f64> = split.train.x.iter().skip(column).step_by(split.train.d).copied().collect();
    let constant = values.iter().all(|&value| value == values[0]);
    let mean = if constant { values[0] } else { math::mean(&values) };
    let squares: Vec<f64> = values.iter().map(|value| (value - mean) * (value - mean)).collect();
    let sd = if constant { 1.0 } else { math::sqrt(math::mean(&squares)) };
    if sd == 0.0 || !sd.is_finite() {
        return Err(());
    }
    for part in [&mut split.train, &mut split.validation] {
        for value in part.x.iter_mut().skip(column).step_by(part.d) {
            *value = (*value - mean) / sd;
            if !value.is_finite() {
                return Err(());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[f64]) -> Dataset {
        Dataset { d: 1, x: values.to_vec(), y: vec![1.0; values.len()] }
    }

    #[test]
    fn signs_take_one_convention_at_a_time() {
        assert_eq!(signs(&[1.0, 0.0, 1.0]), Ok(vec![1.0, -1.0, 1.0]));
        assert_eq!(signs(&[-1.0, 1.0]), Ok(vec![-1.0, 1.0]));
        assert_eq!(signs(&[1.0, -1.0, 0.0]), Err(2));
        assert_eq!(signs(&[1.0, 0.5]), Err(1));
        assert_eq!(signs(&[f64::NAN]), Err(0));
    }

    #[test]
    fn shares_are_disjoint_complete_and_in_the_order_of_the_file() {
        let data = column(&core::array::from_fn::<f64, 10, _>(|i| i as f64));
        let Split { train, validation } = share_out(&data, 0.25, Seed(3));
        assert_eq!((train.len(), validation.len()), (7, 3), "2.5 rows are 3");
        assert!(train.x.is_sorted() && validation.x.is_sorted());
        let mut all = [train.x.as_slice(), &validation.x].concat();
        all.sort_by(f64::total_cmp);
        assert_eq!(all, data.x);
        assert_ne!(share_out(&data, 0.25, Seed(4)).validation.x, validation.x, "the seed chooses");
    }

    #[test]
    fn standardising_looks_at_the_training_points_alone() {
        let mut split = Split { train: column(&[1.0, 3.0]), validation: column(&[5.0, 2.0]) };
        assert_eq!(standardise(&mut split, 0), Ok(()));
        assert_eq!((split.train.x, split.validation.x), (vec![-1.0, 1.0], vec![3.0, 0.0]));
    }

    #[test]
    fn a_constant_column_is_centred_to_zero_exactly() {
        let mut split = Split { train: column(&[0.1; 10]), validation: column(&[0.1, 2.1]) };
        assert_eq!(standardise(&mut split, 0), Ok(()));
        assert_eq!((split.train.x, split.validation.x), (vec![0.0; 10], vec![0.0, 2.0]));
    }

    #[test]
    fn overflow_and_underflow_are_refused() {
        for values in [[1e308, -1e308, 1e307], [1e308, 1e308, 1e307], [1e-200, 2e-200, 0.0]] {
            let mut split = Split { train: column(&values), validation: column(&[0.0]) };
            assert_eq!(standardise(&mut split, 0), Err(()), "{values:?}");
        }
    }
}
