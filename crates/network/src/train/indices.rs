//! The orders of `L` runs, drawn together.
#![expect(clippy::needless_range_loop, reason = "see the documentation of `simd`")]

use crate::seed::{BLOCK, Words};

/// Sets row `i` to the results of [`below`](restudy_core::seed::Draws::below) on word `first + i` of every lane:
/// indices below `points`. Returns for each lane whether a word would have been rejected; the indices of such a lane
/// are not its order.
#[inline(always)]
pub(super) fn indices<const L: usize>(words: &Words<L>, points: u32, first: u64, rows: &mut [[u32; L]]) -> [bool; L] {
    let threshold = points.wrapping_neg() % points;
    let mut rejected = [0; L];
    let mut block = [[0; L]; BLOCK];
    for i in 0..rows.len() {
        let place = first + i as u64;
        let word = (place % BLOCK as u64) as usize;
        if word == 0 || i == 0 {
            block = words.block(place / BLOCK as u64);
        }
        let drawn = block[word];
        let mut row = [0; L];
        for l in 0..L {
            let product = u64::from(drawn[l]) * u64::from(points);
            row[l] = (product >> 32) as u32;
            rejected[l] |= u32::from((product as u32) < threshold);
        }
        rows[i] = row;
    }
    rejected.map(|rejected| rejected != 0)
}
