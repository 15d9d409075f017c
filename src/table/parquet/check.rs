//! A look at a Parquet file before it is decoded.
//!
//! Polars believes the sizes that a file announces: a single changed bit makes it ask for more memory than there is, which ends
//! the program without a word. So every size is compared with the bytes that are there first, and only what
//! [`write`](super::write) writes is let through: flat columns of whole numbers, doubles or texts, plain or by dictionary, in LZ4 or
//! as they are. Source: "Apache Parquet format", `parquet.thrift`.

use super::thrift::Fields;

const MAGIC: &[u8] = b"PAR1";

/// The most values of a table: more than the largest study that is run leaves behind.
const MOST_VALUES: usize = 1 << 28;

/// The most that a byte of LZ4 can stand for, and a bit more than the head of a block.
const MOST_UNPACKED: usize = 255;
const HEAD: usize = 64;

/// What is wrong with the headers of the file, as a clause.
pub(super) fn check(bytes: &[u8]) -> Result<(), &'static str> {
    let (footer, body) = footer(bytes).ok_or("it does not begin and end as a Parquet file does")?;
    let (about, _) = Fields::read(footer).ok_or("what it says of itself is cut off or changed")?;
    let columns = columns(&about).ok_or("its columns are not those of a table of results")?;
    let groups = about.list(4).ok_or("it has no groups of rows")?;
    let (mut rows, mut values) = (0_usize, 0_usize);
    for group in groups {
        let group = group.fields().ok_or("a group of rows is none")?;
        let size = group.size(3).ok_or("a group of rows has no size")?;
        let chunks = group.list(1).filter(|chunks| chunks.len() == columns).ok_or("a group of rows lacks a column")?;
        rows = rows.saturating_add(size);
        values = values.saturating_add(size.saturating_mul(columns));
        if values > MOST_VALUES {
            return Err("it has more rows than any table of results");
        }
        for chunk in chunks {
            let about = chunk.fields().and_then(|chunk| chunk.fields(3)).ok_or("a column says nothing of itself")?;
            pages(about, body, size).ok_or("its pages are not as large as they are said to be")?;
        }
    }
    if about.size(3) == Some(rows) { Ok(()) } else { Err("its groups of rows do not make up its rows") }
}

/// The headers at the end of the file, and all that stands before them.
fn footer(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = bytes.strip_suffix(MAGIC)?;
    let (rest, length) = rest.split_last_chunk::<4>()?;
    let start = rest.len().checked_sub(u32::from_le_bytes(*length) as usize)?;
    bytes.starts_with(MAGIC).then(|| (&rest[start..], &rest[..start]))
}

/// The number of columns, all of them flat and of a type that our tables have.
fn columns(about: &Fields) -> Option<usize> {
    const OPTIONAL: usize = 1;
    let (root, columns) = about.list(2)?.split_first()?;
    let known = columns.iter().all(|column| {
        column.fields().is_some_and(|column| {
            let flat = column.size(3).is_some_and(|repetition| repetition <= OPTIONAL) && !column.has(5);
            // Whole numbers of 32 or 64 bits, doubles, texts.
            flat && matches!(column.size(1), Some(1 | 2 | 5 | 6))
        })
    });
    (known && root.fields()?.size(5)? == columns.len()).then_some(columns.len())
}

/// Walks through the pages of a column, which must have so many rows.
fn pages(about: &Fields, body: &[u8], rows: usize) -> Option<()> {
    let packed = match about.size(4)? {
        0 => false,
        7 => true,
        _ => return None,
    };
    let data = about.size(9)?;
    let start = if about.has(11) { about.size(11)?.min(data) } else { data };
    let mut rest = body.get(start..start.checked_add(about.size(7)?)?)?;
    let mut seen = 0_usize;
    while !rest.is_empty() {
        let (header, length) = Fields::read(rest)?;
        let (unpacked, size) = (header.size(2)?, header.size(3)?);
        let fits = if packed { unpacked <= size.saturating_mul(MOST_UNPACKED) + HEAD } else { unpacked == size };
        if !fits {
            return None;
        }
        // Data pages come in two versions; a page is of one kind.
        let (kinds, page) = match header.size(1)? {
            0 => (1, header.fields(5)?),
            2 => (2, header.fields(7)?),
            3 => (3, header.fields(8)?),
            _ => return None,
        };
        let values = page.size(1)?;
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
    fn what_is_written_passes() {
        for rows in [0, 1, 3, 1000, 100_000] {
            let whole: Vec<u64> = (0..rows).collect();
            let texts: Vec<String> = (0..rows).map(|row| format!("text {}", row % 7)).collect();
            let apart: Vec<String> = (0..rows).map(|row| format!("{row:040}")).collect();
            let columns = vec![
                column(Series::new("same".into(), vec![7_u64; rows as usize])),
                column(Series::new("number".into(), whole.iter().map(|&row| row as f64 / 7.0).collect::<Vec<_>>())),
                column(Series::new("whole".into(), whole)),
                column(Series::new("text".into(), texts)),
                column(Series::new("apart".into(), apart)),
            ];
            let bytes = table::write(&DataFrame::new(rows as usize, columns).unwrap());
            assert_eq!(check(&bytes), Ok(()), "{rows} rows");
        }
    }

    #[test]
    fn what_is_no_file_does_not() {
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
