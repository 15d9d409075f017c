//! The step, for `L` networks side by side.
#![expect(clippy::needless_range_loop, reason = "see the documentation of `kernel`")]

use super::lanes::{Lanes, by_rows};
use crate::{data::Dataset, math};

/// One step a row of `order`: lane `l` learns from the point `order[l]` of its own data at its own rate.
///
/// With `s = η g`, `g = -y σ(-y Y)`: `Wo -= s H`, `bo -= s`, and with `t = s Wo` (before the update) where `H > 0`, else
/// `0`: `bi -= t`, `Wi -= t X`.
#[inline(always)]
pub(super) fn advance<const L: usize>(
    lanes: &mut Lanes<L>,
    x: &mut [[f64; L]],
    data: &[&Dataset; L],
    rate: &[f64; L],
    order: &[[u32; L]],
) {
    let d = x.len();
    let mut bo = lanes.bo;
    let units = lanes.units_mut();
    for indices in order {
        let mut y = [0.0; L];
        for l in 0..L {
            let i = indices[l] as usize;
            y[l] = data[l].y[i];
            for k in 0..d {
                x[k][l] = data[l].x[i * d + k];
            }
        }
        let mut output = bo;
        for unit in units.chunks_exact_mut(d + 3) {
            by_rows();
            let mut a = unit[d];
            for k in 0..d {
                by_rows();
                let (w, x) = (unit[k], x[k]);
                for l in 0..L {
                    a[l] += w[l] * x[l];
                }
            }
            let out = unit[d + 1];
            for l in 0..L {
                a[l] = if a[l] > 0.0 { a[l] } else { 0.0 };
                output[l] += out[l] * a[l];
            }
            unit[d + 2] = a;
        }
        let mut s = [0.0; L];
        for l in 0..L {
            s[l] = rate[l] * (-y[l] * math::sigmoid(-(y[l] * output[l])));
            bo[l] -= s[l];
        }
        for unit in units.chunks_exact_mut(d + 3) {
            by_rows();
            let (mut bias, mut out, hidden) = (unit[d], unit[d + 1], unit[d + 2]);
            let mut t = [0.0; L];
            for l in 0..L {
                t[l] = if hidden[l] > 0.0 { s[l] * out[l] } else { 0.0 };
                out[l] -= s[l] * hidden[l];
                bias[l] -= t[l];
            }
            (unit[d], unit[d + 1]) = (bias, out);
            for k in 0..d {
                by_rows();
                let (mut w, x) = (unit[k], x[k]);
                for l in 0..L {
                    w[l] -= t[l] * x[l];
                }
                unit[k] = w;
            }
        }
    }
    lanes.bo = bo;
}
