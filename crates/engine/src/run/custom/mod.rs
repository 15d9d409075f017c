//! Studies of an experiment of one's own, ready to run: of a Rust type, or of nothing but what its results say.

mod dynamic;
mod form;
mod log;
mod typed;
mod work;

pub use dynamic::{Listed, Literal, ReadSettingError, SettingValues};
pub use log::{End, Log, Logged};
pub use typed::{Declared, Experiment, register};

use std::{borrow::Cow, collections::BTreeMap, ops::ControlFlow, sync::Arc};

use super::{
    DataOverrides, Experiment as Runs, Handover, How, Kept, Prepared, RunError, Task,
    contents::{self, File, name_by_content},
    require_room,
};
use crate::{
    digest::{Digest, Identities, Observation, Outcome, Record, Value},
    experiment::Settings,
    measure::Measurement,
    seed::Seed,
    sweep::{self, AxisValue, Study, Successes, slot},
};

/// What does the runs of an experiment, whatever its settings are.
pub(super) trait Body: Send + Sync {
    /// The steps of a run, to show progress by.
    fn steps(&self, settings: &dyn Settings) -> u64;

    /// Does one run.
    fn run(&self, settings: &dyn Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End>;

    /// How many runs of these settings are done together at most.
    fn together(&self, settings: &dyn Settings) -> usize;

    /// Does runs of the same settings together; how each ended stands at its place.
    fn run_together(&self, settings: &dyn Settings, runs: &mut [(Seed, Log<'_>)]) -> Vec<Result<(), End>>;
}

/// A study of an experiment of one's own.
pub struct Own<'a> {
    study: Cow<'a, Study>,
    tasks: Vec<Task>,
    /// The files of each trial.
    files: Vec<Vec<File>>,
    /// The settings of each trial as they run, with files where they are.
    settings: Vec<Arc<dyn Settings>>,
    /// What does the runs; nothing where only results are read.
    body: Option<Arc<dyn Body>>,
}

impl<'a> Own<'a> {
    pub(super) fn new(study: &'a Study, body: Arc<dyn Body>, how: &How) -> Result<Self, RunError> {
        require_readable(study)?;
        let settings: Vec<_> =
            study.trials.iter().map(|trial| found(study, &trial.settings, &how.data_overrides)).collect();
        let files = settings.iter().map(|own| contents::files_of(&study.kind.files(&**own)));
        let files = files.collect::<Result<Vec<_>, _>>()?;
        Ok(Self::named(Cow::Borrowed(study), settings, files, Some(body)))
    }

    /// A study of which only what results say of it is known.
    ///
    /// # Errors
    /// The identities of runs are not known.
    pub fn without_code(study: &'a Study, kept: Kept) -> Result<Self, RunError> {
        let mut unknown = Vec::new();
        let mut of = |(index, trial)| {
            let files = contents::known(study, trial, &kept.contents);
            if files.is_none() {
                unknown.push(index);
            }
            files.unwrap_or_default()
        };
        let files = study.trials.iter().enumerate().map(&mut of).collect();
        let settings = study.trials.iter().map(|trial| Arc::clone(&trial.settings)).collect();
        let mut own = Self::named(Cow::Borrowed(study), settings, files, None);
        if !unknown.is_empty() {
            let listed: BTreeMap<_, _> = kept.runs.iter().map(|task| ((task.trial, task.seed), task.id)).collect();
            for task in own.tasks.iter_mut().filter(|task| unknown.contains(&task.trial)) {
                let id = listed.get(&(task.trial, task.seed));
                task.id = *id.ok_or_else(|| contents::untold(study, &study.trials[task.trial]))?;
            }
        }
        Ok(own)
    }

    /// Names every run.
    fn named(
        study: Cow<'a, Study>,
        settings: Vec<Arc<dyn Settings>>,
        files: Vec<Vec<File>>,
        body: Option<Arc<dyn Body>>,
    ) -> Self {
        let mut tasks = Vec::with_capacity(study.run_count());
        for (trial, files) in files.iter().enumerate() {
            tasks.extend(named(&study, trial, files, &study.seeds));
        }
        Self { study, tasks, files, settings, body }
    }
}

/// The runs of a trial under some seeds.
fn named(study: &Study, trial: usize, files: &[File], seeds: &[Seed]) -> Vec<Task> {
    let own = study.declaration();
    let mut settings = study.all_settings(&study.trials[trial]);
    name_by_content(&mut settings, files);
    let value = |value: &AxisValue| match value {
        AxisValue::Int(whole) => Value::Int(*whole),
        AxisValue::Float(float) => Value::Float(*float),
        AxisValue::String(text) => Value::String(Cow::Owned(text.clone())),
    };
    let values = settings.iter().map(|(path, own)| (path.as_str(), value(own)));
    let measured = value_names(&study.measured(&study.trials[trial]));
    let ids = Identities::of_experiment((&own.name, own.version), [&measured, &own.keeps], values);
    seeds.iter().map(|&seed| Task { trial, seed, id: ids.under(seed) }).collect()
}

/// The names of the values of a record, in their order: `train.loss`.
#[must_use]
pub fn value_names(measured: &[&Measurement]) -> Vec<String> {
    let all = || measured.iter().flat_map(|own| own.parts().iter().map(move |part| (*part, &own.name)));
    let mut names: Vec<_> =
        all().filter_map(|(part, name)| Some((slot(measured, part, name)?, part.joined('.', name)))).collect();
    names.sort();
    names.into_iter().map(|(_, name)| name).collect()
}

/// Refuses a study that its own text does not say, as with a type that is written otherwise than it is read: no one could verify its results.
fn require_readable(study: &Study) -> Result<(), RunError> {
    // Files are named from where a text stands.
    if study.trials.iter().any(|trial| !study.kind.files(&*trial.settings).is_empty()) {
        return Ok(());
    }
    let text = study.canonical_toml();
    let again = sweep::parse(&study.name, std::path::Path::new("study of its own"), &text, &[]);
    let reason = match again {
        Ok(again) if again.trials == study.trials && again.axes == study.axes => return Ok(()),
        Ok(_) => "reads as other settings".to_owned(),
        Err(error) => format!("cannot be read: {error}"),
    };
    Err(RunError::Source {
        code: "experiment.settings",
        message: format!("the specification of `{}`, written out with every setting, {reason}", study.name),
        help: "the settings of the experiment must be read by serde as they are written: check what its attributes skip, rename and default".into(),
    })
}

/// The settings with files where they are.
fn found(study: &Study, settings: &Arc<dyn Settings>, data_overrides: &DataOverrides) -> Arc<dyn Settings> {
    if data_overrides.is_empty() {
        return Arc::clone(settings);
    }
    study.kind.with_files(settings, &|name| data_overrides.get(name).cloned().unwrap_or_else(|| name.to_owned()))
}

impl Runs for Own<'_> {
    fn shape(&self, task: &Task) -> Vec<u64> {
        vec![task.trial as u64]
    }

    fn most_together(&self, task: &Task) -> usize {
        self.body.as_ref().map_or(1, |body| body.together(&*self.settings[task.trial]).max(1))
    }

    fn most_together_verified(&self, _: &Task) -> usize {
        1
    }

    fn steps(&self, task: &Task) -> u64 {
        self.body.as_ref().map_or(1, |body| body.steps(&*self.settings[task.trial]).max(1))
    }

    fn cost(&self, task: &Task) -> f64 {
        self.steps(task) as f64
    }

    fn run(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<Record>>, RunError> {
        self.all(tasks, watch, stopped, None)
    }

    fn resume(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        handover: &dyn Handover,
    ) -> Result<Option<Vec<Record>>, RunError> {
        self.all(tasks, watch, stopped, Some(handover))
    }
}

impl Prepared for Own<'_> {
    fn study(&self) -> &Study {
        &self.study
    }

    fn tasks(&self) -> Vec<Task> {
        self.tasks.clone()
    }

    fn confirming(&self, trial: usize) -> Vec<Task> {
        let Some(confirm) = self.study.confirm else { return Vec::new() };
        // Of files of which nothing says what they held, runs have no names.
        let known = self.files[trial].len() == self.study.files(&self.study.trials[trial]).len();
        if known { named(&self.study, trial, &self.files[trial], &confirm.all()) } else { Vec::new() }
    }

    fn settings(&self, trial: usize) -> Vec<(String, AxisValue)> {
        let mut settings = self.study.all_settings(&self.study.trials[trial]);
        name_by_content(&mut settings, &self.files[trial]);
        settings
    }

    fn contents(&self, trial: usize) -> Vec<Digest> {
        self.files[trial].iter().map(|file| file.digest).collect()
    }

    fn fits(&self, task: &Task, record: &Record) -> bool {
        let measured = self.study.measured(&self.study.trials[task.trial]);
        let values: usize = measured.iter().map(|own| own.parts().len()).sum();
        let keeps = self.study.declaration().keeps.len();
        let trained = matches!(record.outcome, Outcome::Completed | Outcome::Converged { .. });
        let success = Successes::of(&self.study).epoch(task.trial, record);
        record.own.is_some_and(|own| own.seed == task.seed && own.success == success)
            && record.observations.iter().all(|point| point.values.len() == values)
            && (record.kept.shapes.len() == keeps || !trained && record.kept.shapes.is_empty())
    }

    fn require_room(&self) -> Result<(), RunError> {
        require_room(self.study.run_count(), 0, 0)
    }

    fn of<'b>(&'b self, study: &'b Study) -> Box<dyn Prepared + 'b> {
        Box::new(Own {
            study: Cow::Borrowed(study),
            tasks: self.tasks.clone(),
            files: self.files.clone(),
            settings: self.settings.clone(),
            body: self.body.clone(),
        })
    }

    fn is_without_data(&self) -> bool {
        self.body.is_none()
    }
}

#[cfg(test)]
mod tests;
