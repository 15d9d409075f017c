//! Turns variables into points or labels; for other variables, gives the MATLAB code that converts them.

use super::{
    super::{
        DataError,
        file::{self, error},
    },
    level5::Variable,
};

/// A matrix in column-major order, as in MATLAB.
pub(super) struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Inputs,
    Labels,
}

/// Reads a variable as points or labels.
pub(super) fn matrix(variable: Variable<'_>, role: Role) -> Result<Matrix, DataError> {
    let (name, what) = (variable.name.clone(), variable.describe());
    if !variable.class.is_numeric() {
        let help = conversion(variable.kind(), &name, role);
        return Err(error("data.mat.kind", format!("contains {what}, where a full matrix of numbers is expected"), help));
    }
    if variable.complex {
        let help = format!("Save its real part, or its absolute values: {name} = real({name}); or {name} = abs({name});");
        return Err(error("data.mat.complex", format!("contains {what}, which is complex"), help));
    }
    let &[rows, columns] = variable.size.as_slice() else {
        let help = match role {
            Role::Labels => format!("Save a label for each point in one column: {name} = {name}(:);"),
            Role::Inputs => format!(
                "Save a matrix with a row for each point. Where the first dimension counts the points: {name} = reshape({name}, size({name}, 1), []); \
                 where the last one does: {name} = reshape({name}, [], size({name}, ndims({name})))';"
            ),
        };
        return Err(error("data.mat.dimensions", format!("contains {what}, where two dimensions are expected"), help));
    };
    if rows.checked_mul(columns).is_none_or(|count| count > file::MOST_NUMBERS) {
        return Err(error(
            "data.mat.too-large",
            format!("contains {what}; at most {} numbers are read", file::MOST_NUMBERS),
            "Save a sample of the rows.",
        ));
    }
    Ok(Matrix { rows, columns, values: variable.values()? })
}

/// The remedy that converts a variable to numbers in MATLAB.
fn conversion(kind: &str, name: &str, role: Role) -> String {
    let labels = role == Role::Labels;
    match kind {
        "sparse" => format!("Save it as a full matrix of numbers: {name} = full({name});"),
        "char" if labels => {
            format!("Give its two letters the labels -1 and 1 before saving, 'g' being that of class 1: {name} = 2 * ({name}(:, 1) == 'g') - 1;")
        }
        "char" => format!("Save the numbers that it spells: {name} = str2num({name});"),
        "cell" => format!(
            "Of numbers, save {name} = cell2mat({name}); of texts, give the two the labels -1 and 1, 'good' being that of class 1: {name} = 2 * strcmp({name}, 'good') - 1;"
        ),
        "string" | "categorical" if labels => {
            format!("Give its two texts the labels -1 and 1 before saving, 'good' being that of class 1: {name} = 2 * ({name} == 'good') - 1;")
        }
        "string" | "categorical" => format!("Save numbers that stand for its texts: {name} = double({name});"),
        "struct" => format!("Save its fields as variables of their own: save('file.mat', '-struct', '{name}', '-v7');"),
        "table" | "timetable" => format!("Save its columns of numbers as a matrix: {name} = {name}{{:, vartype('numeric')}};"),
        "datetime" => format!("Save seconds as numbers: {name} = posixtime({name});"),
        "duration" => format!("Save seconds as numbers: {name} = seconds({name});"),
        "function" | "function_handle" => {
            let values = if labels { "labels" } else { "inputs" };
            format!("A function has no {values}: save the matrix that it gives, called with its arguments: {name} = {name}(...);")
        }
        _ => {
            let key = if labels { "y" } else { "x" };
            format!("Save a matrix of numbers instead ({name} = double({name}); where MATLAB can make one of it), or name another variable: {key} = \"...\".")
        }
    }
}
