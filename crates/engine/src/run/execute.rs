use std::{
    collections::VecDeque,
    path::Path,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{Event, Experiment, RunError, Task, group::groups_verified, groups, work::work};
use crate::{digest::Record, store::Checkpoints};

/// The queue from which threads take groups of runs, and to which they return records. Other processes may work on the
/// same runs.
pub trait WorkQueue<F>: Sync {
    /// Takes the runs of a group that are to be done now; returns `None` if no further run should begin.
    ///
    /// # Errors
    /// The state of the runs cannot be determined.
    fn take(&self, group: &[Task]) -> Result<Option<Taken>, F>;

    /// Accepts finished runs.
    ///
    /// # Errors
    /// The runs cannot be stored.
    fn give(&self, records: Vec<Record>) -> Result<(), F>;

    /// Called regularly while groups are computed, to store accepted runs that have waited long enough.
    ///
    /// # Errors
    /// The runs cannot be stored.
    fn pass(&self) -> Result<(), F> {
        Ok(())
    }

    /// Returns the results folder in which the runs are stored; `None` if they are not.
    fn folder(&self) -> Option<&Path> {
        None
    }

    /// Returns the checkpoints of unfinished runs; `None` if they are not kept.
    fn checkpoints(&self) -> Option<&Checkpoints> {
        None
    }
}

/// The runs of a group that are not stored yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// The runs to do now.
    pub now: Vec<Task>,
    /// The runs that another process has leased: to be taken again later, in case it never finishes.
    pub later: Vec<Task>,
}

/// A queue without other processes: every run is to be done now.
struct LocalQueue<'a, F>(&'a (dyn Fn(Vec<Record>) -> Result<(), F> + Sync));

impl<F> WorkQueue<F> for LocalQueue<'_, F> {
    fn take(&self, group: &[Task]) -> Result<Option<Taken>, F> {
        Ok(Some(Taken { now: group.to_vec(), later: Vec::new() }))
    }

    fn give(&self, records: Vec<Record>) -> Result<(), F> {
        self.0(records)
    }
}

/// Runs `tasks` on the threads of the current rayon pool, and passes finished runs to `commit`. It keeps no
/// checkpoints.
///
/// It ends early when `stop` becomes true, and discards unfinished runs. Returns whether all tasks are done.
///
/// # Errors
/// The first error of an experiment or of `commit`; runs that were committed before remain.
pub fn execute<F: From<RunError> + Send>(
    experiment: &dyn Experiment,
    tasks: &[Task],
    commit: &(dyn Fn(Vec<Record>) -> Result<(), F> + Sync),
    events: &(dyn Fn(Event<'_>) + Sync),
    stop: &AtomicBool,
) -> Result<bool, F> {
    work_at(&LocalQueue(commit), experiment, groups(experiment, tasks, rayon::current_num_threads()), events, stop)
}

/// Repeats runs for a verification, as [`execute`] does, in groups of
/// [`most_together_verified`](Experiment::most_together_verified).
///
/// # Errors
/// As [`execute`].
pub fn verify<F: From<RunError> + Send>(
    experiment: &dyn Experiment,
    tasks: &[Task],
    commit: &(dyn Fn(Vec<Record>) -> Result<(), F> + Sync),
    events: &(dyn Fn(Event<'_>) + Sync),
    stop: &AtomicBool,
) -> Result<bool, F> {
    let groups = groups_verified(experiment, tasks, rayon::current_num_threads());
    work_at(&LocalQueue(commit), experiment, groups, events, stop)
}

/// The pause before leased runs are tried again.
const PAUSE: Duration = Duration::from_millis(20);

struct Pending {
    ready: VecDeque<Vec<Task>>,
    /// Groups with leased runs, to be taken again.
    later: Vec<Vec<Task>>,
    /// The number of groups that threads are taking from the queue: some of their runs may move to `later`.
    in_flight: usize,
}

/// Runs groups as [`execute`] does, in order, as far as `queue` grants them.
///
/// # Errors
/// The first error of an experiment or of the queue.
pub fn work_at<F: From<RunError> + Send>(
    queue: &impl WorkQueue<F>,
    experiment: &dyn Experiment,
    groups: Vec<Vec<Task>>,
    events: &(dyn Fn(Event<'_>) + Sync),
    stop: &AtomicBool,
) -> Result<bool, F> {
    let pending = Mutex::new(Pending { ready: groups.into(), later: Vec::new(), in_flight: 0 });
    let failed = AtomicBool::new(false);
    let failure = Mutex::new(None);
    let stopped = || stop.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed);
    let fail = |error| {
        failed.store(true, Ordering::Relaxed);
        lock(&failure).get_or_insert(error);
    };
    with_ticker(queue, &fail, || {
        rayon::broadcast(|_| {
            while !stopped() {
                let Some(group) = next(&pending, &stopped) else { break };
                let request = Request(&pending);
                let taken = queue.take(&group);
                request.complete(taken.as_ref().ok().and_then(Option::as_ref));
                let done = taken.and_then(|taken| {
                    let Some(Taken { now, later }) = taken else { return Ok(false) };
                    let stored = group.iter().filter(|task| !now.contains(task) && !later.contains(task));
                    stored.for_each(|task| {
                        events(Event::Advanced { steps: experiment.steps(task), cost: experiment.cost(task) });
                    });
                    if !now.is_empty() {
                        work(queue, experiment, &now, events, &stopped)?;
                    }
                    Ok(true)
                });
                match done {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => fail(error),
                }
            }
        });
    });
    lock(&failure).take().map_or(Ok(!stop.load(Ordering::Relaxed)), Err)
}

/// The interval of [`WorkQueue::pass`] while no run measures anything.
const TICK: Duration = Duration::from_millis(250);

/// Does `work`, and calls [`WorkQueue::pass`] at the interval `TICK` meanwhile, so that finished runs are stored.
fn with_ticker<F: Send>(queue: &impl WorkQueue<F>, fail: &(dyn Fn(F) + Sync), work: impl FnOnce()) {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let ticker = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                std::thread::park_timeout(TICK);
                if let Err(error) = queue.pass() {
                    return fail(error);
                }
            }
        });
        /// Ends the ticker, even if the work panics.
        struct End<'a>(&'a AtomicBool, std::thread::Thread);
        impl Drop for End<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Relaxed);
                self.1.unpark();
            }
        }
        let _end = End(&done, ticker.thread().clone());
        work();
    });
}

/// The next group. Waits while all remaining runs are leased by other processes: if those never finish, all threads are
/// needed.
fn next(all_pending: &Mutex<Pending>, stopped: &dyn Fn() -> bool) -> Option<Vec<Task>> {
    let mut paused = false;
    loop {
        let mut pending = lock(all_pending);
        if paused && pending.ready.is_empty() {
            let later = std::mem::take(&mut pending.later);
            pending.ready.extend(later);
        }
        if let Some(group) = pending.ready.pop_front() {
            pending.in_flight += 1;
            return Some(group);
        }
        if stopped() || pending.later.is_empty() && pending.in_flight == 0 {
            return None;
        }
        drop(pending);
        std::thread::sleep(PAUSE);
        paused = true;
    }
}

/// A group that a thread is taking from the queue. Other threads wait for it; `Drop` releases them even if the queue
/// panics.
struct Request<'a>(&'a Mutex<Pending>);

impl Request<'_> {
    /// Returns the leased runs of the group to `later`.
    fn complete(self, taken: Option<&Taken>) {
        lock(self.0).later.extend(taken.map(|taken| taken.later.clone()).filter(|later| !later.is_empty()));
    }
}

impl Drop for Request<'_> {
    fn drop(&mut self) {
        lock(self.0).in_flight -= 1;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
