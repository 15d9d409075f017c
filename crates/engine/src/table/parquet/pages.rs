//! Encodes columns as pages of a Parquet file.
//!
//! Polars determines repeated values with an estimate and a hash table that are compiled without optimization, which
//! takes more time than everything else; for doubles it even makes the estimate without using a table. Here strings are
//! numbered beforehand, doubles are written plainly, and only integers, for which polars has a better encoding, are
//! left to it.
#![expect(clippy::disallowed_types, reason = "the map is never iterated: the order of the strings is that of the rows")]

use std::collections::HashMap;

use foldhash::fast::FixedState;
use polars::prelude::{ArrayRef, Column, CompatLevel, PolarsError, StringChunked};
use polars_arrow::{
    array::{DictionaryArray, PrimitiveArray, Utf8ViewArray},
    datatypes::{ArrowDataType, IntegerType},
};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, Compressor, DynStreamingIterator, Encoding, FallibleStreamingIterator,
    ParquetType, StatisticsOptions, Version, WriteOptions, array_to_columns, get_dtype_encoding,
};

/// See [`write`](super::write).
pub(super) fn options() -> WriteOptions {
    WriteOptions {
        statistics: StatisticsOptions::empty(),
        version: Version::V1,
        compression: CompressionOptions::Lz4Raw,
        data_page_size: None,
    }
}

/// The pages of a column, which has the type `kind` in the file. They are compressed here, where columns are processed
/// in parallel, and not sequentially when they are written.
pub(super) fn pages(column: &Column, kind: &ParquetType) -> Result<Vec<CompressedPage>, PolarsError> {
    let series = column.as_materialized_series().rechunk();
    let (array, encoding) = match series.str().ok().and_then(numbered) {
        Some(array) => (array, vec![Encoding::RleDictionary]),
        None => {
            let array = series.to_arrow(0, CompatLevel::newest());
            let whole = *array.dtype() == ArrowDataType::UInt64;
            let encoding = if whole { get_dtype_encoding(array.dtype()) } else { vec![Encoding::Plain] };
            (array, encoding)
        }
    };
    let mut columns = array_to_columns(&array, kind.clone(), options(), &encoding)?;
    let pages = columns.pop().ok_or_else(|| PolarsError::ComputeError("a column without pages".into()))?;
    let pages = pages.map(|page| page.map_err(Into::into));
    Ok(Compressor::new(pages, options().compression, Vec::new()).collect::<Result<_, _>>()?)
}

/// An iterator over pages in the form that polars requires.
pub(super) struct Ready {
    pages: std::vec::IntoIter<CompressedPage>,
    current: Option<CompressedPage>,
}

impl Ready {
    pub(super) fn stream(pages: Vec<CompressedPage>) -> DynStreamingIterator<'static, CompressedPage, PolarsError> {
        DynStreamingIterator::new(Self { pages: pages.into_iter(), current: None })
    }
}

impl FallibleStreamingIterator for Ready {
    type Item = CompressedPage;
    type Error = PolarsError;

    fn advance(&mut self) -> Result<(), PolarsError> {
        self.current = self.pages.next();
        Ok(())
    }

    fn get(&self) -> Option<&CompressedPage> {
        self.current.as_ref()
    }
}

/// Strings as a dictionary in order of first occurrence; `None` if that would save little.
fn numbered(texts: &StringChunked) -> Option<ArrayRef> {
    let mut numbers: HashMap<&str, u32, FixedState> = HashMap::default();
    let mut different = Vec::new();
    let mut keys: Vec<u32> = Vec::with_capacity(texts.len());
    let most = if texts.len() > 128 { texts.len() * 3 / 4 } else { texts.len() };
    for text in texts.iter() {
        let text = text?;
        let key = match keys.last() {
            // A run has many adjacent rows.
            Some(&last) if different[last as usize] == text => last,
            _ => *numbers.entry(text).or_insert_with(|| {
                different.push(text);
                different.len() as u32 - 1
            }),
        };
        if different.len() > most {
            return None;
        }
        keys.push(key);
    }
    let kind = ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(ArrowDataType::Utf8View), false);
    let different = Utf8ViewArray::from_slice_values(&different);
    Some(DictionaryArray::try_new(kind, PrimitiveArray::from_vec(keys), Box::new(different)).ok()?.boxed())
}
