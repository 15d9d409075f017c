//! Records of runs of the network: the measurements of a group of runs, and the chain over them.

use alloc::{vec, vec::Vec};
use core::ops::ControlFlow;

use restudy_core::record::{Kept, Observation, Outcome, Record, link};

use crate::{
    digest::Digest,
    model::Params,
    train::{Finished, Job, Observer, Simd, train},
};

/// Returns the first epoch that was measured with a training error of zero. The error is the second metric of every
/// run.
#[must_use]
pub fn zero_epoch(record: &Record) -> Option<u64> {
    record.observations.iter().find(|point| point.halves()[0].get(1) == Some(&0.0)).map(|point| point.epoch)
}

/// The names of the kept arrays of a run.
pub const ARRAYS: [&str; 4] = ["Wi", "bi", "Wo", "bo"];

/// Returns the parameters as kept arrays.
#[must_use]
pub fn kept(params: &Params) -> Kept {
    let (d, h) = (params.d, params.h());
    let mut values = Vec::with_capacity(h * (d + 2) + 1);
    params.blocks().iter().for_each(|(_, _, block)| values.extend_from_slice(block));
    Kept { shapes: vec![[h, d], [h, 1], [1, h], [1, 1]], values }
}

/// Returns the parameters in kept arrays; `None` if they are not those of a network.
#[must_use]
pub fn params(kept: &Kept) -> Option<Params> {
    let [[h, d], rest @ ..] = kept.shapes.as_slice() else { return None };
    if rest != [[*h, 1], [1, *h], [1, 1]] || !kept.is_in_shape() {
        return None;
    }
    let mut params = Params::zeros(*d, *h);
    let mut values = kept.values.iter();
    params.blocks_mut().into_iter().flatten().zip(&mut values).for_each(|(slot, value)| *slot = *value);
    Some(params)
}

/// An observer that records the measurements of a group and chains their digests, starting from the identity of each
/// run.
pub struct Recorder<'a> {
    /// One a lane; outcome and parameters follow at the end.
    records: Vec<(Digest, Vec<Observation>, Vec<Digest>)>,
    watch: &'a mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
    stopped: &'a dyn Fn() -> bool,
}

impl<'a> Recorder<'a> {
    /// Creates a recorder of runs with these identities, one for each lane. `watch` receives every measurement and may
    /// cancel the group.
    pub fn new(ids: &[Digest], watch: &'a mut dyn FnMut(usize, &Observation) -> ControlFlow<()>) -> Self {
        Self { records: ids.iter().map(|&id| (id, vec![], vec![])).collect(), watch, stopped: &|| false }
    }

    /// Cancels the group when `stopped` returns true; it is called between measurements.
    #[must_use]
    pub fn until(self, stopped: &'a dyn Fn() -> bool) -> Self {
        Self { stopped, ..self }
    }

    /// Continues the run of a lane from its measurements so far.
    pub fn resume(&mut self, lane: usize, observations: Vec<Observation>, chain: Vec<Digest>) {
        let (_, measured, links) = &mut self.records[lane];
        (*measured, *links) = (observations, chain);
    }

    /// Returns the measurements of a lane so far, and their links.
    #[must_use]
    pub fn so_far(&self, lane: usize) -> (&[Observation], &[Digest]) {
        let (_, observations, chain) = &self.records[lane];
        (observations, chain)
    }

    /// Takes the record of a run that ended before the others; [`finish`](Self::finish) then returns an empty record
    /// for its lane.
    #[must_use]
    pub fn take(&mut self, lane: usize, outcome: &Outcome, params: &Params) -> Record {
        let (id, observations, chain) = &mut self.records[lane];
        record_of(*id, core::mem::take(observations), core::mem::take(chain), outcome.clone(), params)
    }

    /// Returns the records of the runs; `finished` has the end of each lane.
    #[must_use]
    pub fn finish(self, finished: Vec<Finished>) -> Vec<Record> {
        let record = |((id, observations, chain), end): ((Digest, Vec<Observation>, Vec<Digest>), Finished)| {
            record_of(id, observations, chain, end.outcome, &end.params)
        };
        self.records.into_iter().zip(finished).map(record).collect()
    }
}

fn record_of(
    id: Digest,
    mut observations: Vec<Observation>,
    mut chain: Vec<Digest>,
    outcome: Outcome,
    params: &Params,
) -> Record {
    // Records stay in memory as long as the study runs, and half of the capacity of short runs would be empty.
    observations.shrink_to_fit();
    chain.shrink_to_fit();
    Record { id, observations, chain, outcome, kept: kept(params), own: None }
}

impl Observer for Recorder<'_> {
    fn measured(&mut self, lane: usize, point: &Observation, params: &Params) -> ControlFlow<()> {
        let (id, observations, chain) = &mut self.records[lane];
        chain.push(link(chain.last().copied().unwrap_or(*id), point, params.blocks().map(|(_, _, block)| block)));
        observations.push(point.clone());
        (self.watch)(lane, point)
    }

    fn paused(&mut self) -> ControlFlow<()> {
        if (self.stopped)() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Trains runs of one shape and records them; `watch` receives each measurement and may cancel the group (then `None`).
///
/// # Panics
/// Like [`train`].
pub fn record(
    simd: Simd,
    jobs: &[Job<'_>],
    ids: &[Digest],
    watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
) -> Option<Vec<Record>> {
    record_until(simd, jobs, ids, watch, &|| false)
}

/// Like [`record`], but also cancels when `stopped` returns true; it is called between measurements.
///
/// # Panics
/// Like [`train`].
pub fn record_until(
    simd: Simd,
    jobs: &[Job<'_>],
    ids: &[Digest],
    watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
    stopped: &dyn Fn() -> bool,
) -> Option<Vec<Record>> {
    let mut recorder = Recorder::new(ids, watch).until(stopped);
    let finished = train(simd, jobs, &mut recorder)?;
    Some(recorder.finish(finished))
}
