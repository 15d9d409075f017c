use alloc::vec::Vec;

use super::Sampling;
use crate::seed::{Draws, Seed, Stream};

/// The order in which one run visits its examples, drawn from the order stream of its seed: indices of training points,
/// without end.
#[derive(Debug, Clone)]
pub struct Order {
    draws: Draws,
    sampling: Sampling,
    points: u32,
    /// For [`Sampling::Shuffle`]: the permutation of the current epoch, and how much of it is used up.
    epoch: Vec<u32>,
    used: usize,
    /// Whether a word has been rejected, so that indices and words no longer go together one by one.
    shifted: bool,
}

impl Order {
    pub(super) fn new(seed: Seed, sampling: Sampling, points: u32) -> Self {
        Self { draws: Draws::new(seed, Stream::Order), sampling, points, epoch: Vec::new(), used: 0, shifted: false }
    }

    /// Whether the index of every step so far comes from the word of the same number.
    pub(super) fn is_word_by_word(&self) -> bool {
        self.sampling == Sampling::WithReplacement && !self.shifted
    }

    /// Goes to a step that has been reached word by word, to go on from there by drawing.
    pub(super) fn draw_from(&mut self, step: u64) {
        self.draws.skip_words(step);
        self.shifted = true;
    }

    /// The index of the next example. A shuffled epoch permutes 0, 1, ..., n - 1 anew.
    #[inline]
    pub(super) fn draw(&mut self) -> u32 {
        match self.sampling {
            Sampling::WithReplacement => self.draws.below(self.points),
            Sampling::Shuffle => {
                if self.used == self.epoch.len() {
                    self.epoch = (0..self.points).collect();
                    self.draws.permute(&mut self.epoch);
                    self.used = 0;
                }
                self.used += 1;
                self.epoch[self.used - 1]
            }
        }
    }
}

impl Iterator for Order {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        Some(self.draw())
    }
}
