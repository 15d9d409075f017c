//! Equations with values: LaTeX, and aligned numbers as text.

use restudy::model::{Params, literal::Matrix};

use crate::show::{Bundle, Show};

/// An equation.
///
/// `tex(r"\eta = ").number(0.02)`; pieces are appended.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tex {
    latex: String,
    text: String,
}

/// Begins an equation in LaTeX without dollar signs.
#[must_use]
pub fn tex(latex: &str) -> Tex {
    Tex { latex: latex.into(), text: latex.into() }
}

impl Tex {
    /// Appends LaTeX.
    #[must_use]
    pub fn then(self, latex: &str) -> Self {
        self.with(latex, latex)
    }

    /// Appends a number with four significant digits.
    #[must_use]
    pub fn number(self, value: f64) -> Self {
        self.with(&latex_number(value), &number(value))
    }

    /// Appends a matrix.
    #[must_use]
    pub fn matrix(self, matrix: &Matrix) -> Self {
        let text = format!("\n{}\n", text_matrix(matrix));
        self.with(&latex_matrix(matrix), &text)
    }

    /// Appends a matrix with its shape below.
    #[must_use]
    pub fn shaped(self, matrix: &Matrix) -> Self {
        let text = format!("({} × {})\n{}\n", matrix.rows, matrix.columns, text_matrix(matrix));
        self.with(&with_shape(matrix), &text)
    }

    /// Appends a column of numbers.
    #[must_use]
    pub fn column(self, values: &[f64]) -> Self {
        self.matrix(&column(values))
    }

    fn with(mut self, latex: &str, text: &str) -> Self {
        for (whole, piece) in [(&mut self.latex, latex), (&mut self.text, text)] {
            // Separate a command from a following letter.
            if whole.ends_with(|c: char| c.is_ascii_alphabetic())
                && piece.starts_with(|c: char| c.is_ascii_alphabetic())
            {
                whole.push(' ');
            }
            whole.push_str(piece);
        }
        self
    }
}

impl Show for Tex {
    fn bundle(&self) -> Bundle {
        Bundle::text(self.text.trim()).latex(format!("$$\n{}\n$$", self.latex))
    }
}

/// Makes a matrix from its entries, row after row.
///
/// # Panics
/// If the number of entries is not `rows * columns`.
#[must_use]
#[track_caller]
pub fn matrix(rows: usize, columns: usize, entries: impl Into<Vec<f64>>) -> Matrix {
    Matrix::new(rows, columns, entries.into())
}

/// Makes a matrix of one column.
#[must_use]
pub fn column(values: &[f64]) -> Matrix {
    Matrix::new(values.len(), 1, values.to_vec())
}

/// Makes a matrix of one row.
#[must_use]
pub fn row(values: &[f64]) -> Matrix {
    Matrix::new(1, values.len(), values.to_vec())
}

/// Matrices derived from a matrix.
pub trait Views {
    /// Returns the transposed matrix.
    #[must_use]
    fn transposed(&self) -> Matrix;
}

impl Views for Matrix {
    fn transposed(&self) -> Matrix {
        let places = (0..self.columns).flat_map(|j| (0..self.rows).map(move |i| (i, j)));
        Matrix::new(self.columns, self.rows, places.map(|(i, j)| self.at(i, j)).collect())
    }
}

/// The blocks of a network, or of its gradient, as matrices.
pub trait Blocks {
    /// Returns the weights of the inputs, h × d.
    #[must_use]
    fn wi(&self) -> Matrix;

    /// Returns the biases of the hidden units, h × 1.
    #[must_use]
    fn bi(&self) -> Matrix;

    /// Returns the weights of the output, 1 × h.
    #[must_use]
    fn wo(&self) -> Matrix;
}

impl Blocks for Params {
    fn wi(&self) -> Matrix {
        Matrix::new(self.h(), self.d, self.wi.clone())
    }

    fn bi(&self) -> Matrix {
        column(&self.bi)
    }

    fn wo(&self) -> Matrix {
        row(&self.wo)
    }
}

impl Show for Matrix {
    fn bundle(&self) -> Bundle {
        let Self { rows, columns, .. } = self;
        let text = format!("{rows} × {columns}\n{}", text_matrix(self));
        Bundle::text(text).latex(format!("$$\n{}\n$$", with_shape(self)))
    }
}

impl Show for Params {
    fn bundle(&self) -> Bundle {
        let blocks = [("W_i", "Wi", self.wi()), ("b_i", "bi", self.bi()), ("W_o", "Wo", self.wo())];
        let text: String = blocks
            .iter()
            .map(|(_, name, block)| format!("{name} ({} × {})\n{}\n", block.rows, block.columns, text_matrix(block)))
            .collect();
        let latex: String =
            blocks.iter().map(|(name, _, block)| format!("{name} = {},\\quad\n", with_shape(block))).collect();
        Bundle::text(format!("{text}bo\n{}", number(self.bo)))
            .latex(format!("$$\n{latex}b_o = {}\n$$", latex_number(self.bo)))
    }
}

/// At most this many rows and columns are shown.
const MOST: (usize, usize) = (8, 12);

fn with_shape(matrix: &Matrix) -> String {
    format!(r"\underset{{{} \times {}}}{{{}}}", matrix.rows, matrix.columns, latex_matrix(matrix))
}

fn latex_matrix(matrix: &Matrix) -> String {
    let (rows, columns) = (shown(matrix.rows, MOST.0), shown(matrix.columns, MOST.1));
    let dots = |row: bool, column: bool| match (row, column) {
        (true, true) => r"\ddots",
        (true, false) => r"\vdots",
        _ => r"\cdots",
    };
    let cell = |row: Option<usize>, column: Option<usize>| match (row, column) {
        (Some(i), Some(j)) => latex_number(matrix.at(i, j)),
        _ => dots(row.is_none(), column.is_none()).to_owned(),
    };
    let line = |row: &Option<usize>| columns.iter().map(|column| cell(*row, *column)).collect::<Vec<_>>().join(" & ");
    let lines: Vec<String> = rows.iter().map(line).collect();
    format!("\\begin{{bmatrix}}\n{}\n\\end{{bmatrix}}", lines.join(" \\\\\n"))
}

fn text_matrix(matrix: &Matrix) -> String {
    let (rows, columns) = (shown(matrix.rows, MOST.0), shown(matrix.columns, MOST.1));
    let cell = |row: Option<usize>, column: Option<usize>| match (row, column) {
        (Some(i), Some(j)) => number(matrix.at(i, j)),
        _ => "…".to_owned(),
    };
    let cells: Vec<Vec<String>> =
        rows.iter().map(|row| columns.iter().map(|column| cell(*row, *column)).collect()).collect();
    let width = |column: usize| cells.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let line = |line: &Vec<String>| {
        let set = |(cell, width): (&String, &usize)| " ".repeat(width - cell.chars().count()) + cell;
        format!("[ {} ]", line.iter().zip(&widths).map(set).collect::<Vec<_>>().join("  "))
    };
    cells.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The indices that are shown, with `None` for the gap before the last one.
fn shown(count: usize, most: usize) -> Vec<Option<usize>> {
    if count <= most {
        return (0..count).map(Some).collect();
    }
    (0..most - 2).map(Some).chain([None, Some(count - 1)]).collect()
}

/// Formats a number with at most four significant digits.
pub(crate) fn number(value: f64) -> String {
    digits(value, 4)
}

/// Formats a number with at most this many significant digits.
pub(crate) fn digits(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "∞"
        } else {
            "-∞"
        }
        .into();
    }
    let rounded: f64 = format!("{value:.*e}", digits - 1).parse().unwrap_or(value);
    let size = rounded.abs();
    if size != 0.0 && !(1e-4..1e6).contains(&size) { format!("{rounded:e}") } else { format!("{rounded}") }
}

fn latex_number(value: f64) -> String {
    let text = number(value);
    if value.is_nan() {
        return r"\mathrm{NaN}".into();
    }
    match text.split_once('e') {
        Some((factor, exponent)) => format!(r"{factor} \cdot 10^{{{exponent}}}"),
        None => text.replace('∞', r"\infty"),
    }
}

#[cfg(test)]
mod tests {
    use restudy::{
        model::{Init, Model},
        seed::Seed,
    };

    use super::*;

    fn all(value: &dyn Show) -> String {
        value.bundle().data().iter().map(|(mime, text)| format!("{mime}\n{text}\n\n")).collect()
    }

    #[test]
    fn matrices_have_their_shape() {
        let wide = matrix(2, 3, [1.0, -0.25, 1e-9, 0.0, 123_456.7, f64::INFINITY]);
        insta::assert_snapshot!(all(&wide) + &all(&wide.transposed()));
    }

    #[test]
    fn large_matrices_have_dots() {
        let large = Matrix::identity(20);
        let latex = all(&large);
        assert!(latex.contains(r"\vdots & \vdots"), "{latex}");
        assert!(latex.contains(r"\ddots & \vdots"), "{latex}");
        insta::assert_snapshot!(latex);
    }

    #[test]
    fn networks_are_their_blocks() {
        insta::assert_snapshot!(all(&Model { hidden: 3, init: Init::Glorot }.initial(2, Seed(7))));
    }

    #[test]
    fn equations_contain_values() {
        let equation =
            tex(r"Y = W_o H + b_o = ").matrix(&row(&[1.0, -2.0])).column(&[0.5, 0.25]).then("+").number(1e-7);
        insta::assert_snapshot!(all(&equation));
    }

    #[test]
    fn numbers_have_no_needless_digits() {
        let written = [0.1 + 0.2, -1.0, 2e-5, 1_234_567.0, 0.0, f64::NAN, f64::NEG_INFINITY].map(number);
        assert_eq!(written, ["0.3", "-1", "2e-5", "1.235e6", "0", "NaN", "-∞"]);
    }
}
