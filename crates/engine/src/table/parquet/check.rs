//! Checks a Parquet file before it is decoded.
//!
//! Polars trusts the sizes in a file: a single changed bit makes it allocate more memory than there is, which aborts
//! the program without a message. So every size is first compared with the available bytes, and only the forms that
//! [`write`](super::write) writes are accepted: flat columns of integers, doubles or strings, plain or with a
//! dictionary, in LZ4 or uncompressed. Source: "Apache Parquet format", `parquet.thrift`.
//!
//! The remaining bounds: a row takes at least a 32nd of a byte of the file ([`ROWS_A_BYTE`]), a number in a page at
//! most nine bytes, a stored string [`MOST_TEXT`], a byte of LZ4 expands to at most 255, and a byte encodes 32 values
//! of any columns ([`VALUES_A_BYTE`]). So a file of some kilobytes expands to at most some megabytes, whatever its
//! dictionaries declare.

use super::thrift::{Fields, Value};

const MAGIC: &[u8] = b"PAR1";

/// The largest number of values of a table: more than the largest possible study has.
const MOST_VALUES: usize = 1 << 32;

/// The largest expansion of a byte of LZ4, and slightly more than the header of a block.
const MOST_UNPACKED: usize = 255;
const HEAD: usize = 64;

/// The largest number of rows for a byte, and the number of rows that is always accepted. Every table of results has a
/// column of doubles, which have no dictionary: eight bytes a row, in LZ4 at best.
const ROWS_A_BYTE: usize = MOST_UNPACKED.div_ceil(8);
const FEW_ROWS: usize = 1 << 16;

/// The maximum mean length of the strings in a page: names, digests and paths are shorter.
const MOST_TEXT: usize = 1 << 16;

/// The largest number of values for a byte, and the number of values that is always accepted: a row has a double, a
/// name and an index.
const VALUES_A_BYTE: usize = 32;
const FEW_VALUES: usize = 1 << 24;

/// The type number of strings in the headers of columns.
const TEXT: usize = 6;

/// Returns what is wrong with the headers of the file, as a clause.
pub(super) fn check(bytes: &[u8]) -> Result<(), &'static str> {
    let (footer, body) = footer(bytes).ok_or("it does not begin and end like a Parquet file")?;
    let (about, _) = Fields::read(footer).ok_or("its metadata is cut off or was changed")?;
    let columns = columns(&about).ok_or("its columns are not those of a table of results")?;
    let groups = about.list(4).ok_or("it has no row groups")?;
    let (mut rows, mut values, mut taken) = (0_usize, 0_usize, 0_usize);
    for group in groups {
        let group = group.fields().ok_or("a row group is invalid")?;
        let size = group.size(3).ok_or("a row group has no size")?;
        let chunks =
            group.list(1).filter(|chunks| chunks.len() == columns.len()).ok_or("a row group lacks a column")?;
        rows = rows.saturating_add(size);
        values = values.saturating_add(size.saturating_mul(columns.len()));
        if values > MOST_VALUES {
            return Err("it has more rows than any table of results");
        }
        if values > FEW_VALUES.saturating_add(VALUES_A_BYTE.saturating_mul(bytes.len())) {
            return Err("it has more values than its bytes can hold");
        }
        if rows > FEW_ROWS.saturating_add(ROWS_A_BYTE.saturating_mul(bytes.len())) {
            return Err("it has more rows than its bytes can hold");
        }
        for (chunk, kind) in chunks.iter().zip(&columns) {
            let about = chunk.fields().and_then(|chunk| chunk.fields(3)).ok_or("a column has no metadata")?;
            let about = Some(about).filter(|about| about.size(1) == Some(*kind)).ok_or("a column has two types")?;
            // Columns that share their pages are cheap to store and expensive to read.
            taken = taken.saturating_add(about.size(7).unwrap_or(usize::MAX));
            if taken > body.len() {
                return Err("its columns overlap");
            }
            pages(about, body, size).ok_or("its pages do not have their declared sizes")?;
        }
    }
    if about.size(3) == Some(rows) { Ok(()) } else { Err("its row groups do not add up to its rows") }
}

/// The headers at the end of the file, and the bytes before them.
fn footer(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = bytes.strip_suffix(MAGIC)?;
    let (rest, length) = rest.split_last_chunk::<4>()?;
    let start = rest.len().checked_sub(u32::from_le_bytes(*length) as usize)?;
    bytes.starts_with(MAGIC).then(|| (&rest[start..], &rest[..start]))
}

/// The types of the columns, if all are flat and of a type in tables of results.
fn columns(about: &Fields) -> Option<Vec<usize>> {
    const OPTIONAL: usize = 1;
    let (root, columns) = about.list(2)?.split_first()?;
    let kind = |column: &Value| {
        let column = column.fields()?;
        let flat = column.size(3).is_some_and(|repetition| repetition <= OPTIONAL) && !column.has(5);
        // Integers of 32 or 64 bits, doubles, strings.
        column.size(1).filter(|kind| flat && matches!(*kind, 1 | 2 | 5 | TEXT))
    };
    let kinds: Vec<usize> = columns.iter().map(kind).collect::<Option<_>>()?;
    (root.fields()?.size(5)? == kinds.len()).then_some(kinds)
}

/// Checks the pages of a column, which must have `rows` rows.
fn pages(about: &Fields, body: &[u8], rows: usize) -> Option<()> {
    let packed = match about.size(4)? {
        0 => false,
        7 => true,
        _ => return None,
    };
    // Includes the length of a string, or the definition level of a number.
    let most = if about.size(1)? == TEXT { MOST_TEXT } else { 9 };
    let data = about.size(9)?;
    let start = if about.has(11) { about.size(11)?.min(data) } else { data };
    let mut rest = body.get(start..start.checked_add(about.size(7)?)?)?;
    let mut seen = 0_usize;
    while !rest.is_empty() {
        let (header, length) = Fields::read(rest)?;
        let (unpacked, size) = (header.size(2)?, header.size(3)?);
        let most_unpacked = size.saturating_mul(MOST_UNPACKED).saturating_add(HEAD);
        let fits = if packed { unpacked <= most_unpacked } else { unpacked == size };
        if !fits {
            return None;
        }
        // There are two versions of data pages.
        let (kinds, page) = match header.size(1)? {
            0 => (1, header.fields(5)?),
            2 => (2, header.fields(7)?),
            3 => (3, header.fields(8)?),
            _ => return None,
        };
        let values = page.size(1)?;
        if unpacked > values.saturating_mul(most).saturating_add(HEAD) {
            return None;
        }
        match kinds {
            2 if values <= unpacked && matches!(page.size(2)?, 0 | 2) => {}
            1 if matches!(page.size(2)?, 0 | 2 | 3 | 8) => seen = seen.checked_add(values)?,
            3 if matches!(page.size(4)?, 0 | 2 | 3 | 8) && page.size(5)?.checked_add(page.size(6)?)? <= size => {
                seen = seen.checked_add(values)?;
            }
            _ => return None,
        }
        rest = rest.get(length.checked_add(size)?..)?;
    }
    (seen == rows && about.size(5)? == rows).then_some(())
}

#[cfg(test)]
mod tests {
    use polars::prelude::{Column, DataFrame, NamedFrom, Series};

    use super::*;
    use crate::table;

    fn column(series: Series) -> Column {
        series.into()
    }

    #[test]
    fn written_tables_pass() {
        for rows in [0, 1, 3, 1000, 100_000, 1_000_000] {
            let whole: Vec<u64> = (0..rows).collect();
            let texts: Vec<String> = (0..rows).map(|row| format!("text {}", row % 7)).collect();
            let apart: Vec<String> = (0..rows).map(|row| format!("{row:040}")).collect();
            let columns = vec![
                column(Series::new("same".into(), vec![7_u64; rows as usize])),
                column(Series::new("number".into(), whole.iter().map(|&row| row as f64 / 7.0).collect::<Vec<_>>())),
                column(Series::new("whole".into(), whole)),
                column(Series::new("nothing".into(), vec![0.0; rows as usize])),
                column(Series::new("text".into(), texts)),
                column(Series::new("apart".into(), apart)),
            ];
            let bytes = table::write(&DataFrame::new(rows as usize, columns).unwrap());
            assert_eq!(check(&bytes), Ok(()), "{rows} rows");
        }
    }

    /// The bytes of a table with a column that repeats one string `rows` times.
    fn same(rows: usize) -> Vec<u8> {
        let columns = vec![column(Series::new("text".into(), vec!["x"; rows]))];
        table::write(&DataFrame::new(rows, columns).unwrap())
    }

    #[test]
    fn rows_that_take_no_bytes_are_refused() {
        assert_eq!(check(&same(60_000)), Ok(()));
        let many = same(10_000_000);
        assert!(many.len() < 100_000, "{}", many.len());
        assert_eq!(check(&many), Err("it has more rows than its bytes can hold"));
    }

    #[test]
    fn other_bytes_do_not_pass() {
        for bytes in [
            &b""[..],
            b"PAR1",
            b"PAR1PAR1",
            b"PAR1\0\0\0\0PAR1",
            b"PAR1\xff\xff\xff\xffPAR1",
            b"PAR1\x19\xfc\xff\xff\xff\x7f\x06\0\0\0PAR1",
        ] {
            assert!(check(bytes).is_err(), "{bytes:?}");
        }
    }
}
