use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use super::{
    Amount, DataOverrides, Kept, Reading, RunError, Task,
    contents::{File, absent, name_by_content},
    require_memory,
};
use crate::{
    data::{DataSeed, Opened, Source, SplitData},
    digest::{Digest, Identities, Record, Value},
    experiments::OfNetwork,
    seed::Seed,
    sweep::{AxisValue, Study, Trial},
    train::{Observation, Outcome, Setting, Simd, Stop},
};

mod experiment;
mod inputs;
mod opened;
mod prepared;
mod seeds;
mod without;

pub use prepared::Networks;

use opened::{Room, divided, reopened};

/// A study of the network together with its data.
#[derive(Clone)]
pub struct NetworkExperiment<'a> {
    study: &'a Study,
    simd: Simd,
    /// The distinct data of the trials, under the study's first seed.
    data: Vec<CachedData>,
    /// For each trial, the index of its data.
    data_of: Vec<usize>,
    tasks: Vec<Task>,
    data_overrides: DataOverrides,
    /// Facts from results that are read without their data.
    kept: Option<Kept>,
    /// Points that results keep, by trial and seed.
    kept_splits: BTreeMap<(usize, Seed), Arc<SplitData>>,
}

/// Data that was drawn or read once, or is described by results. Sizes that results do not record are zero.
#[derive(Clone)]
struct CachedData {
    inputs: usize,
    train: usize,
    validation: usize,
    /// Kept while all splits together have at most [`ROOM`] numbers.
    split: Option<Arc<SplitData>>,
    files: Vec<File>,
    /// The content of the files, if `split` is not kept and all contents together have at most [`ROOM`] numbers.
    opened: Option<Arc<Opened>>,
    reading: Option<Reading>,
    /// Whether results are read without this data.
    absent: bool,
}

/// The most numbers kept between runs as points, and again as contents of files: 64 MB each.
const ROOM: usize = 8_000_000;

impl<'a> NetworkExperiment<'a> {
    /// Draws or reads the data of every trial once, and computes the identities of all runs.
    ///
    /// # Errors
    /// Data cannot be drawn or read.
    pub fn new(study: &'a Study, simd: Simd) -> Result<Self, RunError> {
        Self::with_files(study, simd, DataOverrides::new())
    }

    /// As [`new`](Self::new), with some data files read from other paths. Results do not record these paths, because
    /// identities depend on the content of a file alone.
    ///
    /// # Errors
    /// Data cannot be drawn or read.
    pub fn with_files(study: &'a Study, simd: Simd, data_overrides: DataOverrides) -> Result<Self, RunError> {
        let mut network = Self::empty(study, simd, data_overrides);
        let (mut room, mut last) = (Room { split: ROOM, opened: ROOM }, None);
        network.fill(|network, trial, _| CachedData::new(network, trial, &mut room, &mut last))?;
        Ok(network)
    }

    /// Returns the same experiment for a study that differs only in the texts of its axes.
    #[must_use]
    pub fn of<'b>(&self, study: &'b Study) -> NetworkExperiment<'b> {
        NetworkExperiment { study, ..self.clone() }
    }

    fn empty(study: &'a Study, simd: Simd, data_overrides: DataOverrides) -> Self {
        let (data, data_of, tasks) = (Vec::new(), Vec::new(), Vec::new());
        Self { study, simd, data, data_of, tasks, data_overrides, kept: None, kept_splits: BTreeMap::new() }
    }

    /// Computes the identities of all runs. `load` gets a trial and its index, and is called once for each distinct
    /// data set.
    fn fill(
        &mut self,
        mut load: impl FnMut(&Self, &Trial, usize) -> Result<CachedData, RunError>,
    ) -> Result<(), RunError> {
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (index, trial) in self.study.trials.iter().enumerate() {
            let mut settings = self.study.settings(trial);
            let of_data = settings.iter().filter(|(path, _)| path.starts_with("data."));
            let key: String = of_data.map(|(path, value)| format!("{path}={value:?}\n")).collect();
            let place = match places.get(&key) {
                Some(&place) => place,
                None => {
                    self.data.push(load(self, trial, index)?);
                    places.insert(key, self.data.len() - 1);
                    self.data.len() - 1
                }
            };
            name_by_content(&mut settings, &self.data[place].files);
            self.data_of.push(place);
            let ids = identities(&settings);
            self.tasks.extend(self.study.seeds.iter().map(|&seed| Task { trial: index, seed, id: ids.under(seed) }));
        }
        Ok(())
    }

    /// Returns the settings of a trial as they enter the identities of its runs: files by their content.
    #[must_use]
    pub fn settings(&self, trial: usize) -> Vec<(String, AxisValue)> {
        let mut settings = self.study.settings(&self.study.trials[trial]);
        name_by_content(&mut settings, &self.data[self.data_of[trial]].files);
        settings
    }

    /// Returns the digests of the files of a trial's data, in the order of its settings; empty if they are unknown.
    #[must_use]
    pub fn contents(&self, trial: usize) -> Vec<Digest> {
        self.data[self.data_of[trial]].files.iter().map(|file| file.digest).collect()
    }

    /// Whether a record fits the run: the shape of the network, the metrics, and the steps of its measurements. Without
    /// the data, only facts from results are checked.
    #[must_use]
    pub fn fits(&self, task: &Task, record: &Record) -> bool {
        let Setting { model, train, evaluate, stop } = self.study.trials[task.trial].setting();
        let CachedData { inputs, train: points, absent, .. } = *self.data_of(task);
        let (metrics, epoch) = (evaluate.metrics.len(), points as u64);
        let unknown = absent && inputs == 0;
        let (every, end) = (evaluate.every.steps(epoch), train.epochs.saturating_mul(epoch));
        let measured = |(place, observation): (u64, &Observation)| {
            let in_place = observation.step == place.saturating_mul(every).min(end)
                && Some(observation.epoch) == observation.step.checked_div(epoch);
            (in_place || unknown) && observation.values.len() == 2 * metrics
        };
        let ends = match record.outcome {
            Outcome::Completed => unknown || record.observations.last().is_some_and(|last| last.step == end),
            Outcome::Converged { .. } => *stop != Stop::default(),
            Outcome::Diverged { .. } => true,
            Outcome::Failed { .. } => false,
        };
        let [h, d] = record.kept.shapes.first().copied().unwrap_or_default();
        (d == inputs || unknown) && h == model.hidden as usize && ends && (0..).zip(&record.observations).all(measured)
    }

    /// As [`require_memory`](crate::run::Prepared::require_memory).
    ///
    /// # Errors
    /// There is not enough room.
    pub fn require_memory(&self) -> Result<(), RunError> {
        let seeds = self.study.seeds.len() as u128;
        // The confirmed trials are not known yet: they may be the largest.
        let confirming = self.study.confirming_count() as u128;
        let amounts = || (0..self.study.trials.len()).map(|trial| self.amount(trial));
        let all = |of: &dyn Fn(Amount) -> u64| {
            let each = || amounts().map(|amount| u128::from(of(amount)));
            seeds * each().sum::<u128>() + confirming * each().max().unwrap_or(0)
        };
        let measurements = all(&|amount| amount.measurements);
        let parameters = all(&|amount| amount.parameters());
        require_memory(self.study.run_count(), measurements, parameters)
    }

    fn amount(&self, trial: usize) -> Amount {
        let CachedData { inputs, train, validation, .. } = self.data[self.data_of[trial]];
        Amount::new(self.study.trials[trial].setting(), inputs, train, validation)
    }

    /// Returns the study.
    #[must_use]
    pub fn study(&self) -> &'a Study {
        self.study
    }

    /// Returns the SIMD instructions for training.
    #[must_use]
    pub fn simd(&self) -> Simd {
        self.simd
    }

    /// Returns every run of the study, by trial, then by seed in the order of the study.
    #[must_use]
    pub fn tasks(&self) -> Vec<Task> {
        self.tasks.clone()
    }

    /// As [`confirming`](crate::run::Prepared::confirming).
    #[must_use]
    pub fn confirming(&self, trial: usize) -> Vec<Task> {
        let Some(confirm) = self.study.confirm else { return Vec::new() };
        let named = self.study.files(&self.study.trials[trial]).len() == self.contents(trial).len();
        let listed = || {
            self.kept.iter().flat_map(|kept| &kept.runs).filter(|task| task.trial == trial && confirm.has(task.seed))
        };
        if !named {
            return listed().copied().collect();
        }
        let ids = identities(&self.settings(trial));
        confirm.all().into_iter().map(|seed| Task { trial, seed, id: ids.under(seed) }).collect()
    }

    /// Returns the data of a run.
    ///
    /// # Errors
    /// Data can no longer be read, or a file has changed.
    pub fn split(&self, trial: usize, seed: Seed) -> Result<Arc<SplitData>, RunError> {
        let of_seed = |fault| seeds::of_one(self.study.trials[trial].data(), &self.study.seeds, seed, fault);
        self.load_split(trial, seed).map_err(of_seed)
    }

    /// As [`split`](Self::split), with the errors of the reader unchanged.
    fn load_split(&self, trial: usize, seed: Seed) -> Result<Arc<SplitData>, RunError> {
        let data = self.study.trials[trial].data();
        if self.data[self.data_of[trial]].absent && !self.study.files(&self.study.trials[trial]).is_empty() {
            return self.kept_split(trial, seed).ok_or_else(|| absent(self.study, &self.study.trials[trial]));
        }
        let other_seed = data.seeding() == DataSeed::PerRun && seed != self.first_seed();
        let known = &self.data[self.data_of[trial]];
        match &known.split {
            Some(split) if !other_seed => Ok(Arc::clone(split)),
            _ => {
                let found = found(&self.study.trials[trial], &self.data_overrides);
                let opened = match &known.opened {
                    Some(opened) => Some(Arc::clone(opened)),
                    None => reopened(self.study, &found, &known.files)?,
                };
                divided(found.data(), opened.as_deref(), seed)
            }
        }
    }

    pub(super) fn reading(&self, trial: usize) -> Option<Reading> {
        self.data[self.data_of[trial]].reading.clone()
    }

    fn first_seed(&self) -> Seed {
        self.study.seeds.first().copied().unwrap_or(Seed(0))
    }

    fn data_of(&self, task: &Task) -> &CachedData {
        &self.data[self.data_of[task.trial]]
    }
}

/// The trial with the paths of its data files replaced by overrides.
fn found<'a>(trial: &'a Trial, data_overrides: &DataOverrides) -> Cow<'a, Trial> {
    if data_overrides.is_empty() {
        return Cow::Borrowed(trial);
    }
    let mut data = trial.data().clone();
    for name in data.files_mut() {
        if let Some(place) = data_overrides.get(name) {
            name.clone_from(place);
        }
    }
    Cow::Owned(trial.with_data(data))
}

fn identities(settings: &[(String, AxisValue)]) -> Identities {
    let value = |value: &AxisValue| match value {
        AxisValue::Int(whole) => Value::Int(*whole),
        AxisValue::Float(float) => Value::Float(*float),
        AxisValue::String(text) => Value::String(Cow::Owned(text.clone())),
    };
    Identities::new(settings.iter().map(|(path, setting)| (path.as_str(), value(setting))))
}
