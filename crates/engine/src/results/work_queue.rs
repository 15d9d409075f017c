//! The folder of a study as the executor sees it: it hands out the runs that nobody has done, and commits those that come back.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use super::ComputeError;
use crate::{
    digest::{Digest, Record},
    run::{self, Event, Taken, Task},
    store::{Checkpoints, Leases, Runs, Store, StoreError, Tiers, journal::Journal, leases::Stuck},
};

/// Where runs are handed out and committed, beside any number of other processes.
pub(super) struct WorkQueue<'a> {
    store: &'a Store,
    checkpoints: &'a Checkpoints,
    events: &'a (dyn Fn(Event<'_>) + Sync),
    state: Mutex<State>,
}

struct State {
    runs: Runs,
    journal: Journal,
    leases: Option<Leases>,
    /// Finished, but not committed.
    pending: Vec<Record>,
    /// How many numbers are in them.
    numbers: usize,
    /// When the work began, runs were committed last, and the folder was looked at.
    began: Instant,
    committed: Instant,
    looked: Instant,
    /// Since when there has been nothing to do but what others are at, and when to say so the next time.
    idle: Option<(Instant, Instant)>,
    /// How long it took to look.
    took: Duration,
    /// The runs that are handed out and have not come back.
    out: BTreeSet<Digest>,
    /// What was computed and committed here.
    own: Vec<Digest>,
    /// Its segments.
    tiers: Tiers,
    /// Why a commit failed.
    failure: Option<StoreError>,
}

/// What is left when the work is over.
pub(super) struct Left {
    pub runs: Runs,
    pub journal: Journal,
    /// The runs that were computed here, all of them committed.
    pub own: Vec<Digest>,
    /// Those that were begun here and never came back.
    pub cut_off: CutOff,
    /// Why some could not be committed at first; they are now.
    pub failure: Option<StoreError>,
}

/// Runs that were being trained when the work was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CutOff {
    /// Those that go on from where they are.
    pub kept: usize,
    /// Those that begin anew.
    pub given_up: usize,
}

/// How long finished runs may wait to be committed together, and how many of them and of their numbers.
const PATIENCE: Duration = Duration::from_millis(500);
const MOST_RUNS: usize = 4096;
const MOST_NUMBERS: usize = 4_000_000;

/// When to say that this process waits for others, and how often.
const REMIND: Duration = Duration::from_secs(2);
const REMIND_AGAIN: Duration = Duration::from_secs(30);

/// How often the folder is looked at while there is nothing else to do.
const IMPATIENCE: Duration = Duration::from_millis(50);

impl<'a> WorkQueue<'a> {
    pub fn new(
        store: &'a Store,
        checkpoints: &'a Checkpoints,
        runs: Runs,
        journal: Journal,
        events: &'a (dyn Fn(Event<'_>) + Sync),
    ) -> Self {
        let now = Instant::now();
        let state = State {
            runs,
            journal,
            leases: store.leases(),
            pending: Vec::new(),
            numbers: 0,
            began: now,
            committed: now,
            looked: now,
            idle: None,
            took: Duration::ZERO,
            out: BTreeSet::new(),
            own: Vec::new(),
            tiers: Tiers::default(),
            failure: None,
        };
        Self { store, checkpoints, events, state: Mutex::new(state) }
    }

    /// Whether somebody else may be working here.
    pub fn is_shared(&self) -> bool {
        self.state().leases.as_ref().is_none_or(Leases::is_shared)
    }

    /// Commits what is left.
    pub fn close(self) -> Result<Left, ComputeError> {
        let mut state = self.state();
        let pending = std::mem::take(&mut state.pending);
        let saved = if pending.is_empty() { Ok(()) } else { self.save(&mut state, pending) };
        drop(state);
        let state = self.state.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        saved?;
        let State { runs, journal, own, out, failure, .. } = state;
        let kept = out.iter().filter(|id| self.checkpoints.step(id).is_some()).count();
        let cut_off = CutOff { kept, given_up: out.len() - kept };
        Ok(Left { runs, journal, own, cut_off, failure })
    }

    /// Commits runs; where there is no room for all of them, as many as fit.
    fn save(&self, state: &mut State, records: Vec<Record>) -> Result<(), StoreError> {
        match state.commit(self, &records) {
            Ok(segment) => state.committed(self, segment, records),
            Err(error) if error.is_full() && records.len() > 1 => {
                let mut first = records;
                let second = first.split_off(first.len() / 2);
                let first = self.save(state, first);
                first.and(self.save(state, second))
            }
            Err(error) => Err(error),
        }
    }

    /// Commits what is finished, unless that failed before.
    fn commit_pending(&self, state: &mut State) -> Result<(), ComputeError> {
        if state.pending.is_empty() || state.failure.is_some() {
            return Ok(());
        }
        let pending = std::mem::take(&mut state.pending);
        match state.commit(self, &pending) {
            Ok(segment) => Ok(state.committed(self, segment, pending)?),
            Err(error) => {
                // Nothing more is begun. What is under way is finished, and everything tried again at the end.
                (state.failure, state.pending) = (Some(error), pending);
                Ok(())
            }
        }
    }

    /// Commits what is finished, if it has waited long enough, or is much.
    fn commit_due(&self, state: &mut State) -> Result<(), ComputeError> {
        let State { committed, pending, numbers, .. } = state;
        let due = committed.elapsed() >= PATIENCE || pending.len() >= MOST_RUNS || *numbers >= MOST_NUMBERS;
        if due { self.commit_pending(state) } else { Ok(()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl State {
    /// Commits runs, and says so first: a run that is stored and that no process owns up to has no known origin.
    fn commit(&mut self, queue: &WorkQueue<'_>, records: &[Record]) -> Result<std::path::PathBuf, StoreError> {
        queue.store.commit_after(records, |segment| self.journal.committed(segment, records))
    }

    fn committed(
        &mut self,
        queue: &WorkQueue<'_>,
        segment: std::path::PathBuf,
        records: Vec<Record>,
    ) -> Result<(), StoreError> {
        let ids: Vec<_> = records.iter().map(|record| record.id).collect();
        let accepted = self.runs.committed(queue.store.folder(), [segment.clone()], records);
        // Where it cannot be done, there are many files, and nothing is lost.
        let _ = self.tiers.committed(queue.store, &mut self.runs, &segment, &ids);
        (queue.events)(Event::Committed { runs: ids.len() });
        if let Some(leases) = &mut self.leases {
            leases.release(&ids);
        }
        queue.checkpoints.remove(&ids);
        self.own.extend(ids);
        (self.numbers, self.committed) = (0, Instant::now());
        accepted
    }

    /// Looks for what others have done, unless that was a moment ago.
    fn look(&mut self, store: &Store, pause: Duration) -> Result<(), StoreError> {
        // Others often begin at the same moment; and looking must not become the work where there is much to look at.
        let pause = pause.min(self.began.elapsed() / 4).max(20 * self.took);
        if self.looked.elapsed() < pause {
            return Ok(());
        }
        let began = Instant::now();
        if let Some(leases) = &mut self.leases {
            leases.look();
        }
        self.runs.refresh(store.folder())?;
        (self.looked, self.took) = (Instant::now(), began.elapsed());
        Ok(())
    }

    /// There is nothing to do but what others are at: says so now and then, and who of them gets nowhere.
    fn wait_for(&mut self, group: &[Task], events: &(dyn Fn(Event<'_>) + Sync)) {
        let now = Instant::now();
        let (since, remind) = *self.idle.get_or_insert((now, now + REMIND));
        let Some(leases) = &mut self.leases else { return };
        if remind <= now {
            self.idle = Some((since, now + REMIND_AGAIN));
            events(Event::Waiting { runs: leases.elsewhere() });
        }
        let ids: Vec<_> = group.iter().map(|task| task.id).collect();
        for Stuck { owner, runs, still, given_up } in leases.stuck(&ids, since) {
            let tasks: Vec<_> = group.iter().filter(|task| runs.contains(&task.id)).copied().collect();
            events(Event::Stuck { owner: &owner, tasks: &tasks, still, given_up });
        }
    }

    /// What of a group is to be done, now or later.
    fn divide(&mut self, store: &Store, group: &[Task]) -> Result<Taken, StoreError> {
        let missing: Vec<Task> = group.iter().filter(|task| !self.runs.contains(&task.id)).copied().collect();
        let Some(leases) = &mut self.leases else { return Ok(Taken { now: missing, later: Vec::new() }) };
        let ours = leases.lease(&missing.iter().map(|task| task.id).collect::<Vec<_>>());
        let mut missing: Vec<_> = missing.into_iter().zip(ours).collect();
        if leases.were_released() {
            self.runs.refresh(store.folder())?;
            let done: Vec<_> = missing.iter().map(|(task, _)| task.id).filter(|id| self.runs.contains(id)).collect();
            if !done.is_empty() {
                leases.release(&done);
                missing.retain(|(task, _)| !done.contains(&task.id));
            }
        }
        let (now, later): (Vec<_>, Vec<_>) = missing.into_iter().partition(|(_, ours)| *ours);
        let tasks = |pairs: Vec<(Task, bool)>| pairs.into_iter().map(|(task, _)| task).collect();
        Ok(Taken { now: tasks(now), later: tasks(later) })
    }
}

impl run::WorkQueue<ComputeError> for WorkQueue<'_> {
    fn take(&self, group: &[Task]) -> Result<Option<Taken>, ComputeError> {
        let mut state = self.state();
        if state.failure.is_some() {
            return Ok(None);
        }
        state.look(self.store, PATIENCE)?;
        let mut taken = state.divide(self.store, group)?;
        if taken.now.is_empty() && !taken.later.is_empty() {
            // Somebody else is at all of it, and may be waiting for what is finished here.
            self.commit_pending(&mut state)?;
            state.look(self.store, IMPATIENCE)?;
            taken = state.divide(self.store, group)?;
        }
        if !taken.now.is_empty() {
            state.idle = None;
            state.out.extend(taken.now.iter().map(|task| task.id));
        } else if !taken.later.is_empty() {
            state.wait_for(&taken.later, self.events);
        }
        Ok(Some(taken))
    }

    fn give(&self, records: Vec<Record>) -> Result<(), ComputeError> {
        let mut state = self.state();
        records.iter().for_each(|record| _ = state.out.remove(&record.id));
        state.numbers += records.iter().map(numbers).sum::<usize>();
        state.pending.extend(records);
        self.commit_due(&mut state)
    }

    fn pass(&self) -> Result<(), ComputeError> {
        self.commit_due(&mut self.state())
    }

    fn checkpoints(&self) -> Option<&Checkpoints> {
        Some(self.checkpoints)
    }
}

/// About how many numbers a run leaves behind.
fn numbers(record: &Record) -> usize {
    let measured = record.observations.first().map_or(0, |point| point.values.len() + 6);
    record.observations.len() * measured + record.kept.values.len()
}

#[cfg(test)]
mod tests;
