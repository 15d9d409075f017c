//! How runs of an experiment of one's own are done: one by one, or in groups.

use std::{
    cell::{Cell, RefCell},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::{Body, End, Log, Own};
use crate::{
    digest::{Observation, Record},
    run::{Handover, RunError, Task, prepared},
    store::Checkpoint,
    sweep::Successes,
};

/// How a lane of a group asks whether to keep its state: what is due for one lane is due for all of them.
struct LaneHandover<'a> {
    group: &'a dyn Handover,
    /// Which lanes are to keep their states.
    due: &'a [Cell<bool>],
    place: usize,
}

impl Handover for LaneHandover<'_> {
    fn kept(&self, lane: usize) -> Option<Checkpoint<'static>> {
        self.group.kept(lane)
    }

    fn due(&self) -> bool {
        if self.group.due() {
            self.due.iter().for_each(|due| due.set(true));
        }
        self.due[self.place].replace(false)
    }

    fn keep(&self, lane: usize, checkpoint: &Checkpoint<'_>) {
        self.group.keep(lane, checkpoint);
    }

    fn finished(&self, lane: usize, record: Record) {
        self.group.finished(lane, record);
    }
}

impl Own<'_> {
    /// Does runs, together where the experiment does them so; nothing if they were broken off. With a handover, each is handed over as it is finished.
    pub(super) fn all(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        handover: Option<&dyn Handover>,
    ) -> Result<Option<Vec<Record>>, RunError> {
        let Some(body) = &self.body else { return Err(prepared::unknown(&self.study)) };
        let most = |task: &Task| body.together(&*self.settings[task.trial]).max(1);
        let groups = tasks.chunk_by(|one, next| one.trial == next.trial).flat_map(|all| all.chunks(most(&all[0])));
        let mut first = 0;
        let mut records = Vec::new();
        for group in groups {
            let done =
                if group.len() > 1 { self.group(&**body, group, watch, stopped, (handover, first))? } else { None };
            // One alone, or a group of which one panicked: which one, only each of them alone can tell.
            let done = match done {
                Some(done) => done,
                None => self.alone(&**body, group, watch, stopped, (handover, first)),
            };
            let broken_off = done.iter().any(Option::is_none);
            for (lane, record) in (first..).zip(done) {
                match (record, handover) {
                    (Some(record), Some(handover)) => handover.finished(lane, record),
                    (record, _) => records.extend(record),
                }
            }
            if broken_off {
                return Ok(None);
            }
            first += group.len();
        }
        Ok(Some(records))
    }

    /// Does runs one after the other, the first of which is in this lane, until one is broken off.
    fn alone(
        &self,
        body: &dyn Body,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        (handover, first): (Option<&dyn Handover>, usize),
    ) -> Vec<Option<Record>> {
        let mut done = Vec::with_capacity(tasks.len());
        for (lane, task) in (first..).zip(tasks) {
            let told = &mut |point: &Observation| watch(lane, point);
            let record = self.one(body, task, told, stopped, (handover, lane));
            let broken_off = record.is_none();
            done.push(record);
            if broken_off {
                break;
            }
        }
        done
    }

    /// Does one run and makes a record of it; nothing if it was broken off.
    fn one(
        &self,
        body: &dyn Body,
        task: &Task,
        watch: &mut dyn FnMut(&Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        (handover, lane): (Option<&dyn Handover>, usize),
    ) -> Option<Record> {
        let settings = &*self.settings[task.trial];
        let mut log = self.log(body, task, watch, stopped).handing_over(handover, lane);
        let done = catch_unwind(AssertUnwindSafe(|| body.run(settings, task.seed, &mut log)));
        let done = done.unwrap_or_else(|panic| Err(End::Failed(format!("panic: {}", said(&*panic)))));
        self.record(task, log, done)
    }

    /// The log of a run.
    fn log<'b>(
        &'b self,
        body: &dyn Body,
        task: &Task,
        watch: &'b mut dyn FnMut(&Observation) -> ControlFlow<()>,
        stopped: &'b dyn Fn() -> bool,
    ) -> Log<'b> {
        let measured = self.study.measured(&self.study.trials[task.trial]);
        let keeps = &self.study.declaration().keeps;
        Log::new(task.id, task.seed, body.steps(&*self.settings[task.trial]), measured, keeps, watch, stopped)
    }

    /// The record of a run that ended so; nothing if it was broken off.
    fn record(&self, task: &Task, log: Log<'_>, done: Result<(), End>) -> Option<Record> {
        log.finish(done).map(|mut record| {
            let success = Successes::of(&self.study).epoch(task.trial, &record);
            record.own.iter_mut().for_each(|own| own.success = success);
            record
        })
    }

    /// Does runs of one trial together, the first of which is in this lane; of each, nothing if it was broken off. Nothing at all if one of them panicked.
    fn group(
        &self,
        body: &dyn Body,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        (handover, first): (Option<&dyn Handover>, usize),
    ) -> Result<Option<Vec<Option<Record>>>, RunError> {
        let settings = &*self.settings[tasks[0].trial];
        let watch = &RefCell::new(watch);
        let due = vec![Cell::new(false); tasks.len()];
        let lane_of = |place| handover.map(|group| LaneHandover { group, due: &due, place });
        let handovers: Vec<_> = (0..tasks.len()).map(lane_of).collect();
        let lanes = first..first + tasks.len();
        let mut told: Vec<_> = lanes.map(|lane| move |point: &Observation| (watch.borrow_mut())(lane, point)).collect();
        let mut runs = Vec::with_capacity(tasks.len());
        for (place, (task, told)) in tasks.iter().zip(&mut told).enumerate() {
            let handover = handovers[place].as_ref().map(|own| own as &dyn Handover);
            runs.push((task.seed, self.log(body, task, told, stopped).handing_over(handover, first + place)));
        }
        let Ok(ends) = catch_unwind(AssertUnwindSafe(|| body.run_together(settings, &mut runs))) else {
            return Ok(None);
        };
        if ends.len() != runs.len() {
            let own = self.study.declaration();
            return Err(RunError::Source {
                code: "experiment.endings",
                message: format!(
                    "the experiment `{}` did {} runs together and says of {} how they ended",
                    own.name,
                    runs.len(),
                    ends.len()
                ),
                help: "`run_together` must give one answer for each run, in their order".into(),
            });
        }
        // Whether a run of a group that was broken off is whole, its experiment may not have said.
        let broken_off = runs.iter().any(|(_, log)| log.is_broken_off());
        let mut records = Vec::with_capacity(tasks.len());
        for ((task, (_, log)), end) in tasks.iter().zip(runs).zip(ends) {
            let said = matches!(end, Err(End::Converged | End::Failed(_)));
            let whole = !broken_off || log.has_ended() || said;
            records.push(whole.then(|| self.record(task, log, end)).flatten());
        }
        Ok(Some(records))
    }
}

/// What a panic said.
fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word").to_owned()
}
