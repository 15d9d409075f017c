//! The three kinds of columns, from plain vectors.

use polars::prelude::{Column, DataFrame, Float64Chunked, IntoColumn, StringChunkedBuilder, UInt64Chunked};

use crate::{
    digest::Digest,
    sweep::{Axis, Scalar},
};

pub(super) fn whole(name: &str, values: Vec<u64>) -> Column {
    UInt64Chunked::from_vec(name.into(), values).into_column()
}

pub(super) fn float(name: &str, values: Vec<f64>) -> Column {
    Float64Chunked::from_vec(name.into(), values).into_column()
}

pub(super) fn text<S: AsRef<str>>(name: &str, values: impl ExactSizeIterator<Item = S>) -> Column {
    let mut texts = Texts::new(name, values.len());
    values.for_each(|value| texts.push(value.as_ref(), 1));
    texts.finish()
}

/// A column of the kind that holds all the values of an axis.
pub(super) fn axis<'a>(axis: &Axis, values: impl ExactSizeIterator<Item = &'a Scalar>) -> Column {
    let is_whole = |value: &Scalar| matches!(value, Scalar::Whole(_));
    let is_number = |value: &Scalar| !matches!(value, Scalar::Text(_));
    if axis.values.iter().all(is_whole) {
        whole(&axis.path, values.map(|value| if let Scalar::Whole(value) = value { *value } else { 0 }).collect())
    } else if axis.values.iter().all(is_number) {
        let number = |value: &Scalar| match value {
            Scalar::Whole(value) => *value as f64,
            Scalar::Float(value) => *value,
            Scalar::Text(_) => f64::NAN,
        };
        float(&axis.path, values.map(number).collect())
    } else {
        text(&axis.path, values.map(ToString::to_string))
    }
}

/// A column of texts in the making.
pub(super) struct Texts(StringChunkedBuilder);

impl Texts {
    pub(super) fn new(name: &str, capacity: usize) -> Self {
        Self(StringChunkedBuilder::new(name.into(), capacity))
    }

    pub(super) fn push(&mut self, value: &str, times: usize) {
        (0..times).for_each(|_| self.0.append_value(value));
    }

    pub(super) fn finish(self) -> Column {
        self.0.finish().into_column()
    }
}

/// The digest as text, without the formatting machinery: tables hold hundreds of thousands of them.
pub(super) fn hex(digest: &Digest) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    digest.0.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

pub(super) fn frame(height: usize, columns: Vec<Column>) -> DataFrame {
    DataFrame::new(height, columns).expect("columns of one table have one length and different names")
}
