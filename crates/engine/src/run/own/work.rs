//! How runs of an experiment of one's own are done: one by one, or in groups.

use std::{
    cell::RefCell,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::{Body, End, Log, Own};
use crate::{
    digest::{Point, Record},
    run::{Handover, RunError, Task, prepared},
    sweep::Successes,
};

/// How runs that were done together ended.
enum Group {
    Done(Vec<Record>),
    BrokenOff,
    /// One of them panicked, and nobody knows which.
    Panicked,
}

impl Own<'_> {
    /// Does runs, together where the experiment does them so; nothing if they were broken off.
    pub(super) fn all(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Point) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        handover: Option<&dyn Handover>,
    ) -> Result<Option<Vec<Record>>, RunError> {
        let Some(body) = &self.body else { return Err(prepared::unknown(&self.study)) };
        let most = |task: &Task| body.together(&*self.settings[task.trial]).max(1);
        let groups = tasks.chunk_by(|one, next| one.trial == next.trial).flat_map(|all| all.chunks(most(&all[0])));
        let mut records = Vec::with_capacity(tasks.len());
        for group in groups {
            let first = records.len();
            if group.len() > 1 {
                match self.group(&**body, group, watch, stopped, (handover, first))? {
                    Group::Done(done) => {
                        records.extend(done);
                        continue;
                    }
                    Group::BrokenOff => return Ok(None),
                    Group::Panicked => {}
                }
            }
            for (lane, task) in (first..).zip(group) {
                let told = &mut |point: &Point| watch(lane, point);
                match self.one(&**body, task, told, stopped, (handover, lane)) {
                    Some(record) => records.push(record),
                    None => return Ok(None),
                }
            }
        }
        Ok(Some(records))
    }

    /// Does one run and makes a record of it; nothing if it was broken off.
    fn one(
        &self,
        body: &dyn Body,
        task: &Task,
        watch: &mut dyn FnMut(&Point) -> ControlFlow<()>,
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
        watch: &'b mut dyn FnMut(&Point) -> ControlFlow<()>,
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

    /// Does runs of one trial together, the first of which is in this lane; nothing if they were broken off, or if one of them panicked.
    fn group(
        &self,
        body: &dyn Body,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Point) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        (handover, first): (Option<&dyn Handover>, usize),
    ) -> Result<Group, RunError> {
        let settings = &*self.settings[tasks[0].trial];
        let watch = &RefCell::new(watch);
        let lanes = first..first + tasks.len();
        let mut told: Vec<_> = lanes.map(|lane| move |point: &Point| (watch.borrow_mut())(lane, point)).collect();
        let mut runs = Vec::with_capacity(tasks.len());
        for ((lane, task), told) in (first..).zip(tasks).zip(&mut told) {
            runs.push((task.seed, self.log(body, task, told, stopped).handing_over(handover, lane)));
        }
        let Ok(ends) = catch_unwind(AssertUnwindSafe(|| body.run_together(settings, &mut runs))) else {
            return Ok(Group::Panicked);
        };
        if ends.len() != runs.len() {
            let own = self.study.declaration();
            return Err(RunError::Data {
                message: format!(
                    "the experiment `{}` did {} runs together and says of {} how they ended",
                    own.name,
                    runs.len(),
                    ends.len()
                ),
                help: "`run_together` must give one answer for each run, in their order".into(),
            });
        }
        let done = tasks.iter().zip(runs).zip(ends).map(|((task, (_, log)), end)| self.record(task, log, end));
        Ok(done.collect::<Option<Vec<_>>>().map_or(Group::BrokenOff, Group::Done))
    }
}

/// What a panic said.
fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word").to_owned()
}
