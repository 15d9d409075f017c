//! Adapts the definition of a custom experiment to the interfaces of the engine.

use std::{fmt, sync::Arc};

use serde::Serialize;
use serde_json::Value as Json;

use super::{CustomStudy, Declared, End, ExecutableExperiment, Log, Logged};
use crate::{
    experiment::{self, Contradiction, Declaration, Kind, Sections, Settings},
    measure::Split,
    run::{self, Kept, PrepareOptions, Prepared, RunError, Runner},
    seed::Seed,
    spec::{Code, Problem, catalog::Catalog, tree::Node},
    sweep::Study,
    validation::SettingError,
};

/// An experiment, and how its settings are read and written: by a Rust type, or by a list of settings.
pub(super) trait Definition: Send + Sync + 'static {
    type Settings: fmt::Debug + Send + Sync + 'static;

    fn declared(&self) -> Declared;

    /// The JSON Schema of the settings, without references.
    fn schema(&self) -> Json;

    /// Reads settings from the sections of a specification.
    fn read(&self, tree: &Node, sections: &Sections) -> Result<Self::Settings, Problem>;

    /// Reads settings from the result of [`json`](Self::json).
    fn of_json(&self, json: Json) -> Option<Self::Settings>;

    /// Writes the settings, or returns the reason why they cannot be written.
    fn json(&self, settings: &Self::Settings) -> Result<Json, String>;

    fn validate(&self, settings: &Self::Settings) -> Vec<SettingError>;

    fn steps(&self, settings: &Self::Settings) -> u64;

    fn run(&self, settings: &Self::Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End>;

    /// The largest number of runs of these settings that are computed together.
    fn together(&self, _settings: &Self::Settings) -> usize {
        1
    }

    fn run_together(&self, settings: &Self::Settings, runs: &mut [(Seed, Log<'_>)]) -> Vec<Result<(), End>> {
        runs.iter_mut().map(|(seed, log)| self.run(settings, *seed, log)).collect()
    }
}

/// The path of a negative whole number that is not exact as a double, the format of identities.
fn inexact(json: &Json, path: &str) -> Option<String> {
    let inside = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match json {
        Json::Object(entries) => entries.iter().find_map(|(key, inner)| inexact(inner, &inside(key))),
        Json::Array(items) => items.iter().enumerate().find_map(|(i, inner)| inexact(inner, &inside(&i.to_string()))),
        Json::Number(number) => number.as_i64().filter(|whole| *whole < -(1 << 53)).map(|_| path.to_owned()),
        _ => None,
    }
}

/// The path of a setting that was read and is not written: it would be missing from identities.
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

struct Adapter<D: Definition> {
    definition: D,
    declaration: Declaration,
    sections: Sections,
}

/// The settings of a trial.
#[derive(Debug)]
struct TrialSettings<S> {
    value: S,
    /// The settings as sections of a specification.
    sections: Json,
}

impl<S> Serialize for TrialSettings<S> {
    fn serialize<T: serde::Serializer>(&self, serializer: T) -> Result<T::Ok, T::Error> {
        self.sections.serialize(serializer)
    }
}

impl<D: Definition> Adapter<D> {
    fn new(definition: D) -> Self {
        let Declared(mut declaration) = definition.declared();
        declaration.settings = definition.schema();
        let sections = Sections::new(&declaration.settings);
        declaration.files.iter_mut().for_each(|field| *field = sections.path(field));
        let of_folds = declaration.folds.iter_mut().flat_map(|folds| [&mut folds.count, &mut folds.fold]);
        of_folds.for_each(|field| *field = sections.path(field));
        if declaration.objective.measurement.is_empty()
            && let Some(first) = declaration.measurements.first()
        {
            declaration.objective.measurement = first.name.clone();
            declaration.objective.part = *first.parts().last().unwrap_or(&Split::None);
        }
        Self { definition, declaration, sections }
    }

    fn erased(&self, value: D::Settings) -> Result<Arc<dyn Settings>, String> {
        let json = self.definition.json(&value)?;
        if let Some(path) = inexact(&json, "") {
            return Err(format!(
                "{} is below -9007199254740992, the smallest whole number that can be stored",
                self.sections.path(&path)
            ));
        }
        Ok(Arc::new(TrialSettings { value, sections: self.sections.spread(json) }))
    }

    fn settings<'a>(&self, settings: &'a dyn Settings) -> &'a D::Settings {
        &settings.as_any().downcast_ref::<TrialSettings<D::Settings>>().expect("settings of this experiment").value
    }
}

impl<D: Definition> fmt::Debug for Adapter<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adapter").field("declaration", &self.declaration).finish_non_exhaustive()
    }
}

impl<D: Definition> Kind for Adapter<D> {
    fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    fn catalog(&self) -> &Catalog {
        &self.sections.catalog
    }

    fn sections(&self) -> &[String] {
        &self.sections.names
    }

    fn read(&self, tree: &Node) -> Result<Arc<dyn Settings>, Problem> {
        let value = self.definition.read(tree, &self.sections)?;
        let lost = |reason| Problem::new(Code::LostSettings, format!("the settings cannot be kept: {reason}"));
        let settings = self.erased(value).map_err(lost)?;
        match unwritten(tree, &settings.json(), "") {
            Some(path) => Err(lost(format!(
                "{path} is read, but not written as it was read; the settings of the experiment must write what they read"
            ))),
            None => Ok(settings),
        }
    }

    fn of_json(&self, json: &Json) -> Option<Arc<dyn Settings>> {
        self.erased(self.definition.of_json(self.sections.joined(json))?).ok()
    }

    fn validate(&self, settings: &dyn Settings) -> Vec<SettingError> {
        let errors = self.definition.validate(self.settings(settings)).into_iter();
        errors.map(|error| SettingError { key: self.sections.path(&error.key), ..error }).collect()
    }

    fn schema(&self) -> Json {
        self.sections.schema(&self.declaration)
    }
}

impl<D: Definition> ExecutableExperiment for Adapter<D> {
    fn steps(&self, settings: &dyn Settings) -> u64 {
        self.definition.steps(self.settings(settings))
    }

    fn run(&self, settings: &dyn Settings, seed: Seed, log: &mut Log<'_>) -> Result<Logged, RunError> {
        Ok(self.definition.run(self.settings(settings), seed, log))
    }

    fn together(&self, settings: &dyn Settings) -> usize {
        self.definition.together(self.settings(settings))
    }

    fn run_together(&self, settings: &dyn Settings, runs: &mut [(Seed, Log<'_>)]) -> Result<Vec<Logged>, RunError> {
        Ok(self.definition.run_together(self.settings(settings), runs))
    }
}

struct AdapterRunner<D: Definition>(Arc<Adapter<D>>);

impl<D: Definition> Runner for AdapterRunner<D> {
    fn of(&self) -> (&str, u64) {
        (&self.0.declaration.name, self.0.declaration.version)
    }

    fn prepare<'a>(&self, study: &'a Study, options: &PrepareOptions) -> Result<Box<dyn Prepared + 'a>, RunError> {
        Ok(Box::new(CustomStudy::new(study, Arc::<Adapter<D>>::clone(&self.0), options)?))
    }

    fn without_data<'a>(&self, study: &'a Study, kept: Kept) -> Result<Box<dyn Prepared + 'a>, RunError> {
        Ok(Box::new(CustomStudy::without_code(study, kept)?))
    }
}

/// Registers an experiment and its runner in this process, in place of one with the same name and version.
pub(super) fn register<D: Definition>(definition: D) -> Result<Arc<dyn Kind>, Contradiction> {
    let adapter = Arc::new(Adapter::new(definition));
    let kind: Arc<dyn Kind> = Arc::<Adapter<D>>::clone(&adapter);
    experiment::register(Arc::clone(&kind))?;
    run::register(Arc::new(AdapterRunner(adapter)));
    Ok(kind)
}
