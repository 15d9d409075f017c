//! The gradient in the form of the exercise of the course: the literal form in the other layout.
//!
//! A point `X` is a row (1 × d) and `Wi` has a row for every input (d × h). With `H = max(X Wi + bi, 0)`, `Yo = Wo Hᵀ +
//! bo` and the loss `ln(1 + exp(-Y Yo))` of the label `Y`:
//!
//! | derivative of `Yo` | matrix | shape |
//! |---|---|---|
//! | by `Wi` | `Wo diag(1[H > 0]) (X ⊗ I)`, reshaped **by rows** | d × h |
//! | by `bi` | `Wo diag(1[H > 0])` | 1 × h |
//! | by `Wo` | `H` | 1 × h |
//! | by `bo` | 1 | 1 × 1 |
//!
//! Each is multiplied by `-Y σ(-Y Yo)`. The product `Wo diag(1[H > 0]) (X ⊗ I)` is that of [`literal`](super::literal),
//! a row of h d numbers with `∂Yo/∂A_j X_k` at place `k h + j`. Reshaped by columns it becomes the h × d matrix,
//! reshaped by rows its transpose. `I ⊗ X` has that number at place `j d + k` and needs the other reshaping: by rows
//! for h × d, by columns for d × h. The cost is O(h² d): only for the check and the notebook.

use alloc::{vec, vec::Vec};

use super::{Params, literal::Matrix};
use crate::math;

/// The gradient of the loss in the layout of the exercise, d × h.
#[derive(Debug, Clone, PartialEq)]
pub struct GradientNn {
    /// By the input weights, d × h.
    pub wi: Matrix,
    /// By the hidden biases, 1 × h.
    pub bi: Matrix,
    /// By the output weights, 1 × h.
    pub wo: Matrix,
    /// By the output bias.
    pub bo: f64,
}

/// Computes the gradient at one point `x` (1 × d) with the label `y`, for `wi` (d × h), `bi` (1 × h), `wo` (1 × h) and
/// `bo`.
///
/// Sums begin with the bias and go through inputs, then hidden units, in order, as everywhere in this library.
///
/// # Panics
/// If the shapes do not fit.
#[must_use]
pub fn gradient_nn(x: &Matrix, y: f64, wi: &Matrix, bi: &Matrix, wo: &Matrix, bo: f64) -> GradientNn {
    let (d, h) = (wi.rows, wi.columns);
    let shapes = [x, bi, wo].map(|matrix| (matrix.rows, matrix.columns));
    assert_eq!(shapes, [(1, d), (1, h), (1, h)], "shapes of X, bi and Wo for a Wi of {d} × {h}");

    let hidden: Vec<f64> = (0..h)
        .map(|j| (0..d).fold(bi.at(0, j), |sum, k| sum + x.at(0, k) * wi.at(k, j)))
        .map(|pre| if pre > 0.0 { pre } else { 0.0 })
        .collect();
    let output = (0..h).fold(bo, |sum, j| sum + wo.at(0, j) * hidden[j]);
    let indicator: Vec<f64> = hidden.iter().map(|&h| if h > 0.0 { 1.0 } else { 0.0 }).collect();

    let by_bias = wo.times(&Matrix::diagonal(&indicator));
    let by_weights = by_bias.times(&x.kronecker(&Matrix::identity(h))).reshaped_by_rows(d, h);
    let by_output = -y * math::sigmoid(-(y * output));
    GradientNn {
        wi: by_weights.scaled(by_output),
        bi: by_bias.scaled(by_output),
        wo: Matrix::new(1, h, hidden).scaled(by_output),
        bo: by_output,
    }
}

/// Computes the same gradient for parameters in the layout of this library, to compare it with the other forms.
#[must_use]
pub fn gradient(params: &Params, x: &[f64], label: f64) -> Params {
    let (d, h) = (params.d, params.h());
    let row = |entries: &[f64]| Matrix::new(1, entries.len(), entries.to_vec());
    let found = gradient_nn(&row(x), label, &transposed(params), &row(&params.bi), &row(&params.wo), params.bo);
    let mut wi = vec![0.0; h * d];
    for (place, entry) in wi.iter_mut().enumerate() {
        *entry = found.wi.at(place % d, place / d);
    }
    Params { d, wi, bi: found.bi.entries, wo: found.wo.entries, bo: found.bo }
}

/// Returns `Wi` with a row for every input, d × h.
#[must_use]
pub fn transposed(params: &Params) -> Matrix {
    // The stored rows of the h × d matrix are the columns of this one.
    Matrix::new(1, params.wi.len(), params.wi.clone()).reshaped_by_columns(params.d, params.h())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        model::{check, forward, gradient as efficient, literal},
        seed::{Draws, Seed, Stream},
    };

    /// A random network, a point, and the derivatives of the loss by the pre-activations.
    fn case(seed: u64, d: usize, h: usize) -> (Params, Vec<f64>, f64) {
        check::draw(d, h, &mut Draws::new(Seed(seed), Stream::GradientCheck))
    }

    /// The error of the gradient of `Wi` for each of both Kronecker products, each layout and each order of reshaping.
    fn errors_of_eight_forms(params: &Params, x: &[f64], label: f64) -> [(bool, bool, bool, f64); 8] {
        let (d, h) = (params.d, params.h());
        let local = Matrix::new(1, h, efficient(params, x, label).bi);
        let truth = efficient(params, x, label);
        let upright = Matrix::new(h, d, truth.wi.clone());
        let across = transposed(&truth);
        let (point, unit) = (Matrix::new(1, d, x.to_vec()), Matrix::identity(h));
        core::array::from_fn(|i| {
            let (point_first, is_across, by_rows) = (i & 4 != 0, i & 2 != 0, i & 1 != 0);
            let product = if point_first { point.kronecker(&unit) } else { unit.kronecker(&point) };
            let row = local.times(&product);
            let (truth, rows, columns) = if is_across { (&across, d, h) } else { (&upright, h, d) };
            let found =
                if by_rows { row.reshaped_by_rows(rows, columns) } else { row.reshaped_by_columns(rows, columns) };
            let apart = found.entries.iter().zip(&truth.entries).map(|(a, b)| (a - b).abs());
            (point_first, is_across, by_rows, apart.fold(0.0, f64::max))
        })
    }

    proptest! {
        #[test]
        fn the_form_of_the_course_is_the_gradient_for_every_shape(seed: u64, d in 1..7_usize, h in 1..8_usize) {
            let (params, x, label) = case(seed, d, h);
            let course = gradient(&params, &x, label);
            for (found, other) in course.values().zip(literal::gradient(&params, &x, label).values()) {
                prop_assert!((found - other).abs() <= 1e-15 * other.abs(), "{found} {other}");
            }
            let smallest = forward(&params, &x).pre.iter().fold(f64::INFINITY, |least, a| least.min(a.abs()));
            prop_assume!(smallest > 1e-3);
            for (found, numerical) in course.values().zip(check::numerical(&params, &x, label, 1e-6).values()) {
                prop_assert!((found - numerical).abs() <= 1e-7 * (1.0 + found.abs()), "{found} {numerical}");
            }
        }

        #[test]
        fn half_of_the_eight_forms_are_right(seed: u64, d in 1..7_usize, h in 1..8_usize) {
            let (params, x, label) = case(seed, d, h);
            for (point_first, is_across, by_rows, apart) in errors_of_eight_forms(&params, &x, label) {
                // With one unit or one input there is only one order.
                let is_right = point_first == (is_across == by_rows) || d == 1 || h == 1;
                let gradient = efficient(&params, &x, label);
                let is_zero = gradient.wi.iter().all(|&slope| slope == 0.0);
                prop_assert_eq!(apart == 0.0, is_right || is_zero, "{} {} {}", point_first, is_across, by_rows);
            }
        }
    }

    #[test]
    fn numpy_gives_the_same() {
        let row = |entries: &[f64]| Matrix::new(1, entries.len(), entries.to_vec());
        let wi = Matrix::new(2, 3, vec![1.0, -2.0, 0.5, 0.25, 0.75, -1.5]);
        let (bi, wo) = (row(&[0.1, 0.2, 0.3]), row(&[1.5, -0.5, 2.0]));
        let found = gradient_nn(&row(&[0.5, -1.25]), 1.0, &wi, &bi, &wo, -0.4);
        // Computed by the code of the exercise, with np.kron(X, np.eye(h)) and reshape((d, h)).
        let expected = [
            vec![-0.005647790028897698, 0.0, -0.00753038670519693, 0.014119475072244245, 0.0, 0.018825966762992325],
            vec![-0.011295580057795396, 0.0, -0.01506077341039386],
            vec![-0.0021649861777441174, 0.0, -0.018261187760102555],
            vec![-0.00753038670519693],
        ];
        for (found, expected) in
            [found.wi.entries, found.bi.entries, found.wo.entries, vec![found.bo]].iter().zip(&expected)
        {
            assert!(
                found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1e-13 * b.abs()),
                "{found:?} {expected:?}"
            );
        }
    }

    #[test]
    fn the_other_four_forms_are_wrong_by_more_than_two() {
        let mut draws = Draws::new(Seed(0), Stream::GradientCheck);
        let mut worst = [0.0_f64; 8];
        for _ in 0..1000 {
            let (params, x, label) = check::draw(2, 3, &mut draws);
            for (worst, (.., apart)) in worst.iter_mut().zip(errors_of_eight_forms(&params, &x, label)) {
                *worst = worst.max(apart);
            }
        }
        // In the order of `errors_of_eight_forms`: I ⊗ X first, h × d first, by columns first.
        let wrong = [true, false, false, true, false, true, true, false];
        assert_eq!(worst.map(|apart| apart > 2.0), wrong, "{worst:?}");
        assert_eq!(worst.map(|apart| apart > 0.0), wrong, "{worst:?}");
    }

    #[test]
    #[should_panic(expected = "shapes of X, bi and Wo for a Wi of 2 × 3")]
    fn a_wi_of_the_other_layout_is_refused() {
        let row = |entries: &[f64]| Matrix::new(1, entries.len(), entries.to_vec());
        let wi = Matrix::new(2, 3, vec![1.0; 6]);
        let _ = gradient_nn(&row(&[1.0; 3]), 1.0, &wi, &row(&[0.0; 2]), &row(&[1.0; 2]), 0.0);
    }
}
