//! Decodes the columns of a Parquet file whose sizes were checked.

use std::io::Cursor;

use polars::prelude::{Column, DataFrame, DataType, PolarsError, PolarsResult, Series};
use polars_arrow::datatypes::Field;
use polars_buffer::Buffer;
use polars_parquet::read::{
    BasicDecompressor, FileMetadata, Filter, PageReader, RowGroupMetadata, column_iter_to_arrays, infer_schema,
    read_metadata,
};
use rayon::prelude::*;

/// Decodes all columns, in parallel.
pub(super) fn decode(bytes: &[u8]) -> PolarsResult<DataFrame> {
    let about = read_metadata(&mut Cursor::new(bytes))?;
    let schema = infer_schema(&about)?;
    let fields: Vec<&Field> = schema.iter_values().collect();
    let rows = about.row_groups.iter().map(RowGroupMetadata::num_rows).sum();
    let columns = Buffer::with_slice(bytes, |bytes| {
        fields.par_iter().map(|field| column(&about, field, &bytes)).collect::<Vec<PolarsResult<Column>>>()
    });
    // The first error in the order of the columns.
    let columns = columns.into_iter().collect::<PolarsResult<Vec<_>>>()?;
    DataFrame::new(rows, columns)
}

fn column(about: &FileMetadata, field: &Field, bytes: &Buffer<u8>) -> PolarsResult<Column> {
    let mut arrays = Vec::new();
    for group in about.row_groups.iter().filter(|group| group.num_rows() > 0) {
        let lacking = || PolarsError::ComputeError(format!("a row group lacks the column `{}`", field.name).into());
        let mut pages = Vec::new();
        let mut types = Vec::new();
        for part in group.columns_under_root_iter(&field.name).ok_or_else(lacking)? {
            let place = part.byte_range();
            let chunk = bytes.clone().sliced(place.start as usize..place.end as usize);
            let reader = PageReader::new(Cursor::new(chunk), part, Vec::new(), usize::MAX);
            pages.push(BasicDecompressor::new(reader, Vec::new()));
            types.push(&part.descriptor().descriptor.primitive_type);
        }
        let rows = Some(Filter::new_ranged(0, group.num_rows()));
        arrays.extend(column_iter_to_arrays(pages, types, field.clone(), rows)?.0);
    }
    let series = if arrays.is_empty() {
        Series::new_empty(field.name.clone(), &DataType::from_arrow_field(field))
    } else {
        Series::try_from((field, arrays))?
    };
    Ok(series.into())
}
