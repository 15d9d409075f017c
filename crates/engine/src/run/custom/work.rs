//! Computes runs of a custom experiment, one by one or in groups.

use std::{
    cell::{Cell, RefCell},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use super::{CustomStudy, End, ExecutableExperiment, Log};
use crate::{
    digest::{Observation, Record},
    run::{Handover, RunError, Task, prepared},
    store::Checkpoint,
    sweep::Successes,
};

/// The handover of one lane of a group: when checkpoints are due, they are due for every lane.
struct LaneHandover<'a> {
    group: &'a dyn Handover,
    /// The lanes whose checkpoints are due.
    due: &'a [Cell<bool>],
    index: usize,
}

impl Handover for LaneHandover<'_> {
    fn kept(&self, lane: usize) -> Option<Checkpoint<'static>> {
        self.group.kept(lane)
    }

    fn due(&self) -> bool {
        if self.group.due() {
            self.due.iter().for_each(|due| due.set(true));
        }
        self.due[self.index].replace(false)
    }

    fn keep(&self, lane: usize, checkpoint: &Checkpoint<'_>) {
        self.group.keep(lane, checkpoint);
    }

    fn folder(&self) -> Option<&Path> {
        self.group.folder()
    }

    fn finished(&self, lane: usize, record: Record) {
        self.group.finished(lane, record);
    }
}

impl CustomStudy<'_> {
    /// Computes runs, together if the experiment supports it; `None` if they were stopped. With a handover, each
    /// finished run is handed over.
    pub(super) fn compute(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        handover: Option<&dyn Handover>,
    ) -> Result<Option<Vec<Record>>, RunError> {
        let Some(experiment) = &self.experiment else { return Err(prepared::unknown(&self.study)) };
        let most = |task: &Task| experiment.together(&*self.settings[task.trial]).max(1);
        let groups = tasks.chunk_by(|one, next| one.trial == next.trial).flat_map(|all| all.chunks(most(&all[0])));
        let mut first = 0;
        let mut records = Vec::new();
        for group in groups {
            let done = if group.len() > 1 {
                self.compute_together(&**experiment, group, watch, stopped, (handover, first))?
            } else {
                None
            };
            // A single run, or a group in which a run panicked: computing each alone shows which one.
            let done = match done {
                Some(done) => done,
                None => self.compute_each(&**experiment, group, watch, stopped, (handover, first))?,
            };
            let is_stopped = done.iter().any(Option::is_none);
            for (lane, record) in (first..).zip(done) {
                match (record, handover) {
                    (Some(record), Some(handover)) => handover.finished(lane, record),
                    (record, _) => records.extend(record),
                }
            }
            if is_stopped {
                return Ok(None);
            }
            first += group.len();
        }
        Ok(Some(records))
    }

    /// Computes runs one after the other until one is stopped; the first run is in the lane `first`.
    fn compute_each(
        &self,
        experiment: &dyn ExecutableExperiment,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        (handover, first): (Option<&dyn Handover>, usize),
    ) -> Result<Vec<Option<Record>>, RunError> {
        let mut done = Vec::with_capacity(tasks.len());
        for (lane, task) in (first..).zip(tasks) {
            let watch_lane = &mut |observation: &Observation| watch(lane, observation);
            let record = self.compute_one(experiment, task, watch_lane, stopped, (handover, lane))?;
            let is_stopped = record.is_none();
            done.push(record);
            if is_stopped {
                break;
            }
        }
        Ok(done)
    }

    /// Computes one run; `None` if it was stopped.
    fn compute_one(
        &self,
        experiment: &dyn ExecutableExperiment,
        task: &Task,
        watch: &mut dyn FnMut(&Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        (handover, lane): (Option<&dyn Handover>, usize),
    ) -> Result<Option<Record>, RunError> {
        let settings = &*self.settings[task.trial];
        let mut log = self.log(experiment, task, watch, stopped).with_handover(handover, lane);
        let result = catch_unwind(AssertUnwindSafe(|| experiment.run(settings, task.seed, &mut log)));
        let failed = |panic: Box<dyn std::any::Any + Send>| End::Failed(format!("panic: {}", panic_message(&*panic)));
        let result = result.unwrap_or_else(|panic| Ok(Err(failed(panic))))?;
        Ok(self.record(task, log, result))
    }

    fn log<'b>(
        &'b self,
        experiment: &dyn ExecutableExperiment,
        task: &Task,
        watch: &'b mut dyn FnMut(&Observation) -> ControlFlow<()>,
        stopped: &'b dyn Fn() -> bool,
    ) -> Log<'b> {
        let measured = self.study.measured(&self.study.trials[task.trial]);
        let keeps = &self.study.declaration().keeps;
        Log::new(task.id, task.seed, experiment.steps(&*self.settings[task.trial]), measured, keeps, watch, stopped)
    }

    /// The record of a run that ended with `result`; `None` if it was stopped.
    fn record(&self, task: &Task, log: Log<'_>, result: Result<(), End>) -> Option<Record> {
        log.finish(result).map(|mut record| {
            let success = Successes::of(&self.study).epoch(task.trial, &record);
            record.own.iter_mut().for_each(|own| own.success = success);
            record
        })
    }

    /// Computes runs of one trial together; the first run is in the lane `first`. The record of a stopped run is
    /// `None`; the result is `None` if a run panicked.
    fn compute_together(
        &self,
        experiment: &dyn ExecutableExperiment,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        (handover, first): (Option<&dyn Handover>, usize),
    ) -> Result<Option<Vec<Option<Record>>>, RunError> {
        let settings = &*self.settings[tasks[0].trial];
        let watch = &RefCell::new(watch);
        let due = vec![Cell::new(false); tasks.len()];
        let handover_of = |index| handover.map(|group| LaneHandover { group, due: &due, index });
        let handovers: Vec<_> = (0..tasks.len()).map(handover_of).collect();
        let lanes = first..first + tasks.len();
        let watch_lane = |lane| move |observation: &Observation| (watch.borrow_mut())(lane, observation);
        let mut watches: Vec<_> = lanes.map(watch_lane).collect();
        let mut runs = Vec::with_capacity(tasks.len());
        for (index, (task, watch)) in tasks.iter().zip(&mut watches).enumerate() {
            let handover = handovers[index].as_ref().map(|handover| handover as &dyn Handover);
            let log = self.log(experiment, task, watch, stopped).with_handover(handover, first + index);
            runs.push((task.seed, log));
        }
        let Ok(ends) = catch_unwind(AssertUnwindSafe(|| experiment.run_together(settings, &mut runs))) else {
            return Ok(None);
        };
        let ends = ends?;
        if ends.len() != runs.len() {
            return Err(RunError::Source {
                code: "experiment.endings",
                message: format!(
                    "the experiment `{}` computed {} runs together, but returned {} results",
                    self.study.declaration().name,
                    runs.len(),
                    ends.len()
                ),
                help: "`run_together` must return one result for each run, in order".into(),
            });
        }
        // If the group was stopped, `Ok` does not show that a run is complete: its experiment may have stopped, too.
        let is_stopped = runs.iter().any(|(_, log)| log.is_stopped());
        let mut records = Vec::with_capacity(tasks.len());
        for ((task, (_, log)), end) in tasks.iter().zip(runs).zip(ends) {
            let has_result = matches!(end, Err(End::Converged | End::Failed(_)));
            let is_complete = !is_stopped || log.has_ended() || has_result;
            records.push(is_complete.then(|| self.record(task, log, end)).flatten());
        }
        Ok(Some(records))
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word").to_owned()
}
