use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{Event, Experiment, RunError, Task, group::groups_verified, groups, work::work};
use crate::{digest::Record, store::Checkpoints};

/// Where groups of runs are taken from and brought back to. Others may be working on the same runs.
pub trait WorkQueue<F>: Sync {
    /// Which runs of a group are to be done now. Nothing if no more are to be begun.
    ///
    /// # Errors
    /// It cannot be found out.
    fn take(&self, group: &[Task]) -> Result<Option<Taken>, F>;

    /// Takes finished runs.
    ///
    /// # Errors
    /// They cannot be accepted.
    fn give(&self, records: Vec<Record>) -> Result<(), F>;

    /// Told now and then while a group is under way: what was given may have waited long enough.
    ///
    /// # Errors
    /// It cannot be accepted any more.
    fn pass(&self) -> Result<(), F> {
        Ok(())
    }

    /// Where runs under way are kept; nowhere without it.
    fn checkpoints(&self) -> Option<&Checkpoints> {
        None
    }
}

/// The runs of a group that are neither done nor to be done later.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// To be done now.
    pub now: Vec<Task>,
    /// Somebody else is at them: to be asked for again, in case he never finishes.
    pub later: Vec<Task>,
}

/// Takes everything as it comes.
struct Alone<'a, F>(&'a (dyn Fn(Vec<Record>) -> Result<(), F> + Sync));

impl<F> WorkQueue<F> for Alone<'_, F> {
    fn take(&self, group: &[Task]) -> Result<Option<Taken>, F> {
        Ok(Some(Taken { now: group.to_vec(), later: Vec::new() }))
    }

    fn give(&self, records: Vec<Record>) -> Result<(), F> {
        self.0(records)
    }
}

/// Does `tasks` on the threads of the current rayon pool, and gives finished runs to `commit`. Of runs under way, nothing is kept.
///
/// Ends early when `stop` becomes true; runs under way are given up. Returns whether everything was done.
///
/// # Errors
/// The first error of an experiment or of `commit`; what was committed before stays.
pub fn execute<F: From<RunError> + Send>(
    experiment: &dyn Experiment,
    tasks: &[Task],
    commit: &(dyn Fn(Vec<Record>) -> Result<(), F> + Sync),
    events: &(dyn Fn(Event<'_>) + Sync),
    stop: &AtomicBool,
) -> Result<bool, F> {
    work_at(&Alone(commit), experiment, groups(experiment, tasks, rayon::current_num_threads()), events, stop)
}

/// Does runs again to verify them, as [`execute`] does: an experiment of which it is to be shown that the group changes nothing, run by run.
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
    work_at(&Alone(commit), experiment, groups, events, stop)
}

/// How long to wait before asking again for what others are at.
const PAUSE: Duration = Duration::from_millis(20);

/// Groups to be asked for, and groups to be asked for again.
struct Pending {
    ready: VecDeque<Vec<Task>>,
    later: Vec<Vec<Task>>,
    /// Groups that a thread is asking for now: they may have to be asked for again.
    asked: usize,
}

/// Does groups of runs as [`execute`] does, as far as `queue` hands them out, in their order.
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
    let pending = Mutex::new(Pending { ready: groups.into(), later: Vec::new(), asked: 0 });
    let failed = AtomicBool::new(false);
    let failure = Mutex::new(None);
    let stopped = || stop.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed);
    let fail = |error| {
        failed.store(true, Ordering::Relaxed);
        lock(&failure).get_or_insert(error);
    };
    passing(queue, &fail, || {
        rayon::broadcast(|_| {
            while !stopped() {
                let Some(group) = next(&pending, &stopped) else { break };
                let asked = Asked(&pending);
                let taken = queue.take(&group);
                asked.answered(taken.as_ref().ok().and_then(Option::as_ref));
                let done = taken.and_then(|taken| {
                    let Some(Taken { now, later }) = taken else { return Ok(false) };
                    let elsewhere = group.iter().filter(|task| !now.contains(task) && !later.contains(task));
                    elsewhere.for_each(|task| {
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

/// How often finished runs may be committed while the others measure nothing.
const TICK: Duration = Duration::from_millis(250);

/// Does `work`, and calls [`WorkQueue::pass`] at this interval meanwhile, so that finished runs are committed.
fn passing<F: Send>(queue: &impl WorkQueue<F>, fail: &(dyn Fn(F) + Sync), work: impl FnOnce()) {
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
        /// Ends the ticker, whatever becomes of the work.
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

/// The next group; waits where only those are left that others are at. No thread leaves before it is sure that nothing is left for it:
/// if the others never finish, all threads are needed.
fn next(pending: &Mutex<Pending>, stopped: &dyn Fn() -> bool) -> Option<Vec<Task>> {
    let mut paused = false;
    loop {
        let mut waiting = lock(pending);
        if paused && waiting.ready.is_empty() {
            let later = std::mem::take(&mut waiting.later);
            waiting.ready.extend(later);
        }
        if let Some(group) = waiting.ready.pop_front() {
            waiting.asked += 1;
            return Some(group);
        }
        if stopped() || waiting.later.is_empty() && waiting.asked == 0 {
            return None;
        }
        drop(waiting);
        std::thread::sleep(PAUSE);
        paused = true;
    }
}

/// A group that is asked for; the others wait for the answer, which is none if the queue panics.
struct Asked<'a>(&'a Mutex<Pending>);

impl Asked<'_> {
    /// What of the group is to be asked for again goes back.
    fn answered(self, taken: Option<&Taken>) {
        lock(self.0).later.extend(taken.map(|taken| taken.later.clone()).filter(|later| !later.is_empty()));
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        lock(self.0).asked -= 1;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
