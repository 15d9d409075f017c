//! The gradient exactly as in the derivation: every local derivative is a dense matrix, the chain rule is their
//! product, and nothing is simplified.
//!
//! Vectors are columns. With `A = Wi X + bi`, `H = max(0, A)`, `Y = Wo H + bo` and the loss `L = ln(1 + exp(-y Y))`:
//!
//! | local derivative | matrix | shape |
//! |---|---|---|
//! | `∂L/∂Y` | `-y σ(-y Y)` | 1 × 1 |
//! | `∂Y/∂Wo` | `Hᵀ` | 1 × h |
//! | `∂Y/∂H` | `Wo` | 1 × h |
//! | `∂H/∂A` | `diag(1[A > 0])` | h × h |
//! | `∂A/∂bi` | `I` | h × h |
//! | `∂A/∂vec(Wi)` | `Xᵀ ⊗ I` | h × h d |
//!
//! `vec` stacks the columns of `Wi`, so the last product, a row of h d numbers, is reshaped column by column to h × d.
//! The other layout, `Wi` as d × h, is in [`course`](super::course). The cost is O(h² d): only for the check and the
//! notebook.

use alloc::{vec, vec::Vec};

use super::{Params, forward};
use crate::math;

/// A dense matrix, row after row.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// The number of rows.
    pub rows: usize,
    /// The number of columns.
    pub columns: usize,
    /// The entries: row `i`, column `j` at `i * columns + j`.
    pub entries: Vec<f64>,
}

impl Matrix {
    /// Creates a matrix from its entries, row after row.
    ///
    /// # Panics
    /// If the number of entries is not `rows * columns`.
    #[must_use]
    pub fn new(rows: usize, columns: usize, entries: Vec<f64>) -> Self {
        assert_eq!(entries.len(), rows * columns, "a {rows} × {columns} matrix");
        Self { rows, columns, entries }
    }

    /// Creates the square matrix with `diagonal` on its diagonal.
    #[must_use]
    pub fn diagonal(diagonal: &[f64]) -> Self {
        let n = diagonal.len();
        let mut entries = vec![0.0; n * n];
        for (i, &value) in diagonal.iter().enumerate() {
            entries[i * n + i] = value;
        }
        Self::new(n, n, entries)
    }

    /// Creates the identity matrix.
    #[must_use]
    pub fn identity(n: usize) -> Self {
        Self::diagonal(&vec![1.0; n])
    }

    /// Returns the entry in row `i`, column `j`.
    #[must_use]
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.entries[i * self.columns + j]
    }

    /// Computes the matrix product; each entry is summed from zero, in order.
    ///
    /// # Panics
    /// If the inner dimensions differ.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        assert_eq!(self.columns, other.rows, "inner dimensions");
        let mut entries = Vec::with_capacity(self.rows * other.columns);
        for i in 0..self.rows {
            for j in 0..other.columns {
                entries.push(math::sum((0..self.columns).map(|k| self.at(i, k) * other.at(k, j))));
            }
        }
        Self::new(self.rows, other.columns, entries)
    }

    /// Multiplies every entry by a number.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        Self::new(self.rows, self.columns, self.entries.iter().map(|entry| entry * factor).collect())
    }

    /// Returns the entries in another shape, read and written row after row: NumPy's `reshape`.
    ///
    /// # Panics
    /// If the number of entries is not `rows * columns`.
    #[must_use]
    pub fn reshaped_by_rows(&self, rows: usize, columns: usize) -> Self {
        Self::new(rows, columns, self.entries.clone())
    }

    /// Returns the entries in another shape, read and written column after column: MATLAB's `reshape`, and NumPy's with
    /// `order="F"`.
    ///
    /// # Panics
    /// If the number of entries is not `rows * columns`.
    #[must_use]
    pub fn reshaped_by_columns(&self, rows: usize, columns: usize) -> Self {
        assert_eq!(self.entries.len(), rows * columns, "a {rows} × {columns} matrix");
        let mut reshaped = Self::new(rows, columns, vec![0.0; rows * columns]);
        for place in 0..rows * columns {
            reshaped.entries[(place % rows) * columns + place / rows] = self.at(place % self.rows, place / self.rows);
        }
        reshaped
    }

    /// Computes the Kronecker product: every entry of `self` times the matrix `other`.
    #[must_use]
    pub fn kronecker(&self, other: &Self) -> Self {
        let (rows, columns) = (self.rows * other.rows, self.columns * other.columns);
        let mut entries = Vec::with_capacity(rows * columns);
        for i in 0..rows {
            for j in 0..columns {
                entries.push(self.at(i / other.rows, j / other.columns) * other.at(i % other.rows, j % other.columns));
            }
        }
        Self::new(rows, columns, entries)
    }
}

/// The local derivatives of the chain, as matrices.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// `∂L/∂Y`, 1 × 1.
    pub loss_by_output: Matrix,
    /// `∂Y/∂Wo = Hᵀ`, 1 × h.
    pub output_by_weights: Matrix,
    /// `∂Y/∂H = Wo`, 1 × h.
    pub output_by_hidden: Matrix,
    /// `∂H/∂A = diag(1[A > 0])`, h × h.
    pub hidden_by_pre: Matrix,
    /// `∂A/∂bi = I`, h × h.
    pub pre_by_bias: Matrix,
    /// `∂A/∂vec(Wi) = Xᵀ ⊗ I`, h × h d.
    pub pre_by_weights: Matrix,
}

/// Computes the local derivatives at one point.
#[must_use]
pub fn chain(params: &Params, x: &[f64], label: f64) -> Chain {
    let h = params.h();
    let pass = forward(params, x);
    let indicator: Vec<f64> = pass.pre.iter().map(|&a| if a > 0.0 { 1.0 } else { 0.0 }).collect();
    Chain {
        loss_by_output: Matrix::new(1, 1, vec![-label * math::sigmoid(-(label * pass.output))]),
        output_by_weights: Matrix::new(1, h, pass.hidden),
        output_by_hidden: Matrix::new(1, h, params.wo.clone()),
        hidden_by_pre: Matrix::diagonal(&indicator),
        pre_by_bias: Matrix::identity(h),
        pre_by_weights: Matrix::new(1, x.len(), x.to_vec()).kronecker(&Matrix::identity(h)),
    }
}

/// Computes the gradient as the product of the local derivatives, reshaped to the parameters.
#[must_use]
pub fn gradient(params: &Params, x: &[f64], label: f64) -> Params {
    let (d, h) = (params.d, params.h());
    let chain = chain(params, x, label);
    let by_pre = chain.loss_by_output.times(&chain.output_by_hidden).times(&chain.hidden_by_pre);
    let by_weights = by_pre.times(&chain.pre_by_weights);
    Params {
        d,
        wi: by_weights.reshaped_by_columns(h, d).entries,
        bi: by_pre.times(&chain.pre_by_bias).entries,
        wo: chain.loss_by_output.times(&chain.output_by_weights).entries,
        bo: chain.loss_by_output.at(0, 0),
    }
}
