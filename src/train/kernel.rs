//! The arithmetic of the step and of the measurement, for `L` networks of one shape side by side.
//!
//! Lane `l` is the l-th network: every loop `for l in 0..L` does the same operation on all of them, which the compiler turns
//! into vector instructions. No operation ever mixes two lanes and every sum inside a lane goes in order, so the number of
//! lanes and the width of the registers change no bit. Batch-1 descent is a serial chain; lanes are what fills the machine.

use alloc::{vec, vec::Vec};

use crate::{data::Dataset, math, metric::Metric, model::Params};

/// The parameters of `L` networks, hidden unit after hidden unit: its `d` input weights, its bias, its output weight, and
/// room for its activation.
#[derive(Debug, Clone)]
pub(super) struct Lanes<const L: usize> {
    d: usize,
    units: Vec<[f64; L]>,
    bo: [f64; L],
}

impl<const L: usize> Lanes<L> {
    /// The networks with the given parameters, one a lane.
    pub(super) fn new(params: [&Params; L]) -> Self {
        let (d, h) = (params[0].d, params[0].h());
        let mut units = vec![[0.0; L]; h * (d + 3)];
        for (j, unit) in units.chunks_exact_mut(d + 3).enumerate() {
            for l in 0..L {
                for (slot, &weight) in unit.iter_mut().zip(&params[l].wi[j * d..(j + 1) * d]) {
                    slot[l] = weight;
                }
                unit[d][l] = params[l].bi[j];
                unit[d + 1][l] = params[l].wo[j];
            }
        }
        Self { d, units, bo: params.map(|params| params.bo) }
    }

    /// Copies the parameters of lane `l` to `params`.
    pub(super) fn read(&self, l: usize, params: &mut Params) {
        let d = self.d;
        for (j, unit) in self.units.chunks_exact(d + 3).enumerate() {
            for (weight, slot) in params.wi[j * d..(j + 1) * d].iter_mut().zip(unit) {
                *weight = slot[l];
            }
            params.bi[j] = unit[d][l];
            params.wo[j] = unit[d + 1][l];
        }
        params.bo = self.bo[l];
    }

    /// One step a row of `order`: lane `l` learns from the point `order[l]` of its own data at its own rate.
    ///
    /// With `s = η g`, `g = -y σ(-y Y)`: `Wo -= s H`, `bo -= s`, and with `t = s Wo` (before the update) where `H > 0`, else
    /// `0`: `bi -= t`, `Wi -= t X`.
    #[inline(always)]
    fn advance(&mut self, d: usize, data: &[&Dataset; L], rate: &[f64; L], order: &[[u32; L]]) {
        let mut x = vec![[0.0; L]; d];
        for indices in order {
            let mut y = [0.0; L];
            for l in 0..L {
                let i = indices[l] as usize;
                y[l] = data[l].y[i];
                for (x, &value) in x.iter_mut().zip(&data[l].x[i * d..(i + 1) * d]) {
                    x[l] = value;
                }
            }
            let mut output = self.bo;
            for unit in self.units.chunks_exact_mut(d + 3) {
                let (weights, rest) = unit.split_at_mut(d);
                let [bias, out, hidden] = rest else { continue };
                let mut a = *bias;
                for (w, x) in weights.iter().zip(&x) {
                    for l in 0..L {
                        a[l] += w[l] * x[l];
                    }
                }
                for l in 0..L {
                    hidden[l] = if a[l] > 0.0 { a[l] } else { 0.0 };
                    output[l] += out[l] * hidden[l];
                }
            }
            let mut s = [0.0; L];
            for l in 0..L {
                s[l] = rate[l] * (-y[l] * math::sigmoid(-(y[l] * output[l])));
                self.bo[l] -= s[l];
            }
            for unit in self.units.chunks_exact_mut(d + 3) {
                let (weights, rest) = unit.split_at_mut(d);
                let [bias, out, hidden] = rest else { continue };
                let mut t = [0.0; L];
                for l in 0..L {
                    t[l] = if hidden[l] > 0.0 { s[l] * out[l] } else { 0.0 };
                    out[l] -= s[l] * hidden[l];
                    bias[l] -= t[l];
                }
                for (w, x) in weights.iter_mut().zip(&x) {
                    for l in 0..L {
                        w[l] -= t[l] * x[l];
                    }
                }
            }
        }
    }

    /// The mean over the points of lane `l`'s data of every metric, one row a metric.
    #[inline(always)]
    fn measure(&self, d: usize, data: &[&Dataset; L], metrics: &[Metric]) -> Vec<[f64; L]> {
        const BLOCK: usize = 64;
        let n = data[0].len();
        let mut x = vec![[0.0; L]; d];
        let mut outputs = [[0.0; L]; BLOCK];
        let mut labels = [[0.0; L]; BLOCK];
        let mut sums = vec![[0.0; L]; metrics.len()];
        let shared = data.iter().all(|other| core::ptr::eq(*other, data[0]));
        for start in (0..n).step_by(BLOCK) {
            let block = BLOCK.min(n - start);
            for p in 0..block {
                let i = start + p;
                if shared {
                    labels[p] = [data[0].y[i]; L];
                    for (x, &value) in x.iter_mut().zip(&data[0].x[i * d..(i + 1) * d]) {
                        *x = [value; L];
                    }
                } else {
                    for l in 0..L {
                        labels[p][l] = data[l].y[i];
                        for (x, &value) in x.iter_mut().zip(&data[l].x[i * d..(i + 1) * d]) {
                            x[l] = value;
                        }
                    }
                }
                outputs[p] = self.output(d, &x);
            }
            for (metric, sum) in metrics.iter().zip(&mut sums) {
                metric.add(&outputs[..block], &labels[..block], sum);
            }
        }
        sums.iter_mut().flatten().for_each(|sum| *sum /= n as f64);
        sums
    }

    /// The outputs for one point a lane.
    #[inline(always)]
    fn output(&self, d: usize, x: &[[f64; L]]) -> [f64; L] {
        let mut output = self.bo;
        for unit in self.units.chunks_exact(d + 3) {
            let mut a = unit[d];
            for (w, x) in unit[..d].iter().zip(x) {
                for l in 0..L {
                    a[l] += w[l] * x[l];
                }
            }
            for l in 0..L {
                output[l] += unit[d + 1][l] * if a[l] > 0.0 { a[l] } else { 0.0 };
            }
        }
        output
    }
}

/// Which instructions the kernel is compiled to. All give the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kernel {
    /// What every processor of the target has.
    Portable,
    /// 256-bit vectors of x86-64. Never fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
}

/// The proof that this processor has AVX2; only [`Kernel::best`] makes one.
#[cfg(target_arch = "x86_64")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Avx2(());

impl Kernel {
    /// The fastest that this processor has.
    #[must_use]
    pub fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            cpufeatures::new!(avx2, "avx2");
            if avx2::get() {
                return Self::Avx2(Avx2(()));
            }
        }
        Self::Portable
    }

    pub(super) fn advance<const L: usize>(
        self,
        lanes: &mut Lanes<L>,
        data: &[&Dataset; L],
        rate: &[f64; L],
        order: &[[u32; L]],
    ) {
        match self {
            Self::Portable => advance(lanes, data, rate, order),
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "an `Avx2` exists only where the processor has it")]
            Self::Avx2(_) => unsafe { advance_avx2(lanes, data, rate, order) },
        }
    }

    pub(super) fn measure<const L: usize>(
        self,
        lanes: &Lanes<L>,
        data: &[&Dataset; L],
        metrics: &[Metric],
    ) -> Vec<[f64; L]> {
        match self {
            Self::Portable => measure(lanes, data, metrics),
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "an `Avx2` exists only where the processor has it")]
            Self::Avx2(_) => unsafe { measure_avx2(lanes, data, metrics) },
        }
    }
}

/// Points in the plane are the common case: with `d` a constant the loops over inputs unroll.
#[inline(always)]
fn advance<const L: usize>(lanes: &mut Lanes<L>, data: &[&Dataset; L], rate: &[f64; L], order: &[[u32; L]]) {
    if lanes.d == 2 { lanes.advance(2, data, rate, order) } else { lanes.advance(lanes.d, data, rate, order) }
}

#[inline(always)]
fn measure<const L: usize>(lanes: &Lanes<L>, data: &[&Dataset; L], metrics: &[Metric]) -> Vec<[f64; L]> {
    if lanes.d == 2 { lanes.measure(2, data, metrics) } else { lanes.measure(lanes.d, data, metrics) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn advance_avx2<const L: usize>(lanes: &mut Lanes<L>, data: &[&Dataset; L], rate: &[f64; L], order: &[[u32; L]]) {
    advance(lanes, data, rate, order);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn measure_avx2<const L: usize>(lanes: &Lanes<L>, data: &[&Dataset; L], metrics: &[Metric]) -> Vec<[f64; L]> {
    measure(lanes, data, metrics)
}
