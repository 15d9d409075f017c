//! Tables: they show a few rows, and give all of them to polars.

mod row;

use polars::prelude::{AnyValue, DataFrame, DataType};

pub use row::{Cell, Row};

use crate::{
    error::{Error, Result},
    show::{Bundle, Show, escape},
    tex::digits,
};

/// A table of the store, or one written row by row.
///
/// Shows the first rows; [`frame`](Self::frame) returns a whole stored table for polars.
#[derive(Debug, Clone)]
pub struct Table {
    header: Vec<String>,
    content: Content,
    /// The number of columns, from the left, that are aligned left whatever they contain.
    left: usize,
    /// The row in bold.
    best: Option<usize>,
    note: String,
}

#[derive(Debug, Clone)]
enum Content {
    Written(Vec<Vec<String>>),
    Stored(DataFrame),
}

/// Makes an empty table with these columns; a name contains its unit: `"error, %"`.
#[must_use]
pub fn table<const N: usize>(columns: [&str; N]) -> Table {
    Table::written(columns.map(String::from).to_vec(), Vec::new())
}

impl Table {
    pub(crate) fn written(header: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        Self { header, content: Content::Written(rows), left: 0, best: None, note: String::new() }
    }

    pub(crate) fn stored(frame: DataFrame) -> Self {
        let header = frame.get_column_names().into_iter().map(ToString::to_string).collect();
        Self { header, content: Content::Stored(frame), left: 0, best: None, note: String::new() }
    }

    /// Sets the row in bold, the number of columns aligned left, and a note below.
    pub(crate) fn read_as(self, best: Option<usize>, left: usize, note: String) -> Self {
        Self { best, left, note, ..self }
    }

    /// Returns the table with one more row: `.row((7, 0.53, "yes"))`. Numbers get six significant digits.
    ///
    /// # Panics
    /// If the number of cells differs from that of the columns, or the table is a stored one.
    #[must_use]
    #[track_caller]
    pub fn row(mut self, row: impl Row) -> Self {
        let cells = row.cells();
        assert_eq!(cells.len(), self.header.len(), "cells of a row of the table with the columns {:?}", self.header);
        match &mut self.content {
            Content::Written(rows) => rows.push(cells),
            Content::Stored(_) => panic!("a stored table cannot be changed"),
        }
        self
    }

    /// Returns the names of the columns.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        self.header.clone()
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn height(&self) -> usize {
        match &self.content {
            Content::Written(rows) => rows.len(),
            Content::Stored(frame) => frame.height(),
        }
    }

    /// Returns the whole stored table for polars; a written table becomes a frame of texts.
    #[must_use]
    pub fn frame(&self) -> DataFrame {
        match &self.content {
            Content::Stored(frame) => frame.clone(),
            Content::Written(rows) => {
                let column = |(index, name): (usize, &String)| {
                    let cells: Vec<&str> = rows.iter().map(|row| row[index].as_str()).collect();
                    polars::prelude::Column::new(name.as_str().into(), cells)
                };
                DataFrame::new(rows.len(), self.header.iter().enumerate().map(column).collect())
                    .expect("columns of one length")
            }
        }
    }

    /// Returns the numbers of a column.
    ///
    /// # Errors
    /// The column does not exist, or a cell is not a number.
    pub fn numbers(&self, column: &str) -> Result<Vec<f64>> {
        let number = |text: String| {
            text.parse().map_err(|_| {
                Error::new(
                    format!("the column `{column}` holds {text:?}, which is no number"),
                    "`.texts(…)` gives its cells",
                )
            })
        };
        if let Content::Stored(frame) = &self.content
            && frame.column(column).is_ok_and(|column| column.dtype() == &DataType::Float64)
        {
            return Ok(frame.column(column)?.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)).collect());
        }
        self.texts(column)?.into_iter().map(number).collect()
    }

    /// Returns the cells of a column as texts.
    ///
    /// # Errors
    /// The column does not exist.
    pub fn texts(&self, column: &str) -> Result<Vec<String>> {
        let Some(index) = self.header.iter().position(|name| name == column) else {
            let columns = self.header.join(", ");
            return Err(Error::new(
                format!("the table has no column `{column}`"),
                format!("its columns are {columns}"),
            ));
        };
        Ok((0..self.height()).map(|row| self.cell(row, index, false)).collect())
    }

    /// A cell as text; digests are shortened if `short`.
    fn cell(&self, row: usize, column: usize, short: bool) -> String {
        match &self.content {
            Content::Written(rows) => rows[row][column].clone(),
            Content::Stored(frame) => match frame.columns()[column].get(row) {
                Ok(AnyValue::String(text)) if short => shortened(text),
                Ok(AnyValue::String(text)) => text.to_owned(),
                Ok(AnyValue::Float64(value)) if short => digits(value, 6),
                Ok(AnyValue::Float64(value)) => value.to_string(),
                Ok(value) => value.to_string(),
                Err(_) => String::new(),
            },
        }
    }

    /// The rows that are shown, and the number of the others.
    fn seen(&self) -> (Vec<Vec<String>>, usize) {
        let height = self.height();
        // The note on one more row is as long as the row.
        let shown = if height <= MOST_ROWS + 1 { height } else { MOST_ROWS };
        let rows = (0..shown).map(|row| (0..self.header.len()).map(|column| self.cell(row, column, true)).collect());
        (rows.collect(), height - shown)
    }

    /// Which columns are aligned right.
    fn right(&self, rows: &[Vec<String>]) -> Vec<bool> {
        let numeric = |cell: &String| {
            cell.starts_with(|c: char| c.is_ascii_digit() || "-–+∞".contains(c)) || cell == "NaN" || cell.is_empty()
        };
        (0..self.header.len())
            .map(|column| column >= self.left && rows.iter().all(|row| numeric(&row[column])))
            .collect()
    }

    fn text(&self) -> String {
        let (rows, more) = self.seen();
        let right = self.right(&rows);
        let mark = |row: usize| if self.best == Some(row) { "  *" } else { "" };
        let width = |column: usize| {
            let cells = rows.iter().map(|row| &row[column]).chain([&self.header[column]]);
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.header.len()).map(width).collect();
        let line = |cells: &[String], mark: &str| {
            let set = |(column, cell): (usize, &String)| {
                let gap = " ".repeat(widths[column] - cell.chars().count());
                if right[column] { gap + cell } else { cell.clone() + &gap }
            };
            let line = cells.iter().enumerate().map(set).collect::<Vec<_>>().join("  ") + mark;
            line.trim_end().to_owned()
        };
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1));
        let mut lines = vec![line(&self.header, ""), rule];
        lines.extend(rows.iter().enumerate().map(|(row, cells)| line(cells, mark(row))));
        lines.extend(remark(more));
        let star = if self.best.is_some() { "* " } else { "" };
        lines.extend((!self.note.is_empty()).then(|| format!("{star}{}", self.note)));
        lines.join("\n")
    }

    fn html(&self) -> String {
        let (rows, more) = self.seen();
        let right = self.right(&rows);
        let line = |element: &str, cells: &[String], bold: bool| {
            let set = |(cell, right): (&String, &bool)| {
                let text = escape(cell);
                let text = if bold { format!("<b>{text}</b>") } else { text };
                format!("<{element} {}>{text}</{element}>", side(*right))
            };
            format!("<tr>{}</tr>\n", cells.iter().zip(&right).map(set).collect::<String>())
        };
        let body: String =
            rows.iter().enumerate().map(|(row, cells)| line("td", cells, self.best == Some(row))).collect();
        let mut html = format!(
            "<table>\n<thead>\n{}</thead>\n<tbody>\n{body}</tbody>\n</table>\n",
            line("th", &self.header, false)
        );
        for text in remark(more).into_iter().chain((!self.note.is_empty()).then(|| self.note.clone())) {
            html.push_str(&format!("<p>{}</p>\n", escape(&text)));
        }
        html
    }
}

impl Show for Table {
    fn bundle(&self) -> Bundle {
        Bundle::text(self.text()).html(self.html())
    }
}

/// The alignment of a cell: as an attribute, for front ends that remove styles, and as a style, for front ends that
/// style all cells.
pub(crate) fn side(right: bool) -> &'static str {
    if right { r#"align="right""# } else { r#"align="left" style="text-align:left""# }
}

/// At most this many rows are shown.
const MOST_ROWS: usize = 12;

/// Longer texts are digests, and are shortened.
const LONGEST: usize = 32;

fn shortened(text: &str) -> String {
    if text.len() > LONGEST && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        text[..12].into()
    } else {
        text.into()
    }
}

fn remark(more: usize) -> Option<String> {
    (more > 0).then(|| format!("… {more} more rows"))
}

#[cfg(test)]
mod tests;
