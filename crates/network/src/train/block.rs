use alloc::vec::Vec;
use core::array;

use super::{Job, lanes::Lanes};
use crate::{
    data::Dataset,
    seed::{Stream, Words},
};

pub(super) struct Block<'a, const L: usize> {
    /// The index of the run in each lane. Lanes without a run repeat the last one, and their results are ignored.
    run: [usize; L],
    /// The number of lanes with a run.
    used: usize,
    pub lanes: Lanes<L>,
    /// Training and validation points.
    pub data: [[&'a Dataset; L]; 2],
    pub rate: [f64; L],
    /// The words from which the orders are drawn.
    pub words: Words<L>,
    pub order: Vec<[u32; L]>,
}

impl<'a, const L: usize> Block<'a, L> {
    /// Takes the first runs, at most `L`, off `runs`; `lanes` returns the networks of runs.
    pub fn take(runs: &mut &[usize], jobs: &'a [Job<'a>], lanes: impl FnOnce([usize; L]) -> Lanes<L>) -> Self {
        let used = runs.len().min(L);
        let (taken, rest) = runs.split_at(used);
        *runs = rest;
        let run = array::from_fn(|l| taken[l.min(used - 1)]);
        Self {
            run,
            used,
            lanes: lanes(run),
            data: [run.map(|i| &jobs[i].split.train), run.map(|i| &jobs[i].split.validation)],
            rate: run.map(|i| jobs[i].rate()),
            words: Words::new(run.map(|i| jobs[i].seed), Stream::Order),
            order: Vec::new(),
        }
    }

    /// Returns the lane and the index of every run.
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.run[..self.used].iter().copied().enumerate()
    }

    /// Returns every lane and the index of its run, repeated runs included.
    pub fn all(&self) -> impl Iterator<Item = (usize, usize)> {
        self.run.into_iter().enumerate()
    }
}
