//! The training step, for `L` networks at once.
#![expect(clippy::manual_memcpy, reason = "see the documentation of `simd`")]

use super::{
    block::Block,
    lanes::{Lanes, by_rows},
};
use crate::{data::Dataset, math};

pub(super) struct Steps<'a, const L: usize> {
    pub lanes: &'a mut Lanes<L>,
    /// The training points of each lane.
    pub data: &'a [&'a Dataset; L],
    pub rate: &'a [f64; L],
    /// The index of the training point, for each step and lane.
    pub order: &'a [[u32; L]],
}

impl<'a, const L: usize> Steps<'a, L> {
    pub fn of(block: &'a mut Block<'_, L>) -> Self {
        Self { lanes: &mut block.lanes, data: &block.data[0], rate: &block.rate, order: &block.order }
    }
}

/// One step for each row of `order`: lane `l` learns from the point `order[l]` of its data at its rate. `x` is a buffer
/// for the inputs of two points; `inputs` returns those of a point of a lane.
#[inline(always)]
pub(super) fn advance<'a, const L: usize>(
    steps: Steps<'_, L>,
    x: [impl AsMut<[[f64; L]]>; 2],
    inputs: &impl Fn(usize, usize) -> &'a [f64],
) {
    let n = steps.order.len();
    if n == 0 {
        return;
    }
    let mut block = Walker::start(steps, x, inputs);
    for step in 1..n {
        block.forward(step, inputs);
        block.walk();
    }
    block.stop();
}

/// The same for two blocks with equal numbers of steps. A step waits for the sigmoid, which waits for the output: one
/// block computes while the other waits.
#[inline(always)]
pub(super) fn advance_two<'a, const L: usize>(
    steps: [Steps<'_, L>; 2],
    x: [[impl AsMut<[[f64; L]]>; 2]; 2],
    inputs: [&impl Fn(usize, usize) -> &'a [f64]; 2],
) {
    let n = steps[0].order.len().min(steps[1].order.len());
    if n == 0 {
        return;
    }
    let ([one, other], [x, x_other], [inputs, inputs_other]) = (steps, x, inputs);
    let mut one = Walker::start(one, x, inputs);
    let mut other = Walker::start(other, x_other, inputs_other);
    for step in 1..n {
        one.forward(step, inputs);
        other.forward(step, inputs_other);
        one.walk();
        other.walk();
    }
    one.stop();
    other.stop();
}

/// A block between two passes through its units.
///
/// With `s = η g`, `g = -y σ(-y Y)`, a step is `Wo -= s H`, `bo -= s`, and with `t = s Wo` (before the update)
/// where `H > 0`, else `0`: `bi -= t`, `Wi -= t X`.
///
/// The backward pass of a step and the forward pass of the next one are one pass through the units: the new weights of
/// a unit are still in registers, and the update runs in parallel to the long sum of the output.
struct Walker<'a, const L: usize, X> {
    steps: Steps<'a, L>,
    x: X,
    next: X,
    y: [f64; L],
    s: [f64; L],
    bo: [f64; L],
    output: [f64; L],
}

impl<'s, const L: usize, X: AsMut<[[f64; L]]>> Walker<'s, L, X> {
    /// The forward pass of the first step.
    #[inline(always)]
    fn start<'a>(steps: Steps<'s, L>, [mut x, next]: [X; 2], inputs: &impl Fn(usize, usize) -> &'a [f64]) -> Self {
        let bo = steps.lanes.bo;
        let y = load(steps.data, inputs, &steps.order[0], x.as_mut());
        let output = walk::<L, false, true>(steps.lanes.units_mut(), &[0.0; L], &[], x.as_mut(), bo);
        Self { steps, x, next, y, s: [0.0; L], bo, output }
    }

    /// Computes `s` of the current step and loads the next point.
    #[inline(always)]
    fn forward<'a>(&mut self, step: usize, inputs: &impl Fn(usize, usize) -> &'a [f64]) {
        self.s = shift(self.steps.rate, &self.y, &self.output, &mut self.bo);
        self.y = load(self.steps.data, inputs, &self.steps.order[step], self.next.as_mut());
    }

    /// The backward pass of this step and the forward pass of the next one.
    #[inline(always)]
    fn walk(&mut self) {
        let (x, next) = (self.x.as_mut(), self.next.as_mut());
        self.output = walk::<L, true, true>(self.steps.lanes.units_mut(), &self.s, x, next, self.bo);
        for k in 0..x.len() {
            x[k] = next[k];
        }
    }

    /// The backward pass of the last step.
    #[inline(always)]
    fn stop(&mut self) {
        self.s = shift(self.steps.rate, &self.y, &self.output, &mut self.bo);
        walk::<L, true, false>(self.steps.lanes.units_mut(), &self.s, self.x.as_mut(), &[], self.bo);
        self.steps.lanes.bo = self.bo;
    }
}

/// Copies the inputs of the point `indices[l]` of every lane to `x` and returns the labels.
#[inline(always)]
fn load<'a, const L: usize>(
    data: &[&Dataset; L],
    inputs: &impl Fn(usize, usize) -> &'a [f64],
    indices: &[u32; L],
    x: &mut [[f64; L]],
) -> [f64; L] {
    let mut y = [0.0; L];
    for l in 0..L {
        let i = indices[l] as usize;
        y[l] = data[l].y[i];
        let point = inputs(l, i);
        for k in 0..x.len() {
            x[k][l] = point[k];
        }
    }
    y
}

/// Returns `s`, and subtracts it from the output bias.
#[inline(always)]
fn shift<const L: usize>(rate: &[f64; L], y: &[f64; L], output: &[f64; L], bo: &mut [f64; L]) -> [f64; L] {
    let mut s = [0.0; L];
    for l in 0..L {
        s[l] = rate[l] * (-y[l] * math::sigmoid(-(y[l] * output[l])));
        bo[l] -= s[l];
    }
    s
}

/// If `BACK`, finishes the step with the inputs `x` in every unit; if `FRONT`, starts the step with the inputs `next`
/// and returns its output, summed from `bo`.
#[inline(always)]
fn walk<const L: usize, const BACK: bool, const FRONT: bool>(
    units: &mut [[f64; L]],
    s: &[f64; L],
    x: &[[f64; L]],
    next: &[[f64; L]],
    bo: [f64; L],
) -> [f64; L] {
    let d = if BACK { x.len() } else { next.len() };
    let mut output = bo;
    for unit in units.chunks_exact_mut(d + 3) {
        by_rows();
        let (mut bias, mut out, hidden) = (unit[d], unit[d + 1], unit[d + 2]);
        let mut t = [0.0; L];
        if BACK {
            for l in 0..L {
                t[l] = if hidden[l] > 0.0 { s[l] * out[l] } else { 0.0 };
                out[l] -= s[l] * hidden[l];
                bias[l] -= t[l];
            }
            (unit[d], unit[d + 1]) = (bias, out);
        }
        let mut a = bias;
        for k in 0..d {
            by_rows();
            let mut w = unit[k];
            if BACK {
                let x = x[k];
                for l in 0..L {
                    w[l] -= t[l] * x[l];
                }
                unit[k] = w;
            }
            if FRONT {
                let next = next[k];
                for l in 0..L {
                    a[l] += w[l] * next[l];
                }
            }
        }
        if FRONT {
            for l in 0..L {
                a[l] = if a[l] > 0.0 { a[l] } else { 0.0 };
                output[l] += out[l] * a[l];
            }
            unit[d + 2] = a;
        }
    }
    output
}
