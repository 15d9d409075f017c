//! The first difference between two results folders: for the runs in both, the first measurement that differs.
//!
//! A folder has measurements and final parameters, but not the parameters in between. So the difference is located in
//! two ways: exactly, by the **measurements and chains** of both folders, where both have their segments; otherwise by
//! the **traces** of both manifests, which have 16 bits of each link, so that one of 65536 differing measurements seems
//! to agree. The folders do not show which of the two is right: [`ours`] trains the run again with this program, and
//! returns how far it agrees with each.

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
    /// The digests of the measurements of its runs, where the manifest or the stored runs determine them.
    measurements: BTreeMap<Digest, Digest>,
    /// The stored runs that match the manifest.
    records: BTreeMap<Digest, Record>,
    /// The other stored runs.
    others: BTreeMap<Digest, Record>,
}

impl Side {
    /// Reads the runs of a folder. Records that do not match the manifest, or whose measurements cannot be checked, are
    /// set apart: then the traces of the manifest are compared.
    #[must_use]
    pub fn new(folder: &Path, study: &Study, manifest: &Manifest) -> Self {
        let runs: BTreeMap<_, _> = manifest.runs.iter().map(|run| (run.id, run.clone())).collect();
        let wanted = runs.values().map(|run| (run.id, run.digest)).collect();
        let records = reading::records(folder, study, Some(manifest), &wanted);
        let measurements = reading::measurements(folder, study, manifest);
        let others = reading::unchecked_records(folder, manifest, &records);
        Self { runs, measurements, records, others }
    }

    /// A stored run, whether or not it matches the manifest.
    fn stored(&self, id: Digest) -> Option<&Record> {
        self.records.get(&id).or_else(|| self.others.get(&id))
    }

    /// Whether the manifest lists this run.
    #[must_use]
    pub fn has(&self, id: Digest) -> bool {
        self.runs.contains_key(&id)
    }
}

/// The position of a measurement in its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Moment {
    /// Completed epochs.
    pub epoch: u64,
    /// Completed steps.
    pub step: u64,
}

/// The first difference between two results of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parting {
    /// The run.
    pub task: Task,
    /// The last measurement that agrees; `None` if the untrained networks already differ.
    pub agree: Option<Moment>,
    /// The first measurement that differs; `None` if all known measurements agree, and only the digests differ.
    pub differ: Option<Moment>,
    /// Whether they differ at a measurement whose position the traces do not determine, since the run may have ended
    /// early.
    pub unplaced: bool,
    /// Whether whole chains were compared, and not traces.
    pub exact: bool,
    /// Whether both have the same end and parameters, so that they cannot differ before: in one of the two, earlier
    /// measurements are not those of the run.
    pub ends_alike: bool,
    /// Whether the stored runs of both are equal, so that one of the manifests does not match its stored run.
    pub stored_alike: bool,
}

/// Returns every run that a folder of the study may have; with `confirm`, every trial counts as chosen.
#[must_use]
pub fn every(network: &dyn Prepared) -> Vec<Task> {
    let study = network.study();
    let trials = if study.confirm.is_some() { (0..study.trials.len()).collect() } else { BTreeSet::new() };
    stages::with(network, &network.tasks(), &trials)
}

/// Returns the runs in both folders whose results differ, sorted by their first difference.
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
        // Entries of a trace are a stride apart that depends on the number of measurements; without the end of a run,
        // it is only known if all were traced.
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

/// Returns the number of common runs whose measurements before the last cannot be checked in one of the folders.
#[must_use]
pub fn unchecked_runs(a: &Side, b: &Side) -> usize {
    let both = a.runs.keys().filter(|id| b.runs.contains_key(id));
    both.filter(|id| !(a.measurements.contains_key(id) && b.measurements.contains_key(id))).count()
}

/// How far a result agrees with this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// It is the result of this program.
    Whole,
    /// It agrees up to this measurement, and not at the next known one.
    Until(Moment),
    /// Even the untrained network differs.
    Nowhere,
    /// The run ended differently, and only its trace is available.
    Unknown,
    /// The run ended the same with other earlier measurements, which are not available.
    Measurements,
    /// The stored run is the result of this program, and the manifest lists another.
    Stored,
}

/// Trains a run with this program, and returns how far the result of either side agrees.
///
/// # Errors
/// The data is not available.
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
        // Traces with different strides cannot be compared.
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

/// The number of measurements of a run that does not end early, and the steps between them.
fn planned(network: &dyn Prepared, task: &Task) -> (u64, u64) {
    let steps = network.steps(task);
    let every = network.schedule(task).map_or(1, |schedule| schedule.every);
    (1 + steps.div_ceil(every), every)
}

/// Whether the entries of two traces of these lengths can be assigned to measurements.
fn is_placed(network: &dyn Prepared, task: &Task, entries: [usize; 2]) -> bool {
    let (measurements, _) = planned(network, task);
    let stride = measurements.div_ceil(TRACED as u64).max(1);
    let whole = measurements.div_ceil(stride);
    let Some(schedule) = network.schedule(task) else { return false };
    stride == 1 || !schedule.ends_early && entries.iter().all(|&entries| entries as u64 == whole)
}

/// The measurement of an entry of a trace, for a run that does not end early.
fn moment(network: &dyn Prepared, task: &Task, entry: usize) -> Moment {
    let steps = network.steps(task);
    let epoch = network.schedule(task).map_or(1, |schedule| schedule.epoch);
    let (measurements, every) = planned(network, task);
    let stride = measurements.div_ceil(TRACED as u64).max(1);
    let step = steps.min((entry as u64 * stride).saturating_mul(every));
    Moment { epoch: step / epoch, step }
}
