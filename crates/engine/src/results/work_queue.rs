//! The work queue of a results folder: hands out missing runs to the executor, and commits finished ones.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use super::ComputeError;
use crate::{
    digest::{Digest, Record},
    run::{self, Event, Taken, Task},
    store::{Checkpoints, Leases, Runs, Store, StoreError, Tiers, journal::Journal, leases::Stalled},
};

/// Hands out and commits runs, concurrently with other processes.
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
    /// Finished runs that are not committed.
    pending: Vec<Record>,
    /// The number of values in `pending`.
    numbers: usize,
    /// When the work began, runs were last committed, and the folder was last read.
    began: Instant,
    committed: Instant,
    looked: Instant,
    /// Since when all remaining runs are leased by others, and when to report it next.
    idle: Option<(Instant, Instant)>,
    /// The duration of the last read.
    took: Duration,
    /// Runs that were handed out and not returned.
    out: BTreeSet<Digest>,
    /// Runs that were computed and committed here.
    own: Vec<Digest>,
    tiers: Tiers,
    failure: Option<StoreError>,
}

/// The result of the work.
pub(super) struct WorkResult {
    pub runs: Runs,
    pub journal: Journal,
    /// The runs that were computed here, all committed.
    pub own: Vec<Digest>,
    /// The runs that were started here and not completed.
    pub cut_off: CutOff,
    /// Why a commit failed at first; all runs are committed now.
    pub failure: Option<StoreError>,
}

/// Runs that were being trained when the work was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CutOff {
    /// The number of runs with a checkpoint, which will resume.
    pub kept: usize,
    /// The number of runs without one, which will start from the beginning.
    pub given_up: usize,
}

/// The limits of a batch: the delay, the number of runs, and the number of their values.
const COMMIT_DELAY: Duration = Duration::from_millis(500);
const MOST_RUNS: usize = 4096;
const MOST_NUMBERS: usize = 4_000_000;

/// When to report that this process waits for others, and how often.
const REMIND: Duration = Duration::from_secs(2);
const REMIND_AGAIN: Duration = Duration::from_secs(30);

/// The interval of reads while all remaining runs are leased by others.
const IDLE_INTERVAL: Duration = Duration::from_millis(50);

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

    /// Whether other processes may be working in this folder.
    pub fn is_shared(&self) -> bool {
        self.state().leases.as_ref().is_none_or(Leases::is_shared)
    }

    /// Commits the remaining runs.
    pub fn close(self) -> Result<WorkResult, ComputeError> {
        let mut state = self.state();
        let pending = std::mem::take(&mut state.pending);
        let saved = if pending.is_empty() { Ok(()) } else { self.save(&mut state, pending) };
        drop(state);
        let state = self.state.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        saved?;
        let State { runs, journal, own, out, failure, .. } = state;
        let kept = out.iter().filter(|id| self.checkpoints.step(id).is_some()).count();
        let cut_off = CutOff { kept, given_up: out.len() - kept };
        Ok(WorkResult { runs, journal, own, cut_off, failure })
    }

    /// Commits runs; on a full device, as many as fit.
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

    /// Commits finished runs, unless that failed before.
    fn commit_pending(&self, state: &mut State) -> Result<(), ComputeError> {
        if state.pending.is_empty() || state.failure.is_some() {
            return Ok(());
        }
        let pending = std::mem::take(&mut state.pending);
        match state.commit(self, &pending) {
            Ok(segment) => Ok(state.committed(self, segment, pending)?),
            Err(error) => {
                // No new run is started. Runs in progress are finished, and all commits are tried again at the end.
                (state.failure, state.pending) = (Some(error), pending);
                Ok(())
            }
        }
    }

    /// Commits finished runs if a limit of the batch is reached.
    fn commit_due(&self, state: &mut State) -> Result<(), ComputeError> {
        let State { committed, pending, numbers, .. } = state;
        let due = committed.elapsed() >= COMMIT_DELAY || pending.len() >= MOST_RUNS || *numbers >= MOST_NUMBERS;
        if due { self.commit_pending(state) } else { Ok(()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl State {
    /// Commits runs. The journal line is written first, so that every stored run has a known origin.
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
        // An error only leaves more files; no run is lost.
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

    /// Reads new runs and leases, unless the last read was within `pause`.
    fn refresh(&mut self, store: &Store, pause: Duration) -> Result<(), StoreError> {
        // Soon after the start, since others often begin at the same moment; but reading a large folder must stay a
        // small part of the time.
        let pause = pause.min(self.began.elapsed() / 4).max(20 * self.took);
        if self.looked.elapsed() < pause {
            return Ok(());
        }
        let began = Instant::now();
        if let Some(leases) = &mut self.leases {
            leases.refresh();
        }
        self.runs.refresh(store.folder())?;
        (self.looked, self.took) = (Instant::now(), began.elapsed());
        Ok(())
    }

    /// Reports, at intervals, that this process only waits for others, and which of them make no progress.
    fn wait_for(&mut self, group: &[Task], events: &(dyn Fn(Event<'_>) + Sync)) {
        let now = Instant::now();
        let (since, remind) = *self.idle.get_or_insert((now, now + REMIND));
        let Some(leases) = &mut self.leases else { return };
        if remind <= now {
            self.idle = Some((since, now + REMIND_AGAIN));
            events(Event::Waiting { runs: leases.leased_elsewhere() });
        }
        let ids: Vec<_> = group.iter().map(|task| task.id).collect();
        for Stalled { owner, runs, still, given_up } in leases.stalled(&ids, since) {
            let tasks: Vec<_> = group.iter().filter(|task| runs.contains(&task.id)).copied().collect();
            events(Event::Stuck { owner: &owner, tasks: &tasks, still, given_up });
        }
    }

    /// Splits a group into runs to compute now and runs to try later.
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
        state.refresh(self.store, COMMIT_DELAY)?;
        let mut taken = state.divide(self.store, group)?;
        if taken.now.is_empty() && !taken.later.is_empty() {
            // Other processes compute all of it, and may be waiting for runs that are finished here.
            self.commit_pending(&mut state)?;
            state.refresh(self.store, IDLE_INTERVAL)?;
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

    fn folder(&self) -> Option<&Path> {
        Some(self.store.folder())
    }

    fn checkpoints(&self) -> Option<&Checkpoints> {
        Some(self.checkpoints)
    }
}

/// The approximate number of values in a record.
fn numbers(record: &Record) -> usize {
    let measured = record.observations.first().map_or(0, |point| point.values.len() + 6);
    record.observations.len() * measured + record.kept.values.len()
}

#[cfg(test)]
mod tests;
