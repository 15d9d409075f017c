//! The executor: which runs are missing, in which groups, on which threads; it tells the world by [`Event`]s.
//!
//! May touch: `digest`, `sweep` and what stands above them; threads, and the files that data is read from, but no
//! terminal and no signal. What a run is,
//! it knows only through [`Experiment`]; where results go, only through the function it is given.

mod event;
mod network;

use std::{
    ops::ControlFlow,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

pub use event::Event;
pub use network::{Network, RunError, cost};

use crate::{
    digest::{Digest, Record},
    seed::Seed,
    train::Point,
};

/// One run to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// The trial, by its place in the study.
    pub trial: usize,
    /// The seed.
    pub seed: Seed,
    /// The identity of the run.
    pub id: Digest,
}

/// What is run. The network of this crate is one; a reader's own is another.
pub trait Experiment: Sync {
    /// What must be equal for runs to be done together.
    type Shape: Ord;

    /// The shape of a run.
    fn shape(&self, task: &Task) -> Self::Shape;

    /// Runs of one shape are put side by side in the order of this number; equal ones share work, or end at about the same time.
    fn company(&self, _task: &Task) -> u64 {
        0
    }

    /// How many runs of this one's shape are best done together, at most [`MOST_LANES`](crate::train::MOST_LANES).
    fn lanes(&self, _task: &Task) -> usize {
        8
    }

    /// The steps of a run, to show progress by.
    fn steps(&self, task: &Task) -> u64;

    /// What a run costs, in nanoseconds or anything proportional: the dearest group begins first.
    fn cost(&self, task: &Task) -> f64;

    /// Does runs of one shape, at most [`MOST_LANES`](crate::train::MOST_LANES); `watch` is told of every measurement and may break off (then `None`).
    ///
    /// # Errors
    /// What the runs need cannot be had.
    fn run(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Point) -> ControlFlow<()>,
    ) -> Result<Option<Vec<Record>>, RunError>;
}

/// Does `tasks` on the threads of the current rayon pool, and gives every finished group to `commit`.
///
/// Ends early when `stop` becomes true, at the next measurement; groups under way are given up. Returns whether everything
/// was done.
///
/// # Errors
/// The first error of an experiment or of `commit`; what was committed before stays.
pub fn execute<E: Experiment, F: From<RunError> + Send>(
    experiment: &E,
    tasks: &[Task],
    commit: &(dyn Fn(Vec<Record>) -> Result<(), F> + Sync),
    events: &(dyn Fn(Event<'_>) + Sync),
    stop: &AtomicBool,
) -> Result<bool, F> {
    let groups = groups(experiment, tasks);
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let failure = Mutex::new(None);
    rayon::broadcast(|_| {
        while !stop.load(Ordering::Relaxed) && !failed.load(Ordering::Relaxed) {
            let Some(group) = groups.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            let done =
                work(experiment, group, events, &|| stop.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed));
            let result = match done {
                Ok(Some(records)) => commit(records),
                Ok(None) => Ok(()),
                Err(error) => Err(error.into()),
            };
            if let Err(error) = result {
                failed.store(true, Ordering::Relaxed);
                failure.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get_or_insert(error);
            }
        }
    });
    let failure = failure.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    failure.map_or(Ok(!stop.load(Ordering::Relaxed)), Err)
}

/// Does one group and reports on it.
fn work<E: Experiment>(
    experiment: &E,
    group: &[Task],
    events: &(dyn Fn(Event<'_>) + Sync),
    stopped: &dyn Fn() -> bool,
) -> Result<Option<Vec<Record>>, RunError> {
    let mut seen = vec![0; group.len()];
    let records = experiment.run(group, &mut |lane, point| {
        events(Event::Advanced { steps: point.step - seen[lane] });
        seen[lane] = point.step;
        if stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    for (lane, record) in records.iter().flatten().enumerate() {
        // A run that stopped early counts as the whole of what was planned for it.
        events(Event::Advanced { steps: experiment.steps(&group[lane]) - seen[lane] });
        events(Event::Finished { task: &group[lane], record });
    }
    Ok(records)
}

/// Tasks of one shape side by side, in groups as full as they can be, the dearest group first.
fn groups<E: Experiment>(experiment: &E, tasks: &[Task]) -> Vec<Vec<Task>> {
    let mut shaped: Vec<_> = tasks.iter().map(|task| (experiment.shape(task), *task)).collect();
    shaped.sort_by_cached_key(|(_, task)| experiment.company(task));
    shaped.sort_by(|a, b| a.0.cmp(&b.0));
    let mut groups: Vec<(f64, Vec<Task>)> = shaped
        .chunk_by(|a, b| a.0 == b.0)
        .flat_map(|same| same.chunks(experiment.lanes(&same[0].1)))
        .map(|group| {
            let tasks: Vec<_> = group.iter().map(|(_, task)| *task).collect();
            (tasks.iter().map(|task| experiment.cost(task)).fold(0.0, |total, cost| total + cost), tasks)
        })
        .collect();
    groups.sort_by(|a, b| b.0.total_cmp(&a.0));
    groups.into_iter().map(|(_, tasks)| tasks).collect()
}

#[cfg(test)]
mod tests;
