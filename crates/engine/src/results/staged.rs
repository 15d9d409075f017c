//! A computation stage by stage: what is missing of the first, then, of a study that confirms, what is missing of the runs that follow from it.
//!
//! What a stage asks for is read from the runs that are there, each time anew: a sweep that was killed between the stages, or
//! in the second one, goes on like any other. A shard does its part of either stage; the second one can begin once all of the first is in its folder.

use std::{borrow::Cow, collections::BTreeMap, sync::atomic::AtomicBool};

use super::{Computation, ComputeError, SweepOutcome, finish::Session, stages};
use crate::{
    digest::{Digest, Record},
    run::{Event, RunError, Task},
    store::{Checkpoints, Runs, Store},
};

impl<'a> Computation<'a> {
    /// Refuses runs of a notebook's own experiment, which have other names than those of the network: only these have a second stage.
    pub(super) fn require_stages(&self) -> Result<(), ComputeError> {
        let Some(experiment) = self.maker.experiment.filter(|_| self.network.study().confirm.is_some()) else {
            return Ok(());
        };
        Err(ComputeError::Run(RunError::Source {
            code: "experiment.no-stages",
            message: format!("`sweep.confirm` runs no trials of the experiment `{experiment}` again"),
            help: "leave `confirm` out of the specification, or declare the experiment with settings of its own".into(),
        }))
    }

    /// Every run of the study, as far as these records say which they are.
    pub(super) fn known(&self, records: &BTreeMap<Digest, Record>) -> Cow<'a, [Task]> {
        match self.network.study().confirm {
            // There may be very many of them.
            None => Cow::Borrowed(self.tasks),
            Some(_) => stages::of_records(self.network, self.tasks, records).into(),
        }
    }

    /// The same computation of these runs.
    pub(super) fn of<'b>(&'b self, tasks: &'b [Task]) -> Computation<'b> {
        Computation { tasks, asked: self.asked.clone(), ..*self }
    }

    /// The runs of a stage that are to be done here.
    fn share<'b>(&self, tasks: &'b [Task]) -> Cow<'b, [Task]> {
        match self.shard {
            Some(shard) => stages::share(shard, self.network.study(), self.experiment, tasks).into(),
            None => tasks.into(),
        }
    }

    /// Refuses runs whose data cannot be had, before the first of them is trained: of what is missing, and of every run that may follow from it.
    fn require_data(&self, missing: &[Task], at_first: bool) -> Result<(), ComputeError> {
        if missing.is_empty() || !at_first {
            return Ok(());
        }
        Ok(self.network.require_seeds(missing, &self.network.study().further_seeds())?)
    }

    /// Trains what is missing, and finishes the study once nothing is.
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
            let left: Vec<_> = missing.iter().map(|task| self.left(task, checkpoints.step(&task.id))).collect();
            let steps = left.iter().map(|(steps, _)| steps).sum();
            let cost = left.iter().map(|(_, cost)| cost).sum();
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
            // Others may have done what this process did not.
            runs.refresh(self.folder)?;
            let then = self.known(runs.records());
            if then.len() == tasks.len() {
                return whole.finish(store, runs, session, events, notice, stop);
            }
            tasks = then;
        }
    }
}
