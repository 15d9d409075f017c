//! The digest of the rows that a figure is drawn from. Every file of a figure carries it, so that anyone who has the tables can
//! ask whether the picture in a paper is made from them.
//!
//! **What is hashed.** BLAKE3 of the text `restudy/figure`, then of the tables that the figure reads, in the order `runs`,
//! `metrics`, `weights`, `points`: the name as a text, and the 32 bytes of the [logical digest](restudy_core::digest#the-digest-of-a-table) of
//! a table that has only the rows that are drawn, in the order of the whole table, and only these columns, in this order:
//!
//! | figure | table | rows | columns |
//! |---|---|---|---|
//! | all | `runs` | runs that are drawn | `run`, the axes in the order of the study, `seed`, `outcome`, then as below |
//! | `curves` | `runs` | | none more |
//! | | `metrics` | all of these runs | `run`, `epoch`, `step`, `split`, the metric |
//! | `final` | `runs` | | `train_METRIC`, `validation_METRIC`, or `METRIC` where it has no splits |
//! | `strip`, `heat-map` | `runs` | | `SPLIT_METRIC`, or `METRIC` |
//! | `boundary` | `runs` | | that of what decides: `validation_error` of the network |
//! | | `weights` | all of these runs | `run`, `block`, `row`, `column`, `value` |
//! | | `points` | validation points of the data sets that are drawn | `data`, `index`, `x1`, `x2`, `y` |
//!
//! **Where it stands.** As the text `restudy rows=` and 64 hexadecimal digits; after it, in a figure that was exported, ` theme=NAME
//! width=MILLIMETRES`; then a semicolon. In SVG inside `<metadata>`, in PNG in a `tEXt` chunk with the keyword `Comment`, in PDF under `/Keywords` of the
//! document information. Nothing around it is compressed.

use std::collections::BTreeSet;

use polars::prelude::{DataFrame, DataType};
use restudy_core::digest::{Digest, TableHasher};

use super::{FigureError, Look, Tables, Theme, columns, select::Selection};

/// The rows of a figure on their way into a digest.
pub(super) struct Rows<'a> {
    tables: &'a Tables<'a>,
    hasher: blake3::Hasher,
    /// The rows of the table of runs that are drawn, in ascending order.
    runs: Vec<usize>,
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
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"restudy/figure");
        let mut rows = Self { tables, hasher, runs: Vec::new() };
        let axes = tables.axes.iter().map(|axis| axis.path.as_str());
        let columns: Vec<&str> =
            ["run"].into_iter().chain(axes).chain(["seed", "outcome"]).chain(more.iter().copied()).collect();
        rows.add("runs", tables.runs, &columns, &drawn)?;
        rows.runs = drawn;
        Ok(rows)
    }

    /// As [`of`](Self::of), of all groups.
    pub(super) fn selected(tables: &'a Tables<'a>, selection: &Selection, more: &[&str]) -> Result<Self, FigureError> {
        Self::of(tables, selection.groups.iter().flat_map(|group| group.rows.iter().copied()), more)
    }

    /// What another table has about these runs.
    pub(super) fn with(mut self, name: &str, table: &'a DataFrame, columns: &[&str]) -> Result<Self, FigureError> {
        let places = columns::places(self.tables, table)?;
        let mut places: Vec<_> = self.runs.iter().map(|&run| places[run].clone()).collect();
        places.sort_unstable_by_key(|place| place.start);
        let rows: Vec<usize> = places.into_iter().flatten().collect();
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

/// The logical digest of a part of a table.
fn logical_digest(table: &DataFrame, columns: &[&str], rows: &[usize]) -> Result<Digest, FigureError> {
    let mut content = TableHasher::new(columns.len(), rows.len());
    for &name in columns {
        match table.column(name).map(|column| column.dtype()) {
            Ok(DataType::UInt64) => {
                content.column_of_wholes(name);
                let values = columns::wholes(table, name)?;
                rows.iter().for_each(|&row| content.whole(values[row]));
            }
            Ok(DataType::Float64) => {
                content.column_of_floats(name);
                let values = columns::floats(table, name)?;
                rows.iter().for_each(|&row| content.float(values[row]));
            }
            _ => {
                content.column_of_texts(name);
                columns::each_text_at(table, name, rows, |value| content.text(value))?;
            }
        }
    }
    Ok(content.finish())
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
