use alloc::vec::Vec;
use core::array;

use super::{Job, lanes::Lanes};
use crate::{
    data::Dataset,
    seed::{Stream, Words},
};

/// `L` runs of a group, one a lane.
pub(super) struct Block<'a, const L: usize> {
    /// The number of the run in each lane. Lanes beyond the runs repeat the last one; nobody looks at them.
    run: [usize; L],
    /// How many lanes hold a run of their own.
    used: usize,
    /// The networks.
    pub lanes: Lanes<L>,
    /// Training and validation points.
    pub data: [[&'a Dataset; L]; 2],
    /// Learning rates.
    pub rate: [f64; L],
    /// What the orders are drawn from.
    pub words: Words<L>,
    /// The points of the next steps.
    pub order: Vec<[u32; L]>,
}

impl<'a, const L: usize> Block<'a, L> {
    /// The first of these runs, at most `L`; what is left of them stays in `runs`. `params` has the parameters of every run.
    pub fn take(runs: &mut &[usize], jobs: &'a [Job<'a>], lanes: impl FnOnce([usize; L]) -> Lanes<L>) -> Self {
        let used = runs.len().min(L);
        let (mine, rest) = runs.split_at(used);
        *runs = rest;
        let run = array::from_fn(|l| mine[l.min(used - 1)]);
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

    /// Lane and number of every run.
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.run[..self.used].iter().copied().enumerate()
    }

    /// Lane and number of the run of every lane, those nobody looks at included.
    pub fn all(&self) -> impl Iterator<Item = (usize, usize)> {
        self.run.into_iter().enumerate()
    }
}
