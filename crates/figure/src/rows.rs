//! The rows that a figure is drawn from, and their digest. Every file of a figure carries it, so that anyone who has
//! the tables can check whether the picture in a paper was made from them.
//!
//! **A figure draws only what is hashed.** Only this module and those in its folder can reach the tables. A figure gets
//! a `Source`, chooses runs there by axes, seeds and the measurement that decides, and takes them. It reads the runs
//! that it took, and the rows of other tables about them, through a `View` of the columns that it names. A view
//! enters the digest when it is made. Reading a column that the figure did not name is an error, and a `Source` gives
//! rows once.
//!
//! **What is hashed.** BLAKE3 of the text `restudy/figure`, then of the tables that the figure reads, in the order
//! `runs`, `metrics`, `weights`, `points`: the name as a text, and the 32 bytes of the [logical
//! digest](restudy_core::digest#the-digest-of-a-table) of a table that has only the rows that are drawn, in the order
//! of the whole table, and only these columns, in this order:
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
//! **Where a file has it.** As the text `restudy rows=` and 64 hexadecimal digits; after it, in a figure that was
//! exported, ` theme=NAME width=MILLIMETERS`; then a semicolon. In SVG inside `<metadata>`, in PNG in a `tEXt` chunk
//! with the keyword `Comment`, in PDF under `/Keywords` of the document information. Nothing around it is compressed.

use std::{borrow::Cow, ops::Range};

use polars::prelude::{DataFrame, DataType};
use restudy_core::digest::{Digest, TableHasher};

use super::{AxisInfo, FigureError, Tables, Theme, ThemeName, declared::Measured};

mod columns;
mod learned;
mod select;

pub(crate) use learned::Plane;
pub(crate) use select::{FOLDS, Group, Selection};

/// Hashes the rows that a figure takes.
pub(crate) struct RowsHasher(blake3::Hasher);

impl RowsHasher {
    pub(crate) fn new() -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"restudy/figure");
        Self(hasher)
    }

    fn add(&mut self, name: &str, view: &View<'_>) -> Result<(), FigureError> {
        self.0.update(&(name.len() as u64).to_le_bytes());
        self.0.update(name.as_bytes());
        self.0.update(&view.digest()?.0);
        Ok(())
    }

    pub(crate) fn finish(&self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
    }
}

/// The tables before a figure has taken its rows. Here a figure chooses runs, and can read no value.
pub(crate) struct Source<'a> {
    tables: &'a Tables<'a>,
    hasher: &'a mut RowsHasher,
}

impl<'a> Source<'a> {
    pub(crate) fn new(tables: &'a Tables<'a>, hasher: &'a mut RowsHasher) -> Self {
        Self { tables, hasher }
    }

    pub(crate) fn measured(&self) -> Measured<'a> {
        self.tables.into()
    }

    pub(crate) fn axes(&self) -> &'a [AxisInfo] {
        self.tables.axes
    }

    pub(crate) fn confidence(&self) -> f64 {
        self.tables.confidence
    }

    /// Takes the runs of the first selection, with the columns that identify a run and with `more`. The rows of all
    /// selections then count from 0 within what was taken; the other selections lose the runs that the first one lacks.
    pub(crate) fn take<const N: usize>(
        self,
        mut selections: [Selection; N],
        more: &[&str],
    ) -> Result<(Rows<'a>, [Selection; N]), FigureError> {
        let Self { tables, hasher } = self;
        let mut taken: Vec<usize> = selections.first().into_iter().flat_map(Selection::rows).collect();
        taken.sort_unstable();
        taken.dedup();
        selections.iter_mut().for_each(|selection| selection.count_in(&taken));
        let axes = tables.axes.iter().map(|axis| axis.path.as_str());
        let columns = ["run"].into_iter().chain(axes).chain(["seed", "outcome"]).chain(more.iter().copied());
        let runs = View::new(tables.runs, columns, taken.clone());
        hasher.add("runs", &runs)?;
        Ok((Rows { tables, hasher, taken, runs }, selections))
    }
}

/// The rows that a figure has taken. Everything that can be read here is in the digest.
pub(crate) struct Rows<'a> {
    tables: &'a Tables<'a>,
    hasher: &'a mut RowsHasher,
    /// The rows of the whole table of runs that were taken, ascending.
    taken: Vec<usize>,
    pub runs: View<'a>,
}

impl<'a> Rows<'a> {
    /// The measurements of these runs.
    pub(crate) fn metrics(&mut self, columns: &[&str]) -> Result<RunRows<'a>, FigureError> {
        self.of_runs("metrics", self.tables.metrics, columns)
    }

    /// The rows of another table about these runs, in the order of that table.
    fn of_runs(&mut self, name: &str, table: &'a DataFrame, columns: &[&str]) -> Result<RunRows<'a>, FigureError> {
        let ranges = columns::ranges(self.tables, table)?;
        let mut found: Vec<_> = self.taken.iter().map(|&row| ranges[row].clone()).enumerate().collect();
        found.sort_unstable_by_key(|(_, range)| range.start);
        let mut ranges = vec![0..0; found.len()];
        let mut next = 0;
        for (run, range) in &found {
            ranges[*run] = next..next + range.len();
            next += range.len();
        }
        let view = View::new(table, columns.iter().copied(), found.into_iter().flat_map(|(_, range)| range).collect());
        self.hasher.add(name, &view)?;
        Ok(RunRows { view, ranges })
    }
}

/// The rows of another table about the runs that were taken.
pub(crate) struct RunRows<'a> {
    pub view: View<'a>,
    /// Where the rows of each run are in the view; an empty range where there are none.
    pub ranges: Vec<Range<usize>>,
}

/// The rows and columns of a table that are hashed, and no others.
pub(crate) struct View<'a> {
    table: &'a DataFrame,
    columns: Vec<String>,
    rows: Vec<usize>,
}

impl<'a> View<'a> {
    fn new<'n>(table: &'a DataFrame, columns: impl Iterator<Item = &'n str>, rows: Vec<usize>) -> Self {
        Self { table, columns: columns.map(str::to_owned).collect(), rows }
    }

    pub(crate) fn floats(&self, name: &str) -> Result<Cow<'a, [f64]>, FigureError> {
        Ok(self.of_rows(columns::floats(self.named(name, "Float64")?, name)?))
    }

    pub(crate) fn wholes(&self, name: &str) -> Result<Cow<'a, [u64]>, FigureError> {
        Ok(self.of_rows(columns::wholes(self.named(name, "UInt64")?, name)?))
    }

    pub(crate) fn texts(&self, name: &str) -> Result<Cow<'a, [&'a str]>, FigureError> {
        Ok(self.of_rows(Cow::Owned(columns::texts(self.named(name, "String")?, name)?)))
    }

    fn each_text(&self, name: &str, each: impl FnMut(&str)) -> Result<(), FigureError> {
        columns::each_text_at(self.named(name, "String")?, name, &self.rows, each)
    }

    /// The table, if the column is one of those that are hashed.
    fn named(&self, name: &str, kind: &'static str) -> Result<&'a DataFrame, FigureError> {
        let known = self.columns.iter().any(|column| column == name);
        if known { Ok(self.table) } else { Err(FigureError::Column { column: name.into(), kind }) }
    }

    fn of_rows<T: Copy>(&self, column: Cow<'a, [T]>) -> Cow<'a, [T]> {
        // Rows are ascending and different: as many as the table has are all of them.
        if self.rows.len() == column.len() {
            return column;
        }
        self.rows.iter().map(|&row| column[row]).collect()
    }

    fn digest(&self) -> Result<Digest, FigureError> {
        let mut content = TableHasher::new(self.columns.len(), self.rows.len());
        for name in &self.columns {
            match self.table.column(name).map(|column| column.dtype()) {
                Ok(DataType::UInt64) => {
                    content.column_of_wholes(name);
                    self.wholes(name)?.iter().for_each(|&value| content.whole(value));
                }
                Ok(DataType::Float64) => {
                    content.column_of_floats(name);
                    self.floats(name)?.iter().for_each(|&value| content.float(value));
                }
                Err(_) => {
                    return Err(FigureError::Column { column: name.clone(), kind: "UInt64, Float64 or String" });
                }
                Ok(_) => {
                    content.column_of_texts(name);
                    self.each_text(name, |value| content.text(value))?;
                }
            }
        }
        Ok(content.finish())
    }
}

/// What the file of a figure was drawn from, and in which theme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowsDigest {
    /// The digest of the rows that it was drawn from.
    pub rows: Digest,
    /// The theme in which it was drawn.
    pub theme: Theme,
}

impl RowsDigest {
    /// Reads the digest and the theme from a file of any format; nothing from a file that has none.
    #[must_use]
    pub fn read(file: &[u8]) -> Option<Self> {
        const START: &[u8] = b"restudy rows=";
        let at = file.windows(START.len()).position(|window| window == START)? + START.len();
        let rest = &file[at..file.len().min(at + 160)];
        let text = std::str::from_utf8(&rest[..rest.iter().position(|byte| *byte == b';')?]).ok()?;
        let mut words = text.split(' ');
        let rows = words.next()?.parse().ok()?;
        let mut named = |name: &str| words.next().and_then(|word| word.strip_prefix(name)).map(str::to_owned);
        let theme = match (named("theme="), named("width=")) {
            (Some(theme), Some(width)) => Theme::new(theme.parse::<ThemeName>().ok()?, width.parse().ok()?),
            _ => Theme::STUDY,
        };
        Some(Self { rows, theme })
    }
}

#[cfg(test)]
mod tests;
