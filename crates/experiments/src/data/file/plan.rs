//! Files are read once, and divided as often as is asked: into training and validation points, missing values filled, inputs scaled.

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

/// What files hold before it is divided.
#[derive(Debug)]
pub struct Opened {
    inputs: Vec<Input>,
    /// The points of the first file; a value that is missing is NaN.
    data: Dataset,
    /// Those of the validation file.
    held: Option<Dataset>,
    /// What was read, but for what is filled in.
    pub(in crate::data) reading: Reading,
    /// The digests of the files, in the order of the settings.
    contents: Vec<Digest>,
}

/// Points as they are learned from, and what was read.
#[derive(Debug)]
pub struct Loaded {
    /// The points.
    pub split: SplitData,
    /// What was read.
    pub reading: Reading,
}

impl Opened {
    /// Reads a file, and the validation file if there is one; `read` is given the bytes of each and the inputs that the second one must have, `leave_out` gives
    /// the line that leaves columns out, where there is one.
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

    /// The digests of the files, in the order of the settings.
    #[must_use]
    pub fn contents(&self) -> &[Digest] {
        &self.contents
    }

    /// How many numbers it holds.
    #[must_use]
    pub fn numbers(&self) -> usize {
        let of = |data: &Dataset| data.len() * (data.d + 1);
        of(&self.data) + self.held.as_ref().map_or(0, of)
    }
}

/// What is done with points once they are read.
pub(in crate::data) struct Plan<'a> {
    pub file: &'a str,
    pub validation: &'a Validation,
    /// Which fold is held out, where there are some.
    pub fold: u64,
    pub standardise: bool,
    pub stratified: bool,
    pub seed: Seed,
}

impl Plan<'_> {
    /// Divides what was read.
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
                require_both(&split.train, &format!("{file}: the training part beside {of}"), &help)?;
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

    /// What to do about a fold that has one class, or beside which one is left.
    fn other_folds(&self, data: &Dataset) -> String {
        let rarest = [-1.0, 1.0].iter().map(|class| data.y.iter().filter(|y| *y == class).count()).min().unwrap_or(0);
        match (rarest, self.stratified) {
            (0 | 1, _) => "Use a file with two points or more of each class.".into(),
            (_, true) => format!("Take at most {rarest} folds: every fold needs a point of each class."),
            (_, false) => format!(
                "Share out each class by itself with stratified = true, in at most {rarest} folds, or choose another `seed` for the data."
            ),
        }
    }

    /// What to do about a division with one class on a side.
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

fn require_both(data: &Dataset, whose: &str, help: &str) -> Result<(), DataError> {
    let count = |class: f64| data.y.iter().filter(|&&y| y == class).count();
    let one = |n: usize, class: &str| {
        let message = format!("{whose} has one class only: all {n} rows are of class {class}");
        Err(error("data.one-class", message, help))
    };
    match (count(-1.0), count(1.0)) {
        (0, 0) => Err(error("data.no-rows", format!("{whose} has no rows"), help)),
        (n, 0) => one(n, "-1"),
        (0, n) => one(n, "+1"),
        _ => Ok(()),
    }
}
