//! Computes a study in stages: the missing runs of the first stage, then, with `confirm`, those of the second.
//!
//! The runs of a stage follow from the stored runs, and are determined again each time: a sweep that was killed between
//! the stages, or in the second one, resumes like any other. A shard computes its part of either stage; the second one
//! can begin once its folder has the whole first stage.

use std::{borrow::Cow, collections::BTreeMap, sync::atomic::AtomicBool};

use super::{Computation, ComputeError, SweepOutcome, finish::Session, stages};
use crate::{
    digest::{Digest, Record},
    run::{Event, RunError, Task},
    store::{Checkpoints, Runs, Store},
};

impl<'a> Computation<'a> {
    /// Refuses `confirm` for a custom experiment: its runs have other identities, and only those of the network have a
    /// second stage.
    pub(super) fn require_stages(&self) -> Result<(), ComputeError> {
        let Some(experiment) = self.maker.experiment.filter(|_| self.network.study().confirm.is_some()) else {
            return Ok(());
        };
        Err(ComputeError::Run(RunError::Source {
            code: "experiment.no-stages",
            message: format!("`sweep.confirm` does not apply to the custom experiment `{experiment}`"),
            help: "remove `confirm` from the specification, or declare the experiment with its own settings".into(),
        }))
    }

    /// Every run of the study that follows from these records.
    pub(super) fn known(&self, records: &BTreeMap<Digest, Record>) -> Cow<'a, [Task]> {
        match self.network.study().confirm {
            // A copy could be very large.
            None => Cow::Borrowed(self.tasks),
            Some(_) => stages::of_records(self.network, self.tasks, records).into(),
        }
    }

    pub(super) fn of<'b>(&'b self, tasks: &'b [Task]) -> Computation<'b> {
        Computation { tasks, request: self.request.clone(), ..*self }
    }

    /// The runs of a stage in the shard of this process.
    fn share<'b>(&self, tasks: &'b [Task]) -> Cow<'b, [Task]> {
        match self.shard {
            Some(shard) => stages::share(shard, self.network.study(), self.experiment, tasks).into(),
            None => tasks.into(),
        }
    }

    /// Refuses runs without data before the first is trained: missing runs, and every run that may follow from them.
    pub(super) fn require_data(&self, missing: &[Task], at_first: bool) -> Result<(), ComputeError> {
        if missing.is_empty() || !at_first {
            return Ok(());
        }
        Ok(self.network.require_seeds(missing, &self.network.study().further_seeds())?)
    }

    /// Trains the missing runs, and finishes the study once it is complete.
    pub(super) fn by_stages(
        &self,
        store: &Store,
        mut runs: Runs,
        mut session: Session,
        events: &(dyn Fn(Event<'_>) + Sync),
        notice: &dyn Fn(&str),
        stop: &AtomicBool,
    ) -> Result<SweepOutcome, ComputeError> {
        let checkpoints = Checkpoints::of(self.folder);
        let mut tasks = self.known(runs.records());
        let mut done = 0;
        loop {
            let whole = self.of(&tasks);
            let asked = self.share(&tasks);
            let missing: Vec<_> = asked.iter().filter(|task| !runs.contains(&task.id)).copied().collect();
            let remaining: Vec<_> =
                missing.iter().map(|task| self.remaining(task, checkpoints.step(&task.id))).collect();
            let steps = remaining.iter().map(|(steps, _)| steps).sum();
            let cost = remaining.iter().map(|(_, cost)| cost).sum();
            self.require_data(&missing, done == 0)?;
            events(Event::Started { runs: asked.len(), cached: asked.len() - missing.len(), steps, cost });
            let (now, cut_off) = self.train(store, &checkpoints, runs, &mut session, &missing, events, stop)?;
            runs = now;
            done += missing.len();
            session.entry.cached = asked.len().saturating_sub(done);
            if let Some(cut_off) = cut_off {
                return self.interrupted(session, whole.kept(&runs), cut_off);
            }
            if self.network.study().confirm.is_none() {
                return whole.finish(store, runs, session, events, notice, stop);
            }
            // Other processes may have computed the other runs.
            runs.refresh(self.folder)?;
            let then = self.known(runs.records());
            if then.len() == tasks.len() {
                return whole.finish(store, runs, session, events, notice, stop);
            }
            tasks = then;
        }
    }
}
