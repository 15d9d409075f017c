//! A custom experiment on the engine of the library: same axes, data, seeds, store, tables, figures and chain of
//! digests; only the steps are custom.

pub(crate) mod influence;
mod log;
pub(crate) mod unchanged;

use std::{collections::BTreeMap, ops::ControlFlow, sync::Arc};

use restudy::{
    digest::{Digest, Record},
    experiments::OfNetwork,
    model::Params,
    results::owner,
    run::{Experiment, NetworkExperiment, RunError, Task},
    store::Owner,
    train::{Finished, Job, Observation, Outcome, Simd},
};

pub use log::Log;

use crate::{
    cell,
    error::{Error, Result},
    show::{Bundle, Show},
};

/// A custom experiment on the data of a study.
#[derive(Clone)]
pub struct Own {
    name: String,
    version: u32,
    run: Arc<Steps>,
}

/// The function that does a run.
type Steps = dyn Fn(&Job<'_>, &mut Log<'_>) -> Result<Params> + Send + Sync;

/// Makes an experiment. `run` gets a job and a log, measures the parameters before the first step and after every step,
/// and returns the last ones:
///
/// ```text
/// let plain = own("plain", 1, |job: &Job, log: &mut Log| {
///     let mut params = job.initial();
///     log.measure(0, &params)?;
///     for (step, i) in (1..=job.steps()).zip(job.order()) {
///         let (x, y) = job.example(i);
///         ...
///         log.measure(step, &params)?;
///     }
///     Ok(params)
/// });
/// ```
///
/// The identity of every run contains `name` and `version`: raise the version when `run` changes. `run` must read every
/// axis of `[model]` and `[train]`: a study along an axis that it does not read is refused.
#[must_use]
pub fn own(
    name: &str,
    version: u32,
    run: impl Fn(&Job<'_>, &mut Log<'_>) -> Result<Params> + Send + Sync + 'static,
) -> Own {
    Own { name: name.into(), version, run: Arc::new(run) }
}

impl Own {
    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the version.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The title in a manifest.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// Refuses a name that is invalid for a folder.
    pub(crate) fn require_name(&self) -> Result<()> {
        let safe = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !self.name.is_empty() && self.name.len() <= 100 && self.name.bytes().all(safe) {
            return Ok(());
        }
        let help = "use lowercase letters, digits and `-`: the name becomes part of that of a folder";
        Err(Error::new(format!("an experiment cannot be named {:?}", self.name), help))
    }

    /// The runs of a study under this experiment; their identities differ from those of the network.
    pub(crate) fn tasks(&self, network: &NetworkExperiment<'_>) -> Vec<Task> {
        owner::tasks(Some(&self.owner()), network)
    }

    /// The owner that a results folder names.
    pub(crate) fn owner(&self) -> Owner {
        Owner::Experiment(self.title())
    }

    /// Computes some of the stored runs again, and refuses different results: the closure has changed, but not its
    /// version.
    pub(crate) fn require_unchanged(
        &self,
        network: &NetworkExperiment<'_>,
        tasks: &[Task],
        stored: &BTreeMap<Digest, Record>,
    ) -> Result<()> {
        let experiment =
            unchanged::Named { name: &self.name, version: self.version.into(), call: "own", inputs: "the job" };
        experiment.require(network.study(), &Practice { network, own: self }, tasks, stored, &|| false)
    }
}

impl Show for Own {
    fn bundle(&self) -> Bundle {
        Bundle::text(format!("experiment {}, version {}", self.name, self.version))
    }
}

/// An experiment with the data of a study.
pub(crate) struct Practice<'a> {
    pub network: &'a NetworkExperiment<'a>,
    pub own: &'a Own,
}

impl Experiment for Practice<'_> {
    fn shape(&self, task: &Task) -> Vec<u64> {
        vec![task.trial as u64, task.seed.0]
    }

    fn steps(&self, task: &Task) -> u64 {
        self.network.steps(task)
    }

    fn cost(&self, task: &Task) -> f64 {
        self.network.cost(task)
    }

    fn weight(&self, task: &Task) -> u64 {
        self.network.weight(task)
    }

    fn run(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<Record>>, RunError> {
        let mut records = Vec::with_capacity(tasks.len());
        for (lane, task) in tasks.iter().enumerate() {
            let split = self.network.split(task.trial, task.seed)?;
            let setting = self.network.study().trials[task.trial].setting();
            let job = Job { setting, split: &split, seed: task.seed };
            let Some(record) =
                one(self.own, job, task.id, self.network.simd(), &mut |point| watch(lane, point), stopped)
            else {
                return Ok(None);
            };
            records.push(record);
        }
        Ok(Some(records))
    }
}

/// Does one run; `None` if it was interrupted.
fn one(
    own: &Own,
    job: Job<'_>,
    id: Digest,
    simd: Simd,
    watch: &mut dyn FnMut(&Observation) -> ControlFlow<()>,
    interrupted: &dyn Fn() -> bool,
) -> Option<Record> {
    let mut watch = |_: usize, point: &Observation| watch(point);
    let mut log = Log::new(job, id, simd, &mut watch, interrupted);
    let done = cell::expected(|| (own.run)(&job, &mut log));
    if log.stopped {
        return None;
    }
    let outcome = match (log.ended.clone(), done) {
        (Some(Outcome::Completed), Ok(Ok(params))) if !same(&params, &log.last) => {
            failed("it gave other parameters than it measured last")
        }
        (Some(outcome), _) => outcome,
        (None, Ok(Ok(_))) => failed(format!("it ended after step {} of {}", log.step.unwrap_or(0), job.steps())),
        (None, Ok(Err(error))) => failed(error.message()),
        (None, Err(panic)) => failed(format!("panic: {panic}")),
    };
    if log.step.is_none() {
        // Every record has a measurement, even if the run failed before its first one.
        let _ = log.record(0, &job.initial());
    }
    let Log { recorder, last, .. } = log;
    recorder.finish(vec![Finished { outcome, params: last }]).pop()
}

fn failed(message: impl Into<String>) -> Outcome {
    Outcome::Failed { message: message.into() }
}

fn same(one: &Params, other: &Params) -> bool {
    one.d == other.d && one.values().map(f64::to_bits).eq(other.values().map(f64::to_bits))
}

#[cfg(test)]
mod tests;
