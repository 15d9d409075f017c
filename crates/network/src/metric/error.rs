use super::{Direction, Mean, Measure, Range, Shown};

/// The share of misclassified points. An output that is zero or not finite counts as an error.
pub struct Error;

impl Measure for Error {
    const NAME: &'static str = "error";
    const UNIT: &'static str = "share of points";
    const DIRECTION: Direction = Direction::Lower;
    const RANGE: Range = Range::Share;
    const EQUATION: &'static str = "(1/n) #{ sign(Y) ≠ y, Y = 0 or Y not finite }";
    const SHOWN: Shown = Shown::Percent;
    const REACHES_ZERO: bool = true;
}

impl Mean for Error {
    #[inline(always)]
    fn point(margin: f64) -> f64 {
        // Two choices in sequence become vector code; `&&` would become a jump.
        let miss = if margin > 0.0 { 0.0 } else { 1.0 };
        if margin < f64::INFINITY { miss } else { 1.0 }
    }
}
