use std::{cell::RefCell, collections::BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    DataError, DataSeed, Source, SplitData, Validation,
    file::{self, Input, Loaded, Lost, Opened, Plan, Points},
    notices,
};
use crate::{
    validation::{SettingError, SettingErrors},
    seed::Seed,
};

mod classes;
mod columns;
mod dialect;
mod dropped;
mod faults;
mod header;
mod labels;
mod pass;
mod settings;
mod strict;
mod table;
mod texts;
#[cfg(test)]
mod tests;
mod words;

pub use settings::{Classes, Encode, Except, Features, Missing};

/// Points from a CSV file: columns separated by commas, their names in the first line.
///
/// Semicolons, tabs, bars, blanks and decimal commas are read where there is one way to read them.
/// Every column but the label is an input, in the order of the file, unless `features` says otherwise. Numbers are read
/// to the nearest double. Without `negative` and `positive`, labels are numbers: -1 or 1, or 0 or 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Csv {
    /// The file; a relative path starts at the folder of the specification.
    pub file: String,
    /// Name of the column with the labels.
    #[serde(default = "default_label")]
    pub label: String,
    /// The text that stands for class -1; for several, and to leave out rows of other labels: labels = { negative =
    /// [...], positive = [...] }.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negative: Option<String>,
    /// The text that stands for class +1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positive: Option<String>,
    /// Several texts for a class, instead of `negative` and `positive`; rows of other labels, or without one, are left
    /// out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<Classes>,
    /// Names of the columns to use as inputs, in this order, or `{ except = [...] }`; without it, all but the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<Features>,
    /// Whether the first line names the columns; if not, they are named x1, x2, and so on.
    #[serde(default = "default_header")]
    pub header: bool,
    /// What is done about fields without a value: empty, ?, NA, N/A, n/a, #N/A, `<NA>`, NaN, nan, NAN, NULL, null or
    /// None.
    #[serde(default)]
    pub missing: Missing,
    /// What is done with columns of texts: "one-hot" makes an input of each text.
    #[serde(default)]
    pub encode: Encode,
    /// Whether each input is shifted and scaled to mean 0 and standard deviation 1 on the training points.
    #[serde(default)]
    pub standardise: bool,
    /// Where the validation points come from.
    #[serde(default)]
    pub validation: Validation,
    /// The only fold to hold out, from 0, with validation = { folds = 5 }; without it, every trial runs on each of the
    /// folds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fold: Option<u64>,
    /// Whether the rows for validation are taken from each class by itself.
    #[serde(default)]
    pub stratified: bool,
    /// Seed of the choice of validation rows, or "per-run".
    #[serde(default)]
    pub seed: DataSeed,
}

fn default_label() -> String {
    "label".into()
}

fn default_header() -> bool {
    true
}

impl Source for Csv {
    fn validate(&self) -> Vec<SettingError> {
        let mut faults = SettingErrors::new();
        file::require_files(&mut faults, &self.file, &self.validation, self.fold, self.stratified);
        faults.require(!self.label.is_empty(), "label", "the name of a column");
        match (&self.negative, &self.positive) {
            (Some(negative), Some(positive)) => {
                faults.require(negative != positive, "positive", "another text than that of \"negative\"");
            }
            (negative, positive) => {
                faults.require(positive.is_none(), "positive", "\"negative\" together with it");
                faults.require(negative.is_none(), "negative", "\"positive\" together with it");
            }
        }
        if let Some(Classes { negative, positive }) = &self.labels {
            let alone = self.negative.is_none() && self.positive.is_none();
            faults.require(alone, "labels", "either \"labels\" or \"negative\" and \"positive\", not both");
            for (key, texts, others) in [("labels.negative", negative, None), ("labels.positive", positive, Some(negative))] {
                let repeated = texts.iter().collect::<BTreeSet<_>>().len() < texts.len();
                let shared = others.is_some_and(|others| texts.iter().any(|text| others.contains(text)));
                faults.require(!texts.is_empty(), key, "at least one text of a label");
                faults.require(!repeated, key, "a list without repetition");
                faults.require(!shared, key, "no text that \"negative\" has, too");
            }
        }
        if let Some(features) = &self.features {
            let (names, key) = match features {
                Features::Only(names) => (names, "features"),
                Features::Except(Except { except }) => (except, "features.except"),
            };
            let repeated = names.iter().collect::<BTreeSet<_>>().len() < names.len();
            faults.require(!names.is_empty(), key, "the name of at least one column");
            faults.require(!repeated, key, "a list without repetition");
            faults.require(!names.contains(&self.label), key, "a list without the label");
        }
        faults.found()
    }

    fn seeding(&self) -> DataSeed {
        match self.validation {
            Validation::Share(_) | Validation::Folds(_) => self.seed,
            Validation::File(_) => DataSeed::default(),
        }
    }

    fn files_mut(&mut self) -> Vec<&mut String> {
        file::paths(&mut self.file, &mut self.validation)
    }

    fn load(&self, seed: Seed) -> Result<SplitData, DataError> {
        Ok(self.divide(&self.open()?, seed)?.split)
    }
}

impl Csv {
    pub(super) fn open(&self) -> Result<Opened, DataError> {
        let lost = RefCell::new(Lost::default());
        let read = |file: &str, bytes: &[u8], expected: Option<&[Input]>| {
            let mut points = self.points(file, bytes, expected)?;
            if expected.is_none() {
                *lost.borrow_mut() = std::mem::take(&mut points.lost);
            } else {
                classes::require_used([&self.file, file], &lost.borrow(), &points)?;
            }
            Ok(points)
        };
        Opened::read(&self.file, &self.validation, &|names| words::leave_out(self, names, &[]), read)
    }

    /// Divides opened files; `opened` may stem from other settings with an equal `read_as`.
    pub(super) fn divide(&self, opened: &Opened, seed: Seed) -> Result<Loaded, DataError> {
        let plan = Plan {
            file: &self.file,
            validation: &self.validation,
            fold: self.fold.unwrap_or(0),
            standardise: self.standardise,
            stratified: self.stratified,
            seed,
        };
        let mut loaded = plan.divide(opened)?;
        loaded.reading.notices.extend(notices::of_seed(&self.validation, self.seed));
        Ok(loaded)
    }

    /// The settings with defaults for everything that does not affect reading.
    pub(super) fn read_as(&self) -> Self {
        let (seed, validation) = (DataSeed::default(), self.validation.read_as());
        Self { fold: None, standardise: false, stratified: false, seed, validation, ..self.clone() }
    }

    /// Reads the points of a file with these bytes; `expected` are the inputs that it must have.
    fn points(&self, file: &str, bytes: &[u8], expected: Option<&[Input]>) -> Result<Points, DataError> {
        let text = table::Text::of(self, file, bytes)?;
        strict::require_quotes(&text)?;
        let header = header::Header::of(self, &text, expected)?;
        let text = text.with_marks(&header);
        let first = pass::Pass::over(self, &text, &header, columns::kinds(self, &header, expected))?;
        let categories = first.categories()?;
        if categories.is_empty() {
            return first.points(expected);
        }
        pass::Pass::over(self, &text, &header, categories)?.points(expected)
    }
}
