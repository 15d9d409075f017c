//! An experiment of one's own as the engine sees it, whatever form its settings have.

use std::{fmt, sync::Arc};

use serde::Serialize;
use serde_json::Value as Json;

use super::{Body, Declared, End, Log, Own};
use crate::{
    experiment::{self, Contradiction, Declaration, Kind, Sections, Settings},
    measure::Split,
    run::{self, How, Kept, Prepared, RunError, Runner},
    seed::Seed,
    spec::{Code, Problem, catalogue::Catalogue, tree::Node},
    sweep::Study,
    validation::SettingError,
};

/// An experiment, and how its settings are read and written: by a type, or by a list.
pub(super) trait Form: Send + Sync + 'static {
    /// The settings of a trial.
    type Settings: fmt::Debug + Send + Sync + 'static;

    /// What it is called, what it measures and what decides.
    fn declared(&self) -> Declared;

    /// The JSON Schema of the settings, without references.
    fn schema(&self) -> Json;

    /// Reads settings from the sections of a specification.
    fn read(&self, tree: &Node, sections: &Sections) -> Result<Self::Settings, Problem>;

    /// Settings from the structure that [`json`](Self::json) gives.
    fn of_json(&self, json: Json) -> Option<Self::Settings>;

    /// The settings as one structure, or why they are none.
    fn json(&self, settings: &Self::Settings) -> Result<Json, String>;

    /// What is wrong with settings that can be read.
    fn validate(&self, settings: &Self::Settings) -> Vec<SettingError>;

    /// The steps of a run.
    fn steps(&self, settings: &Self::Settings) -> u64;

    /// Does one run.
    fn run(&self, settings: &Self::Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End>;

    /// How many runs of these settings are done together at most.
    fn together(&self, _settings: &Self::Settings) -> usize {
        1
    }

    /// Does them together.
    fn run_together(&self, settings: &Self::Settings, runs: &mut [(Seed, Log<'_>)]) -> Vec<Result<(), End>> {
        runs.iter_mut().map(|(seed, log)| self.run(settings, *seed, log)).collect()
    }
}

/// The path of a whole number below zero that a double does not hold, as identities have it.
fn inexact(json: &Json, path: &str) -> Option<String> {
    let inside = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match json {
        Json::Object(entries) => entries.iter().find_map(|(key, inner)| inexact(inner, &inside(key))),
        Json::Array(items) => items.iter().enumerate().find_map(|(i, inner)| inexact(inner, &inside(&i.to_string()))),
        Json::Number(number) => number.as_i64().filter(|whole| *whole < -(1 << 53)).map(|_| path.to_owned()),
        _ => None,
    }
}

/// The path of something that was read and is not among what is written: no identity would have it.
fn unwritten(read: &Node, written: &Json, path: &str) -> Option<String> {
    let inside = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    let is_empty = |node: &Node| {
        node.table().is_some_and(|table| table.0.is_empty()) || node.list().is_some_and(<[Node]>::is_empty)
    };
    let entries = read.table()?.0.iter().filter(|entry| !is_empty(&entry.node));
    entries.into_iter().find_map(|entry| match written.get(&entry.key) {
        None => Some(inside(&entry.key)),
        Some(written) => unwritten(&entry.node, written, &inside(&entry.key)),
    })
}

/// An experiment as the engine sees it.
struct Formed<F: Form> {
    own: F,
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

impl<F: Form> Formed<F> {
    fn new(own: F) -> Self {
        let Declared(mut declaration) = own.declared();
        declaration.settings = own.schema();
        let sections = Sections::new(&declaration.settings);
        declaration.files.iter_mut().for_each(|field| *field = sections.path(field));
        let of_folds = declaration.folds.iter_mut().flat_map(|own| [&mut own.count, &mut own.fold]);
        of_folds.for_each(|field| *field = sections.path(field));
        if declaration.objective.measurement.is_empty()
            && let Some(first) = declaration.measurements.first()
        {
            declaration.objective.measurement = first.name.clone();
            declaration.objective.part = *first.parts().last().unwrap_or(&Split::None);
        }
        Self { own, declaration, sections }
    }

    fn held(&self, own: F::Settings) -> Result<Arc<dyn Settings>, String> {
        let json = self.own.json(&own)?;
        if let Some(path) = inexact(&json, "") {
            return Err(format!(
                "{} is below -9007199254740992, as far as whole numbers go",
                self.sections.path(&path)
            ));
        }
        Ok(Arc::new(Held { own, json: self.sections.spread(json) }))
    }

    fn settings<'a>(&self, settings: &'a dyn Settings) -> &'a F::Settings {
        &settings.as_any().downcast_ref::<Held<F::Settings>>().expect("settings of this experiment").own
    }
}

impl<F: Form> fmt::Debug for Formed<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Formed").field("declaration", &self.declaration).finish_non_exhaustive()
    }
}

impl<F: Form> Kind for Formed<F> {
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
        let own = self.own.read(tree, &self.sections)?;
        let fault = |reason| Problem::new(Code::LostSettings, format!("the settings cannot be kept: {reason}"));
        let held = self.held(own).map_err(fault)?;
        match unwritten(tree, &held.json(), "") {
            Some(path) => Err(fault(format!(
                "{path} is read, but not written as it was read; the settings of the experiment must write what they read"
            ))),
            None => Ok(held),
        }
    }

    fn of_json(&self, json: &Json) -> Option<Arc<dyn Settings>> {
        self.held(self.own.of_json(self.sections.joined(json))?).ok()
    }

    fn validate(&self, settings: &dyn Settings) -> Vec<SettingError> {
        let own = self.own.validate(self.settings(settings)).into_iter();
        own.map(|fault| SettingError { key: self.sections.path(&fault.key), ..fault }).collect()
    }

    fn schema(&self) -> Json {
        self.sections.schema(&self.declaration)
    }
}

impl<F: Form> Body for Formed<F> {
    fn steps(&self, settings: &dyn Settings) -> u64 {
        self.own.steps(self.settings(settings))
    }

    fn run(&self, settings: &dyn Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        self.own.run(self.settings(settings), seed, log)
    }

    fn together(&self, settings: &dyn Settings) -> usize {
        self.own.together(self.settings(settings))
    }

    fn run_together(&self, settings: &dyn Settings, runs: &mut [(Seed, Log<'_>)]) -> Vec<Result<(), End>> {
        self.own.run_together(self.settings(settings), runs)
    }
}

/// Who runs an experiment of a type.
struct Runs<F: Form>(Arc<Formed<F>>);

impl<F: Form> Runner for Runs<F> {
    fn of(&self) -> (&str, u64) {
        (&self.0.declaration.name, self.0.declaration.version)
    }

    fn prepare<'a>(&self, study: &'a Study, how: &How) -> Result<Box<dyn Prepared + 'a>, RunError> {
        Ok(Box::new(Own::new(study, Arc::<Formed<F>>::clone(&self.0), how)?))
    }

    fn without_data<'a>(&self, study: &'a Study, kept: Kept) -> Result<Box<dyn Prepared + 'a>, RunError> {
        Ok(Box::new(Own::without_code(study, kept)?))
    }
}

/// Makes an experiment known to this process, in place of one of the same name and version.
pub(super) fn register<F: Form>(own: F) -> Result<Arc<dyn Kind>, Contradiction> {
    let formed = Arc::new(Formed::new(own));
    let kind: Arc<dyn Kind> = Arc::<Formed<F>>::clone(&formed);
    experiment::register(Arc::clone(&kind))?;
    run::register(Arc::new(Runs(formed)));
    Ok(kind)
}
