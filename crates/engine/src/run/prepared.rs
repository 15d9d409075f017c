//! Prepared studies, and the runners that prepare them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
};

use super::{DataFacts, Experiment, Kept, RunError, Task};
use crate::{
    digest::{Digest, Labelled, Record},
    experiment::Declaration,
    seed::Seed,
    store::Instructions,
    sweep::{AxisValue, Study},
    table::Baseline,
};

/// A study whose experiment is ready to run: the identity of every run is known, and the data are loaded.
pub trait Prepared: Experiment + Send {
    /// Returns the study.
    fn study(&self) -> &Study;

    /// Returns every run of the study, by trial, then by seed in the order of the study.
    ///
    /// If the study has [`confirm`](crate::sweep::Study::confirm), these are the runs of the first stage; the runs of
    /// the second stage depend on their results.
    fn tasks(&self) -> Vec<Task>;

    /// Returns the confirming runs of a trial, in the order of their seeds; empty without `confirm`, or if their
    /// identities are unknown.
    fn confirming(&self, trial: usize) -> Vec<Task>;

    /// Returns the settings of a trial as in the identities of its runs: files by content.
    fn settings(&self, trial: usize) -> Vec<(String, AxisValue)>;

    /// Returns the digests of the files of a trial, in the order of its settings; empty if they are unknown.
    fn contents(&self, trial: usize) -> Vec<Digest>;

    /// Returns whether a record has the shape of the run, as far as the shape is known.
    fn fits(&self, task: &Task, record: &Record) -> bool;

    /// Refuses a study whose results do not fit into the free memory. Only commands that compute call it: the free
    /// memory changes, and read-only commands must not fail because of it.
    ///
    /// # Errors
    /// The results need more than the free memory.
    fn require_memory(&self) -> Result<(), RunError>;

    /// Refuses seeds whose data cannot be generated or divided, for `tasks`, and for every trial under `further` seeds.
    ///
    /// # Errors
    /// Names all such seeds.
    fn require_seeds(&self, _tasks: &[Task], _further: &[Seed]) -> Result<(), RunError> {
        Ok(())
    }

    /// Returns the number of inputs of the data points of a trial, if it has data points and the number is known.
    fn inputs(&self, _trial: usize) -> Option<usize> {
        None
    }

    /// Returns a remedy that gives the data of a trial two inputs, if there is one: a clause with the line to write.
    fn choice_of_inputs(&self, _trial: usize) -> Option<String> {
        None
    }

    /// Returns the processor instructions that the computation uses.
    fn instructions(&self) -> Instructions {
        Instructions::NONE
    }

    /// Returns the facts of every distinct data set.
    ///
    /// # Errors
    /// The data are not available, and their facts are not stored.
    fn facts(&self) -> Result<Vec<DataFacts>, RunError> {
        Ok(Vec::new())
    }

    /// Returns the distinct sets of labeled data points that runs under these seeds use, each with its first run.
    ///
    /// # Errors
    /// The data are not available.
    fn points(&self, _seeds: &BTreeSet<Seed>) -> Result<Vec<Points>, RunError> {
        Ok(Vec::new())
    }

    /// Returns the prepared study with another `study`, which differs in the texts of its axes alone.
    fn of<'b>(&'b self, study: &'b Study) -> Box<dyn Prepared + 'b>;

    /// Returns whether the study was prepared without its data or the code of its experiment; nothing can be run then.
    fn is_without_data(&self) -> bool;

    /// Returns messages for the user about the runs that were computed.
    fn notices(&self) -> Vec<String> {
        Vec::new()
    }

    /// Returns the schedule of the observations of a run, if its settings determine it.
    fn schedule(&self, _task: &Task) -> Option<Schedule> {
        None
    }

    /// Estimates the seconds that the tasks take on one thread, by a short benchmark; `None` without an estimate.
    fn seconds(&self, _tasks: &[Task]) -> Option<f64> {
        None
    }
}

/// The schedule of the observations of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The number of steps of an epoch.
    pub epoch: u64,
    /// The number of steps between observations.
    pub every: u64,
    /// Whether the run may end before its last step.
    pub ends_early: bool,
}

/// Labeled data points, and the first run that uses them.
#[derive(Clone)]
pub struct Points {
    /// The digest of the data points.
    pub data: Digest,
    /// The trial of the first run that uses them.
    pub trial: usize,
    /// The seed of this run.
    pub seed: Seed,
    /// The data points.
    pub split: Arc<dyn Labelled + Send + Sync>,
}

/// Other paths for data files, by the names that the study has for them.
pub type DataOverrides = BTreeMap<String, String>;

/// Options for the preparation of a study.
#[derive(Debug, Clone, Default)]
pub struct PrepareOptions {
    /// Whether to use only instructions that every processor has.
    pub portable: bool,
    /// Other paths for data files.
    pub data_overrides: DataOverrides,
    /// The names of the [conditions](Condition) that are varied.
    pub varied: Vec<String>,
}

/// A condition of runs that should not change their results, and can be varied to see whether it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The name: `time-zone`.
    pub name: String,
    /// The condition as a message names it.
    pub title: String,
    /// Why it cannot be varied here; `None` if it can.
    pub obstacle: Option<String>,
}

/// What a command that describes the installation prints on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The command.
    pub command: String,
    /// What it prints; `None` if it fails.
    pub output: Option<String>,
}

/// Prepares studies of one experiment.
pub trait Runner: Send + Sync {
    /// Returns name and version of the experiment.
    fn of(&self) -> (&str, u64);

    /// Reads the data of every trial once, and derives the identity of every run.
    ///
    /// # Errors
    /// The data are not available.
    fn prepare<'a>(&self, study: &'a Study, options: &PrepareOptions) -> Result<Box<dyn Prepared + 'a>, RunError>;

    /// Returns the conditions of runs that may be varied.
    fn conditions(&self, _study: &Study) -> Vec<Condition> {
        Vec::new()
    }

    /// Returns what the installation on this machine is, as far as the study describes it by commands.
    fn described(&self, _study: &Study) -> Vec<Described> {
        Vec::new()
    }

    /// Prepares a study without its data; `kept` is their description in the results.
    ///
    /// # Errors
    /// The identities of runs cannot be derived.
    fn without_data<'a>(&self, study: &'a Study, kept: Kept) -> Result<Box<dyn Prepared + 'a>, RunError>;

    /// Returns the baseline that trials are compared with; `facts` are those of the data.
    fn baseline(&self, _study: &Study, _facts: &[DataFacts]) -> Baseline {
        Baseline::None
    }
}

static RUNNERS: RwLock<Vec<Arc<dyn Runner>>> = RwLock::new(Vec::new());

/// Registers the runner of an experiment, in place of an earlier one.
pub fn register(runner: Arc<dyn Runner>) {
    let mut runners = RUNNERS.write().unwrap_or_else(PoisonError::into_inner);
    runners.retain(|other| other.of() != runner.of());
    runners.push(runner);
}

fn runner(study: &Study) -> Option<Arc<dyn Runner>> {
    let declaration = study.declaration();
    let runners = RUNNERS.read().unwrap_or_else(PoisonError::into_inner);
    runners.iter().find(|runner| runner.of() == (declaration.name.as_str(), declaration.version)).cloned()
}

/// Returns the baseline that the trials of a study are compared with, if this program has the experiment.
#[must_use]
pub fn baseline(study: &Study, facts: &[DataFacts]) -> Baseline {
    runner(study).map_or(Baseline::None, |runner| runner.baseline(study, facts))
}

/// Returns the conditions of the runs of a study that may be varied; none if its results depend on nothing else.
#[must_use]
pub fn conditions(study: &Study) -> Vec<Condition> {
    runner(study).map_or_else(Vec::new, |runner| runner.conditions(study))
}

/// Returns what the installation on this machine is, as far as a study describes it by commands.
#[must_use]
pub fn described(study: &Study) -> Vec<Described> {
    runner(study).map_or_else(Vec::new, |runner| runner.described(study))
}

/// Returns whether this program has the experiment of a study.
#[must_use]
pub fn can_run(study: &Study) -> bool {
    runner(study).is_some()
}

/// Prepares a study to run.
///
/// # Errors
/// The data are not available, or this program does not have the experiment.
pub fn prepare<'a>(study: &'a Study, options: &PrepareOptions) -> Result<Box<dyn Prepared + 'a>, RunError> {
    match runner(study) {
        Some(runner) => runner.prepare(study, options),
        None => Err(unknown(study)),
    }
}

/// Prepares a study to be read, without its data or the code of its experiment.
///
/// # Errors
/// The identities of runs cannot be derived.
pub fn without_data<'a>(study: &'a Study, kept: Kept) -> Result<Box<dyn Prepared + 'a>, RunError> {
    match runner(study) {
        Some(runner) => runner.without_data(study, kept),
        None => Ok(Box::new(super::CustomStudy::without_code(study, kept)?)),
    }
}

pub(super) fn unknown(study: &Study) -> RunError {
    let Declaration { name, version, .. } = study.declaration();
    RunError::Source {
        code: "experiment.unknown",
        message: format!("{} is a study of the experiment `{name}`, version {version}, which this program does not have", study.name),
        help: "run the program of the experiment with the same arguments: it is restudy with one more experiment; this program can show, \
               compare and check stored results; for an experiment of a notebook, call `answers.prove()?` there"
            .into(),
    }
}
