mod check;
mod decode;
mod pages;
mod thrift;

use std::{any::Any, panic};

use polars::prelude::{CompatLevel, DataFrame, DataType, PolarsResult, SchemaExt, StringChunked};
use polars_parquet::write::{DynIter, FileWriter};
use rayon::prelude::*;

use pages::Ready;

/// Why bytes are not a table of results.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The bytes are not Parquet, or are cut off or changed.
    #[error("not a readable Parquet file: {0}")]
    Parquet(String),
    /// A column has a type that no table of results has.
    #[error("column `{column}`: expected UInt64, Float64 or String without nulls, found {found}")]
    Column {
        /// The name of the column.
        column: String,
        /// Its type, and its number of nulls.
        found: String,
    },
}

/// Encodes a table as a Parquet file.
///
/// LZ4 keeps the file small at the speed of copying, in every build profile, and every reader supports it. All
/// statistics are left out: no reader in restudy skips rows, and with a null count but no minima polars writes an index
/// that marks every page as empty; DuckDB trusts it, and finds no rows. The same table gives the same bytes under one
/// build of the crate.
#[must_use]
pub fn write(table: &DataFrame) -> Vec<u8> {
    encode(table).expect("writing to a vector cannot fail, and Parquet has all three types")
}

fn encode(table: &DataFrame) -> PolarsResult<Vec<u8>> {
    /// The number of rows in a row group.
    const GROUP: usize = 1 << 18;
    let mut bytes = Vec::new();
    let fields = table.schema().iter_fields();
    let fields = fields.map(|field| field.dtype().to_arrow_field(field.name().clone(), CompatLevel::newest()));
    let schema = fields.map(|field| (field.name.clone(), field)).collect();
    let mut writer = FileWriter::try_new(&mut bytes, schema, pages::options())?;
    let kinds = writer.parquet_schema().fields().to_vec();
    for start in (0..table.height()).step_by(GROUP) {
        let group = table.slice(start as i64, GROUP);
        let columns = group.columns().par_iter().zip(&kinds).map(|(column, kind)| pages::pages(column, kind));
        let columns: Vec<_> = columns.collect::<PolarsResult<_>>()?;
        let columns = DynIter::new(columns.into_iter().map(|pages| Ok(Ready::stream(pages))));
        writer.write(group.height() as u64, columns)?;
    }
    writer.end(None)?;
    drop(writer);
    Ok(bytes)
}

/// The number of bytes of strings that is always accepted, and the additional number for every byte of the file: files
/// written here need at most a hundred, as each row has numbers beside its names.
const MOST_TEXTS: usize = 1 << 30;
const TEXTS_A_BYTE: usize = 1 << 10;

/// Decodes a table from the bytes of a Parquet file, which are untrusted.
///
/// # Errors
/// The bytes are not Parquet, or a column has a type that no table of results has.
pub fn read(bytes: &[u8]) -> Result<DataFrame, ReadError> {
    check::check(bytes).map_err(|reason| ReadError::Parquet(reason.into()))?;
    // Polars panics on some forged files, when they are read or when a column is first accessed; that is reported as an
    // unreadable file.
    panic::catch_unwind(|| {
        known(decode::decode(bytes).map_err(|error| ReadError::Parquet(error.to_string()))?, bytes.len())
    })
    .unwrap_or_else(|cause| {
        if is_of_threads(&*cause) {
            panic::resume_unwind(cause);
        }
        Err(ReadError::Parquet("its pages contradict each other".into()))
    })
}

/// Whether polars panics because the machine cannot start threads, which is no fault of the file.
fn is_of_threads(cause: &(dyn Any + Send)) -> bool {
    let message = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    message.is_some_and(|message| {
        ["could not spawn threads", "has previously been poisoned"].iter().any(|of| message.contains(of))
    })
}

/// The table, if it has the form of a table of results; `bytes` is the size of its file.
fn known(table: DataFrame, bytes: usize) -> Result<DataFrame, ReadError> {
    // For some forged files, polars returns no columns but keeps their rows.
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
    // A page can have fewer dictionary indices than it declares, and polars does not check that.
    if table.columns().iter().any(|column| column.len() != table.height()) {
        return Err(ReadError::Parquet("its columns differ in length".into()));
    }
    // With a dictionary, a small file can expand to very long strings.
    let most = MOST_TEXTS.saturating_add(TEXTS_A_BYTE.saturating_mul(bytes));
    if table.columns().iter().filter_map(|column| column.str().ok()).map(text_bytes).sum::<usize>() > most {
        return Err(ReadError::Parquet("its strings are longer than those of any table of results".into()));
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
    fn a_small_file_with_very_long_strings_is_refused() {
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
            Err(ReadError::Parquet("its strings are longer than those of any table of results".into()))
        );
    }
}
