use alloc::{vec, vec::Vec};

use crate::model::Params;

/// The parameters of `L` networks, hidden unit after hidden unit: the `d` input weights, the bias, the output weight,
/// and space for the activation. A row has one number of every network.
#[derive(Debug, Clone)]
pub(super) struct Lanes<const L: usize> {
    pub d: usize,
    /// The rows of all units, from `start`.
    buffer: Vec<f64>,
    /// Aligns the rows to cache lines, so that no row crosses a line.
    start: usize,
    pub bo: [f64; L],
}

/// The size of a cache line, in bytes.
const LINE: usize = 64;
const NUMBERS: usize = LINE / size_of::<f64>();

impl<const L: usize> Lanes<L> {
    /// Creates lanes from the parameters of the networks.
    pub fn new(params: [&Params; L]) -> Self {
        let (d, h) = (params[0].d, params[0].h());
        let mut buffer = vec![0.0; h * (d + 3) * L + NUMBERS];
        let start = buffer.as_ptr().align_offset(LINE).min(NUMBERS);
        buffer.truncate(start + h * (d + 3) * L);
        let mut lanes = Self { d, buffer, start, bo: params.map(|params| params.bo) };
        for (j, unit) in lanes.units_mut().chunks_exact_mut(d + 3).enumerate() {
            for l in 0..L {
                for (slot, &weight) in unit.iter_mut().zip(&params[l].wi[j * d..(j + 1) * d]) {
                    slot[l] = weight;
                }
                unit[d][l] = params[l].bi[j];
                unit[d + 1][l] = params[l].wo[j];
            }
        }
        lanes
    }

    /// Copies the parameters of lane `l` to `params`.
    pub fn read(&self, l: usize, params: &mut Params) {
        let d = self.d;
        for (j, unit) in self.units().chunks_exact(d + 3).enumerate() {
            for (weight, slot) in params.wi[j * d..(j + 1) * d].iter_mut().zip(unit) {
                *weight = slot[l];
            }
            params.bi[j] = unit[d][l];
            params.wo[j] = unit[d + 1][l];
        }
        params.bo = self.bo[l];
    }

    /// Returns the rows of all units, `d + 3` each.
    #[inline(always)]
    pub fn units(&self) -> &[[f64; L]] {
        self.buffer[self.start..].as_chunks().0
    }

    #[inline(always)]
    pub fn units_mut(&mut self) -> &mut [[f64; L]] {
        self.buffer[self.start..].as_chunks_mut().0
    }
}

/// Keeps the compiler from vectorizing across the iterations of a loop over rows: it would gather numbers that are far
/// apart instead of using the rows, which are vectors already. It emits no instruction.
#[inline(always)]
pub(super) fn by_rows() {
    #[cfg(target_arch = "x86_64")]
    #[expect(unsafe_code, reason = "it contains no instruction")]
    unsafe {
        core::arch::asm!("", options(nomem, nostack, preserves_flags));
    }
}

/// Returns the `W` lanes of a row from `at`.
#[inline(always)]
#[expect(clippy::manual_memcpy, reason = "see the documentation of `simd`")]
pub(super) fn piece<const L: usize, const W: usize>(row: &[f64; L], at: usize) -> [f64; W] {
    let mut piece = [0.0; W];
    for l in 0..W {
        piece[l] = row[at + l];
    }
    piece
}
