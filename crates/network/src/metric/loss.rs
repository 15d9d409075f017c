use super::{Direction, Mean, Measure, Range};
use crate::math;

/// The mean logistic loss: the negative log-likelihood of the labels, in nats.
pub struct Loss;

impl Measure for Loss {
    const NAME: &'static str = "loss";
    const UNIT: &'static str = "nat";
    const DIRECTION: Direction = Direction::Lower;
    const RANGE: Range = Range::NotNegative;
    const EQUATION: &'static str = "(1/n) Σ ln(1 + exp(-y Y))";
}

impl Mean for Loss {
    #[inline(always)]
    fn point(margin: f64) -> f64 {
        math::softplus(-margin)
    }

    /// In two stages: the chain of operations of a single point is long, and short loops overlap better.
    #[inline(always)]
    fn points(margins: &[f64], terms: &mut [f64]) {
        let n = terms.len().min(margins.len());
        let (margins, terms) = (&margins[..n], &mut terms[..n]);
        for i in 0..n {
            terms[i] = math::exp_of_negative(-margins[i].abs());
        }
        for i in 0..n {
            let z = -margins[i];
            let positive = if z > 0.0 { z } else { 0.0 };
            terms[i] = positive + math::ln_1p_of_fraction(terms[i]);
        }
    }
}
