//! The gradient check: compares the three analytic forms with each other and with central differences, on random cases.
//!
//! A case draws, from the gradient-check stream of a seed, all parameters in canonical order, the `d` inputs (all
//! standard normal) and the label (the sign of a centered uniform number). The numerical derivative of the loss in a
//! parameter `p` is `(L(p + ε) - L(p - ε)) / 2ε`; the error of a block in a case is the mean of `|analytic -
//! numerical|` over its entries.
//!
//! The efficient form is compared with the differences; the other two forms are compared with it. They multiply in
//! another order, so the last bits may differ: by a few units in the last place, or by a few of those of the smallest
//! normal number.
//!
//! With ε = 10⁻⁸, as in the course, rounding dominates: an error near 10⁻⁸ is the best possible one, and a case with a
//! pre-activation within ε of the kink differs by more. The verdict is on the mean over all cases.

use alloc::vec::Vec;

use super::{Params, course, forward, gradient, literal, loss};
use crate::{
    math,
    seed::{Draws, Seed, Stream},
};

/// The cases to check, and the tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The number of random cases.
    pub cases: u32,
    /// The inputs of a point, d.
    pub inputs: usize,
    /// The hidden units, h.
    pub hidden: usize,
    /// The step ε of the central differences.
    pub epsilon: f64,
    /// The largest acceptable mean difference of a block.
    pub tolerance: f64,
    /// The seed of the cases.
    pub seed: Seed,
}

impl Default for Check {
    /// The check of the course: 1000 cases with d = 2 and h = 3, ε = 10⁻⁸, mean difference at most 10⁻⁶.
    fn default() -> Self {
        Self { cases: 1000, inputs: 2, hidden: 3, epsilon: 1e-8, tolerance: 1e-6, seed: Seed(0) }
    }
}

/// The largest relative difference between two analytic forms that counts as rounding.
pub const FORMS_AGREE: f64 = 1e-15;

/// The errors of one block of parameters over all cases.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockError {
    /// The block: `Wi`, `bi`, `Wo` or `bo`.
    pub block: &'static str,
    /// The mean over the cases of the mean `|analytic - numerical|`.
    pub mean: f64,
    /// The largest mean `|analytic - numerical|` of a case.
    pub largest: f64,
    /// The largest `|analytic - literal|` of any entry, relative to its size; `Wi` as h × d.
    pub literal: f64,
    /// The same for the literal form of the exercise; `Wi` as d × h.
    pub course: f64,
}

/// The result of the check.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The errors of the blocks, in canonical order.
    pub blocks: Vec<BlockError>,
    /// Whether every block's mean is within the tolerance and all three analytic forms agree to 10⁻¹⁵.
    pub passed: bool,
}

/// Computes the numerical gradient by central differences with step `epsilon`.
#[must_use]
pub fn numerical(params: &Params, x: &[f64], label: f64, epsilon: f64) -> Params {
    let mut moved = params.clone();
    let mut gradient = Params::zeros(params.d, params.h());
    for (block, entries) in gradient.blocks_mut().into_iter().enumerate() {
        for (i, entry) in entries.iter_mut().enumerate() {
            let original = moved.blocks_mut()[block][i];
            let mut at = |value: f64| {
                moved.blocks_mut()[block][i] = value;
                loss(forward(&moved, x).output, label)
            };
            *entry = (at(original + epsilon) - at(original - epsilon)) / (2.0 * epsilon);
            at(original);
        }
    }
    gradient
}

/// Draws a random case: parameters, inputs, label.
pub fn draw(d: usize, h: usize, draws: &mut Draws) -> (Params, Vec<f64>, f64) {
    let mut params = Params::zeros(d, h);
    params.blocks_mut().into_iter().flatten().for_each(|value| *value = draws.normal());
    let x = (0..d).map(|_| draws.normal()).collect();
    let label = if draws.unit() < 0.5 { -1.0 } else { 1.0 };
    (params, x, label)
}

impl Check {
    /// Runs the check.
    #[must_use]
    pub fn run(&self) -> Verdict {
        self.of(gradient)
    }

    /// Checks any analytic gradient.
    fn of(&self, gradient: impl Fn(&Params, &[f64], f64) -> Params) -> Verdict {
        let mut draws = Draws::new(self.seed, Stream::GradientCheck);
        let mut errors: [Vec<f64>; 4] = Default::default();
        let mut form_errors = [[0.0_f64; 2]; 4];
        for _ in 0..self.cases {
            let (params, x, label) = draw(self.inputs, self.hidden, &mut draws);
            let analytic = gradient(&params, &x, label);
            let numerical = numerical(&params, &x, label, self.epsilon);
            let forms = [literal::gradient(&params, &x, label), course::gradient(&params, &x, label)];
            for (block, (_, _, entries)) in analytic.blocks().into_iter().enumerate() {
                let differences: Vec<f64> = distance(entries, numerical.blocks()[block].2).collect();
                errors[block].push(math::mean(&differences));
                for (worst, form) in form_errors[block].iter_mut().zip(&forms) {
                    *worst = relative(entries, form.blocks()[block].2).fold(*worst, larger);
                }
            }
        }
        let names = ["Wi", "bi", "Wo", "bo"];
        let blocks: Vec<_> = (0..4)
            .map(|i| BlockError {
                block: names[i],
                mean: math::mean(&errors[i]),
                largest: errors[i].iter().copied().fold(0.0, f64::max),
                literal: form_errors[i][0],
                course: form_errors[i][1],
            })
            .collect();
        let agrees = |block: &BlockError| block.literal <= FORMS_AGREE && block.course <= FORMS_AGREE;
        let passed = blocks.iter().all(|block| block.mean <= self.tolerance && agrees(block));
        Verdict { blocks, passed }
    }
}

/// Differences relative to the size of `a`; for subnormal numbers, which have fewer bits, relative to the smallest
/// normal number.
fn relative<'a>(a: &'a [f64], b: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    distance(a, b).zip(a).map(|(difference, size)| difference / size.abs().max(f64::MIN_POSITIVE))
}

/// The larger of two numbers, or NaN if one is NaN: NaN must not count as agreement.
fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a >= b { a } else { b }
}

fn distance<'a>(a: &'a [f64], b: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    a.iter().zip(b).map(|(a, b)| (a - b).abs())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_course_s_check_passes() {
        let verdict = Check::default().run();
        assert!(verdict.passed, "{verdict:?}");
    }

    #[test]
    fn differences_are_limited_by_rounding() {
        let verdict = Check { tolerance: 1e-12, ..Check::default() }.run();
        assert!(!verdict.passed, "finite differences cannot be this good: {verdict:?}");
    }

    /// One block has a relative error of 10⁻⁵, the wrong sign, a zero entry, or NaN.
    #[test]
    fn a_wrong_gradient_fails_only_in_its_block() {
        let mistakes: [fn(&mut [f64]); 4] = [
            |entries| entries.iter_mut().for_each(|entry| *entry *= 1.0 + 1e-5),
            |entries| entries.iter_mut().for_each(|entry| *entry = -*entry),
            |entries| entries[0] = 0.0,
            |entries| entries[0] = f64::NAN,
        ];
        for block in 0..4 {
            for (kind, mistake) in mistakes.iter().enumerate() {
                let wrong = |params: &Params, x: &[f64], label: f64| {
                    let mut found = gradient(params, x, label);
                    mistake(found.blocks_mut()[block]);
                    found
                };
                let verdict = Check { cases: 200, ..Check::default() }.of(wrong);
                assert!(!verdict.passed, "block {block}, mistake {kind}: {verdict:?}");
                for (other, found) in verdict.blocks.iter().enumerate() {
                    let fine = found.mean <= 1e-6 && found.literal <= FORMS_AGREE && found.course <= FORMS_AGREE;
                    assert_eq!(fine, other != block, "block {block}, mistake {kind}: {found:?}");
                }
            }
        }
    }

    /// The hinge loss has another gradient: only the differences detect it, since all forms of one derivation would
    /// agree.
    #[test]
    fn the_gradient_of_another_loss_fails_by_differences() {
        let hinge = |params: &Params, x: &[f64], label: f64| {
            let mut found = gradient(params, x, label);
            let output = forward(params, x).output;
            let slope = if label * output < 1.0 { -label } else { 0.0 };
            let factor = slope / (-label * math::sigmoid(-label * output));
            found.blocks_mut().into_iter().flatten().for_each(|entry| *entry *= factor);
            found
        };
        let verdict = Check::default().of(hinge);
        assert!(!verdict.passed && verdict.blocks.iter().all(|block| block.mean > 1e-3), "{verdict:?}");
    }

    proptest! {
        #[test]
        fn both_forms_and_differences_agree(seed: u64, d in 1..6_usize, h in 1..8_usize) {
            let mut draws = Draws::new(Seed(seed), Stream::GradientCheck);
            let (params, x, label) = draw(d, h, &mut draws);
            let analytic = gradient(&params, &x, label);
            let literal = literal::gradient(&params, &x, label);
            prop_assert!(analytic.values().eq(literal.values()), "the same products in the same order");
            let smallest = forward(&params, &x).pre.iter().fold(f64::INFINITY, |least, a| least.min(a.abs()));
            prop_assume!(smallest > 1e-3);
            for (a, n) in analytic.values().zip(numerical(&params, &x, label, 1e-6).values()) {
                prop_assert!((a - n).abs() <= 1e-7 * (1.0 + a.abs()), "{a} {n}");
            }
        }
    }
}
