use alloc::vec::Vec;

use super::{Direction, Measure, Range, Whole};

/// The area under the ROC curve: the probability that of two points of different classes, chosen at random, the output is greater for that of
/// class +1, a tie counting as one half. Undefined where a class has no points: data sets refuse to be so.
///
/// Pairs are counted in whole numbers, and twice their number is divided by twice that of all, so that no order of sums matters. Outputs are
/// compared as numbers: -0 is 0, infinite ones stand at the ends. One that is not a number is worse than any other of its class could be.
///
/// Sources: Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the other", Annals of Mathematical
/// Statistics 18 (1947); Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve", Radiology 143 (1982).
pub struct Auc;

impl Measure for Auc {
    const NAME: &'static str = "auc";
    const UNIT: &'static str = "probability";
    const DIRECTION: Direction = Direction::Higher;
    const RANGE: Range = Range::Share;
    const EQUATION: &'static str =
        "(#{ Y₊ > Y₋ } + ½ #{ Y₊ = Y₋ }) / (P N) over pairs of P points of class +1 and N of class -1";
    /// Where every order is wrong; the good ones lie near one, where a logarithm shows nothing.
    const REACHES_ZERO: bool = true;
}

impl Whole for Auc {
    fn is_defined(labels: &[f64]) -> bool {
        [-1.0, 1.0].iter().all(|class| labels.contains(class))
    }

    fn of(margins: impl Iterator<Item = f64>, labels: &[f64]) -> f64 {
        let points = labels.iter().filter(|&&label| label > 0.0).count();
        let (mut plus, mut minus) = (Vec::with_capacity(points), Vec::with_capacity(labels.len() - points));
        for (margin, &label) in margins.zip(labels) {
            if label > 0.0 {
                plus.push(place(margin).unwrap_or(u64::MIN));
            } else {
                minus.push(place(-margin).unwrap_or(u64::MAX));
            }
        }
        plus.sort_unstable();
        minus.sort_unstable();
        let (mut below, mut up_to, mut twice) = (0, 0, 0);
        for output in &plus {
            while minus.get(below).is_some_and(|other| other < output) {
                below += 1;
            }
            while minus.get(up_to).is_some_and(|other| other <= output) {
                up_to += 1;
            }
            // Two for every point of the other class below, one for every one beside it.
            twice += below as u64 + up_to as u64;
        }
        // Of points that fit into the memory of a computer there are less than 2⁶³ pairs.
        twice as f64 / (2 * plus.len() as u64 * minus.len() as u64) as f64
    }
}

/// A whole number for an output, in the order of outputs: neither the least nor the greatest one, and one for both zeros. None for what is no number.
fn place(output: f64) -> Option<u64> {
    // -0 + 0 is +0.
    let bits = (output + 0.0).to_bits();
    (!output.is_nan()).then_some(if bits >> 63 == 0 { bits | 1 << 63 } else { !bits })
}
