//! The three kinds of columns, from plain vectors.

use polars::prelude::{Column, DataFrame, Float64Chunked, IntoColumn, PlSmallStr, StringChunked, UInt64Chunked};
use polars_arrow::array::MutablePlString;

use crate::{
    digest::Digest,
    sweep::{Axis, AxisValue},
};

/// Of whole numbers.
pub fn whole(name: &str, values: Vec<u64>) -> Column {
    UInt64Chunked::from_vec(name.into(), values).into_column()
}

/// Of numbers.
pub fn float(name: &str, values: Vec<f64>) -> Column {
    Float64Chunked::from_vec(name.into(), values).into_column()
}

/// Of texts.
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

/// A column of the kind that holds all the values of an axis.
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

/// A column of texts in the making. A text that stands in many rows, one after the other, is held once.
pub(super) struct Texts {
    name: PlSmallStr,
    rows: MutablePlString,
}

impl Texts {
    pub(super) fn new(name: &str, rows: usize) -> Self {
        Self { name: name.into(), rows: MutablePlString::with_capacity(rows) }
    }

    /// Adds so many rows of a text.
    pub(super) fn push(&mut self, text: &str, times: usize) {
        self.rows.extend_constant(times, Some(text));
    }

    /// Adds so many rows of a digest.
    pub(super) fn push_digest(&mut self, digest: Digest, times: usize) {
        self.push(str::from_utf8(&digest.digits()).unwrap_or_default(), times);
    }

    pub(super) fn finish(self) -> Column {
        StringChunked::with_chunk(self.name, self.rows.freeze()).into_column()
    }
}

/// A table of columns of this height.
pub fn frame(height: usize, columns: Vec<Column>) -> DataFrame {
    DataFrame::new(height, columns).expect("columns of one table have one length and different names")
}
