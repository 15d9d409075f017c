use alloc::vec::Vec;

use super::{Direction, Measure, Range, Whole};

/// The area under the ROC curve: the probability that, of two random points of different classes, the one of class +1
/// has the greater output; a tie counts one half. It is undefined if a class has no points.
///
/// Pairs are counted in whole numbers: twice the number of ordered pairs is divided by twice the number of all pairs,
/// so the order of sums does not matter. Outputs are compared as numbers: -0 equals 0, infinities are at the ends. NaN
/// counts as the worst output of its class.
///
/// Sources: Mann and Whitney, "On a test of whether one of two random variables is stochastically larger than the
/// other", Annals of Mathematical Statistics 18 (1947); Hanley and McNeil, "The meaning and use of the area under a
/// receiver operating characteristic (ROC) curve", Radiology 143 (1982).
pub struct Auc;

impl Measure for Auc {
    const NAME: &'static str = "auc";
    const UNIT: &'static str = "probability";
    const DIRECTION: Direction = Direction::Higher;
    const RANGE: Range = Range::Share;
    const EQUATION: &'static str =
        "(#{ Y₊ > Y₋ } + ½ #{ Y₊ = Y₋ }) / (P N) over pairs of P points of class +1 and N of class -1";
    /// Zero means that every pair is in the wrong order; good values are near one, where a logarithmic scale shows
    /// nothing.
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
            // Two for every smaller output of the other class, one for every equal one.
            twice += below as u64 + up_to as u64;
        }
        // Points that fit into the memory of a computer form fewer than 2⁶³ pairs.
        twice as f64 / (2 * plus.len() as u64 * minus.len() as u64) as f64
    }
}

/// Maps outputs to whole numbers in the same order, neither 0 nor the largest one; both zeros have the same. `None` for
/// NaN.
fn place(output: f64) -> Option<u64> {
    // -0 + 0 is +0.
    let bits = (output + 0.0).to_bits();
    (!output.is_nan()).then_some(if bits >> 63 == 0 { bits | 1 << 63 } else { !bits })
}
