mod check;
mod pages;
mod thrift;

use std::{any::Any, io::Cursor, panic};

use polars::prelude::{DataFrame, DataType, PolarsResult, StringChunked};
use polars_io::{
    SerReader,
    prelude::{ParquetCompression, ParquetReader, ParquetWriter, StatisticsOptions},
};
use polars_parquet::write::DynIter;
use rayon::prelude::*;

use pages::Ready;

/// Why bytes are not one of our tables.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The bytes are not Parquet, or cut off, or changed.
    #[error("not a readable Parquet file: {0}")]
    Parquet(String),
    /// A column that no table of ours has.
    #[error("column `{column}`: expected UInt64, Float64 or String without nulls, found {found}")]
    Column {
        /// The name of the column.
        column: String,
        /// Its type, and how many nulls.
        found: String,
    },
}

/// The table as a Parquet file.
///
/// LZ4 keeps the file small at the speed of copying, in every build profile, and every reader has it. Statistics are left out,
/// all of them: no reader of ours skips rows, and with a count of nulls but no minima polars writes an index that calls every page
/// empty; DuckDB believes it, and finds nothing. The same table gives the same bytes under one build of the crate.
#[must_use]
pub fn write(table: &DataFrame) -> Vec<u8> {
    encode(table).expect("a vector takes all bytes, and Parquet has all three types")
}

fn encode(table: &DataFrame) -> PolarsResult<Vec<u8>> {
    /// Rows that a reader may take by themselves.
    const GROUP: usize = 1 << 18;
    let mut bytes = Vec::new();
    let mut writer = ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Lz4Raw)
        .with_statistics(StatisticsOptions::empty())
        .batched(table.schema())?;
    let kinds = writer.parquet_schema().fields().to_vec();
    for start in (0..table.height()).step_by(GROUP) {
        let group = table.slice(start as i64, GROUP);
        let columns = group.columns().par_iter().zip(&kinds).map(|(column, kind)| pages::pages(column, kind));
        let columns: Vec<_> = columns.collect::<PolarsResult<_>>()?;
        writer.write_row_groups(vec![DynIter::new(columns.into_iter().map(|pages| Ok(Ready::stream(pages))))])?;
    }
    writer.finish()?;
    drop(writer);
    Ok(bytes)
}

/// The most bytes of texts that are asked no question, and how many more for every byte of the file: of what is written here it has
/// a hundred at most, as each row has numbers beside its names.
const MOST_TEXTS: usize = 1 << 30;
const TEXTS_A_BYTE: usize = 1 << 10;

/// The table in the bytes of a Parquet file, which may come from anyone.
///
/// # Errors
/// Bytes that are not Parquet, and columns of any other kind than those of our tables.
pub fn read(bytes: &[u8]) -> Result<DataFrame, ReadError> {
    check::check(bytes).map_err(|reason| ReadError::Parquet(reason.into()))?;
    // Polars panics on some files that were tampered with, when they are read or when a column is first looked at; to the reader of a
    // table that is one more way to be unreadable.
    panic::catch_unwind(|| {
        let table = ParquetReader::new(Cursor::new(bytes)).finish();
        known(table.map_err(|error| ReadError::Parquet(error.to_string()))?, bytes.len())
    })
    .unwrap_or_else(|cause| {
        if is_of_threads(&*cause) {
            panic::resume_unwind(cause);
        }
        Err(ReadError::Parquet("its pages contradict each other".into()))
    })
}

/// Whether polars panics because the machine gives it no threads, which says nothing of the file.
fn is_of_threads(cause: &(dyn Any + Send)) -> bool {
    let said = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    said.is_some_and(|said| {
        ["could not spawn threads", "has previously been poisoned"].iter().any(|of| said.contains(of))
    })
}

/// The table, if it is such as ours are, in a file of so many bytes.
fn known(table: DataFrame, bytes: usize) -> Result<DataFrame, ReadError> {
    // Polars can lose the columns of a file that was tampered with, and keeps their rows.
    if table.width() == 0 {
        return Err(ReadError::Parquet("it has no columns".into()));
    }
    for column in table.columns() {
        let known = matches!(column.dtype(), DataType::UInt64 | DataType::Float64 | DataType::String);
        if !known || column.null_count() > 0 {
            let found = format!("{} with {} nulls", column.dtype(), column.null_count());
            return Err(ReadError::Column { column: column.name().to_string(), found });
        }
    }
    // Indices into a dictionary can be fewer than their page says, and polars does not count them.
    if table.columns().iter().any(|column| column.len() != table.height()) {
        return Err(ReadError::Parquet("its columns are not of one length".into()));
    }
    // A dictionary makes a long text cheap to say and dear to read.
    let most = MOST_TEXTS.saturating_add(TEXTS_A_BYTE.saturating_mul(bytes));
    if table.columns().iter().filter_map(|column| column.str().ok()).map(text_bytes).sum::<usize>() > most {
        return Err(ReadError::Parquet("its texts are longer than those of any table of results".into()));
    }
    Ok(table)
}

fn text_bytes(texts: &StringChunked) -> usize {
    texts.downcast_iter().map(|chunk| chunk.total_bytes_len()).sum()
}

#[cfg(test)]
mod tests {
    use polars::prelude::{Column, NamedFrom, Series};

    use super::*;

    #[test]
    fn long_texts_said_in_few_bytes_are_refused() {
        let text = "x".repeat(1 << 14);
        let table = |rows: usize| {
            let texts: Vec<&str> = vec![&text; rows];
            let columns = vec![
                Column::from(Series::new("text".into(), texts)),
                Column::from(Series::new("number".into(), vec![0.0; rows])),
            ];
            write(&DataFrame::new(rows, columns).unwrap())
        };
        assert!(read(&table(1 << 14)).is_ok());
        let large = table((1 << 16) + (1 << 13));
        assert!(large.len() < 1 << 17, "{}", large.len());
        assert_eq!(
            read(&large),
            Err(ReadError::Parquet("its texts are longer than those of any table of results".into()))
        );
    }
}
