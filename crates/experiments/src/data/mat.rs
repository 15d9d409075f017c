use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    DataError, DataSeed, Dataset, Source, Split, Validation,
    file::{self, Input, Loaded, Plan, Points, error},
};
use crate::{
    fault::{Fault, Faults},
    seed::Seed,
};

mod level5;
#[cfg(test)]
mod tests;

use level5::Variable;

/// Points from a MATLAB file of level 5, as `save('file.mat', 'X', 'Y')` writes it, compressed or not.
///
/// X has a row for each point and a column for each input; Y has a label for each point, as a column or a row: -1 or 1,
/// or 0 or 1. Numbers of every type are read as doubles.
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
    /// Whether each input is shifted and scaled to mean 0 and standard deviation 1 on the training points.
    #[serde(default)]
    pub standardise: bool,
    /// Where the validation points come from.
    #[serde(default)]
    pub validation: Validation,
    /// Whether the share for validation is taken from each class by itself.
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
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Faults::new();
        file::require_files(&mut faults, &self.file, &self.validation, self.stratified);
        faults.require(!self.x.is_empty(), "x", "the name of a variable");
        faults.require(!self.y.is_empty(), "y", "the name of a variable");
        faults.require(self.x != self.y, "y", "another variable than \"x\"");
        faults.found()
    }

    fn seeding(&self) -> DataSeed {
        match self.validation {
            Validation::Share(_) => self.seed,
            Validation::File(_) => DataSeed::default(),
        }
    }

    fn files_mut(&mut self) -> Vec<&mut String> {
        file::paths(&mut self.file, &mut self.validation)
    }

    fn load(&self, seed: Seed) -> Result<Split, DataError> {
        Ok(self.loaded(seed)?.split)
    }
}

/// A matrix as MATLAB keeps it: column after column.
struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

impl Mat {
    /// The points, and what was read.
    pub(super) fn loaded(&self, seed: Seed) -> Result<Loaded, DataError> {
        Plan {
            file: &self.file,
            validation: &self.validation,
            standardise: self.standardise,
            stratified: self.stratified,
            seed,
            leave_out: &|_| None,
        }
        .split(|file, expected| self.points(file, &file::bytes(file)?, expected))
    }

    fn points(&self, file: &str, bytes: &[u8], expected: Option<&[Input]>) -> Result<Points, DataError> {
        let [x, y] =
            self.find(bytes).map_err(|fault| DataError { message: format!("{file} {}", fault.message), ..fault })?;
        let (n, d) = (x.rows, x.columns);
        let (x_name, y_name) = (&self.x, &self.y);
        if n == 0 || d == 0 {
            return Err(error("data.mat.empty", format!("{file}: {x_name} is empty ({n} x {d})"), "Give it a row for each point."));
        }
        if y.values.len() != n || (y.rows != 1 && y.columns != 1) {
            let message = format!("{file}: {x_name} is {n} x {d}, but {y_name} is {} x {}", y.rows, y.columns);
            let help = match y.values.len() == d {
                true => format!("Points are rows; transpose when saving: {x_name} = {x_name}';"),
                false => "Save one label for each row.".into(),
            };
            return Err(error("data.mat.sizes", message, help));
        }
        if let Some(expected) = expected.map(<[Input]>::len).filter(|&expected| expected != d) {
            let message = format!("{file}: {x_name} has {d} columns, but {expected} in the training file");
            return Err(error("data.mat.inputs", message, "Save the same inputs in both files."));
        }
        if let Some(place) = x.values.iter().position(|value| !value.is_finite()) {
            let (row, column, value) = (place % n + 1, place / n + 1, x.values[place]);
            let message = format!("{file}: {x_name}({row}, {column}) is {value}, not a finite number");
            return Err(error("data.mat.not-finite", message, "Remove the row, or fill in a number."));
        }
        let labels = file::signs(&y.values).map_err(|place| {
            let (number, value) = (place + 1, y.values[place]);
            error(
                "data.mat.unknown-label",
                format!("{file}: {y_name}({number}) is {value}; labels are -1 and 1, or 0 and 1"),
                "Map the two classes to -1 and 1 before saving, or name the right variable: y = \"...\".",
            )
        })?;
        let rows = (0..n).flat_map(|row| x.values.iter().skip(row).step_by(n).copied());
        let texts = [-1.0, 1.0].map(|class| texts(&y.values, &labels, class));
        Ok(Points {
            inputs: (1..=d).map(|column| Input::Number(format!("column {column} of {}", self.x))).collect(),
            data: Dataset { d, x: rows.collect(), y: labels },
            rows: n as u64,
            labels: texts,
            unused: Vec::new(),
            dropped: Vec::new(),
            lost: file::Lost::default(),
            how: Vec::new(),
        })
    }

    /// The two matrices; what is wrong is said so that it can follow the name of the file.
    fn find(&self, bytes: &[u8]) -> Result<[Matrix; 2], DataError> {
        let (mut x, mut y, mut present) = (None, None, Vec::new());
        for variable in level5::variables(bytes)? {
            let variable = variable?;
            if !variable.is_hidden() {
                present.push(variable.describe());
            }
            if variable.name == self.x {
                x = Some(matrix(variable)?);
            } else if variable.name == self.y {
                y = Some(matrix(variable)?);
            }
        }
        let missing = |name: &str, key: &str| {
            let more = present.len().saturating_sub(MOST_NAMED);
            let there = match present.as_slice() {
                [] => "nothing".into(),
                some if more > 0 => format!("{}, and {more} more", some[..MOST_NAMED].join(", ")),
                all => all.join(", "),
            };
            let help = format!("Name the right variable: {key} = \"...\".");
            error("data.mat.no-variable", format!("has no variable {name}; it holds {there}"), help)
        };
        Ok([x.ok_or_else(|| missing(&self.x, "x"))?, y.ok_or_else(|| missing(&self.y, "y"))?])
    }
}

/// The number that stands for a class, with how often it occurs.
fn texts(values: &[f64], labels: &[f64], class: f64) -> Vec<(String, u64)> {
    let own = values.iter().zip(labels).filter(|(_, label)| **label == class);
    let count = own.clone().count() as u64;
    own.map(|(value, _)| (format!("{}", value + 0.0), count)).next().into_iter().collect()
}

/// More variables than these are not named.
const MOST_NAMED: usize = 12;

/// What makes a matrix of numbers of a variable, in MATLAB.
fn conversion(kind: &str, name: &str) -> String {
    match kind {
        "sparse" => format!("Save it as a full matrix of numbers: {name} = full({name});"),
        "char" => format!("Give its two letters the labels -1 and 1 before saving, 'g' being that of class 1: {name} = 2 * ({name}(:, 1) == 'g') - 1;"),
        "cell" => format!(
            "Of numbers, save {name} = cell2mat({name}); of texts, give the two the labels -1 and 1, 'good' being that of class 1: {name} = 2 * strcmp({name}, 'good') - 1;"
        ),
        "string" | "categorical" => {
            format!("Give its two texts the labels -1 and 1 before saving, 'good' being that of class 1: {name} = 2 * ({name} == 'good') - 1;")
        }
        "struct" => format!("Save its fields as variables of their own: save('file.mat', '-struct', '{name}', '-v7');"),
        "table" => format!("Save its columns of numbers as a matrix: {name} = {name}{{:, vartype('numeric')}};"),
        _ => "Save it as a matrix of numbers.".into(),
    }
}

/// The values of a variable that can be points or labels.
fn matrix(variable: Variable<'_>) -> Result<Matrix, DataError> {
    let (name, what) = (variable.name.clone(), variable.describe());
    if !variable.class.is_numeric() {
        let help = conversion(variable.kind(), &name);
        return Err(error("data.mat.kind", format!("holds {what}, where a full matrix of numbers is expected"), help));
    }
    if variable.complex {
        let help = format!("Save its real part: {name} = real({name});");
        return Err(error("data.mat.complex", format!("holds {what}, which is complex"), help));
    }
    let &[rows, columns] = variable.size.as_slice() else {
        let help = "Save a matrix with a row for each point.";
        return Err(error("data.mat.dimensions", format!("holds {what}, where two dimensions are expected"), help));
    };
    if rows.checked_mul(columns).is_none_or(|count| count > file::MOST_NUMBERS) {
        return Err(error(
            "data.mat.too-large",
            format!("holds {what}; at most {} numbers are read", file::MOST_NUMBERS),
            "Save a sample of the rows.",
        ));
    }
    Ok(Matrix { rows, columns, values: variable.values()? })
}
