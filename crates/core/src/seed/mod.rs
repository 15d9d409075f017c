//! Seeds, streams and draws: the source of every random number of a study.
//!
//! A [`Seed`] is an identity, never a counter. Each purpose draws from a separate [`Stream`], so that widening a grid,
//! adding a metric or changing the number of threads changes no draw that already exists. The layout of key and stream,
//! and every transformation of raw words, is part of the contract.
//!
//! The generator is `ChaCha8` (Bernstein, "ChaCha, a variant of Salsa20", 2008) of `rand_chacha`. The distributions of
//! the `rand` crate are not used: they are not stable across its versions.

mod words;

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use serde::{Deserialize, Serialize};

pub use words::{BLOCK, Words};

use crate::math;

/// The seed of a run: together with the trial it determines every bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

/// The purpose of a draw; two purposes never share draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Stream {
    /// Points of the training set.
    Training = 1,
    /// Points of the validation set, or the choice of validation rows in a file.
    Validation = 2,
    /// Initial parameters.
    Initialization = 3,
    /// The order in which examples are visited.
    Order = 4,
    /// Resampling for confidence intervals.
    Bootstrap = 5,
    /// Trials of a random search.
    Search = 6,
    /// Networks and examples of the gradient check.
    GradientCheck = 7,
    /// The fold of a cross-validation for each row of a file.
    Folds = 8,
}

impl Stream {
    /// The name of [`Stream::Initialization`] in notebooks of earlier versions.
    #[doc(hidden)]
    #[expect(non_upper_case_globals, reason = "it stands for a variant")]
    pub const Initialisation: Self = Self::Initialization;
}

/// The draws of one seed for one purpose.
#[derive(Debug, Clone)]
pub struct Draws {
    words: ChaCha8Rng,
    spare_normal: Option<f64>,
}

impl Draws {
    /// Starts the draws of `seed` for the purpose `stream`.
    #[must_use]
    pub fn new(seed: Seed, stream: Stream) -> Self {
        Self::of(seed, stream as u64)
    }

    /// Starts the draws of `seed` for a purpose of a custom experiment, which uses the streams from 2³².
    #[must_use]
    pub fn own(seed: Seed, purpose: u32) -> Self {
        Self::of(seed, (1 << 32) + u64::from(purpose))
    }

    fn of(seed: Seed, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.0.to_le_bytes());
        let mut words = ChaCha8Rng::from_seed(key);
        words.set_stream(stream);
        Self { words, spare_normal: None }
    }

    /// Moves to the word with the index `place`, counted from 0.
    pub fn skip_words(&mut self, place: u64) {
        self.words.set_word_pos(place.into());
        self.spare_normal = None;
    }

    /// Returns the number of words drawn so far.
    #[must_use]
    pub fn place(&self) -> u64 {
        self.words.get_word_pos() as u64
    }

    /// Draws 64 raw bits: two words of the key stream, the first one low.
    pub fn bits(&mut self) -> u64 {
        self.words.next_u64()
    }

    /// Draws uniformly from [0, 1): the 53 high bits of the next 64, times 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Draws uniformly from {0, ..., n - 1}: the multiply-and-reject method on 32-bit words.
    ///
    /// Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019). `n` must be positive.
    #[inline]
    pub fn below(&mut self, n: u32) -> u32 {
        let mut product = u64::from(self.words.next_u32()) * u64::from(n);
        if (product as u32) < n {
            let threshold = n.wrapping_neg() % n;
            while (product as u32) < threshold {
                product = u64::from(self.words.next_u32()) * u64::from(n);
            }
        }
        (product >> 32) as u32
    }

    /// A point uniform in the open unit disk without its center, and its squared distance from the center.
    fn disk(&mut self) -> (f64, f64, f64) {
        loop {
            let u = 2.0 * self.unit() - 1.0;
            let v = 2.0 * self.unit() - 1.0;
            let q = u * u + v * v;
            if q > 0.0 && q < 1.0 {
                return (u, v, q);
            }
        }
    }

    /// Draws a standard normal number, by the polar method. Normal numbers come in pairs; the second is kept for the
    /// next call.
    ///
    /// Source: Marsaglia and Bray, "A convenient method for generating normal variables", SIAM Review 6 (1964).
    pub fn normal(&mut self) -> f64 {
        if let Some(second) = self.spare_normal.take() {
            return second;
        }
        let (u, v, q) = self.disk();
        let scale = math::sqrt(-2.0 * math::ln(q) / q);
        self.spare_normal = Some(v * scale);
        u * scale
    }

    /// Draws a direction uniform on the unit circle: a point of the unit disk, divided by its length.
    pub fn direction(&mut self) -> [f64; 2] {
        let (u, v, q) = self.disk();
        let length = math::sqrt(q);
        [u / length, v / length]
    }

    /// Puts the items into random order: Fisher and Yates from the last place down.
    pub fn permute(&mut self, items: &mut [u32]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_four_bits_are_two_words_in_order_across_blocks() {
        let mut words = Draws::new(Seed(7), Stream::Order).words;
        let mut pairs = Draws::new(Seed(7), Stream::Order);
        words.next_u32();
        pairs.words.next_u32();
        for _ in 0..500 {
            let (low, high) = (u64::from(words.next_u32()), u64::from(words.next_u32()));
            assert_eq!(pairs.bits(), low | high << 32);
        }
    }

    #[test]
    fn value_stability() {
        let mut draws = Draws::new(Seed(2014), Stream::Training);
        let words: [u64; 2] = core::array::from_fn(|_| draws.bits());
        assert_eq!(
            words,
            [12_995_901_815_896_004_569, 9_318_143_798_825_852_402],
            "pinned: a change needs a new contract version"
        );
    }

    #[test]
    fn purposes_do_not_share_draws() {
        let mut training = Draws::new(Seed(1), Stream::Training);
        let mut order = Draws::new(Seed(1), Stream::Order);
        assert_ne!(training.bits(), order.bits());
    }

    #[test]
    fn indices_are_in_range_and_even() {
        let mut draws = Draws::new(Seed(3), Stream::Order);
        let mut counts = [0_u32; 6];
        for _ in 0..60_000 {
            counts[draws.below(6) as usize] += 1;
        }
        assert!(counts.iter().all(|&count| (9_700..10_300).contains(&count)), "{counts:?}");
    }

    #[test]
    fn normals_have_mean_zero_and_variance_one() {
        let mut draws = Draws::new(Seed(5), Stream::Initialization);
        let values: [f64; 20_000] = core::array::from_fn(|_| draws.normal());
        let mean = values.iter().sum::<f64>() / 20_000.0;
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }
}
