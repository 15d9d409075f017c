//! A study that is ready to run, and who makes one ready.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
};

use super::{DataFacts, Experiment, Kept, RunError, Task};
use crate::{
    digest::{Digest, Labelled, Record},
    seed::Seed,
    store::Instructions,
    sweep::{AxisValue, Study},
    table::Baseline,
};

/// A study whose experiment is ready to run: every run has its name, and the data is at hand.
pub trait Prepared: Experiment + Send {
    /// The study.
    fn study(&self) -> &Study;

    /// Every run of the study, by trial, then seed in the order of the study.
    ///
    /// Of a study that [confirms](crate::sweep::Study::confirm), these are the runs of its first stage: which runs follow, only their results say.
    fn tasks(&self) -> Vec<Task>;

    /// The runs of a trial under the seeds that confirm, in their order; none of a study that does not, or where their identities are not known.
    fn confirming(&self, trial: usize) -> Vec<Task>;

    /// The settings of a trial as the identities of its runs have them: files by their content.
    fn settings(&self, trial: usize) -> Vec<(String, AxisValue)>;

    /// The digests of the files of a trial, in the order of its settings; none where they are not known.
    fn contents(&self, trial: usize) -> Vec<Digest>;

    /// Whether a record has the shape that the run gives, as far as that is known.
    fn fits(&self, task: &Task, record: &Record) -> bool;

    /// Refuses a study whose answers could not be held in the memory that is free now. For whoever is about to compute: it is another
    /// answer at another moment, so that whoever only looks must not ask.
    ///
    /// # Errors
    /// There is not enough room.
    fn require_room(&self) -> Result<(), RunError>;

    /// Refuses tasks that could not begin, since their data cannot be had under their seeds, and names all of these; the same for any trial of the study
    /// under `further` seeds.
    ///
    /// # Errors
    /// There are some.
    fn require_seeds(&self, _tasks: &[Task], _further: &[Seed]) -> Result<(), RunError> {
        Ok(())
    }

    /// How many inputs a point of a trial's data has, where there are such and their number is known.
    fn inputs(&self, _trial: usize) -> Option<usize> {
        None
    }

    /// How a specification gives the data of a trial two inputs, in a clause with what to write, where it can.
    fn choice_of_inputs(&self, _trial: usize) -> Option<String> {
        None
    }

    /// The instructions of the processor that it is computed with.
    fn instructions(&self) -> Instructions {
        Instructions::NONE
    }

    /// What is to be known of every different data set that comes from files.
    ///
    /// # Errors
    /// The data cannot be had, and nothing else says what it was.
    fn facts(&self) -> Result<Vec<DataFacts>, RunError> {
        Ok(Vec::new())
    }

    /// The different data sets of labelled points that runs under these seeds see, each with the first run that sees it.
    ///
    /// # Errors
    /// The data cannot be had.
    fn points(&self, _seeds: &BTreeSet<Seed>) -> Result<Vec<Points>, RunError> {
        Ok(Vec::new())
    }

    /// The same for a study that differs in the texts of its axes alone.
    fn of<'b>(&'b self, study: &'b Study) -> Box<dyn Prepared + 'b>;

    /// Whether it is that of results that are read without their data, or without the code of their experiment: nothing can be run.
    fn is_without_data(&self) -> bool;

    /// When a run is measured, where its settings say so.
    fn schedule(&self, _task: &Task) -> Option<Schedule> {
        None
    }

    /// Seconds that the tasks take on one thread, by a short trial of what they do; none where nothing is known of it.
    fn seconds(&self, _tasks: &[Task]) -> Option<f64> {
        None
    }
}

/// When a run is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Steps of an epoch.
    pub epoch: u64,
    /// Steps between measurements.
    pub every: u64,
    /// Whether it may end before its last step.
    pub ends_early: bool,
}

/// Labelled points, and the first run that sees them.
#[derive(Clone)]
pub struct Points {
    /// The digest of the data.
    pub data: Digest,
    /// The trial of the first run.
    pub trial: usize,
    /// Its seed.
    pub seed: Seed,
    /// The points.
    pub split: Arc<dyn Labelled + Send + Sync>,
}

/// Files of data that are not where a study names them: where each is, by its name.
pub type DataOverrides = BTreeMap<String, String>;

/// How a study is made ready.
#[derive(Debug, Clone, Default)]
pub struct How {
    /// With the plain instructions that every processor has.
    pub portable: bool,
    /// Files of data that are not where the study names them.
    pub data_overrides: DataOverrides,
}

/// Who makes studies of one experiment ready.
pub trait Runner: Send + Sync {
    /// Name and version of the experiment.
    fn of(&self) -> (&str, u64);

    /// Reads the data of every trial once, and names every run.
    ///
    /// # Errors
    /// Data cannot be had.
    fn prepare<'a>(&self, study: &'a Study, how: &How) -> Result<Box<dyn Prepared + 'a>, RunError>;

    /// The study without its data, of which its results say what they know.
    ///
    /// # Errors
    /// The identities of runs are not known.
    fn without_data<'a>(&self, study: &'a Study, kept: Kept) -> Result<Box<dyn Prepared + 'a>, RunError>;

    /// What trials are held against. `facts` are those of the data.
    fn baseline(&self, _study: &Study, _facts: &[DataFacts]) -> Baseline {
        Baseline::None
    }
}

static RUNNERS: RwLock<Vec<Arc<dyn Runner>>> = RwLock::new(Vec::new());

/// Makes known who runs an experiment.
pub fn register(runner: Arc<dyn Runner>) {
    let mut runners = RUNNERS.write().unwrap_or_else(PoisonError::into_inner);
    runners.retain(|own| own.of() != runner.of());
    runners.push(runner);
}

fn runner(study: &Study) -> Option<Arc<dyn Runner>> {
    let own = study.declaration();
    let runners = RUNNERS.read().unwrap_or_else(PoisonError::into_inner);
    runners.iter().find(|runner| runner.of() == (own.name.as_str(), own.version)).cloned()
}

/// What the trials of a study are held against, as far as its experiment is known here.
#[must_use]
pub fn baseline(study: &Study, facts: &[DataFacts]) -> Baseline {
    runner(study).map_or(Baseline::None, |runner| runner.baseline(study, facts))
}

/// Whether this program has the experiment of a study.
#[must_use]
pub fn can_run(study: &Study) -> bool {
    runner(study).is_some()
}

/// Makes a study ready to run.
///
/// # Errors
/// Data cannot be had, or this program does not have the experiment.
pub fn prepare<'a>(study: &'a Study, how: &How) -> Result<Box<dyn Prepared + 'a>, RunError> {
    match runner(study) {
        Some(runner) => runner.prepare(study, how),
        None => Err(unknown(study)),
    }
}

/// Makes a study ready to be read, without its data or the code of its experiment.
///
/// # Errors
/// The identities of runs are not known.
pub fn without_data<'a>(study: &'a Study, kept: Kept) -> Result<Box<dyn Prepared + 'a>, RunError> {
    match runner(study) {
        Some(runner) => runner.without_data(study, kept),
        None => Ok(Box::new(super::Own::without_code(study, kept)?)),
    }
}

pub(super) fn unknown(study: &Study) -> RunError {
    let own = study.declaration();
    RunError::Source {
        code: "experiment.unknown",
        message: format!("{} is a study of the experiment `{}`, version {}, which this program does not have", study.name, own.name, own.version),
        help: "run the program of the experiment with the same words: it is restudy with one more experiment in it; what is \
               stored can be shown, compared and checked here; an experiment of a notebook is proven there, by `answers.prove()?`"
            .into(),
    }
}
