use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    DataError, DataSeed, Dataset, Source, SplitData, Validation,
    file::{self, Dropped, Input, Loaded, Opened, Plan, Points, error},
    notices,
};
use crate::{
    validation::{SettingError, SettingErrors},
    seed::Seed,
};

mod kinds;
mod labels;
mod level5;
#[cfg(test)]
mod tests;

use kinds::{Matrix, Role};
pub use labels::ClassNumbers;

/// Points from a MATLAB file of level 5, as `save('file.mat', 'X', 'Y')` writes it, compressed or not.
///
/// X has a row for each point and a column for each input; Y has a label for each point, as a column or a row. Numbers
/// of every type are read as doubles. Without `negative` and `positive`, labels are -1 or 1, or 0 or 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Mat {
    /// The file; a relative path starts at the folder of the specification.
    pub file: String,
    /// Name of the variable with the inputs.
    #[serde(default = "default_x")]
    pub x: String,
    /// Name of the variable with the labels.
    #[serde(default = "default_y")]
    pub y: String,
    /// The number that stands for class -1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negative: Option<f64>,
    /// The number that stands for class +1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positive: Option<f64>,
    /// Several numbers for a class, instead of `negative` and `positive`; rows of other labels are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<ClassNumbers>,
    /// Whether each input is shifted and scaled to mean 0 and standard deviation 1 on the training points.
    #[serde(default)]
    pub standardise: bool,
    /// Where the validation points come from.
    #[serde(default)]
    pub validation: Validation,
    /// Name of the variable with the inputs of the validation file, which may be the same file; without it, that of
    /// `x`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_x: Option<String>,
    /// Name of the variable with the labels of the validation file; without it, that of `y`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_y: Option<String>,
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

fn default_x() -> String {
    "X".into()
}

fn default_y() -> String {
    "Y".into()
}

impl Source for Mat {
    fn validate(&self) -> Vec<SettingError> {
        let mut faults = SettingErrors::new();
        file::require_files(&mut faults, &self.file, &self.validation, self.fold, self.stratified);
        faults.require(!self.x.is_empty(), "x", "the name of a variable");
        faults.require(!self.y.is_empty(), "y", "the name of a variable");
        faults.require(self.x != self.y, "y", "another variable than \"x\"");
        labels::require(&mut faults, self);
        let has_file = matches!(self.validation, Validation::File(_));
        for (key, name) in [("validation-x", &self.validation_x), ("validation-y", &self.validation_y)] {
            let Some(name) = name else { continue };
            faults.require(!name.is_empty(), key, "the name of a variable");
            faults.require(has_file, key, "also the file that has it: validation = { file = \"...\" }, which may be the same file");
        }
        let [x, y] = self.names(false);
        let is_unset = self.validation_x.is_none() && self.validation_y.is_none();
        faults.require(is_unset || x != y, "validation-y", "another variable than that of the inputs");
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

impl Mat {
    pub(super) fn open(&self) -> Result<Opened, DataError> {
        let read = |file: &str, bytes: &[u8], expected: Option<&[Input]>| self.points(file, bytes, expected);
        let mut opened = Opened::read(&self.file, &self.validation, &|_| None, read)?;
        // Two variables of one file are not the same points.
        if self.names(true)[0] != self.names(false)[0] {
            opened.reading.notices.retain(|notice| notice != notices::SAME_FILES);
        }
        Ok(opened)
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

    /// The names of the variables with inputs and labels, in the training or in the validation file.
    fn names(&self, training: bool) -> [&str; 2] {
        match training {
            true => [&self.x, &self.y],
            false => [self.validation_x.as_ref().unwrap_or(&self.x), self.validation_y.as_ref().unwrap_or(&self.y)],
        }
    }

    fn points(&self, file: &str, bytes: &[u8], expected: Option<&[Input]>) -> Result<Points, DataError> {
        let names @ [x_name, y_name] = self.names(expected.is_none());
        let [x, y] = find(bytes, names, expected.is_none())
            .map_err(|fault| DataError { message: format!("{file} {}", fault.message), ..fault })?;
        let (n, d) = (x.rows, x.columns);
        if n == 0 || d == 0 {
            let help = format!("Give it a row for each point, or name another variable: {} = \"...\".", keys(expected.is_none())[0]);
            return Err(error("data.mat.empty", format!("{file}: {x_name} is empty ({n} x {d})"), help));
        }
        if y.values.len() != n || (y.rows != 1 && y.columns != 1) {
            let message = format!("{file}: {x_name} is {n} x {d}, but {y_name} is {} x {}", y.rows, y.columns);
            let help = match (y.rows, y.columns) {
                _ if y.values.len() == d => format!("Points are rows; transpose when saving: {x_name} = {x_name}';"),
                (rows, 2..) if rows == n => {
                    format!("Save one label for each row; of a column for each class: [~, {y_name}] = max({y_name}, [], 2);")
                }
                _ => "Save one label for each row.".into(),
            };
            return Err(error("data.mat.sizes", message, help));
        }
        if let Some(expected) = expected.map(<[Input]>::len).filter(|&expected| expected != d) {
            let message = format!("{file}: {x_name} has {d} columns, but {expected} in the training file");
            return Err(error("data.mat.inputs", message, "Save the same inputs in both files."));
        }
        let labels = labels::read(self, file, names, &y.values, expected.is_none())?;
        let mut values: Vec<f64> = Vec::with_capacity(labels.rows.len() * d);
        for &row in &labels.rows {
            values.extend(x.values.iter().skip(row).step_by(n));
            let point = &values[values.len() - d..];
            if let Some(column) = point.iter().position(|value| !value.is_finite()) {
                let message =
                    format!("{file}: {x_name}({}, {}) is {}, not a finite number", row + 1, column + 1, point[column]);
                let help = format!(
                    "Fill in a number, or leave such rows out before saving: keep = all(isfinite({x_name}), 2); {x_name} = {x_name}(keep, :); \
                     {y_name} = {y_name}(keep);"
                );
                return Err(error("data.mat.not-finite", message, help));
            }
        }
        let other = (n - labels.rows.len()) as u64;
        let dropped = (other > 0).then(|| Dropped { why: "another label".into(), rows: other });
        Ok(Points {
            inputs: (1..=d).map(|column| Input::Number(format!("column {column} of {}", self.x))).collect(),
            data: Dataset { d, x: values, y: labels.y },
            rows: n as u64,
            labels: labels.texts,
            unused: Vec::new(),
            dropped: dropped.into_iter().collect(),
            lost: file::Lost::default(),
            how: Vec::new(),
        })
    }
}

/// The settings that name the variables of the training or of the validation file.
fn keys(training: bool) -> [&'static str; 2] {
    if training { ["x", "y"] } else { ["validation-x", "validation-y"] }
}

/// The most variables that a message names.
const MOST_NAMED: usize = 12;

/// Finds the matrices of inputs and labels. Messages of errors continue the name of the file.
fn find(bytes: &[u8], names: [&str; 2], training: bool) -> Result<[Matrix; 2], DataError> {
    let (mut x, mut y, mut present, mut count) = (None, None, Vec::new(), 0_usize);
    for variable in level5::variables(bytes)? {
        let variable = variable?;
        if !variable.is_hidden() {
            count += 1;
            if present.len() < MOST_NAMED {
                present.push(variable.describe());
            }
        }
        if variable.name == names[0] {
            x = Some(kinds::matrix(variable, Role::Inputs)?);
        } else if variable.name == names[1] {
            y = Some(kinds::matrix(variable, Role::Labels)?);
        }
    }
    let missing = |place: usize| {
        let there = match (present.as_slice(), count - present.len()) {
            ([], _) => "nothing".into(),
            (all, 0) => all.join(", "),
            (some, more) => format!("{}, and {more} more", some.join(", ")),
        };
        let help = format!("Name the right variable: {} = \"...\".", keys(training)[place]);
        error("data.mat.no-variable", format!("has no variable {}; it contains {there}", names[place]), help)
    };
    Ok([x.ok_or_else(|| missing(0))?, y.ok_or_else(|| missing(1))?])
}
