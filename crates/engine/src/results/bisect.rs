//! Where two results folders part: for the runs that both have, the first measurement that is not the same.
//!
//! A folder keeps measurements and final parameters, not the parameters in between. So the place is found in two ways, and no more is
//! claimed: from the **measurements and chains** of both, where both have their segments, exactly; else from the **traces** of both manifests, which have 16 bits of
//! a link, so that one measurement in 65536 may seem to agree that does not. Which of the two is right cannot be seen in the folders: [`ours`] trains the run
//! again with this program, and says how far it goes with each.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    path::Path,
};

use serde::Serialize;

use super::{Manifest, manifest::RunEntry, manifest::TRACED, reading, stages};
use crate::{
    digest::{Digest, Record},
    run::{Prepared, RunError, Task},
    sweep::Study,
    table::RunRow,
};

/// A results folder.
#[derive(Debug)]
pub struct Side {
    runs: BTreeMap<Digest, RunEntry>,
    /// The digests of the measurements of its runs, as far as anything binds them.
    measurements: BTreeMap<Digest, Digest>,
    /// The stored runs that are those of the manifest.
    records: BTreeMap<Digest, Record>,
    /// The others.
    others: BTreeMap<Digest, Record>,
}

impl Side {
    /// What a folder says of its runs. Records that are not those of the manifest, or whose measurements nothing binds, are left out: then the traces
    /// of the manifest tell.
    #[must_use]
    pub fn new(folder: &Path, study: &Study, manifest: &Manifest) -> Self {
        let runs: BTreeMap<_, _> = manifest.runs.iter().map(|run| (run.id, run.clone())).collect();
        let wanted = runs.values().map(|run| (run.id, run.digest)).collect();
        let records = reading::records(folder, study, Some(manifest), &wanted);
        let measurements = reading::measurements(folder, study, manifest);
        let others = reading::unbound_records(folder, manifest, &records);
        Self { runs, measurements, records, others }
    }

    /// A run as it is stored, whatever the manifest says of it.
    fn stored(&self, id: Digest) -> Option<&Record> {
        self.records.get(&id).or_else(|| self.others.get(&id))
    }

    /// Whether it has a result of this run.
    #[must_use]
    pub fn has(&self, id: Digest) -> bool {
        self.runs.contains_key(&id)
    }
}

/// A measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Moment {
    /// Completed epochs.
    pub epoch: u64,
    /// Completed steps.
    pub step: u64,
}

/// Where two results of one run part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parting {
    /// The run.
    pub task: Task,
    /// The last measurement that both have in common; none if already the untrained networks differ.
    pub agree: Option<Moment>,
    /// The first that is not the same; none if all that is known is the same, and only the digests differ.
    pub differ: Option<Moment>,
    /// Whether they part at a measurement whose place the traces do not tell, since the run may have ended early.
    pub unplaced: bool,
    /// Whether it was found in whole chains, and not in traces.
    pub exact: bool,
    /// Whether both end the same, parameters and all, so that they cannot part in truth: measurements on the way are not what was measured in one of the two.
    pub ends_alike: bool,
    /// Whether the stored runs of both are the same, so that one of the manifests lists something else than what is stored beside it.
    pub stored_alike: bool,
}

/// Every run that a folder of the study may have: of one that confirms, those of every trial that may run again.
#[must_use]
pub fn every(network: &dyn Prepared) -> Vec<Task> {
    let study = network.study();
    let trials = if study.confirm.is_some() { (0..study.trials.len()).collect() } else { BTreeSet::new() };
    stages::with(network, &network.tasks(), &trials)
}

/// The runs that both have with different results, those that part earliest first.
#[must_use]
pub fn partings(network: &dyn Prepared, a: &Side, b: &Side) -> Vec<Parting> {
    let differing = every(network).into_iter().filter_map(|task| {
        let (ours, theirs) = (a.runs.get(&task.id)?, b.runs.get(&task.id)?);
        let measured = a.measurements.get(&task.id).zip(b.measurements.get(&task.id));
        let ends_alike = ours.digest == theirs.digest;
        if ends_alike && measured.is_none_or(|(ours, theirs)| ours == theirs) {
            return None;
        }
        if let (Some(one), Some(other)) = (a.stored(task.id), b.stored(task.id))
            && one.first_difference(other).is_none()
        {
            let (agree, differ, unplaced, exact) = (None, None, false, true);
            return Some(Parting { task, agree, differ, unplaced, exact, ends_alike, stored_alike: true });
        }
        if let (Some(one), Some(other)) = (a.records.get(&task.id), b.records.get(&task.id)) {
            let same = one.agreeing(other);
            let moment = |place: usize| {
                let point = one.observations.get(place).or_else(|| other.observations.get(place))?;
                Some(Moment { epoch: point.epoch, step: point.step })
            };
            return Some(Parting {
                task,
                agree: same.checked_sub(1).and_then(moment),
                differ: moment(same),
                unplaced: false,
                exact: true,
                ends_alike,
                stored_alike: false,
            });
        }
        let (one, other) = (ours.trace.as_bytes(), theirs.trace.as_bytes());
        let same = one.chunks(4).zip(other.chunks(4)).take_while(|(one, other)| one == other).count();
        let longest = one.len().max(other.len()) / 4;
        // Entries are so many measurements apart as the run has; without its end, that is known only where all were traced.
        let placed = is_placed(network, &task, [one.len() / 4, other.len() / 4]);
        let moment = |entry: usize| (placed && entry < longest).then(|| moment(network, &task, entry));
        let agree = same.checked_sub(1).and_then(moment);
        Some(Parting {
            task,
            agree,
            differ: moment(same),
            unplaced: !placed && same < longest,
            exact: false,
            ends_alike,
            stored_alike: false,
        })
    });
    let mut found: Vec<_> = differing.collect();
    found.sort_by_key(|parting| (parting.differ.is_none(), !parting.unplaced, parting.differ));
    found
}

/// Of how many runs that both have the measurements before the last are not bound in one of them, so that nothing can be said of these.
#[must_use]
pub fn unbound(a: &Side, b: &Side) -> usize {
    let both = a.runs.keys().filter(|id| b.runs.contains_key(id));
    both.filter(|id| !(a.measurements.contains_key(id) && b.measurements.contains_key(id))).count()
}

/// How far this program goes with a result: to the end, or to its last measurement in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It computes this very result.
    Whole,
    /// It agrees up to this measurement, and not at the next one that is known.
    Until(Moment),
    /// Not even the untrained network is the same.
    Nowhere,
    /// It ended elsewhere, and only its trace is there.
    Unknown,
    /// It ended the same, with other measurements on the way, and these are not there.
    Measurements,
    /// It computes what is stored, and not what the manifest lists.
    Stored,
}

/// Trains a run with this program, and says how far it goes with the result of either side.
///
/// # Errors
/// The data cannot be had.
pub fn ours(network: &dyn Prepared, task: &Task, sides: [&Side; 2]) -> Result<Option<[Reach; 2]>, RunError> {
    let records = network.run(&[*task], &mut |_, _| ControlFlow::Continue(()), &|| false)?;
    let Some(record) = records.and_then(|records| records.into_iter().next()) else { return Ok(None) };
    let own = RunEntry::new(&RunRow { trial: task.trial, seed: task.seed, record: &record });
    let reach = |side: &Side| {
        let Some(theirs) = side.runs.get(&task.id) else { return Reach::Nowhere };
        if theirs.digest == own.digest {
            let measured = side.measurements.get(&task.id);
            if measured.is_none_or(|measured| *measured == record.measurements()) {
                return Reach::Whole;
            }
        }
        if side.others.get(&task.id).is_some_and(|stored| stored.first_difference(&record).is_none()) {
            return Reach::Stored;
        }
        if theirs.digest == own.digest && !side.records.contains_key(&task.id) {
            return Reach::Measurements;
        }
        // Traces of different strides cannot be held against each other.
        if !side.records.contains_key(&task.id) && theirs.trace.len() != own.trace.len() && record.chain.len() > TRACED
        {
            return Reach::Unknown;
        }
        let same = match side.records.get(&task.id) {
            Some(other) => record.agreeing(other),
            None => {
                let stride = record.chain.len().div_ceil(TRACED).max(1);
                let pairs = own.trace.as_bytes().chunks(4).zip(theirs.trace.as_bytes().chunks(4));
                let entries = pairs.take_while(|(a, b)| a == b).count();
                entries.checked_sub(1).map_or(0, |last| last * stride + 1)
            }
        };
        let last = same.checked_sub(1).and_then(|last| record.observations.get(last));
        last.map_or(Reach::Nowhere, |point| Reach::Until(Moment { epoch: point.epoch, step: point.step }))
    };
    Ok(Some(sides.map(reach)))
}

/// How many measurements a run has, if it goes on as long as it may, and its steps between them.
fn planned(network: &dyn Prepared, task: &Task) -> (u64, u64) {
    let steps = network.steps(task);
    let every = network.schedule(task).map_or(1, |schedule| schedule.every);
    (1 + steps.div_ceil(every), every)
}

/// Whether the entries of two traces of so many entries can be placed.
fn is_placed(network: &dyn Prepared, task: &Task, entries: [usize; 2]) -> bool {
    let (measurements, _) = planned(network, task);
    let stride = measurements.div_ceil(TRACED as u64).max(1);
    let whole = measurements.div_ceil(stride);
    let Some(schedule) = network.schedule(task) else { return false };
    stride == 1 || !schedule.ends_early && entries.iter().all(|&entries| entries as u64 == whole)
}

/// The measurement of an entry of a trace, if the run goes on as long as it may.
fn moment(network: &dyn Prepared, task: &Task, entry: usize) -> Moment {
    let steps = network.steps(task);
    let epoch = network.schedule(task).map_or(1, |schedule| schedule.epoch);
    let (measurements, every) = planned(network, task);
    let stride = measurements.div_ceil(TRACED as u64).max(1);
    let step = steps.min((entry as u64 * stride).saturating_mul(every));
    Moment { epoch: step / epoch, step }
}
