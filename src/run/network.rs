use std::{borrow::Cow, collections::BTreeMap, fs, ops::ControlFlow, sync::Arc};

use miette::Diagnostic;
use thiserror::Error;

use super::{Experiment, Task};
use crate::{
    data::{DataError, DataSeed, Source, Split},
    digest::{self, Digest, Record, Value},
    seed::Seed,
    sweep::{Scalar, Study, Trial},
    train::{Job, Kernel, Point, Setting, Shape},
};

/// Why runs could not be done.
#[derive(Debug, Error, Diagnostic)]
pub enum RunError {
    /// The data of a trial cannot be had.
    #[error("{message}")]
    #[diagnostic(help("{help}"))]
    Data {
        /// What is wrong, with file, line and value.
        message: String,
        /// What to do.
        help: String,
    },
    /// The study would leave more behind than can be kept.
    #[error("the study asks for {count} {what} in {runs} runs; at most {MOST_NUMBERS} can be kept")]
    #[diagnostic(help("{help}"))]
    Large {
        /// What there are too many of.
        what: &'static str,
        /// How many there would be.
        count: u128,
        /// In so many runs.
        runs: usize,
        /// What to do.
        help: &'static str,
    },
}

/// The most measurements, and the most final parameters, that a study may leave behind: they fill some gigabytes of memory.
const MOST_NUMBERS: u128 = 10_000_000;

impl From<DataError> for RunError {
    fn from(DataError { message, help }: DataError) -> Self {
        Self::Data { message, help }
    }
}

/// The network of this crate, as an experiment: a study with its data at hand.
pub struct Network<'a> {
    study: &'a Study,
    kernel: Kernel,
    /// For each trial, its data under the study's first seed; data that is drawn once is never drawn again.
    splits: Vec<Arc<Split>>,
    /// For each trial, its settings as they enter identities: files by their content.
    settings: Vec<Vec<(String, Scalar)>>,
}

impl<'a> Network<'a> {
    /// Draws or reads the data of every trial once.
    ///
    /// # Errors
    /// Data cannot be had.
    pub fn new(study: &'a Study, kernel: Kernel) -> Result<Self, RunError> {
        let seed = study.seeds.first().copied().unwrap_or(Seed(0));
        let mut known: BTreeMap<String, (Arc<Split>, FileDigests)> = BTreeMap::new();
        let mut splits = Vec::new();
        let mut settings = Vec::new();
        for trial in &study.trials {
            let mut own = trial.settings();
            let key: String = own
                .iter()
                .filter(|(path, _)| path.starts_with("data."))
                .map(|(path, value)| format!("{path}={value:?}\n"))
                .collect();
            if !known.contains_key(&key) {
                let split = Arc::new(trial.data.load(trial.data.seeding().of(seed))?);
                known.insert(key.clone(), (split, file_digests(trial)?));
            }
            let (split, files) = &known[&key];
            for (path, value) in &mut own {
                if let Scalar::Text(text) = value
                    && let Some((_, digest)) = files.iter().find(|(file, _)| path.starts_with("data.") && file == text)
                {
                    *text = format!("blake3:{digest}");
                }
            }
            splits.push(Arc::clone(split));
            settings.push(own);
        }
        let network = Self { study, kernel, splits, settings };
        network.require_room()?;
        Ok(network)
    }

    /// Refuses a study whose answers could not be held, before anything is trained.
    fn require_room(&self) -> Result<(), RunError> {
        let seeds = self.study.seeds.len() as u128;
        let trials = || self.study.trials.iter().zip(&self.splits);
        let measurements = trials().map(|(trial, split)| {
            let setting = &trial.setting;
            let steps = u128::from(setting.train.epochs) * split.train.len() as u128;
            1 + steps.div_ceil(setting.evaluate.every.steps(split.train.len() as u64).into())
        });
        let parameters =
            trials().map(|(trial, split)| u128::from(trial.setting.model.hidden) * (split.train.d as u128 + 2) + 1);
        let fewer = "train fewer epochs, measure less often with evaluate.every, or ask for fewer runs";
        let smaller = "take fewer hidden units, or ask for fewer runs";
        let counts = [("measurements", measurements.sum(), fewer), ("parameters", parameters.sum::<u128>(), smaller)];
        match counts.into_iter().find(|(_, count, _)| seeds * count > MOST_NUMBERS) {
            Some((what, count, help)) => {
                Err(RunError::Large { what, count: seeds * count, runs: self.study.run_count(), help })
            }
            None => Ok(()),
        }
    }

    /// The study.
    #[must_use]
    pub fn study(&self) -> &'a Study {
        self.study
    }

    /// Every run of the study, by trial, then seed in the order of the study.
    #[must_use]
    pub fn tasks(&self) -> Vec<Task> {
        let seeds = &self.study.seeds;
        let settings = self.settings.iter().enumerate();
        settings
            .flat_map(|(trial, own)| seeds.iter().map(move |&seed| Task { trial, seed, id: id(own, seed) }))
            .collect()
    }

    /// The data that a run sees.
    ///
    /// # Errors
    /// Data cannot be had, any more.
    pub fn split(&self, trial: usize, seed: Seed) -> Result<Arc<Split>, RunError> {
        let data = &self.study.trials[trial].data;
        let first = self.study.seeds.first().copied().unwrap_or(Seed(0));
        match data.seeding() {
            DataSeed::PerRun if seed != first => Ok(Arc::new(data.load(seed)?)),
            _ => Ok(Arc::clone(&self.splits[trial])),
        }
    }
}

impl Experiment for Network<'_> {
    type Shape = Shape;

    fn shape(&self, task: &Task) -> Shape {
        let setting = &self.study.trials[task.trial].setting;
        Job { setting, split: &self.splits[task.trial], seed: task.seed }.shape()
    }

    fn steps(&self, task: &Task) -> u64 {
        self.study.trials[task.trial].setting.train.epochs * self.splits[task.trial].train.len() as u64
    }

    fn cost(&self, task: &Task) -> f64 {
        cost(&self.study.trials[task.trial].setting, &self.splits[task.trial])
    }

    fn run(
        &self,
        tasks: &[Task],
        watch: &mut dyn FnMut(usize, &Point) -> ControlFlow<()>,
    ) -> Result<Option<Vec<Record>>, RunError> {
        let splits = tasks.iter().map(|task| self.split(task.trial, task.seed)).collect::<Result<Vec<_>, _>>()?;
        let jobs: Vec<_> = tasks
            .iter()
            .zip(&splits)
            .map(|(task, split)| Job { setting: &self.study.trials[task.trial].setting, split, seed: task.seed })
            .collect();
        let ids: Vec<_> = tasks.iter().map(|task| task.id).collect();
        Ok(digest::record(self.kernel, &jobs, &ids, watch))
    }
}

/// What a run costs in a full group, in nanoseconds of a fast processor: a rough model, for order and estimates only.
#[must_use]
pub fn cost(setting: &Setting, split: &Split) -> f64 {
    let n = split.train.len() as u64;
    let steps = setting.train.epochs * n;
    let every = setting.evaluate.every.steps(n).min(steps).max(1);
    let measured = (1 + steps.div_ceil(every)) as f64 * (n as f64 + split.validation.len() as f64);
    let unit = f64::from(setting.model.hidden) * (split.train.d as f64 + 1.0);
    steps as f64 * (6.0 + 0.3 * unit) + measured * (5.0 + 0.15 * unit)
}

/// The identity of a run with these settings.
fn id(settings: &[(String, Scalar)], seed: Seed) -> Digest {
    let value = |value: &Scalar| match value {
        Scalar::Whole(whole) => Value::Whole(*whole),
        Scalar::Float(float) => Value::Float(*float),
        Scalar::Text(text) => Value::Text(Cow::Owned(text.clone())),
    };
    digest::run_id(settings.iter().map(|(path, own)| (path.as_str(), value(own))), seed)
}

/// Files, each with the digest of its bytes.
type FileDigests = Vec<(String, Digest)>;

/// The files of a trial's data, each with the digest of its bytes: moving a file changes no identity, editing it does.
fn file_digests(trial: &Trial) -> Result<FileDigests, RunError> {
    let mut data = trial.data.clone();
    let read = |file: &mut String| {
        let bytes = fs::read(&*file).map_err(|error| RunError::Data {
            message: format!("cannot read {file}: {error}"),
            help: "check the path; it is relative to the folder of the specification".into(),
        })?;
        Ok((file.clone(), Digest::of(&bytes)))
    };
    data.files_mut().into_iter().map(read).collect()
}
