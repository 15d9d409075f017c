//! An experiment as a Rust type: what is to be written for one of one's own.

use std::fmt;

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::{
    End, Log,
    form::{self, Form},
};
use crate::{
    experiment::{Contradiction, Declaration, Folds, Promise, Sections},
    measure::{Measurement, Objective, Split, Success},
    seed::Seed,
    spec::{self, Problem, read, tree::Node},
    validation::SettingError,
};

/// An experiment of one's own. What is declared decides how specifications, tables, figures, answers and reports look; `run` does one run.
///
/// The same settings under the same seed must give the same bits, whatever else happens: everything random comes from the seed, and nothing from
/// a clock, an address or the order of a hash. An experiment that cannot promise that says so by [`Declared::promising`].
pub trait Experiment: Send + Sync + 'static {
    /// The settings. A field that is a structure of its own is a section of a specification, every other one stands under `[settings]`.
    type Settings: Serialize + DeserializeOwned + JsonSchema + fmt::Debug + Send + Sync + 'static;

    /// What it is called, what it measures and what decides.
    fn declare(&self) -> Declared;

    /// What is wrong with settings that can be read; keys are paths of fields.
    fn validate(&self, _settings: &Self::Settings) -> Vec<SettingError> {
        Vec::new()
    }

    /// The steps of a run, to show progress and to begin the longest first.
    fn steps(&self, _settings: &Self::Settings) -> u64 {
        1
    }

    /// Does one run, and tells the log what it measures.
    ///
    /// # Errors
    /// The run is over before all of its steps are done.
    fn run(&self, settings: &Self::Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End>;

    /// How many runs of these settings, under different seeds, [`run_together`](Self::run_together) does at most.
    fn together(&self, _settings: &Self::Settings) -> usize {
        1
    }

    /// Does runs of the same settings together, where that is quicker: what they share is done once, or they fill the lanes
    /// of the processor. Each run has a log, and the answer says in the order of the runs how each ended: `Ok` only for a
    /// run of which every step was done.
    ///
    /// The bits must be those of [`run`](Self::run): which runs are done together depends on the number of threads and on
    /// what is already there, and a verification does each run alone, by `run`. Each log may [resume](Log::resumed) at a step of its own or not at all, from a state that `run` or `run_together` has kept.
    /// After a panic, `run` does each of them alone.
    fn run_together(&self, settings: &Self::Settings, runs: &mut [(Seed, Log<'_>)]) -> Vec<Result<(), End>> {
        runs.iter_mut().map(|(seed, log)| self.run(settings, *seed, log)).collect()
    }
}

/// What an experiment says of itself, in the making.
#[derive(Debug, Clone)]
pub struct Declared(pub(super) Declaration);

impl Declared {
    /// An experiment of this name and version, decided by the first measurement unless [`decided_by`](Self::decided_by) says otherwise. The version is part
    /// of the identity of every run: raise it when `run` changes.
    #[must_use]
    pub fn new(name: &str, version: u64) -> Self {
        let objective = Objective { measurement: String::new(), part: Split::None, then: Vec::new(), success: None };
        Self(Declaration {
            name: name.into(),
            version,
            about: String::new(),
            measurements: Vec::new(),
            objective,
            keeps: Vec::new(),
            promise: Promise::Bits,
            files: Vec::new(),
            later: Vec::new(),
            folds: Vec::new(),
            settings: Json::Null,
        })
    }

    /// What it is, in a sentence.
    #[must_use]
    pub fn about(mut self, about: &str) -> Self {
        self.0.about = about.into();
        self
    }

    /// What is measured; the order is that of the tables.
    #[must_use]
    pub fn measuring(mut self, measurements: impl IntoIterator<Item = Measurement>) -> Self {
        self.0.measurements.extend(measurements);
        self
    }

    /// Which measurement decides: `validation.error`, `distance`.
    #[must_use]
    pub fn decided_by(mut self, measurement: &str) -> Self {
        (self.0.objective.part, self.0.objective.measurement) = named(measurement);
        self
    }

    /// When a run counts as having succeeded: at the first measurement that is at least as good as `bound`. `word` names the columns, in small letters, digits and `-`.
    /// Where this changes, so does the version: of results that are stored under it, these are part.
    #[must_use]
    pub fn succeeding(mut self, word: &str, measurement: &str, bound: f64, about: &str) -> Self {
        let (part, measurement) = named(measurement);
        self.0.objective.success = Some(Success { word: word.into(), measurement, part, bound, about: about.into() });
        self
    }

    /// The arrays that are kept of every run.
    #[must_use]
    pub fn keeping(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        self.0.keeps.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// How far its results are promised: to the last bit, unless this says otherwise.
    #[must_use]
    pub fn promising(mut self, promise: Promise) -> Self {
        self.0.promise = promise;
        self
    }

    /// Fields of the settings that name files: what these hold is part of the identity of a run, their names are not.
    #[must_use]
    pub fn reading(mut self, fields: impl IntoIterator<Item = &'static str>) -> Self {
        self.0.files.extend(fields.into_iter().map(str::to_owned));
        self
    }

    /// Fields of the settings for cross-validation: `count` says how many folds there are, `fold` which of them is held out, from 0; neither is required. Where a
    /// specification gives the first alone, every trial runs on each fold, and is compared by its means over them.
    #[must_use]
    pub fn on_folds(mut self, count: &str, fold: &str) -> Self {
        self.0.folds.push(Folds { count: count.into(), fold: fold.into() });
        self
    }
}

/// `validation.error` is the error of the part `validation`.
fn named(measurement: &str) -> (Split, String) {
    match measurement.split_once('.') {
        Some(("train", own)) => (Split::Train, own.into()),
        Some(("validation", own)) => (Split::Validation, own.into()),
        _ => (Split::None, measurement.into()),
    }
}

/// The settings of a type are read and written by serde.
impl<E: Experiment> Form for E {
    type Settings = E::Settings;

    fn declared(&self) -> Declared {
        self.declare()
    }

    fn schema(&self) -> Json {
        spec::inline::<E::Settings>()
    }

    fn read(&self, tree: &Node, sections: &Sections) -> Result<E::Settings, Problem> {
        sections.require_known(tree)?;
        read::read(&sections.gathered(tree), "").map_err(|problem| sections.told(problem, tree))
    }

    fn of_json(&self, json: Json) -> Option<E::Settings> {
        serde_json::from_value(json).ok()
    }

    fn json(&self, settings: &E::Settings) -> Result<Json, String> {
        serde_json::to_value(settings).map_err(|error| error.to_string())
    }

    fn validate(&self, settings: &E::Settings) -> Vec<SettingError> {
        Experiment::validate(self, settings)
    }

    fn steps(&self, settings: &E::Settings) -> u64 {
        Experiment::steps(self, settings)
    }

    fn run(&self, settings: &E::Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        Experiment::run(self, settings, seed, log)
    }

    fn together(&self, settings: &E::Settings) -> usize {
        Experiment::together(self, settings)
    }

    fn run_together(&self, settings: &E::Settings, runs: &mut [(Seed, Log<'_>)]) -> Vec<Result<(), End>> {
        Experiment::run_together(self, settings, runs)
    }
}

/// Makes an experiment known to this process: specifications may name it from then on.
///
/// # Errors
/// What it declares contradicts itself.
pub fn register<E: Experiment>(own: E) -> Result<(), Contradiction> {
    form::register(own).map(drop)
}
