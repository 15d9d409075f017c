use alloc::{vec, vec::Vec};

use crate::model::Params;

/// The parameters of `L` networks, hidden unit after hidden unit: its `d` input weights, its bias, its output weight, and
/// room for its activation. A row holds one number of every network.
#[derive(Debug, Clone)]
pub(super) struct Lanes<const L: usize> {
    pub d: usize,
    /// The rows of all units, from `start` on.
    room: Vec<f64>,
    /// So that the rows begin where a line of the cache does, and no row lies on two lines.
    start: usize,
    pub bo: [f64; L],
}

/// The size of a line of the cache, in bytes and in numbers.
const LINE: usize = 64;
const NUMBERS: usize = LINE / size_of::<f64>();

impl<const L: usize> Lanes<L> {
    /// The networks with the given parameters, one a lane.
    pub fn new(params: [&Params; L]) -> Self {
        let (d, h) = (params[0].d, params[0].h());
        let mut room = vec![0.0; h * (d + 3) * L + NUMBERS];
        let start = room.as_ptr().align_offset(LINE).min(NUMBERS);
        room.truncate(start + h * (d + 3) * L);
        let mut lanes = Self { d, room, start, bo: params.map(|params| params.bo) };
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

    /// The rows of all units, `d + 3` each.
    #[inline(always)]
    pub fn units(&self) -> &[[f64; L]] {
        self.room[self.start..].as_chunks().0
    }

    /// The rows of all units, to be changed.
    #[inline(always)]
    pub fn units_mut(&mut self) -> &mut [[f64; L]] {
        self.room[self.start..].as_chunks_mut().0
    }
}

/// Keeps the loop that it stands in as it is. Without it the compiler makes vectors across the turns of a loop over rows, from
/// numbers that are far apart, and not of the rows themselves, which lie there as vectors already. It costs no instruction.
#[inline(always)]
pub(super) fn by_rows() {
    #[cfg(target_arch = "x86_64")]
    #[expect(unsafe_code, reason = "there is no instruction in it")]
    unsafe {
        core::arch::asm!("", options(nomem, nostack, preserves_flags));
    }
}

/// The `W` lanes of a row from `at` on.
#[inline(always)]
#[expect(clippy::manual_memcpy, reason = "see the documentation of `simd`")]
pub(super) fn piece<const L: usize, const W: usize>(row: &[f64; L], at: usize) -> [f64; W] {
    let mut piece = [0.0; W];
    for l in 0..W {
        piece[l] = row[at + l];
    }
    piece
}
