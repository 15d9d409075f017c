//! Reads files once and divides them for each seed: splits the rows, fills in missing values, scales inputs.

use restudy_engine::run::{LabelCount, Reading};

use super::{
    ClassTexts, DataError, Input, Points, Validation, bytes,
    divide::{fold_out, share_out, standardise},
    error, fill,
};
use crate::{
    data::{Dataset, SplitData, notices},
    digest::Digest,
    seed::Seed,
};

/// The content of the files of a data set, not yet divided.
#[derive(Debug)]
pub struct Opened {
    inputs: Vec<Input>,
    /// The points of the first file; a missing value is NaN.
    data: Dataset,
    /// The points of the validation file.
    held: Option<Dataset>,
    /// Facts about the files, without filled-in values.
    pub(in crate::data) reading: Reading,
    /// The digests of the files, in the order of the settings.
    contents: Vec<Digest>,
}

/// Divided points, and facts about the files.
#[derive(Debug)]
pub struct Loaded {
    /// The training and validation points.
    pub split: SplitData,
    /// Facts about the files.
    pub reading: Reading,
}

impl Opened {
    /// Reads a file, and the validation file if there is one. `read` takes the bytes of each and, for the second, the
    /// inputs that it must have; `leave_out` returns the setting that leaves columns out, if any.
    pub(in crate::data) fn read(
        file: &str,
        validation: &Validation,
        leave_out: &dyn Fn(&[&str]) -> Option<String>,
        read: impl Fn(&str, &[u8], Option<&[Input]>) -> Result<Points, DataError>,
    ) -> Result<Self, DataError> {
        let content = bytes(file)?;
        let points = read(file, &content, None)?;
        require_both(&points.data, file, "Use a file with points of both classes.")?;
        let mut contents = vec![Digest::of(&content)];
        drop(content);
        let mut reading = Reading {
            rows: vec![points.rows],
            inputs: points.inputs.iter().take(Reading::MOST_NAMED).map(Input::name).collect(),
            labels: counts(&points.labels),
            unused: points.unused.iter().take(Reading::MOST_NAMED).cloned().collect(),
            unused_columns: points.unused.len() as u64,
            dropped: points.dropped,
            filled: Vec::new(),
            how: points.how,
            notices: Vec::new(),
        };
        let (inputs, data) = (points.inputs, points.data);
        let mut held = None;
        if let Validation::File(other) = validation {
            let content = bytes(other)?;
            let points = read(other, &content, Some(&inputs))?;
            require_both(&points.data, other, "Use a validation file with points of both classes.")?;
            contents.push(Digest::of(&content));
            reading.rows.push(points.rows);
            reading.add(counts(&points.labels), &points.dropped);
            held = Some(points.data);
        }
        reading.notices = notices::of(&inputs, &data, held.as_ref(), leave_out);
        if matches!(contents[..], [one, other] if one == other) {
            reading.notices.push(notices::SAME_FILES.into());
        }
        Ok(Self { inputs, data, held, reading, contents })
    }

    /// Returns the digests of the files, in the order of the settings.
    #[must_use]
    pub fn contents(&self) -> &[Digest] {
        &self.contents
    }

    /// Returns the count of numbers in memory, labels included.
    #[must_use]
    pub fn numbers(&self) -> usize {
        let of = |data: &Dataset| data.len() * (data.d + 1);
        of(&self.data) + self.held.as_ref().map_or(0, of)
    }
}

/// How points are divided and scaled.
pub(in crate::data) struct Plan<'a> {
    pub file: &'a str,
    pub validation: &'a Validation,
    /// The held-out fold, if rows are divided into folds.
    pub fold: u64,
    pub standardise: bool,
    pub stratified: bool,
    pub seed: Seed,
}

impl Plan<'_> {
    pub fn divide(&self, opened: &Opened) -> Result<Loaded, DataError> {
        let Opened { inputs, data, .. } = opened;
        let (file, mut reading) = (self.file, opened.reading.clone());
        let mut split = match self.validation {
            Validation::Share(share) => {
                let split = share_out(data, *share, self.seed, self.stratified);
                let help = self.another_choice(data, &split);
                require_both(&split.train, &format!("{file}: the training split"), &help)?;
                require_both(&split.validation, &format!("{file}: the validation split"), &help)?;
                split
            }
            Validation::Folds(folds) => {
                let split = fold_out(data, *folds, self.fold, self.seed, self.stratified);
                let (help, of) = (self.other_folds(data), format!("fold {} of {folds}", self.fold));
                require_both(&split.train, &format!("{file}: the training split without {of}"), &help)?;
                require_both(&split.validation, &format!("{file}: {of}"), &help)?;
                split
            }
            Validation::File(_) => {
                let held = opened.held.as_ref().unwrap_or(data);
                SplitData { train: data.clone(), validation: held.clone() }
            }
        };
        fill::require_categories(&split, inputs, file, matches!(self.validation, Validation::Folds(_)))?;
        reading.filled = fill::fill(&mut split, inputs, file)?;
        if self.standardise {
            for (column, input) in inputs.iter().enumerate() {
                standardise(&mut split, column).map_err(|()| {
                    let name = input.name();
                    error(
                        "data.standardise",
                        format!(
                            "{file}: {name} cannot be standardised: its values are too large or too close together"
                        ),
                        "Rescale the column in the file, or leave it out.",
                    )
                })?;
            }
        }
        Ok(Loaded { split, reading })
    }

    /// The remedy if a fold, or the rows outside it, have one class only.
    fn other_folds(&self, data: &Dataset) -> String {
        let rarest = [-1.0, 1.0].iter().map(|class| data.y.iter().filter(|y| *y == class).count()).min().unwrap_or(0);
        match (rarest, self.stratified) {
            (0 | 1, _) => "Use a file with two points or more of each class.".into(),
            (_, true) => format!("Take at most {rarest} folds: every fold needs a point of each class."),
            (_, false) => format!(
                "Divide each class by itself with stratified = true, in at most {rarest} folds, or choose another `seed` for the data."
            ),
        }
    }

    /// The remedy if a split has one class only.
    fn another_choice(&self, data: &Dataset, split: &SplitData) -> String {
        if split.train.is_empty() || split.validation.is_empty() {
            return "Take another share: validation = { share = ... }.".into();
        }
        let few = [-1.0, 1.0].iter().any(|class| data.y.iter().filter(|y| *y == class).count() < 2);
        match (few, self.stratified) {
            (true, _) => "Use a file with two points or more of each class.".into(),
            (false, true) => "Choose another share.".into(),
            (false, false) => {
                "Take the share from each class by itself with stratified = true, or choose another `seed` for the data, or another share.".into()
            }
        }
    }
}

fn counts(labels: &ClassTexts) -> [Vec<LabelCount>; 2] {
    labels.each_ref().map(|texts| {
        texts
            .iter()
            .take(Reading::MOST_NAMED)
            .map(|(text, count)| LabelCount { text: text.clone(), rows: *count })
            .collect()
    })
}

fn require_both(data: &Dataset, subject: &str, help: &str) -> Result<(), DataError> {
    let count = |class: f64| data.y.iter().filter(|&&y| y == class).count();
    let one = |n: usize, class: &str| {
        let message = format!("{subject} has one class only: all {n} rows are of class {class}");
        Err(error("data.one-class", message, help))
    };
    match (count(-1.0), count(1.0)) {
        (0, 0) => Err(error("data.no-rows", format!("{subject} has no rows"), help)),
        (n, 0) => one(n, "-1"),
        (0, n) => one(n, "+1"),
        _ => Ok(()),
    }
}
