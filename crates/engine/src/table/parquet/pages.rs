//! Columns as pages of a Parquet file.
//!
//! Polars finds out by itself which values stand in many rows, with an estimate and a table that are compiled without optimisation, in
//! which it spends more time than in all else that a table needs; for fractions it even makes the estimate and has no table then. Here
//! texts are numbered beforehand, fractions are written as they are, and only whole numbers, for which it has a better way, are left to
//! polars.
#![expect(
    clippy::disallowed_types,
    reason = "texts are looked up and never gone through: their order is that of the rows"
)]

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

/// How pages are written; see [`write`](super::write).
const COMPRESSION: CompressionOptions = CompressionOptions::Lz4Raw;

/// The pages of a column, which is `kind` in the file. They are compressed here, where columns are worked on at the same time, and not
/// one after the other when they are written.
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
    let options = WriteOptions {
        statistics: StatisticsOptions::empty(),
        version: Version::V1,
        compression: COMPRESSION,
        data_page_size: None,
    };
    let mut columns = array_to_columns(&array, kind.clone(), options, &encoding)?;
    let pages = columns.pop().ok_or_else(|| PolarsError::ComputeError("a column without pages".into()))?;
    let pages = pages.map(|page| page.map_err(Into::into));
    Ok(Compressor::new(pages, COMPRESSION, Vec::new()).collect::<Result<_, _>>()?)
}

/// Pages as polars takes them, which asks for one after the other.
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

/// Texts as numbers of the different ones, in the order in which they come; nothing where that would save little.
fn numbered(texts: &StringChunked) -> Option<ArrayRef> {
    let mut numbers: HashMap<&str, u32, FixedState> = HashMap::default();
    let mut different = Vec::new();
    let mut keys: Vec<u32> = Vec::with_capacity(texts.len());
    let most = if texts.len() > 128 { texts.len() * 3 / 4 } else { texts.len() };
    for text in texts.iter() {
        let text = text?;
        let key = match keys.last() {
            // A run stands in many rows, one after the other.
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
