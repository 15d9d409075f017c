//! The trait of a custom experiment with settings of a Rust type.

use std::fmt;

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::{
    End, Log,
    definition::{self, Definition},
};
use crate::{
    experiment::{Contradiction, Declaration, Folds, Promise, Sections},
    measure::{Measurement, Objective, Split, Success},
    seed::Seed,
    spec::{self, Problem, read, tree::Node},
    validation::SettingError,
};

/// A custom experiment. The declaration determines the contents of specifications, tables, figures and reports; `run`
/// computes one run.
///
/// The same settings and seed must always give the same bits: all randomness must come from the seed, and nothing from
/// a clock, an address or the order of a hash table. An experiment without this property calls [`Declared::promising`].
pub trait Experiment: Send + Sync + 'static {
    /// The settings. A field that is a structure is a section of a specification; every other field belongs to
    /// `[settings]`.
    type Settings: Serialize + DeserializeOwned + JsonSchema + fmt::Debug + Send + Sync + 'static;

    /// Returns the name, the measurements and the objective.
    fn declare(&self) -> Declared;

    /// Returns the errors of settings; keys are paths of fields.
    fn validate(&self, _settings: &Self::Settings) -> Vec<SettingError> {
        Vec::new()
    }

    /// Returns the number of steps of a run, for progress, and to begin with the longest runs.
    fn steps(&self, _settings: &Self::Settings) -> u64 {
        1
    }

    /// Computes one run, and records its measurements in the log.
    ///
    /// # Errors
    /// The run ends before its last step.
    fn run(&self, settings: &Self::Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End>;

    /// Returns the largest number of runs of these settings, under different seeds, for
    /// [`run_together`](Self::run_together).
    fn together(&self, _settings: &Self::Settings) -> usize {
        1
    }

    /// Computes runs of the same settings together, if that is faster: they share work, or fill the lanes of the
    /// processor. Each run has a log. The result has one entry per run, in order: `Ok` only for a run with all steps
    /// done.
    ///
    /// The bits must be those of [`run`](Self::run): the grouping depends on the number of threads and on stored runs,
    /// and a verification computes each run alone, by `run`. Each log may [resume](Log::resumed) at its own step or not
    /// at all, from a state that `run` or `run_together` has saved. After a panic, `run` computes each of the runs
    /// alone.
    fn run_together(&self, settings: &Self::Settings, runs: &mut [(Seed, Log<'_>)]) -> Vec<Result<(), End>> {
        runs.iter_mut().map(|(seed, log)| self.run(settings, *seed, log)).collect()
    }
}

/// Builds the declaration of an experiment.
#[derive(Debug, Clone)]
pub struct Declared(pub(super) Declaration);

impl Declared {
    /// Creates the declaration of an experiment. Without [`decided_by`](Self::decided_by), the first measurement is the
    /// objective. The version is part of the identity of every run: increase it when `run` changes.
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
            aside: Vec::new(),
            external: false,
            contained: false,
            folds: Vec::new(),
            settings: Json::Null,
        })
    }

    /// Describes the experiment in a sentence.
    #[must_use]
    pub fn about(mut self, about: &str) -> Self {
        self.0.about = about.into();
        self
    }

    /// Adds measurements, in the order of the tables.
    #[must_use]
    pub fn measuring(mut self, measurements: impl IntoIterator<Item = Measurement>) -> Self {
        self.0.measurements.extend(measurements);
        self
    }

    /// Sets the objective, by which trials are compared: `validation.error`, `distance`.
    #[must_use]
    pub fn decided_by(mut self, measurement: &str) -> Self {
        (self.0.objective.part, self.0.objective.measurement) = named(measurement);
        self
    }

    /// Sets the success criterion: a run succeeds at its first measurement that is at least as good as `bound`. `word`
    /// names the columns, in lowercase letters, digits and `-`. The epoch of success is part of the results: increase
    /// the version when the criterion changes.
    #[must_use]
    pub fn succeeding(mut self, word: &str, measurement: &str, bound: f64, about: &str) -> Self {
        let (part, measurement) = named(measurement);
        self.0.objective.success = Some(Success { word: word.into(), measurement, part, bound, about: about.into() });
        self
    }

    /// Declares the arrays that are stored for every run.
    #[must_use]
    pub fn keeping(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        self.0.keeps.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// Sets the promise of reproducibility; the default is [`Promise::Bits`].
    #[must_use]
    pub fn promising(mut self, promise: Promise) -> Self {
        self.0.promise = promise;
        self
    }

    /// Declares the fields of the settings that name files. The content of a file is part of the identity of a run, its
    /// name is not.
    #[must_use]
    pub fn reading(mut self, fields: impl IntoIterator<Item = &'static str>) -> Self {
        self.0.files.extend(fields.into_iter().map(str::to_owned));
        self
    }

    /// Declares two optional fields of the settings for cross-validation: `count` is the number of folds, `fold` the
    /// one that is held out, from 0. If a specification sets `count` alone, every trial runs on each fold and is
    /// compared by its means over the folds.
    #[must_use]
    pub fn on_folds(mut self, count: &str, fold: &str) -> Self {
        self.0.folds.push(Folds { count: count.into(), fold: fold.into() });
        self
    }
}

/// Splits `validation.error` into the split `validation` and the measurement `error`.
fn named(measurement: &str) -> (Split, String) {
    match measurement.split_once('.') {
        Some(("train", name)) => (Split::Train, name.into()),
        Some(("validation", name)) => (Split::Validation, name.into()),
        _ => (Split::None, measurement.into()),
    }
}

impl<E: Experiment> Definition for E {
    type Settings = E::Settings;

    fn declared(&self) -> Declared {
        self.declare()
    }

    fn schema(&self) -> Json {
        spec::inline::<E::Settings>()
    }

    fn read(&self, tree: &Node, sections: &Sections) -> Result<E::Settings, Problem> {
        sections.require_known(tree)?;
        read::read(&sections.gathered(tree), "").map_err(|problem| sections.in_specification(problem, tree))
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

/// Registers an experiment in this process: specifications may then name it.
///
/// # Errors
/// The declaration contradicts itself.
pub fn register<E: Experiment>(experiment: E) -> Result<(), Contradiction> {
    definition::register(experiment).map(drop)
}
