//! Computes one group: reports its progress, and stores its checkpoints and finished runs.

use std::{
    cell::{Cell, RefCell},
    ops::ControlFlow,
    path::Path,
    time::{Duration, Instant},
};

use super::{Event, Experiment, Handover, RunError, Task, WorkQueue};
use crate::{
    digest::Record,
    record::Observation,
    store::{Checkpoint, checkpoint::Keeper},
};

/// The interval of checkpoints.
const EVERY: Duration = Duration::from_secs(2);

/// Checkpoints take at most 1/`SHARE` of the time; large states or a slow disk lengthen the interval.
const SHARE: u32 = 150;

/// The number of last durations of checkpoints, of which the smallest counts: other load on the machine lengthens
/// single ones.
const TIMES: usize = 4;

/// The interval of handing finished runs to the queue, and of [`WorkQueue::pass`].
const PASS: Duration = Duration::from_millis(250);

/// Computes one group and gives finished runs to the queue. Returns whether the group is complete.
pub(super) fn work<F: From<RunError>>(
    queue: &dyn WorkQueue<F>,
    experiment: &dyn Experiment,
    tasks: &[Task],
    events: &(dyn Fn(Event<'_>) + Sync),
    stopped: &dyn Fn() -> bool,
) -> Result<bool, F> {
    let group = Group::new(queue, experiment, tasks, events, stopped);
    let watch = &mut |lane: usize, observation: &Observation| group.measured(lane, observation);
    let mut records = experiment.resume(tasks, watch, &|| group.is_stopped(), &group);
    let given = records.as_mut().ok().and_then(Option::as_mut).map(std::mem::take).unwrap_or_default();
    given.into_iter().enumerate().for_each(|(lane, record)| group.finish(lane, record));
    // Finished runs are stored even if others were stopped.
    group.give();
    let done = records?.is_some();
    group.failure.into_inner().map_or(Ok(done), Err)
}

struct Group<'a, F> {
    queue: &'a dyn WorkQueue<F>,
    experiment: &'a dyn Experiment,
    tasks: &'a [Task],
    events: &'a (dyn Fn(Event<'_>) + Sync),
    stopped: &'a dyn Fn() -> bool,
    lanes: Vec<Lane<'a>>,
    clock: Clock,
    /// When the next checkpoint is due, and when the last one began.
    keep: Cell<Instant>,
    began: Cell<Instant>,
    /// The durations of the last checkpoints, latest first.
    took: Cell<[Duration; TIMES]>,
    passed: Cell<Instant>,
    done: RefCell<Vec<Record>>,
    failure: RefCell<Option<F>>,
}

struct Lane<'a> {
    /// The number of steps reported as events or stored before.
    reported: Cell<u64>,
    /// Whether this process has observed the run.
    is_observed: Cell<bool>,
    step_cost: f64,
    keeper: RefCell<Option<Keeper<'a>>>,
}

impl<'a, F> Group<'a, F> {
    fn new(
        queue: &'a dyn WorkQueue<F>,
        experiment: &'a dyn Experiment,
        tasks: &'a [Task],
        events: &'a (dyn Fn(Event<'_>) + Sync),
        stopped: &'a dyn Fn() -> bool,
    ) -> Self {
        let lane = |task: &Task| Lane {
            is_observed: Cell::new(false),
            reported: Cell::new(queue.checkpoints().and_then(|kept| kept.step(&task.id)).unwrap_or(0)),
            step_cost: experiment.cost(task) / experiment.steps(task).max(1) as f64,
            keeper: RefCell::new(queue.checkpoints().map(|kept| kept.keeper(task.id))),
        };
        let now = Instant::now();
        Self {
            queue,
            experiment,
            tasks,
            events,
            stopped,
            lanes: tasks.iter().map(lane).collect(),
            clock: Clock::new(now),
            keep: Cell::new(now + EVERY),
            began: Cell::new(now),
            took: Cell::default(),
            passed: Cell::new(now),
            done: RefCell::default(),
            failure: RefCell::default(),
        }
    }

    fn is_stopped(&self) -> bool {
        (self.stopped)() || self.failure.borrow().is_some()
    }

    /// Reports the steps up to this one.
    fn advance(&self, lane: usize, step: u64) {
        let Lane { reported, step_cost, .. } = &self.lanes[lane];
        let steps = step.saturating_sub(reported.replace(step.max(reported.get())));
        (self.events)(Event::Advanced { steps, cost: steps as f64 * step_cost });
    }

    fn measured(&self, lane: usize, observation: &Observation) -> ControlFlow<()> {
        if self.experiment.counts_steps() {
            self.advance(lane, observation.step);
        }
        self.lanes[lane].is_observed.set(true);
        if let Some(now) = self.clock.tick() {
            self.pass(now);
        }
        if self.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn finish(&self, lane: usize, record: Record) {
        // A run that ended early counts with all its planned steps.
        self.advance(lane, self.experiment.steps(&self.tasks[lane]));
        (self.events)(Event::Finished { task: &self.tasks[lane], record: &record });
        self.done.borrow_mut().push(record);
    }

    fn give(&self) {
        let done = self.done.take();
        if !done.is_empty() {
            self.note(self.queue.give(done));
        }
    }

    /// Hands finished runs to the queue, if the interval has passed.
    fn pass(&self, now: Instant) {
        if now.duration_since(self.passed.get()) >= PASS && self.failure.borrow().is_none() {
            self.passed.set(now);
            self.give();
            self.note(self.queue.pass());
        }
    }

    fn note(&self, result: Result<(), F>) {
        if let Err(error) = result {
            self.failure.borrow_mut().get_or_insert(error);
        }
    }
}

impl<F> Handover for Group<'_, F> {
    fn kept(&self, lane: usize) -> Option<Checkpoint<'static>> {
        let Lane { reported, is_observed, keeper, .. } = &self.lanes[lane];
        let kept = keeper.borrow().as_ref()?.kept();
        match kept.as_ref().map_or(0, |kept| kept.step) {
            // Another process may have advanced the run in the meantime.
            step if step > reported.get() => self.advance(lane, step),
            // If the run starts again, steps that this process has reported are not reported twice.
            _ if is_observed.get() => {}
            step => reported.set(step),
        }
        kept
    }

    fn due(&self) -> bool {
        let now = match self.clock.tick() {
            // The last opportunity for a checkpoint.
            _ if self.is_stopped() => Instant::now(),
            Some(now) => now,
            None => return false,
        };
        self.pass(now);
        let due = now >= self.keep.get() || self.is_stopped();
        if due {
            self.began.set(now);
            let mut took = self.took.get();
            took.rotate_right(1);
            self.took.set(took);
        }
        due
    }

    fn keep(&self, lane: usize, checkpoint: &Checkpoint<'_>) {
        if let Some(keeper) = self.lanes[lane].keeper.borrow_mut().as_mut() {
            keeper.keep(checkpoint);
        }
        let (began, mut took) = (self.began.get(), self.took.get());
        took[0] = began.elapsed();
        self.took.set(took);
        let least = took.into_iter().min().unwrap_or_default();
        self.keep.set(began + EVERY.max(least * SHARE));
    }

    fn folder(&self) -> Option<&Path> {
        self.queue.folder()
    }

    fn finished(&self, lane: usize, record: Record) {
        self.finish(lane, record);
    }
}

/// A clock that is read about two hundred times a second, at any rate of calls: a reading may take as long as a hundred
/// steps.
struct Clock {
    last: Cell<Instant>,
    /// The number of calls per reading.
    every: Cell<u32>,
    left: Cell<u32>,
}

/// The largest number of calls per reading, for steps that become slow after many fast ones; a reading takes about 25
/// ns.
const MOST_STEPS: u32 = 64;

impl Clock {
    fn new(now: Instant) -> Self {
        Self { last: Cell::new(now), every: Cell::new(1), left: Cell::new(1) }
    }

    /// The time, if the clock is due to be read.
    fn tick(&self) -> Option<Instant> {
        self.left.set(self.left.get() - 1);
        if self.left.get() > 0 {
            return None;
        }
        let now = Instant::now();
        let since = now.duration_since(self.last.replace(now));
        let every = match since.as_millis() {
            0..4 => (self.every.get() * 2).min(MOST_STEPS),
            4..16 => self.every.get(),
            // Steps have become slow: measure their speed again.
            _ => 1,
        };
        self.every.set(every);
        self.left.set(every);
        Some(now)
    }
}
