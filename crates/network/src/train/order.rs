use alloc::vec::Vec;

use super::Sampling;
use crate::seed::{Draws, Seed, Stream};

/// The endless order in which a run visits its examples: indices of training points, drawn from the order stream of its
/// seed.
#[derive(Debug, Clone)]
pub struct Order {
    draws: Draws,
    sampling: Sampling,
    points: u32,
    /// For [`Sampling::Shuffle`]: the permutation of the current epoch, and the number of its used indices.
    epoch: Vec<u32>,
    used: usize,
    /// The first word of the permutation of the current epoch.
    epoch_word: u64,
    /// Whether a word has been rejected, so that the index of a step no longer comes from the word of the same number.
    shifted: bool,
}

impl Order {
    pub(super) fn new(seed: Seed, sampling: Sampling, points: u32) -> Self {
        let draws = Draws::new(seed, Stream::Order);
        Self { draws, sampling, points, epoch: Vec::new(), used: 0, epoch_word: 0, shifted: false }
    }

    /// The position after `step` steps: the word of the next index, or the first word of the permutation of a shuffled
    /// epoch.
    pub(super) fn word(&self, step: u64) -> u64 {
        match self.sampling {
            Sampling::WithReplacement if !self.shifted => step,
            Sampling::WithReplacement => self.draws.place(),
            Sampling::Shuffle => self.epoch_word,
        }
    }

    /// Moves to the [position](Self::word) after `step` steps.
    pub(super) fn go_to(&mut self, step: u64, word: u64) {
        match self.sampling {
            Sampling::WithReplacement => {
                self.draw_from(word);
                // Without a rejected word, the numbers of words and steps are equal.
                self.shifted = word != step;
            }
            Sampling::Shuffle if step == 0 => {}
            Sampling::Shuffle => {
                self.draws.skip_words(word);
                self.begin_epoch();
                self.used = ((step - 1) % u64::from(self.points)) as usize + 1;
            }
        }
    }

    fn begin_epoch(&mut self) {
        self.epoch_word = self.draws.place();
        self.epoch = (0..self.points).collect();
        self.draws.permute(&mut self.epoch);
        self.used = 0;
    }

    pub(super) fn is_word_by_word(&self) -> bool {
        self.sampling == Sampling::WithReplacement && !self.shifted
    }

    /// Moves to a word and draws from there: the word of the current step, or a later one.
    pub(super) fn draw_from(&mut self, word: u64) {
        self.draws.skip_words(word);
        self.shifted = true;
    }

    /// Draws the index of the next example. A shuffled epoch permutes 0, 1, ..., n - 1 again.
    #[inline]
    pub(super) fn draw(&mut self) -> u32 {
        match self.sampling {
            Sampling::WithReplacement => self.draws.below(self.points),
            Sampling::Shuffle => {
                if self.used == self.epoch.len() {
                    self.begin_epoch();
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
