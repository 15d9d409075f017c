use super::{Direction, Mean, Measure, Range};
use crate::math;

/// The mean squared difference between the predicted probability of class +1 and the class (0 or 1).
///
/// Source: Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950).
pub struct Brier;

impl Measure for Brier {
    const NAME: &'static str = "brier";
    const UNIT: &'static str = "probability²";
    const DIRECTION: Direction = Direction::Lower;
    const RANGE: Range = Range::Share;
    const EQUATION: &'static str = "(1/n) Σ (1 / (1 + exp(y Y)))²";
}

impl Mean for Brier {
    #[inline(always)]
    fn point(margin: f64) -> f64 {
        let miss = math::sigmoid(-margin);
        miss * miss
    }
}
