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
}
