use super::{Direction, Mean, Measure, Range};

/// The mean hinge loss.
///
/// Source: Cortes and Vapnik, "Support-vector networks", Machine Learning 20 (1995).
pub struct Hinge;

impl Measure for Hinge {
    const NAME: &'static str = "hinge";
    const UNIT: &'static str = "margin";
    const DIRECTION: Direction = Direction::Lower;
    const RANGE: Range = Range::NotNegative;
    const EQUATION: &'static str = "(1/n) Σ max(0, 1 - y Y)";
    const REACHES_ZERO: bool = true;
}

impl Mean for Hinge {
    #[inline(always)]
    fn point(margin: f64) -> f64 {
        if margin >= 1.0 { 0.0 } else { 1.0 - margin }
    }
}
