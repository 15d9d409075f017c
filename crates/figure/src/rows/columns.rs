//! Columns of tables as slices, and where the rows of a run are: looked up once, computed with here.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use polars::prelude::{DataFrame, DataType, StringChunked};

use super::super::{FigureError, Tables};

/// A column of numbers; NaN where there is none.
pub(super) fn floats<'a>(table: &'a DataFrame, name: &str) -> Result<Cow<'a, [f64]>, FigureError> {
    let column = table.column(name).and_then(|column| column.f64()).map_err(|_| missing(name, "Float64"))?;
    if column.null_count() > 0 {
        return Ok(column.iter().map(|value| value.unwrap_or(f64::NAN)).collect());
    }
    let pieces = || column.downcast_iter().flat_map(|chunk| chunk.values().iter().copied()).collect();
    Ok(column.cont_slice().map_or_else(|_| Cow::Owned(pieces()), Cow::Borrowed))
}

/// A column of whole numbers.
pub(super) fn wholes<'a>(table: &'a DataFrame, name: &str) -> Result<Cow<'a, [u64]>, FigureError> {
    let column = table.column(name).and_then(|column| column.u64()).map_err(|_| missing(name, "UInt64"))?;
    let pieces = || column.downcast_iter().flat_map(|chunk| chunk.values().iter().copied()).collect();
    Ok(column.cont_slice().map_or_else(|_| Cow::Owned(pieces()), Cow::Borrowed))
}

/// A column of texts.
pub(super) fn texts<'a>(table: &'a DataFrame, name: &str) -> Result<Vec<&'a str>, FigureError> {
    Ok(each_text(text_column(table, name)?).collect())
}

/// The texts of a column in some rows, in ascending order. Few rows of a large table are looked up one by one; all rows
/// need no list.
pub(super) fn each_text_at(
    table: &DataFrame,
    name: &str,
    rows: &[usize],
    mut each: impl FnMut(&str),
) -> Result<(), FigureError> {
    let column = text_column(table, name)?;
    if rows.len() == table.height() {
        each_text(column).for_each(each);
    } else if rows.len() < table.height() / 16 {
        rows.iter().for_each(|&row| each(column.get(row).unwrap_or_default()));
    } else {
        let texts: Vec<&str> = each_text(column).collect();
        rows.iter().for_each(|&row| each(texts[row]));
    }
    Ok(())
}

fn text_column<'a>(table: &'a DataFrame, name: &str) -> Result<&'a StringChunked, FigureError> {
    table.column(name).and_then(|column| column.str()).map_err(|_| missing(name, "String"))
}

fn each_text(column: &StringChunked) -> impl Iterator<Item = &str> {
    column.iter().map(Option::unwrap_or_default)
}

/// How many runs may be missing in a table before one is looked up: runs that diverged have no parameters.
const NEAR: usize = 32;

/// Where the rows of each run are in another table, in the order of the table of runs; an empty range where there are
/// none. The rows of a run are adjacent, and the tables of one study list runs in one order, so that no run is searched
/// for.
pub(super) fn ranges(tables: &Tables<'_>, table: &DataFrame) -> Result<Vec<Range<usize>>, FigureError> {
    let names = texts(tables.runs, "run")?;
    let mut ranges = vec![0..0; names.len()];
    let mut others: Option<BTreeMap<&str, usize>> = None;
    let (mut next, mut start, mut before) = (0, 0, None);
    let mut close = |name: Option<&str>, rows: Range<usize>| {
        let Some(name) = name else { return };
        let ahead = names[next..].iter().take(NEAR).position(|other| *other == name).map(|ahead| next + ahead);
        let found = ahead.or_else(|| {
            let all = || names.iter().enumerate().map(|(row, name)| (*name, row)).collect();
            others.get_or_insert_with(all).get(name).copied()
        });
        if let Some(row) = found {
            ranges[row] = rows;
            next = row + 1;
        }
    };
    for (row, name) in each_text(text_column(table, "run")?).enumerate() {
        if before != Some(name) {
            close(before, start..row);
            (before, start) = (Some(name), row);
        }
    }
    close(before, start..table.height());
    Ok(ranges)
}

/// A column of any of these, as the values of an axis are written.
pub(super) fn written(table: &DataFrame, name: &str) -> Result<Vec<String>, FigureError> {
    match table.column(name).map(|column| column.dtype()) {
        Ok(DataType::Float64) => Ok(floats(table, name)?.iter().map(f64::to_string).collect()),
        Ok(DataType::UInt64) => Ok(wholes(table, name)?.iter().map(u64::to_string).collect()),
        _ => Ok(texts(table, name)?.into_iter().map(str::to_owned).collect()),
    }
}

pub(super) fn written_at(table: &DataFrame, name: &str, row: usize) -> Result<String, FigureError> {
    match table.column(name).map(|column| column.dtype()) {
        Ok(DataType::Float64) => Ok(floats(table, name)?[row].to_string()),
        Ok(DataType::UInt64) => Ok(wholes(table, name)?[row].to_string()),
        _ => Ok(text_column(table, name)?.get(row).unwrap_or_default().to_owned()),
    }
}

fn missing(column: &str, kind: &'static str) -> FigureError {
    FigureError::Column { column: column.into(), kind }
}
