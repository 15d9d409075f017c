use super::{Direction, Measure};
use crate::math;

/// The mean logistic loss: the negative log-likelihood of the labels, in nats.
pub struct Loss;

impl Measure for Loss {
    const NAME: &'static str = "loss";
    const UNIT: &'static str = "nat";
    const DIRECTION: Direction = Direction::Lower;
    const EQUATION: &'static str = "(1/n) Σ ln(1 + exp(-y Y))";

    #[inline(always)]
    fn point(output: f64, label: f64) -> f64 {
        math::softplus(-(label * output))
    }

    /// In two stages: the chain of operations of a single point is long, and short loops overlap better.
    #[inline(always)]
    fn points(outputs: &[f64], labels: &[f64], terms: &mut [f64]) {
        let n = terms.len().min(outputs.len()).min(labels.len());
        let (outputs, labels, terms) = (&outputs[..n], &labels[..n], &mut terms[..n]);
        for i in 0..n {
            terms[i] = math::exp_of_negative(-(labels[i] * outputs[i]).abs());
        }
        for i in 0..n {
            let z = -(labels[i] * outputs[i]);
            let positive = if z > 0.0 { z } else { 0.0 };
            terms[i] = positive + math::ln_1p_of_fraction(terms[i]);
        }
    }
}
