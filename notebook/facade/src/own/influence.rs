//! Checks that an experiment reads the axes of its study: along an axis that it does not read, all runs are equal.
//!
//! A closure does not declare what it reads. So a run is done twice, with two values of the axis and everything else
//! equal, until the parameters differ. If the axis is read, they differ within a few steps. If they are equal at every
//! step to the end, on runs from the cheapest to the most expensive, the axis changes nothing, and the sweep is refused
//! before anything is stored. A run that fails, or that ends before its first step, decides nothing.
//!
//! Data, measurements, the number of epochs and the stopping rules are not tested: the engine applies them, whatever
//! the closure reads. Stored runs that differ in the axis alone and in their results prove that the axis is read.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::atomic::{AtomicBool, Ordering},
};

use restudy::{
    digest::{Digest, Record},
    experiments::OfNetwork,
    model::Params,
    run::{Experiment, NetworkExperiment, Task},
    sweep::{Axis, AxisValue, Study},
    train::{Job, Outcome, Setting},
};

use super::{Own, log::Log};
use crate::{
    cell,
    error::{Error, Result},
};

/// At most this many runs are tested.
const TRIES: usize = 6;

/// A test begins with this many steps; as long as nothing differs, it takes eight times as many.
const STEPS: usize = 64;

/// The digests of all steps of a run, or their comparison with those of another run.
pub(super) struct Trail {
    seen: Vec<Digest>,
    most: usize,
    against: Option<Vec<Digest>>,
    /// The first step that differs.
    differs: Option<usize>,
}

impl Trail {
    pub(super) fn step(&mut self, params: &Params) -> ControlFlow<()> {
        let shape = [params.d as u64, params.h() as u64];
        let bits = shape.into_iter().chain(params.values().map(f64::to_bits));
        let digest = Digest::of(&bits.flat_map(u64::to_le_bytes).collect::<Vec<_>>());
        let place = self.seen.len();
        if self.against.as_ref().is_some_and(|other| other.get(place).is_some_and(|other| *other != digest)) {
            self.differs = Some(place);
            return ControlFlow::Break(());
        }
        self.seen.push(digest);
        if self.seen.len() >= self.most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// The result of comparing two values of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Differ,
    Same,
    /// The run failed, or ended before its first step.
    Nothing,
}

/// Whether the engine applies a setting itself.
fn is_of_the_engine(path: &str) -> bool {
    path == "train.epochs" || ["data.", "evaluate.", "stop."].iter().any(|section| path.starts_with(section))
}

impl Own {
    /// Refuses a study with an axis that changes nothing.
    pub(crate) fn require_influence(
        &self,
        network: &NetworkExperiment<'_>,
        tasks: &[Task],
        stored: &BTreeMap<Digest, Record>,
    ) -> Result<()> {
        for (place, axis) in network.study().axes.iter().enumerate() {
            if axis.values.len() < 2 || is_of_the_engine(&axis.path) || differs(place, network.study(), tasks, stored) {
                continue;
            }
            cell::interruptible(|stop| self.try_axis(place, axis, network, tasks, stop))?;
        }
        Ok(())
    }

    fn try_axis(
        &self,
        place: usize,
        axis: &Axis,
        network: &NetworkExperiment<'_>,
        tasks: &[Task],
        stop: &AtomicBool,
    ) -> Result<()> {
        let mut sorted: Vec<&Task> = tasks.iter().collect();
        sorted.sort_by(|one, other| network.cost(one).total_cmp(&network.cost(other)));
        let tries = TRIES.min(sorted.len());
        let mut same = Vec::new();
        for number in 0..tries {
            let task = sorted[number * (sorted.len() - 1) / (tries - 1).max(1)];
            let own = &network.study().trials[task.trial].values[place];
            let Some((other, setting)) = with_next_value(network, task, place, axis) else { continue };
            match self.compare(network, task, &setting, stop)? {
                Found::Differ => return Ok(()),
                Found::Same => same.push((task, own, other)),
                Found::Nothing => {}
            }
        }
        let Some((task, own, other)) = same.first() else { return Ok(()) };
        let (name, path, seed) = (self.name(), &axis.path, task.seed.0);
        let runs = if same.len() == 1 { "1 run".to_owned() } else { format!("{} runs", same.len()) };
        Err(Error::new(
            format!(
                "the axis `{path}` changes nothing: under {own} and under {other} the experiment `{name}` has the same parameters at \
                 every step (tried on {runs}, the first under seed {seed})"
            ),
            format!(
                "an experiment must read what it is swept along, such as `job.rate()` or `job.setting`; let `{name}` read it, or take \
                 the axis out of the study; nothing was stored"
            ),
        ))
    }

    /// Compares a run under two values of an axis.
    fn compare(
        &self,
        network: &NetworkExperiment<'_>,
        task: &Task,
        other: &Setting,
        stop: &AtomicBool,
    ) -> Result<Found> {
        let own = network.study().trials[task.trial].setting();
        let mut most = STEPS;
        loop {
            let one = self.walk(network, task, own, (most, None), stop)?;
            let two = self.walk(network, task, other, (most, Some(one.trail.seen.clone())), stop)?;
            let lengths = (one.trail.seen.len(), two.trail.seen.len());
            if let Some(place) = two.trail.differs {
                // A closure that differs from itself may not have read the axis.
                let again = self.walk(network, task, own, (place + 1, Some(one.trail.seen)), stop)?;
                return if again.trail.differs.is_some() { Err(self.unsteady(task)) } else { Ok(Found::Differ) };
            }
            if lengths.0 == most && lengths.1 == most {
                most = most.saturating_mul(8);
                continue;
            }
            return Ok(match () {
                () if one.failed && two.failed => Found::Nothing,
                () if lengths.0 != lengths.1 => Found::Differ,
                () if lengths.0 < 2 => Found::Nothing,
                () => Found::Same,
            });
        }
    }

    fn walk(
        &self,
        network: &NetworkExperiment<'_>,
        task: &Task,
        setting: &Setting,
        (most, against): (usize, Option<Vec<Digest>>),
        stop: &AtomicBool,
    ) -> Result<Walked> {
        let split = network.split(task.trial, task.seed)?;
        let job = Job { setting, split: &split, seed: task.seed };
        let mut trail = Trail { seen: Vec::new(), most, against, differs: None };
        let mut watch = |_: usize, _: &_| ControlFlow::Continue(());
        let interrupted = || stop.load(Ordering::Relaxed);
        let mut log = Log::new(job, task.id, network.simd(), &mut watch, &interrupted).with(&mut trail);
        let done = cell::expected(|| (self.run)(&job, &mut log));
        let ended =
            matches!(log.ended, Some(Outcome::Completed | Outcome::Converged { .. } | Outcome::Diverged { .. }));
        let failed = !log.stopped && (!ended || done.is_err());
        if interrupted() {
            return Err(Error::new("interrupted: nothing was stored", "run the cell again"));
        }
        Ok(Walked { trail, failed })
    }

    fn unsteady(&self, task: &Task) -> Error {
        let (name, seed) = (self.name(), task.seed.0);
        Error::new(
            format!("the experiment `{name}` gives another result each time it is run (seed {seed})"),
            "it must depend on nothing but the job: no clock, no file, no random numbers but those of `Draws`; nothing was stored",
        )
    }
}

struct Walked {
    trail: Trail,
    /// Whether the run failed.
    failed: bool,
}

/// The setting of a run with the next value of an axis.
fn with_next_value<'a>(
    network: &'a NetworkExperiment<'_>,
    task: &Task,
    place: usize,
    axis: &'a Axis,
) -> Option<(&'a AxisValue, Setting)> {
    let trials = &network.study().trials;
    let (own, values) = (&trials[task.trial], &axis.values);
    let at = values.iter().position(|value| *value == own.values[place])?;
    let value = &values[(at + 1) % values.len()];
    let other = trials.iter().find(|trial| trial.values[place] == *value)?;
    let (mut setting, other) = (serde_json::to_value(own.setting()).ok()?, serde_json::to_value(other.setting()).ok()?);
    let path = format!("/{}", axis.path.replace('.', "/"));
    let taken = other.pointer(&path)?.clone();
    *setting.pointer_mut(&path)? = taken;
    Some((value, serde_json::from_value::<Setting>(setting).ok()?))
}

/// Whether stored runs that differ in one axis alone have different results.
pub(crate) fn differs(place: usize, study: &Study, tasks: &[Task], stored: &BTreeMap<Digest, Record>) -> bool {
    let mut found: BTreeMap<(String, u64), Digest> = BTreeMap::new();
    let known = tasks.iter().filter_map(|task| Some((task, stored.get(&task.id)?)));
    for (task, record) in known {
        let mut values = study.trials[task.trial].values.clone();
        values.remove(place);
        let given = results_digest(record);
        if *found.entry((format!("{values:?}"), task.seed.0)).or_insert(given) != given {
            return true;
        }
    }
    false
}

/// The digest of what a run measured and ended with, without its identity.
fn results_digest(record: &Record) -> Digest {
    let measured = record.observations.iter().flat_map(|point| {
        let numbers = point.values.iter().map(|number| number.to_bits());
        std::iter::once(point.step).chain(numbers)
    });
    let bits = measured.chain(record.kept.values.iter().copied().map(f64::to_bits));
    Digest::of(&bits.flat_map(u64::to_le_bytes).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
