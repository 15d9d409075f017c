//! Whether an experiment reads the axes that it is swept along: a study along one that it does not read is a study of nothing.
//!
//! Nothing tells of a closure what it reads, so that it is tried: a run is walked twice, with two values of the axis and everything
//! else the same, until the parameters differ. With an axis that is read, they do so within a few steps. If they are the same at every
//! step to the end, on runs from the cheapest to the dearest, the axis changes nothing, and the sweep is refused before anything is
//! stored. A run that fails by itself, or that ends before its first step, says nothing either way.
//!
//! Data, measurements, the number of epochs and the rules for stopping are not tried: the engine applies them, whatever the closure
//! reads. Runs that are stored already, and differ in the axis alone and in what they gave, are as good as a trial.

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

/// So many runs are tried, at most.
const TRIES: usize = 6;

/// So many steps are walked at first; as long as nothing differs, eight times as many.
const STEPS: usize = 64;

/// What a run showed at every step, or whether it is what another one showed.
pub(super) struct Trail {
    seen: Vec<Digest>,
    most: usize,
    against: Option<Vec<Digest>>,
    /// Where it was something else.
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

/// What two values of an axis made of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Differ,
    Same,
    /// The run failed, or ended before its first step.
    Nothing,
}

/// Whether the engine applies a setting by itself.
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
            let Some((other, setting)) = elsewhere(network, task, place, axis) else { continue };
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

    /// Walks a run with its own setting and with another.
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
                // A closure that is never the same reads nothing by that.
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
    /// It ended by itself, and not as a run ends.
    failed: bool,
}

/// The setting of a run with the next value of an axis.
fn elsewhere<'a>(
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

/// Whether stored runs that differ in one axis alone differ in what they gave.
pub(crate) fn differs(place: usize, study: &Study, tasks: &[Task], stored: &BTreeMap<Digest, Record>) -> bool {
    let mut found: BTreeMap<(String, u64), Digest> = BTreeMap::new();
    let known = tasks.iter().filter_map(|task| Some((task, stored.get(&task.id)?)));
    for (task, record) in known {
        let mut values = study.trials[task.trial].values.clone();
        values.remove(place);
        let given = given(record);
        if *found.entry((format!("{values:?}"), task.seed.0)).or_insert(given) != given {
            return true;
        }
    }
    false
}

/// The digest of what a run measured and ended with; its identity is not in it.
fn given(record: &Record) -> Digest {
    let measured = record.observations.iter().flat_map(|point| {
        let numbers = point.values.iter().map(|number| number.to_bits());
        std::iter::once(point.step).chain(numbers)
    });
    let bits = measured.chain(record.kept.values.iter().copied().map(f64::to_bits));
    Digest::of(&bits.flat_map(u64::to_le_bytes).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests;
