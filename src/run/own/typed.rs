//! An experiment as a Rust type: what is to be written for one of one's own.

use std::{fmt, sync::Arc};

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value as Json;

use super::{Body, End, Log, Own};
use crate::{
    experiment::{self, Contradiction, Declaration, Kind, Promise, Sections, Settings},
    fault::Fault,
    measure::{Measurement, Objective, Part, Success},
    run::{self, How, Kept, Prepared, RunError, Runner},
    seed::Seed,
    spec::{self, Problem, catalogue::Catalogue, read, tree::Node},
    sweep::Study,
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
    fn faults(&self, _settings: &Self::Settings) -> Vec<Fault> {
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
}

/// What an experiment says of itself, in the making.
#[derive(Debug, Clone)]
pub struct Declared(Declaration);

impl Declared {
    /// An experiment of this name and version, decided by the first measurement unless [`decided_by`](Self::decided_by) says otherwise. The version is part
    /// of the identity of every run: raise it when `run` changes.
    #[must_use]
    pub fn new(name: &str, version: u64) -> Self {
        let objective = Objective { measurement: String::new(), part: Part::Whole, then: Vec::new(), success: None };
        Self(Declaration {
            name: name.into(),
            version,
            about: String::new(),
            measurements: Vec::new(),
            objective,
            keeps: Vec::new(),
            promise: Promise::Bits,
            files: Vec::new(),
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

    /// When a run counts as having succeeded: at the first measurement that is at least as good as `bound`. `word` names the columns.
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
}

/// `validation.error` is the error of the part `validation`.
fn named(measurement: &str) -> (Part, String) {
    match measurement.split_once('.') {
        Some(("train", own)) => (Part::Train, own.into()),
        Some(("validation", own)) => (Part::Validation, own.into()),
        _ => (Part::Whole, measurement.into()),
    }
}

/// An experiment as the engine sees it.
struct Typed<E: Experiment> {
    own: E,
    declaration: Declaration,
    sections: Sections,
}

/// The settings of a trial: the structure, and how its fields stand in sections.
#[derive(Debug)]
struct Held<S> {
    own: S,
    json: Json,
}

impl<S> Serialize for Held<S> {
    fn serialize<T: serde::Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        self.json.serialize(serializer)
    }
}

impl<E: Experiment> Typed<E> {
    fn new(own: E) -> Self {
        let Declared(mut declaration) = own.declare();
        declaration.settings = spec::inline::<E::Settings>();
        let sections = Sections::new(&declaration.settings);
        declaration.files.iter_mut().for_each(|field| *field = sections.path(field));
        if declaration.objective.measurement.is_empty()
            && let Some(first) = declaration.measurements.first()
        {
            declaration.objective.measurement = first.name.clone();
            declaration.objective.part = *first.parts().last().unwrap_or(&Part::Whole);
        }
        Self { own, declaration, sections }
    }

    fn held(&self, own: E::Settings) -> Arc<dyn Settings> {
        let json = self.sections.spread(serde_json::to_value(&own).unwrap_or_default());
        Arc::new(Held { own, json })
    }

    fn settings<'a>(&self, settings: &'a dyn Settings) -> &'a E::Settings {
        &settings.as_any().downcast_ref::<Held<E::Settings>>().expect("settings of this experiment").own
    }
}

impl<E: Experiment> fmt::Debug for Typed<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed").field("declaration", &self.declaration).finish_non_exhaustive()
    }
}

impl<E: Experiment> Kind for Typed<E> {
    fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    fn catalogue(&self) -> &Catalogue {
        &self.sections.catalogue
    }

    fn sections(&self) -> &[String] {
        &self.sections.names
    }

    fn read(&self, tree: &Node) -> Result<Arc<dyn Settings>, Problem> {
        self.sections.require_known(tree)?;
        let own = read::read(&self.sections.gathered(tree), "").map_err(|problem| self.sections.told(problem));
        let own: E::Settings = own?;
        Ok(self.held(own))
    }

    fn of_json(&self, json: &Json) -> Option<Arc<dyn Settings>> {
        Some(self.held(serde_json::from_value(self.sections.joined(json)).ok()?))
    }

    fn faults(&self, settings: &dyn Settings) -> Vec<Fault> {
        let own = self.own.faults(self.settings(settings)).into_iter();
        own.map(|fault| Fault { key: self.sections.path(&fault.key), ..fault }).collect()
    }

    fn schema(&self) -> Json {
        self.sections.schema(&self.declaration)
    }
}

impl<E: Experiment> Body for Typed<E> {
    fn steps(&self, settings: &dyn Settings) -> u64 {
        self.own.steps(self.settings(settings))
    }

    fn run(&self, settings: &dyn Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        self.own.run(self.settings(settings), seed, log)
    }
}

/// Who runs an experiment of a type.
struct Runs<E: Experiment>(Arc<Typed<E>>);

impl<E: Experiment> Runner for Runs<E> {
    fn of(&self) -> (&str, u64) {
        (&self.0.declaration.name, self.0.declaration.version)
    }

    fn prepare<'a>(&self, study: &'a Study, how: &How) -> Result<Box<dyn Prepared + 'a>, RunError> {
        Ok(Box::new(Own::new(study, Arc::<Typed<E>>::clone(&self.0), how)?))
    }

    fn without_data<'a>(&self, study: &'a Study, kept: Kept) -> Result<Box<dyn Prepared + 'a>, RunError> {
        Ok(Box::new(Own::without_code(study, kept)?))
    }
}

/// Makes an experiment known to this process: specifications may name it from then on.
///
/// # Errors
/// What it declares contradicts itself.
pub fn register<E: Experiment>(own: E) -> Result<(), Contradiction> {
    // The experiments of this program come first.
    let _ = experiment::known();
    let typed = Arc::new(Typed::new(own));
    experiment::register(Arc::<Typed<E>>::clone(&typed))?;
    run::register(Arc::new(Runs(typed)));
    Ok(())
}
