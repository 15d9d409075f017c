//! Prepared studies of custom experiments: with the code of the experiment, or from stored results alone.

mod definition;
mod dynamic;
mod log;
mod tasks;
mod typed;
mod work;

pub use dynamic::{ExperimentBuilder, Literal, ReadSettingError, SettingValues};
pub use log::{End, Log, Logged};
use tasks::tasks_of;
pub use tasks::value_names;
pub use typed::{Declared, Experiment, register};

use std::{borrow::Cow, collections::BTreeMap, ops::ControlFlow, sync::Arc};

use super::{
    DataOverrides, Experiment as RunExperiment, Handover, Kept, PrepareOptions, Prepared, RunError, Task,
    contents::{self, File, name_by_content},
    require_memory,
};
use crate::{
    digest::{Digest, Observation, Outcome, Record},
    experiment::Settings,
    seed::Seed,
    sweep::{self, AxisValue, Study, Successes},
};

/// A custom experiment with any type of settings.
pub trait ExecutableExperiment: Send + Sync {
    /// Returns the number of steps of a run, for progress.
    fn steps(&self, settings: &dyn Settings) -> u64;

    /// Returns whether [`steps`](Self::steps) are those of the log. Otherwise a run counts as one step.
    fn counts_steps(&self) -> bool {
        true
    }

    /// Computes a run; `log` records it.
    ///
    /// # Errors
    /// No run can be computed: the sweep ends. The failure of a run is part of the result.
    fn run(&self, settings: &dyn Settings, seed: Seed, log: &mut Log<'_>) -> Result<Logged, RunError>;

    /// Returns the largest number of runs of these settings that are computed together.
    fn together(&self, _settings: &dyn Settings) -> usize {
        1
    }

    /// Computes runs of the same settings together; returns how each ended, in their order.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    fn run_together(&self, settings: &dyn Settings, runs: &mut [(Seed, Log<'_>)]) -> Result<Vec<Logged>, RunError> {
        runs.iter_mut().map(|(seed, log)| self.run(settings, *seed, log)).collect()
    }

    /// Returns what identifies a run in addition to its settings, by name: the output of a command.
    fn identity(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Returns messages for the user about the runs that were computed.
    fn notices(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A prepared study of a custom experiment.
pub struct CustomStudy<'a> {
    study: Cow<'a, Study>,
    tasks: Vec<Task>,
    /// The files of each trial.
    files: Vec<Vec<File>>,
    /// What identifies every run in addition to its settings.
    further: Vec<(String, String)>,
    /// The settings of each trial, with overridden paths of files.
    settings: Vec<Arc<dyn Settings>>,
    /// The code of the experiment; `None` if only results are read.
    experiment: Option<Arc<dyn ExecutableExperiment>>,
}

impl<'a> CustomStudy<'a> {
    /// Prepares a study for its experiment: reads its files, and derives the identity of every run.
    ///
    /// # Errors
    /// A file cannot be read, or the study cannot be written so that it reads as the same.
    pub fn new(
        study: &'a Study,
        experiment: Arc<dyn ExecutableExperiment>,
        options: &PrepareOptions,
    ) -> Result<Self, RunError> {
        require_readable(study)?;
        let settings: Vec<_> =
            study.trials.iter().map(|trial| with_overrides(study, &trial.settings, &options.data_overrides)).collect();
        let files = settings.iter().map(|settings| contents::files_of(&study.kind.files(&**settings)));
        let files = files.collect::<Result<Vec<_>, _>>()?;
        Ok(Self::with_identities(Cow::Borrowed(study), settings, files, Some(experiment)))
    }

    /// Prepares a study from stored results, without the code of the experiment.
    ///
    /// # Errors
    /// The identities of runs cannot be derived.
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
        let mut prepared = Self::with_identities(Cow::Borrowed(study), settings, files, None);
        if !unknown.is_empty() {
            let listed: BTreeMap<_, _> = kept.runs.iter().map(|task| ((task.trial, task.seed), task.id)).collect();
            for task in prepared.tasks.iter_mut().filter(|task| unknown.contains(&task.trial)) {
                let id = listed.get(&(task.trial, task.seed));
                task.id = *id.ok_or_else(|| contents::unknown_identities(study, &study.trials[task.trial]))?;
            }
        }
        Ok(prepared)
    }

    /// As [`without_code`](Self::without_code), with the identities of `runs` for the runs that it lists: they depend
    /// on more than the settings.
    ///
    /// # Errors
    /// As [`without_code`](Self::without_code).
    pub fn as_listed(study: &'a Study, kept: Kept, runs: &[Task]) -> Result<Self, RunError> {
        let mut prepared = Self::without_code(study, kept)?;
        let listed: BTreeMap<_, _> = runs.iter().map(|task| ((task.trial, task.seed), task.id)).collect();
        for task in &mut prepared.tasks {
            task.id = listed.get(&(task.trial, task.seed)).copied().unwrap_or(task.id);
        }
        Ok(prepared)
    }

    /// Derives the identity of every run.
    fn with_identities(
        study: Cow<'a, Study>,
        settings: Vec<Arc<dyn Settings>>,
        files: Vec<Vec<File>>,
        experiment: Option<Arc<dyn ExecutableExperiment>>,
    ) -> Self {
        let further = experiment.as_ref().map_or_else(Vec::new, |experiment| experiment.identity());
        let mut tasks = Vec::with_capacity(study.run_count());
        for (trial, files) in files.iter().enumerate() {
            tasks.extend(tasks_of(&study, trial, (files, &further), &study.seeds));
        }
        Self { study, tasks, files, further, settings, experiment }
    }
}

/// Refuses a study that its written specification does not reproduce, because its settings are written differently than
/// read: its results could not be verified.
fn require_readable(study: &Study) -> Result<(), RunError> {
    // Paths of files depend on the folder of the text, so such studies are not checked.
    let has_files = study.trials.iter().any(|trial| !study.kind.files(&*trial.settings).is_empty());
    if has_files || study.declaration().external {
        return Ok(());
    }
    let text = study.canonical_toml();
    let reread = sweep::parse(&study.name, std::path::Path::new("study of its own"), &text, &[]);
    let reason = match reread {
        Ok(reread) if reread.trials == study.trials && reread.axes == study.axes => return Ok(()),
        Ok(_) => "reads as other settings".to_owned(),
        Err(error) => format!("cannot be read: {error}"),
    };
    Err(RunError::Source {
        code: "experiment.settings",
        message: format!("the specification of `{}`, written out with every setting, {reason}", study.name),
        help: "the settings of the experiment must be read by serde as they are written: check what its attributes skip, rename and default".into(),
    })
}

/// Replaces the overridden paths of files.
fn with_overrides(study: &Study, settings: &Arc<dyn Settings>, data_overrides: &DataOverrides) -> Arc<dyn Settings> {
    if data_overrides.is_empty() {
        return Arc::clone(settings);
    }
    study.kind.with_files(settings, &|name| data_overrides.get(name).cloned().unwrap_or_else(|| name.to_owned()))
}

impl RunExperiment for CustomStudy<'_> {
    fn shape(&self, task: &Task) -> Vec<u64> {
        vec![task.trial as u64]
    }

    fn most_together(&self, task: &Task) -> usize {
        self.experiment.as_ref().map_or(1, |experiment| experiment.together(&*self.settings[task.trial]).max(1))
    }

    fn most_together_verified(&self, _: &Task) -> usize {
        1
    }

    fn steps(&self, task: &Task) -> u64 {
        self.experiment.as_ref().map_or(1, |experiment| experiment.steps(&*self.settings[task.trial]).max(1))
    }

    fn counts_steps(&self) -> bool {
        self.experiment.as_ref().is_none_or(|experiment| experiment.counts_steps())
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
        self.compute(tasks, watch, stopped, None)
    }

    fn resume(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        stopped: &dyn Fn() -> bool,
        handover: &dyn Handover,
    ) -> Result<Option<Vec<Record>>, RunError> {
        self.compute(tasks, watch, stopped, Some(handover))
    }
}

impl Prepared for CustomStudy<'_> {
    fn study(&self) -> &Study {
        &self.study
    }

    fn tasks(&self) -> Vec<Task> {
        self.tasks.clone()
    }

    fn confirming(&self, trial: usize) -> Vec<Task> {
        let Some(confirm) = self.study.confirm else { return Vec::new() };
        // Without the digests of the files, the identities are unknown.
        let is_known = self.files[trial].len() == self.study.files(&self.study.trials[trial]).len();
        if is_known {
            tasks_of(&self.study, trial, (&self.files[trial], &self.further), &confirm.all())
        } else {
            Vec::new()
        }
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
        let values: usize = measured.iter().map(|measurement| measurement.parts().len()).sum();
        let keeps = self.study.declaration().keeps.len();
        let trained = matches!(record.outcome, Outcome::Completed | Outcome::Converged { .. });
        let success = Successes::of(&self.study).epoch(task.trial, record);
        record.own.is_some_and(|own| own.seed == task.seed && own.success == success)
            && record.observations.iter().all(|observation| observation.values.len() == values)
            && (record.kept.shapes.len() == keeps || !trained && record.kept.shapes.is_empty())
    }

    fn require_memory(&self) -> Result<(), RunError> {
        require_memory(self.study.run_count(), 0, 0)
    }

    fn of<'b>(&'b self, study: &'b Study) -> Box<dyn Prepared + 'b> {
        Box::new(CustomStudy {
            study: Cow::Borrowed(study),
            tasks: self.tasks.clone(),
            files: self.files.clone(),
            further: self.further.clone(),
            settings: self.settings.clone(),
            experiment: self.experiment.clone(),
        })
    }

    fn is_without_data(&self) -> bool {
        self.experiment.is_none()
    }

    fn notices(&self) -> Vec<String> {
        self.experiment.as_ref().map_or_else(Vec::new, |experiment| experiment.notices())
    }
}

#[cfg(test)]
mod tests;
