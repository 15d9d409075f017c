//! The arithmetic of the step and of the measurement, for `L` networks of one shape side by side.
//!
//! Lane `l` is the l-th network: every loop `for l in 0..L` does the same operation on all of them, which the compiler turns
//! into vector instructions. No operation ever mixes two lanes and every sum inside a lane goes in order, so the number of
//! lanes and the width of the registers change no bit. Batch-1 descent is a serial chain; lanes are what fills the machine.
//!
//! The loops count indices rather than zip iterators, since the constructors of the latter are not always inlined in the dev
//! profile; and they work on copies of the rows, since the compiler does not make vectors of rows that might be the same.
#![expect(clippy::needless_range_loop, reason = "see above")]

use alloc::{vec, vec::Vec};
use core::array::from_fn;

use super::lanes::Lanes;
use crate::{data::Dataset, math, metric::Metric};

/// Keeps the loop that it stands in as it is. Without it the compiler makes vectors across the turns of a loop over rows, from
/// numbers that are far apart, and not of the rows themselves, which lie there as vectors already. It costs no instruction.
#[inline(always)]
fn by_rows() {
    #[cfg(target_arch = "x86_64")]
    #[expect(unsafe_code, reason = "there is no instruction in it")]
    unsafe {
        core::arch::asm!("", options(nomem, nostack, preserves_flags));
    }
}

/// One step a row of `order`: lane `l` learns from the point `order[l]` of its own data at its own rate.
///
/// With `s = η g`, `g = -y σ(-y Y)`: `Wo -= s H`, `bo -= s`, and with `t = s Wo` (before the update) where `H > 0`, else
/// `0`: `bi -= t`, `Wi -= t X`.
#[inline(always)]
fn advance<const L: usize>(
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

/// The mean over the points of lane `l`'s data of every metric, one row a metric.
#[inline(always)]
fn measure<const L: usize>(lanes: &Lanes<L>, d: usize, data: &[&Dataset; L], metrics: &[Metric]) -> Vec<[f64; L]> {
    const BLOCK: usize = 64;
    let n = data[0].len();
    let mut outputs = [[0.0; L]; BLOCK];
    let mut labels = [[0.0; L]; BLOCK];
    let mut terms = [[0.0; L]; BLOCK];
    let mut sums = vec![[0.0; L]; metrics.len()];
    let shared = data.iter().all(|other| core::ptr::eq(*other, data[0]));
    for start in (0..n).step_by(BLOCK) {
        let block = BLOCK.min(n - start);
        if shared {
            for (row, y) in labels.iter_mut().zip(&data[0].y[start..start + block]) {
                by_rows();
                *row = [*y; L];
            }
        } else {
            for l in 0..L {
                for (row, y) in labels.iter_mut().zip(&data[l].y[start..start + block]) {
                    by_rows();
                    row[l] = *y;
                }
            }
        }
        let full = block - block % POINTS;
        for p in (0..full).step_by(POINTS) {
            let some = self::outputs::<L, POINTS>(lanes, d, data, shared, start + p);
            outputs[p..p + POINTS].copy_from_slice(&some);
        }
        for p in full..block {
            outputs[p] = self::outputs::<L, 1>(lanes, d, data, shared, start + p)[0];
        }
        for (metric, sum) in metrics.iter().zip(&mut sums) {
            metric.add(&outputs[..block], &labels[..block], &mut terms, sum);
        }
    }
    sums.iter_mut().flatten().for_each(|sum| *sum /= n as f64);
    sums
}

/// So many points share one walk through the units.
const POINTS: usize = 4;

/// The outputs for `P` points of every lane, from number `first` on.
#[inline(always)]
fn outputs<const L: usize, const P: usize>(
    lanes: &Lanes<L>,
    d: usize,
    data: &[&Dataset; L],
    shared: bool,
    first: usize,
) -> [[f64; L]; P] {
    if shared {
        let points: [&[f64]; P] = from_fn(|p| &data[0].x[(first + p) * d..][..d]);
        walk(lanes, d, |p, k| [points[p][k]; L])
    } else {
        let points: [[&[f64]; L]; P] = from_fn(|p| from_fn(|l| &data[l].x[(first + p) * d..][..d]));
        walk(lanes, d, |p, k| from_fn(|l| points[p][l][k]))
    }
}

/// The outputs for `P` points, whose input `k` is the row `x(p, k)`.
#[inline(always)]
fn walk<const L: usize, const P: usize>(
    lanes: &Lanes<L>,
    d: usize,
    x: impl Fn(usize, usize) -> [f64; L],
) -> [[f64; L]; P] {
    let mut outputs = [lanes.bo; P];
    for unit in lanes.units().chunks_exact(d + 3) {
        by_rows();
        let mut a = [unit[d]; P];
        for k in 0..d {
            by_rows();
            let w = unit[k];
            for p in 0..P {
                let x = x(p, k);
                for l in 0..L {
                    a[p][l] += w[l] * x[l];
                }
            }
        }
        let out = unit[d + 1];
        for p in 0..P {
            for l in 0..L {
                outputs[p][l] += out[l] * if a[p][l] > 0.0 { a[p][l] } else { 0.0 };
            }
        }
    }
    outputs
}

/// Points in the plane are the common case: with `d` a constant the loops over inputs unroll, and inputs stay in registers.
#[inline(always)]
fn advance_any<const L: usize>(lanes: &mut Lanes<L>, data: &[&Dataset; L], rate: &[f64; L], order: &[[u32; L]]) {
    match lanes.d {
        2 => advance(lanes, &mut [[0.0; L]; 2], data, rate, order),
        d => advance(lanes, &mut vec![[0.0; L]; d], data, rate, order),
    }
}

#[inline(always)]
fn measure_any<const L: usize>(lanes: &Lanes<L>, data: &[&Dataset; L], metrics: &[Metric]) -> Vec<[f64; L]> {
    if lanes.d == 2 { measure(lanes, 2, data, metrics) } else { measure(lanes, lanes.d, data, metrics) }
}

/// Compiles the kernel once for every set of instructions, and chooses among them.
macro_rules! kernels {
    ($($(#[$doc:meta])* $name:ident($proof:ident, $module:ident: $features:literal, $($feature:tt)+);)+) => {
        /// Which instructions the kernel is compiled to. All give the same bits.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kernel {
            /// What every processor of the target has.
            Portable,
            $($(#[$doc])* #[cfg(target_arch = "x86_64")] $name($proof),)+
        }

        $(
            /// The proof that this processor has the instructions; only [`Kernel::all`] makes one.
            #[cfg(target_arch = "x86_64")]
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct $proof(());

            #[cfg(target_arch = "x86_64")]
            mod $module {
                use super::*;

                cpufeatures::new!(has, $($feature),+);

                pub fn kernel() -> Option<Kernel> {
                    has::get().then_some(Kernel::$name($proof(())))
                }

                #[target_feature(enable = $features)]
                pub fn advance<const L: usize>(
                    lanes: &mut Lanes<L>,
                    data: &[&Dataset; L],
                    rate: &[f64; L],
                    order: &[[u32; L]],
                ) {
                    advance_any(lanes, data, rate, order);
                }

                #[target_feature(enable = $features)]
                pub fn measure<const L: usize>(
                    lanes: &Lanes<L>,
                    data: &[&Dataset; L],
                    metrics: &[Metric],
                ) -> Vec<[f64; L]> {
                    measure_any(lanes, data, metrics)
                }
            }
        )+

        impl Kernel {
            /// Those that this processor has, the fastest first.
            pub fn all() -> impl Iterator<Item = Self> {
                let known = [$(
                    #[cfg(target_arch = "x86_64")]
                    $module::kernel(),
                )+ Some(Self::Portable)];
                known.into_iter().flatten()
            }

            /// The steps of `order`, on every lane.
            pub(super) fn advance<const L: usize>(
                self,
                lanes: &mut Lanes<L>,
                data: &[&Dataset; L],
                rate: &[f64; L],
                order: &[[u32; L]],
            ) {
                match self {
                    Self::Portable => advance_any(lanes, data, rate, order),
                    $(
                        #[cfg(target_arch = "x86_64")]
                        #[expect(unsafe_code, reason = "the proof exists only where the processor has the instructions")]
                        Self::$name(_) => unsafe { $module::advance(lanes, data, rate, order) },
                    )+
                }
            }

            /// The metrics of every lane.
            pub(super) fn measure<const L: usize>(
                self,
                lanes: &Lanes<L>,
                data: &[&Dataset; L],
                metrics: &[Metric],
            ) -> Vec<[f64; L]> {
                match self {
                    Self::Portable => measure_any(lanes, data, metrics),
                    $(
                        #[cfg(target_arch = "x86_64")]
                        #[expect(unsafe_code, reason = "the proof exists only where the processor has the instructions")]
                        Self::$name(_) => unsafe { $module::measure(lanes, data, metrics) },
                    )+
                }
            }
        }
    };
}

kernels! {
    /// 512-bit vectors of x86-64. Never fused multiply-add.
    Avx512(Avx512, avx512: "avx512f,avx512dq,avx512vl,avx512bw", "avx512f" "avx512dq" "avx512vl" "avx512bw");
    /// 256-bit vectors of x86-64. Never fused multiply-add.
    Avx2(Avx2, avx2: "avx2", "avx2");
}

impl Kernel {
    /// The fastest that this processor has.
    #[must_use]
    pub fn best() -> Self {
        Self::all().next().unwrap_or(Self::Portable)
    }
}
