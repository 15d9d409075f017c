//! One group under way: what it tells, and what it hands over.

use std::{
    cell::{Cell, RefCell},
    ops::ControlFlow,
    time::{Duration, Instant},
};

use super::{Event, Experiment, Handover, RunError, Task, WorkQueue};
use crate::{
    digest::Record,
    record::Observation,
    store::{Checkpoint, checkpoint::Keeper},
};

/// How often runs under way are kept.
const EVERY: Duration = Duration::from_secs(2);

/// Keeping takes at most one part in `SHARE` of the time, where that makes it rarer: states may be large, or the disk slow.
const SHARE: u32 = 150;

/// Of the last times that it took, the least counts: a machine that has other things to do makes any of them long.
const TIMES: usize = 4;

/// How often finished runs are handed on, and others may be committed.
const PASS: Duration = Duration::from_millis(250);

/// Does one group, reports on it, and gives to the queue what is finished. Says whether it was done.
pub(super) fn work<F: From<RunError>>(
    queue: &dyn WorkQueue<F>,
    experiment: &dyn Experiment,
    tasks: &[Task],
    events: &(dyn Fn(Event<'_>) + Sync),
    stopped: &dyn Fn() -> bool,
) -> Result<bool, F> {
    let group = Group::new(queue, experiment, tasks, events, stopped);
    let watch = &mut |lane: usize, point: &Observation| group.measured(lane, point);
    let mut records = experiment.resume(tasks, watch, &|| group.is_stopped(), &group);
    let given = records.as_mut().ok().and_then(Option::as_mut).map(std::mem::take).unwrap_or_default();
    given.into_iter().enumerate().for_each(|(lane, record)| group.finish(lane, record));
    // What is finished is, whatever became of the others.
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
    /// When to keep the next time, and when that last began.
    keep: Cell<Instant>,
    began: Cell<Instant>,
    /// How long it took, the last time first.
    took: Cell<[Duration; TIMES]>,
    passed: Cell<Instant>,
    done: RefCell<Vec<Record>>,
    failure: RefCell<Option<F>>,
}

/// A run of the group.
struct Lane<'a> {
    /// The steps that were told of.
    seen: Cell<u64>,
    /// Whether some of them were told by this process.
    told: Cell<bool>,
    /// What a step costs.
    each: f64,
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
            told: Cell::new(false),
            seen: Cell::new(queue.checkpoints().and_then(|kept| kept.step(&task.id)).unwrap_or(0)),
            each: experiment.cost(task) / experiment.steps(task).max(1) as f64,
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

    /// Tells of the steps up to this one.
    fn advance(&self, lane: usize, step: u64) {
        let Lane { seen, each, .. } = &self.lanes[lane];
        let steps = step.saturating_sub(seen.replace(step.max(seen.get())));
        (self.events)(Event::Advanced { steps, cost: steps as f64 * each });
    }

    fn measured(&self, lane: usize, point: &Observation) -> ControlFlow<()> {
        self.advance(lane, point.step);
        self.lanes[lane].told.set(true);
        if let Some(now) = self.clock.look() {
            self.pass(now);
        }
        if self.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn finish(&self, lane: usize, record: Record) {
        // A run that stopped early counts as the whole of what was planned for it.
        self.advance(lane, self.experiment.steps(&self.tasks[lane]));
        (self.events)(Event::Finished { task: &self.tasks[lane], record: &record });
        self.done.borrow_mut().push(record);
    }

    /// Gives what is finished to the queue.
    fn give(&self) {
        let done = self.done.take();
        if !done.is_empty() {
            self.note(self.queue.give(done));
        }
    }

    /// Time passes: whatever is finished, here or elsewhere, may be due.
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
        let Lane { seen, told, keeper, .. } = &self.lanes[lane];
        let kept = keeper.borrow().as_ref()?.kept();
        match kept.as_ref().map_or(0, |kept| kept.step) {
            // What another process has done in the meantime counts as done, too.
            step if step > seen.get() => self.advance(lane, step),
            // What this process has told is not told again where the run begins anew.
            _ if told.get() => {}
            step => seen.set(step),
        }
        kept
    }

    fn due(&self) -> bool {
        let now = match self.clock.look() {
            // The last moment to keep anything.
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

    fn finished(&self, lane: usize, record: Record) {
        self.finish(lane, record);
    }
}

/// A clock that is looked at some two hundred times a second, however often it is asked: to look may take as long as a hundred steps.
struct Clock {
    last: Cell<Instant>,
    /// The clock is read once in this many calls.
    every: Cell<u32>,
    left: Cell<u32>,
}

/// After many steps that took no time, the clock is read within this many calls, however long each then takes; a reading takes some 25 ns.
const MOST_STEPS: u32 = 64;

impl Clock {
    fn new(now: Instant) -> Self {
        Self { last: Cell::new(now), every: Cell::new(1), left: Cell::new(1) }
    }

    /// The time, now and then.
    fn look(&self) -> Option<Instant> {
        self.left.set(self.left.get() - 1);
        if self.left.get() > 0 {
            return None;
        }
        let now = Instant::now();
        let since = now.duration_since(self.last.replace(now));
        let every = match since.as_millis() {
            0..4 => (self.every.get() * 2).min(MOST_STEPS),
            4..16 => self.every.get(),
            // Whatever made it slower: it is asked anew how slow.
            _ => 1,
        };
        self.every.set(every);
        self.left.set(every);
        Some(now)
    }
}
