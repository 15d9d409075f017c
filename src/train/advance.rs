//! The step, for `L` networks side by side.
#![expect(clippy::needless_range_loop, clippy::manual_memcpy, reason = "see the documentation of `kernel`")]

use super::lanes::{Lanes, by_rows};
use crate::{data::Dataset, math};

/// One step a row of `order`: lane `l` learns from the point `order[l]` of its own data at its own rate.
///
/// With `s = η g`, `g = -y σ(-y Y)`: `Wo -= s H`, `bo -= s`, and with `t = s Wo` (before the update) where `H > 0`, else
/// `0`: `bi -= t`, `Wi -= t X`.
///
/// The backward pass of a step and the forward pass of the next one are one walk through the units: what a unit has just
/// learned is still in registers, and the long sum of the output has the update beside it to fill the processor with.
#[inline(always)]
pub(super) fn advance<const L: usize>(
    lanes: &mut Lanes<L>,
    [x, next]: [&mut [[f64; L]]; 2],
    data: &[&Dataset; L],
    rate: &[f64; L],
    order: &[[u32; L]],
) {
    let Some((first, rest)) = order.split_first() else { return };
    let mut bo = lanes.bo;
    let units = lanes.units_mut();
    let mut y = load(data, first, x);
    let mut output = walk::<L, false, true>(units, &[0.0; L], x, x, bo);
    for indices in rest {
        let s = shift(rate, &y, &output, &mut bo);
        y = load(data, indices, next);
        output = walk::<L, true, true>(units, &s, x, next, bo);
        for k in 0..x.len() {
            x[k] = next[k];
        }
    }
    let s = shift(rate, &y, &output, &mut bo);
    walk::<L, true, false>(units, &s, x, x, bo);
    lanes.bo = bo;
}

/// The inputs of the point `indices[l]` of every lane go to `x`, its label is returned.
#[inline(always)]
fn load<const L: usize>(data: &[&Dataset; L], indices: &[u32; L], x: &mut [[f64; L]]) -> [f64; L] {
    let d = x.len();
    let mut y = [0.0; L];
    for l in 0..L {
        let i = indices[l] as usize;
        y[l] = data[l].y[i];
        for k in 0..d {
            x[k][l] = data[l].x[i * d + k];
        }
    }
    y
}

/// `s`, by which the output's bias moves.
#[inline(always)]
fn shift<const L: usize>(rate: &[f64; L], y: &[f64; L], output: &[f64; L], bo: &mut [f64; L]) -> [f64; L] {
    let mut s = [0.0; L];
    for l in 0..L {
        s[l] = rate[l] * (-y[l] * math::sigmoid(-(y[l] * output[l])));
        bo[l] -= s[l];
    }
    s
}

/// Takes every unit through the rest of a step with the inputs `x` if `BACK`, and into the step with the inputs `next` if
/// `FRONT`; the output, summed up from `bo`, is that of the latter.
#[inline(always)]
fn walk<const L: usize, const BACK: bool, const FRONT: bool>(
    units: &mut [[f64; L]],
    s: &[f64; L],
    x: &[[f64; L]],
    next: &[[f64; L]],
    bo: [f64; L],
) -> [f64; L] {
    let d = x.len();
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
            let (mut w, x, next) = (unit[k], x[k], next[k]);
            for l in 0..L {
                if BACK {
                    w[l] -= t[l] * x[l];
                }
                if FRONT {
                    a[l] += w[l] * next[l];
                }
            }
            unit[k] = w;
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
