//! Runs of the network as records: what is measured in a group, and the chain over it.

use alloc::{vec, vec::Vec};
use core::ops::ControlFlow;

use restudy_core::record::{Kept, Observation, Outcome, Record, link};

use crate::{
    digest::Digest,
    model::Params,
    train::{Finished, Job, Observer, Simd, train},
};

/// The first epoch measured with a training error of zero; the error is the second metric of every run.
#[must_use]
pub fn zero_epoch(record: &Record) -> Option<u64> {
    record.observations.iter().find(|point| point.halves()[0].get(1) == Some(&0.0)).map(|point| point.epoch)
}

/// The names of the arrays that are kept of a run.
pub const ARRAYS: [&str; 4] = ["Wi", "bi", "Wo", "bo"];

/// The parameters as they are kept.
#[must_use]
pub fn kept(params: &Params) -> Kept {
    let (d, h) = (params.d, params.h());
    let mut values = Vec::with_capacity(h * (d + 2) + 1);
    params.blocks().iter().for_each(|(_, _, block)| values.extend_from_slice(block));
    Kept { shapes: vec![[h, d], [h, 1], [1, h], [1, 1]], values }
}

/// The parameters that are kept; nothing if they are none of a network.
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

/// An observer that keeps the measurements of a group and chains their digests, beginning with the identity of each run.
pub struct Recorder<'a> {
    /// The records so far, one a lane; outcome and parameters are filled in at the end.
    records: Vec<(Digest, Vec<Observation>, Vec<Digest>)>,
    watch: &'a mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
    stopped: &'a dyn Fn() -> bool,
}

impl<'a> Recorder<'a> {
    /// A recorder of runs with these identities, one a lane. `watch` sees every measurement and may break off.
    pub fn new(ids: &[Digest], watch: &'a mut dyn FnMut(usize, &Observation) -> ControlFlow<()>) -> Self {
        Self { records: ids.iter().map(|&id| (id, vec![], vec![])).collect(), watch, stopped: &|| false }
    }

    /// Asks `stopped` between measurements whether to break off.
    #[must_use]
    pub fn until(self, stopped: &'a dyn Fn() -> bool) -> Self {
        Self { stopped, ..self }
    }

    /// Goes on in a lane from what a run has measured so far.
    pub fn resume(&mut self, lane: usize, points: Vec<Observation>, chain: Vec<Digest>) {
        let (_, own, links) = &mut self.records[lane];
        (*own, *links) = (points, chain);
    }

    /// What the run of a lane has measured so far, and its links.
    #[must_use]
    pub fn so_far(&self, lane: usize) -> (&[Observation], &[Digest]) {
        let (_, points, chain) = &self.records[lane];
        (points, chain)
    }

    /// Hands over the record of a run that has ended before the others; [`finish`](Self::finish) then has an empty one of it.
    #[must_use]
    pub fn take(&mut self, lane: usize, outcome: &Outcome, params: &Params) -> Record {
        let (id, points, chain) = &mut self.records[lane];
        record_of(*id, core::mem::take(points), core::mem::take(chain), outcome.clone(), params)
    }

    /// The records of the runs, which ended as `finished` says, one entry a lane.
    #[must_use]
    pub fn finish(self, finished: Vec<Finished>) -> Vec<Record> {
        let record = |((id, points, chain), end): ((Digest, Vec<Observation>, Vec<Digest>), Finished)| {
            record_of(id, points, chain, end.outcome, &end.params)
        };
        self.records.into_iter().zip(finished).map(record).collect()
    }
}

fn record_of(
    id: Digest,
    mut points: Vec<Observation>,
    mut chain: Vec<Digest>,
    outcome: Outcome,
    params: &Params,
) -> Record {
    // They are kept as long as the study lasts, and of short runs half of the room would be empty.
    points.shrink_to_fit();
    chain.shrink_to_fit();
    Record { id, observations: points, chain, outcome, kept: kept(params), own: None }
}

impl Observer for Recorder<'_> {
    fn measured(&mut self, lane: usize, point: &Observation, params: &Params) -> ControlFlow<()> {
        let (id, points, chain) = &mut self.records[lane];
        chain.push(link(chain.last().copied().unwrap_or(*id), point, params.blocks().map(|(_, _, block)| block)));
        points.push(point.clone());
        (self.watch)(lane, point)
    }

    fn paused(&mut self) -> ControlFlow<()> {
        if (self.stopped)() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Trains runs of one shape and keeps everything; `watch` sees each measurement and may break off (then `None`).
///
/// # Panics
/// As [`train`].
pub fn record(
    simd: Simd,
    jobs: &[Job<'_>],
    ids: &[Digest],
    watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
) -> Option<Vec<Record>> {
    record_until(simd, jobs, ids, watch, &|| false)
}

/// As [`record`]; `stopped` is asked between measurements whether to break off.
///
/// # Panics
/// As [`train`].
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
