//! Builds columns of the three types from vectors.

use polars::prelude::{Column, DataFrame, Float64Chunked, IntoColumn, PlSmallStr, StringChunked, UInt64Chunked};
use polars_arrow::array::MutablePlString;

use crate::{
    digest::Digest,
    sweep::{Axis, AxisValue},
};

/// A column of unsigned integers.
pub fn whole(name: &str, values: Vec<u64>) -> Column {
    UInt64Chunked::from_vec(name.into(), values).into_column()
}

/// A column of doubles.
pub fn float(name: &str, values: Vec<f64>) -> Column {
    Float64Chunked::from_vec(name.into(), values).into_column()
}

/// A column of strings.
pub fn text<S: AsRef<str>>(name: &str, values: impl ExactSizeIterator<Item = S>) -> Column {
    let mut texts = Texts::new(name, values.len());
    values.for_each(|value| texts.push(value.as_ref(), 1));
    texts.finish()
}

pub(super) fn digests(name: &str, values: impl ExactSizeIterator<Item = Digest>) -> Column {
    let mut texts = Texts::new(name, values.len());
    values.for_each(|value| texts.push_digest(value, 1));
    texts.finish()
}

/// A column of the type that fits all values of an axis.
pub fn axis<'a>(axis: &Axis, values: impl ExactSizeIterator<Item = &'a AxisValue>) -> Column {
    let is_whole = |value: &AxisValue| matches!(value, AxisValue::Int(_));
    let is_number = |value: &AxisValue| !matches!(value, AxisValue::String(_));
    if axis.values.iter().all(is_whole) {
        whole(&axis.path, values.map(|value| if let AxisValue::Int(value) = value { *value } else { 0 }).collect())
    } else if axis.values.iter().all(is_number) {
        let number = |value: &AxisValue| match value {
            AxisValue::Int(value) => *value as f64,
            AxisValue::Float(value) => *value,
            AxisValue::String(_) => f64::NAN,
        };
        float(&axis.path, values.map(number).collect())
    } else {
        text(&axis.path, values.map(ToString::to_string))
    }
}

/// A builder for a column of strings. A string that is repeated in adjacent rows is stored once.
pub(super) struct Texts {
    name: PlSmallStr,
    rows: MutablePlString,
}

impl Texts {
    pub(super) fn new(name: &str, rows: usize) -> Self {
        Self { name: name.into(), rows: MutablePlString::with_capacity(rows) }
    }

    pub(super) fn push(&mut self, text: &str, times: usize) {
        self.rows.extend_constant(times, Some(text));
    }

    pub(super) fn push_digest(&mut self, digest: Digest, times: usize) {
        self.push(str::from_utf8(&digest.digits()).unwrap_or_default(), times);
    }

    pub(super) fn finish(self) -> Column {
        StringChunked::with_chunk(self.name, self.rows.freeze()).into_column()
    }
}

/// Builds a table of columns with this height.
pub fn frame(height: usize, columns: Vec<Column>) -> DataFrame {
    DataFrame::new(height, columns).expect("columns of one table have one length and different names")
}
