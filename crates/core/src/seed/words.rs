use super::{Seed, Stream};

/// The number of words in a block of the generator.
pub const BLOCK: usize = 16;

/// The raw words of one stream for `L` seeds, equal to those of [`Draws`](super::Draws): lane `l` of every vector
/// belongs to the l-th seed. To draw them together costs a fraction.
#[derive(Debug, Clone)]
pub struct Words<const L: usize> {
    /// The two words of each key that are not zero.
    seeds: [[u32; L]; 2],
    stream: u32,
}

impl<const L: usize> Words<L> {
    /// Creates the words of these seeds for the purpose `stream`.
    #[must_use]
    pub fn new(seeds: [Seed; L], stream: Stream) -> Self {
        Self {
            seeds: [seeds.map(|seed| seed.0 as u32), seeds.map(|seed| (seed.0 >> 32) as u32)],
            stream: stream as u32,
        }
    }

    /// Returns block `number`: the 16 words from word `16 number`.
    ///
    /// Source: Bernstein, "ChaCha, a variant of Salsa20" (2008), with 8 rounds, a counter and a nonce of 64 bits each.
    #[inline(always)]
    #[must_use]
    pub fn block(&self, number: u64) -> [[u32; L]; BLOCK] {
        let mut start = [[0; L]; BLOCK];
        // "expand 32-byte k"
        for (word, constant) in start.iter_mut().zip([0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574]) {
            *word = [constant; L];
        }
        [start[4], start[5]] = self.seeds;
        [start[12], start[13]] = [[number as u32; L], [(number >> 32) as u32; L]];
        start[14] = [self.stream; L];
        let mut state = start;
        for _ in 0..4 {
            // Columns, then diagonals. Unrolled, they stay in registers.
            quarter_round(&mut state, [0, 4, 8, 12]);
            quarter_round(&mut state, [1, 5, 9, 13]);
            quarter_round(&mut state, [2, 6, 10, 14]);
            quarter_round(&mut state, [3, 7, 11, 15]);
            quarter_round(&mut state, [0, 5, 10, 15]);
            quarter_round(&mut state, [1, 6, 11, 12]);
            quarter_round(&mut state, [2, 7, 8, 13]);
            quarter_round(&mut state, [3, 4, 9, 14]);
        }
        for (word, start) in state.iter_mut().zip(&start) {
            for l in 0..L {
                word[l] = word[l].wrapping_add(start[l]);
            }
        }
        state
    }
}

#[inline(always)]
fn quarter_round<const L: usize>(state: &mut [[u32; L]; BLOCK], [a, b, c, d]: [usize; 4]) {
    for (sum, added, rotated, bits) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)] {
        let (mut total, added, mut other) = (state[sum], state[added], state[rotated]);
        for l in 0..L {
            total[l] = total[l].wrapping_add(added[l]);
            other[l] = (other[l] ^ total[l]).rotate_left(bits);
        }
        (state[sum], state[rotated]) = (total, other);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Draws, *};

    #[test]
    fn words_side_by_side_are_those_of_each_seed_alone() {
        let seeds = [0, 1, 2014, u64::MAX, 1 << 40, 7, 8, 9].map(Seed);
        let words = Words::new(seeds, Stream::Order);
        let mut alone = seeds.map(|seed| Draws::new(seed, Stream::Order));
        for number in 0..40 {
            for pair in words.block(number).as_chunks::<2>().0 {
                for (l, draws) in alone.iter_mut().enumerate() {
                    assert_eq!(draws.bits(), u64::from(pair[0][l]) | u64::from(pair[1][l]) << 32, "block {number}");
                }
            }
        }
        let mut late = Draws::new(seeds[2], Stream::Order);
        late.skip_words((1 << 36) + 16);
        let block = words.block((1 << 32) + 1);
        assert_eq!(late.bits(), u64::from(block[0][2]) | u64::from(block[1][2]) << 32, "the counter has two words");
    }
}
