//! The measurement, for `L` networks side by side.
#![expect(clippy::needless_range_loop, clippy::manual_memcpy, reason = "see the documentation of `kernel`")]

use alloc::{vec, vec::Vec};

use super::lanes::{Lanes, by_rows};
use crate::{data::Dataset, metric::Metric};

/// The mean over the points of lane `l`'s data of every metric, one row a metric.
#[inline(always)]
pub(super) fn measure<const L: usize>(
    lanes: &Lanes<L>,
    d: usize,
    rows: &mut [[f64; WIDTH]],
    data: &[&Dataset; L],
    metrics: &[Metric],
) -> Vec<[f64; L]> {
    let mut means = vec![[0.0; L]; metrics.len()];
    if L <= WIDTH {
        part::<L, L, 0>(lanes, d, rows.as_flattened_mut().as_chunks_mut().0, data, metrics, &mut means);
    } else {
        part::<L, WIDTH, 0>(lanes, d, rows, data, metrics, &mut means);
        part::<L, WIDTH, WIDTH>(lanes, d, rows, data, metrics, &mut means);
    }
    means
}

/// So many lanes at the most are measured together. Points are independent of each other, so that more lanes hide no more latency,
/// and the sums of four points in eight lanes fill the registers.
pub(super) const WIDTH: usize = 8;

/// Measures the `W` lanes from `FIRST` on.
#[inline(always)]
fn part<const L: usize, const W: usize, const FIRST: usize>(
    lanes: &Lanes<L>,
    d: usize,
    rows: &mut [[f64; W]],
    data: &[&Dataset; L],
    metrics: &[Metric],
    means: &mut [[f64; L]],
) {
    const BLOCK: usize = 64;
    let mut own = [data[0]; W];
    for l in 0..W {
        own[l] = data[FIRST + l];
    }
    let data = &own;
    let n = data[0].len();
    let Lined([margins, terms]) = &mut Lined([[[0.0; W]; BLOCK]; 2]);
    let mut sums = vec![[0.0; W]; metrics.len()];
    let shared = data.iter().all(|other| core::ptr::eq(*other, data[0]));
    for start in (0..n).step_by(BLOCK) {
        let block = BLOCK.min(n - start);
        let full = block - block % POINTS;
        for p in (0..full).step_by(POINTS) {
            margins_of::<L, W, FIRST, POINTS>(lanes, d, data, shared, start + p, rows, &mut margins[p..p + POINTS]);
        }
        for p in full..block {
            margins_of::<L, W, FIRST, 1>(lanes, d, data, shared, start + p, rows, &mut margins[p..=p]);
        }
        for (metric, sum) in metrics.iter().zip(&mut sums) {
            metric.add(&margins[..block], terms, sum);
        }
    }
    for (mean, sum) in means.iter_mut().zip(&sums) {
        for l in 0..W {
            mean[FIRST + l] = sum[l] / n as f64;
        }
    }
}

/// The `W` items of a row from `FIRST` on.
#[inline(always)]
fn part_of<const L: usize, const W: usize, const FIRST: usize>(row: &[f64; L]) -> [f64; W] {
    let mut part = [0.0; W];
    for l in 0..W {
        part[l] = row[FIRST + l];
    }
    part
}

/// Numbers that begin where a line of the cache does.
#[repr(align(64))]
struct Lined<T>(T);

/// So many points share one walk through the units.
pub(super) const POINTS: usize = 4;

/// The margins `y Y` for `P` points of the `W` lanes from `FIRST` on, from the point `first` on; `rows` is room for their inputs.
#[inline(always)]
fn margins_of<const L: usize, const W: usize, const FIRST: usize, const P: usize>(
    lanes: &Lanes<L>,
    d: usize,
    data: &[&Dataset; W],
    shared: bool,
    first: usize,
    rows: &mut [[f64; W]],
    margins: &mut [[f64; W]],
) {
    let margins = &mut margins[..P];
    let outputs = if !shared {
        let rows = &mut rows[..P * d];
        for l in 0..W {
            let x = &data[l].x[first * d..][..P * d];
            for i in 0..P * d {
                by_rows();
                rows[i][l] = x[i];
            }
        }
        walk::<L, W, FIRST, P>(lanes, d, |p, k| rows[p * d + k])
    } else if d == 2 {
        // As rows from the start: there are registers for them.
        let mut rows = [[[0.0; W]; 2]; P];
        for p in 0..P {
            for k in 0..2 {
                rows[p][k] = [data[0].x[(first + p) * 2 + k]; W];
            }
        }
        walk::<L, W, FIRST, P>(lanes, 2, |p, k| rows[p][k])
    } else {
        let mut points: [&[f64]; P] = [&[]; P];
        for p in 0..P {
            points[p] = &data[0].x[(first + p) * d..][..d];
        }
        walk::<L, W, FIRST, P>(lanes, d, |p, k| [points[p][k]; W])
    };
    for p in 0..P {
        by_rows();
        let mut y = [data[0].y[first + p]; W];
        if !shared {
            for l in 0..W {
                y[l] = data[l].y[first + p];
            }
        }
        for l in 0..W {
            margins[p][l] = y[l] * outputs[p][l];
        }
    }
}

/// The outputs for `P` points, whose input `k` is the row `x(p, k)`.
#[inline(always)]
fn walk<const L: usize, const W: usize, const FIRST: usize, const P: usize>(
    lanes: &Lanes<L>,
    d: usize,
    x: impl Fn(usize, usize) -> [f64; W],
) -> [[f64; W]; P] {
    let mut outputs = [part_of::<L, W, FIRST>(&lanes.bo); P];
    for unit in lanes.units().chunks_exact(d + 3) {
        by_rows();
        let mut a = [part_of::<L, W, FIRST>(&unit[d]); P];
        for k in 0..d {
            by_rows();
            let w = part_of::<L, W, FIRST>(&unit[k]);
            for p in 0..P {
                let x = x(p, k);
                for l in 0..W {
                    a[p][l] += w[l] * x[l];
                }
            }
        }
        let out = part_of::<L, W, FIRST>(&unit[d + 1]);
        for p in 0..P {
            for l in 0..W {
                outputs[p][l] += out[l] * if a[p][l] > 0.0 { a[p][l] } else { 0.0 };
            }
        }
    }
    outputs
}
