//! Columns of tables as vectors: pulled out once, computed with here.

use polars::prelude::{Column, DataFrame, DataType};

use super::FigureError;

/// A column of numbers.
pub(super) fn floats(table: &DataFrame, name: &str) -> Result<Vec<f64>, FigureError> {
    let column = table.column(name).and_then(|column| column.f64()).map_err(|_| missing(name, "Float64"))?;
    Ok(column.downcast_iter().flat_map(|chunk| chunk.values().iter().copied()).collect())
}

/// A column of whole numbers.
pub(super) fn wholes(table: &DataFrame, name: &str) -> Result<Vec<u64>, FigureError> {
    let column = table.column(name).and_then(|column| column.u64()).map_err(|_| missing(name, "UInt64"))?;
    Ok(column.downcast_iter().flat_map(|chunk| chunk.values().iter().copied()).collect())
}

/// A column of texts.
pub(super) fn texts<'a>(table: &'a DataFrame, name: &str) -> Result<Vec<&'a str>, FigureError> {
    let column = table.column(name).and_then(|column| column.str()).map_err(|_| missing(name, "String"))?;
    Ok(column.iter().map(Option::unwrap_or_default).collect())
}

/// A column of any of these.
pub(super) fn known<'a>(table: &'a DataFrame, name: &str) -> Result<&'a Column, FigureError> {
    let ours = |column: &&Column| matches!(column.dtype(), DataType::UInt64 | DataType::Float64 | DataType::String);
    table.column(name).ok().filter(ours).ok_or_else(|| missing(name, "String"))
}

/// A column of any of these, as the values of an axis are written.
pub(super) fn written(table: &DataFrame, name: &str) -> Result<Vec<String>, FigureError> {
    match table.column(name).map(|column| column.dtype()) {
        Ok(DataType::Float64) => Ok(floats(table, name)?.iter().map(f64::to_string).collect()),
        Ok(DataType::UInt64) => Ok(wholes(table, name)?.iter().map(u64::to_string).collect()),
        _ => Ok(texts(table, name)?.into_iter().map(str::to_owned).collect()),
    }
}

fn missing(column: &str, kind: &'static str) -> FigureError {
    FigureError::Column { column: column.into(), kind }
}
