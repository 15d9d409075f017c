//! The measurement, for `L` networks at once.
#![expect(clippy::needless_range_loop, reason = "see the documentation of `simd`")]

use alloc::{vec, vec::Vec};

use super::lanes::{Lanes, by_rows, piece};
use crate::{data::Dataset, metric::Metric};

/// Returns every metric on the data of each lane, a row for each metric.
#[inline(always)]
pub(super) fn measure<const L: usize, const W: usize>(
    lanes: &Lanes<L>,
    d: usize,
    rows: &mut [[f64; L]],
    data: &[&Dataset; L],
    metrics: &[Metric],
    add: impl Fn(Metric, &[[f64; L]], &mut [[f64; L]], &mut [f64; L]),
) -> Vec<[f64; L]> {
    const BLOCK: usize = 64;
    let n = data[0].len();
    let CacheAligned([margins, terms]) = &mut CacheAligned([[[0.0; L]; BLOCK]; 2]);
    let mut sums = vec![[0.0; L]; metrics.len()];
    // Means are summed block by block; the margins are kept only for metrics of all points together.
    let mut kept = metrics.iter().any(|metric| metric.is_whole()).then(|| Vec::with_capacity(n));
    let shared = data.iter().all(|other| core::ptr::eq(*other, data[0]));
    for start in (0..n).step_by(BLOCK) {
        let block = BLOCK.min(n - start);
        let full = block - block % POINTS;
        for p in (0..full).step_by(POINTS) {
            margins_of::<L, W, POINTS>(lanes, d, data, shared, start + p, rows, &mut margins[p..p + POINTS]);
        }
        for p in full..block {
            margins_of::<L, W, 1>(lanes, d, data, shared, start + p, rows, &mut margins[p..=p]);
        }
        for (metric, sum) in metrics.iter().zip(&mut sums) {
            add(*metric, &margins[..block], terms, sum);
        }
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(&margins[..block]);
        }
    }
    sums.iter_mut().flatten().for_each(|sum| *sum /= n as f64);
    if let Some(kept) = kept {
        set_whole_metrics(&kept, data, metrics, &mut sums);
    }
    sums
}

#[cold]
#[inline(never)]
fn set_whole_metrics<const L: usize>(
    margins: &[[f64; L]],
    data: &[&Dataset; L],
    metrics: &[Metric],
    rows: &mut [[f64; L]],
) {
    for (metric, row) in metrics.iter().zip(rows).filter(|(metric, _)| metric.is_whole()) {
        for l in 0..L {
            row[l] = metric.of_margins(margins.iter().map(|margins| margins[l]), &data[l].y);
        }
    }
}

/// Values aligned to a cache line.
#[repr(align(64))]
struct CacheAligned<T>(T);

/// The number of points in one pass through the units.
pub(super) const POINTS: usize = 4;

/// Computes the margins `y Y` of `P` points of every lane, from index `first`; `rows` is a buffer for their inputs.
#[inline(always)]
fn margins_of<const L: usize, const W: usize, const P: usize>(
    lanes: &Lanes<L>,
    d: usize,
    data: &[&Dataset; L],
    shared: bool,
    first: usize,
    rows: &mut [[f64; L]],
    margins: &mut [[f64; L]],
) {
    let margins = &mut margins[..P];
    let outputs = if !shared {
        let rows = &mut rows[..P * d];
        for l in 0..L {
            let x = &data[l].x[first * d..][..P * d];
            for i in 0..P * d {
                by_rows();
                rows[i][l] = x[i];
            }
        }
        walk::<L, W, P>(lanes, d, |p, k| rows[p * d + k])
    } else if d == 2 {
        // Rows from the start: they fit into registers.
        let mut rows = [[[0.0; L]; 2]; P];
        for p in 0..P {
            for k in 0..2 {
                rows[p][k] = [data[0].x[(first + p) * 2 + k]; L];
            }
        }
        walk::<L, W, P>(lanes, 2, |p, k| rows[p][k])
    } else {
        let mut points: [&[f64]; P] = [&[]; P];
        for p in 0..P {
            points[p] = &data[0].x[(first + p) * d..][..d];
        }
        walk::<L, W, P>(lanes, d, |p, k| [points[p][k]; L])
    };
    for p in 0..P {
        by_rows();
        let mut y = [data[0].y[first + p]; L];
        if !shared {
            for l in 0..L {
                y[l] = data[l].y[first + p];
            }
        }
        for l in 0..L {
            margins[p][l] = y[l] * outputs[p][l];
        }
    }
}

/// Computes the outputs of `P` points, whose input `k` is the row `x(p, k)`, `W` lanes at a time.
#[inline(always)]
fn walk<const L: usize, const W: usize, const P: usize>(
    lanes: &Lanes<L>,
    d: usize,
    x: impl Fn(usize, usize) -> [f64; L],
) -> [[f64; L]; P] {
    let mut outputs = [[0.0; L]; P];
    if L.is_multiple_of(W) {
        for piece in 0..L / W {
            walk_piece::<L, W, P>(lanes, d, &x, piece * W, &mut outputs);
        }
    } else {
        walk_piece::<L, L, P>(lanes, d, &x, 0, &mut outputs);
    }
    outputs
}

/// The same for the `W` lanes from `at`.
#[inline(always)]
fn walk_piece<const L: usize, const W: usize, const P: usize>(
    lanes: &Lanes<L>,
    d: usize,
    x: &impl Fn(usize, usize) -> [f64; L],
    at: usize,
    outputs: &mut [[f64; L]; P],
) {
    let mut sums = [[0.0; W]; P];
    for p in 0..P {
        sums[p] = piece(&lanes.bo, at);
    }
    for unit in lanes.units().chunks_exact(d + 3) {
        by_rows();
        let mut a: [[f64; W]; P] = [piece(&unit[d], at); P];
        for k in 0..d {
            by_rows();
            let w: [f64; W] = piece(&unit[k], at);
            for p in 0..P {
                let x: [f64; W] = piece(&x(p, k), at);
                for l in 0..W {
                    a[p][l] += w[l] * x[l];
                }
            }
        }
        let out: [f64; W] = piece(&unit[d + 1], at);
        for p in 0..P {
            for l in 0..W {
                sums[p][l] += out[l] * if a[p][l] > 0.0 { a[p][l] } else { 0.0 };
            }
        }
    }
    for p in 0..P {
        for l in 0..W {
            outputs[p][at + l] = sums[p][l];
        }
    }
}
