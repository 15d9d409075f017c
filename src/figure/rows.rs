//! The digest of the rows that a figure is drawn from. Every file of a figure carries it, so that anyone who has the tables can
//! ask whether the picture in a paper is made from them.
//!
//! **What is hashed.** BLAKE3 of the text `restudy/figure`, then of the tables that the figure reads, in the order `runs`,
//! `metrics`, `weights`, `points`: the name as a text, and the 32 bytes of the [logical digest](crate::table::logical_digest) of
//! a table that has only the rows that are drawn, in the order of the whole table, and only these columns, in this order:
//!
//! | figure | table | rows | columns |
//! |---|---|---|---|
//! | all | `runs` | runs that are drawn | `run`, the axes in the order of the study, `seed`, `outcome`, then as below |
//! | `curves` | `runs` | | none more |
//! | | `metrics` | all of these runs | `run`, `epoch`, `step`, `split`, the metric |
//! | `final` | `runs` | | `train_METRIC`, `validation_METRIC` |
//! | `strip`, `heat-map` | `runs` | | `SPLIT_METRIC` |
//! | `boundary` | `runs` | | `validation_error` |
//! | | `weights` | all of these runs | `run`, `block`, `row`, `column`, `value` |
//! | | `points` | validation points of the data sets that are drawn | `data`, `index`, `x1`, `x2`, `y` |
//!
//! The logical digest is BLAKE3 of the text `restudy/table`, the number of columns and of rows, and each column: its name as a
//! text, `u`, `f` or `s` for its type, its values. Numbers are 8 bytes, little-endian, floats by their bits, every NaN as
//! `7ff8000000000000`; a text is its number of bytes, then its bytes in UTF-8.
//!
//! **Where it stands.** As the text `restudy rows=` and 64 hexadecimal digits; after it, in a figure that was exported, ` theme=NAME
//! width=MILLIMETRES`; then a semicolon. In SVG inside `<metadata>`, in PNG in a `tEXt` chunk with the keyword `Comment`, in PDF under `/Keywords` of the
//! document information. Nothing around it is compressed.

use std::collections::BTreeSet;

use polars::prelude::{Column, DataFrame, DataType};

use super::{FigureError, Look, Tables, Theme, columns, select::Selection};
use crate::digest::Digest;

/// The rows of a figure on their way into a digest.
pub(super) struct Rows<'a> {
    tables: &'a Tables<'a>,
    hasher: blake3::Hasher,
    /// The runs that are drawn.
    runs: BTreeSet<&'a str>,
}

impl<'a> Rows<'a> {
    /// The runs in these rows, with these columns beside those that say which they are.
    pub(super) fn of(
        tables: &'a Tables<'a>,
        drawn: impl IntoIterator<Item = usize>,
        more: &[&str],
    ) -> Result<Self, FigureError> {
        let drawn: BTreeSet<usize> = drawn.into_iter().collect();
        let drawn: Vec<usize> = drawn.into_iter().collect();
        let names = columns::texts(tables.runs, "run")?;
        let runs = drawn.iter().map(|&row| names[row]).collect();
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"restudy/figure");
        let mut rows = Self { tables, hasher, runs };
        let axes = tables.axes.iter().map(|axis| axis.path.as_str());
        let columns: Vec<&str> =
            ["run"].into_iter().chain(axes).chain(["seed", "outcome"]).chain(more.iter().copied()).collect();
        rows.add("runs", tables.runs, &columns, &drawn)?;
        Ok(rows)
    }

    /// As [`of`](Self::of), of all groups.
    pub(super) fn selected(tables: &'a Tables<'a>, selection: &Selection, more: &[&str]) -> Result<Self, FigureError> {
        Self::of(tables, selection.groups.iter().flat_map(|group| group.rows.iter().copied()), more)
    }

    /// What another table has about these runs.
    pub(super) fn with(mut self, name: &str, table: &'a DataFrame, columns: &[&str]) -> Result<Self, FigureError> {
        let mut rows = Vec::new();
        let mut start = 0;
        for of_run in columns::texts(table, "run")?.chunk_by(|a, b| a == b) {
            if self.runs.contains(of_run[0]) {
                rows.extend(start..start + of_run.len());
            }
            start += of_run.len();
        }
        self.add(name, table, columns, &rows)?;
        Ok(self)
    }

    /// These rows of the points.
    pub(super) fn with_points(mut self, rows: impl IntoIterator<Item = usize>) -> Result<Self, FigureError> {
        let rows: BTreeSet<usize> = rows.into_iter().collect();
        let rows: Vec<usize> = rows.into_iter().collect();
        self.add("points", self.tables.points, &["data", "index", "x1", "x2", "y"], &rows)?;
        Ok(self)
    }

    pub(super) fn digest(self) -> Option<Digest> {
        Some(Digest(*self.hasher.finalize().as_bytes()))
    }

    fn add(&mut self, name: &str, table: &DataFrame, columns: &[&str], rows: &[usize]) -> Result<(), FigureError> {
        self.hasher.update(&(name.len() as u64).to_le_bytes());
        self.hasher.update(name.as_bytes());
        self.hasher.update(&logical_digest(table, columns, rows)?.0);
        Ok(())
    }
}

/// The digest of these rows of these columns, as the layout above has it.
fn logical_digest(table: &DataFrame, names: &[&str], rows: &[usize]) -> Result<Digest, FigureError> {
    let columns = names.iter().map(|name| columns::known(table, name)).collect::<Result<Vec<_>, _>>()?;
    Ok(content_digest(&columns, rows.len(), Some(rows)))
}

/// The logical digest of columns of so many rows, all that they have or, in a part of a table, only `rows`. It stands here, since figures may not
/// use tables, and the digest of a whole table is this one too.
///
/// # Panics
/// On a column of another type than our tables have, or with nulls.
pub(crate) fn content_digest(columns: &[&Column], height: usize, rows: Option<&[usize]>) -> Digest {
    let mut content = Content::default();
    content.bytes(b"restudy/table");
    content.whole(columns.len() as u64);
    content.whole(height as u64);
    columns.iter().for_each(|column| content.column(column, rows));
    content.flush();
    Digest(*content.hasher.finalize().as_bytes())
}

/// Bytes on their way into the hasher, which likes large pieces.
#[derive(Default)]
struct Content {
    hasher: blake3::Hasher,
    pending: Vec<u8>,
}

impl Content {
    fn column(&mut self, column: &Column, rows: Option<&[usize]>) {
        const WHOLE: &str = "columns are UInt64, Float64 or String, without nulls";
        self.text(column.name());
        match column.dtype() {
            DataType::UInt64 => {
                self.bytes(b"u");
                let values = column.u64().expect(WHOLE);
                match rows {
                    None => values.iter().for_each(|value| self.whole(value.expect(WHOLE))),
                    Some(rows) => rows.iter().for_each(|&row| self.whole(values.get(row).expect(WHOLE))),
                }
            }
            DataType::Float64 => {
                self.bytes(b"f");
                let values = column.f64().expect(WHOLE);
                match rows {
                    None => values.iter().for_each(|value| self.float(value.expect(WHOLE))),
                    Some(rows) => rows.iter().for_each(|&row| self.float(values.get(row).expect(WHOLE))),
                }
            }
            _ => {
                self.bytes(b"s");
                let values = column.str().expect(WHOLE);
                match rows {
                    None => values.iter().for_each(|value| self.text(value.expect(WHOLE))),
                    Some(rows) => rows.iter().for_each(|&row| self.text(values.get(row).expect(WHOLE))),
                }
            }
        }
    }

    fn whole(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    fn float(&mut self, value: f64) {
        self.whole(if value.is_nan() { 0x7ff8_0000_0000_0000 } else { value.to_bits() });
    }

    fn text(&mut self, value: &str) {
        self.whole(value.len() as u64);
        self.bytes(value.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= 1 << 16 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.hasher.update(&self.pending);
        self.pending.clear();
    }
}

/// What the file of a figure says of itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// The digest of the rows that it was drawn from.
    pub rows: Digest,
    /// How it was to look.
    pub look: Look,
}

impl Mark {
    /// Reads the mark of a file of any format; none in a file that has none.
    #[must_use]
    pub fn read(file: &[u8]) -> Option<Self> {
        const START: &[u8] = b"restudy rows=";
        let at = file.windows(START.len()).position(|window| window == START)? + START.len();
        let rest = &file[at..file.len().min(at + 160)];
        let text = std::str::from_utf8(&rest[..rest.iter().position(|byte| *byte == b';')?]).ok()?;
        let mut words = text.split(' ');
        let rows = words.next()?.parse().ok()?;
        let mut named = |name: &str| words.next().and_then(|word| word.strip_prefix(name)).map(str::to_owned);
        let look = match (named("theme="), named("width=")) {
            (Some(theme), Some(width)) => Look::new(theme.parse::<Theme>().ok()?, width.parse().ok()?),
            _ => Look::STUDY,
        };
        Some(Self { rows, look })
    }
}
