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
    /// The word that the permutation of the current epoch was drawn from.
    began: u64,
    /// Whether a word has been rejected, so that indices and words no longer go together one by one.
    shifted: bool,
}

impl Order {
    pub(super) fn new(seed: Seed, sampling: Sampling, points: u32) -> Self {
        let draws = Draws::new(seed, Stream::Order);
        Self { draws, sampling, points, epoch: Vec::new(), used: 0, began: 0, shifted: false }
    }

    /// Where it is after so many steps: the word that the next index comes from, or, of a shuffled epoch, the one that its permutation was drawn from.
    pub(super) fn word(&self, step: u64) -> u64 {
        match self.sampling {
            Sampling::WithReplacement if !self.shifted => step,
            Sampling::WithReplacement => self.draws.place(),
            Sampling::Shuffle => self.began,
        }
    }

    /// Goes to where it [was](Self::word) after so many steps.
    pub(super) fn go_to(&mut self, step: u64, word: u64) {
        match self.sampling {
            Sampling::WithReplacement => {
                self.draw_from(word);
                // As long as none is rejected, the words are those of the steps.
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
        self.began = self.draws.place();
        self.epoch = (0..self.points).collect();
        self.draws.permute(&mut self.epoch);
        self.used = 0;
    }

    /// Whether the index of every step so far comes from the word of the same number.
    pub(super) fn is_word_by_word(&self) -> bool {
        self.sampling == Sampling::WithReplacement && !self.shifted
    }

    /// Goes to a word, to go on from there by drawing: that of a step which has been reached word by word, or a later one.
    pub(super) fn draw_from(&mut self, word: u64) {
        self.draws.skip_words(word);
        self.shifted = true;
    }

    /// The index of the next example. A shuffled epoch permutes 0, 1, ..., n - 1 anew.
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
