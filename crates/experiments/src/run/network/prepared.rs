//! Implements the engine's `Runner` and `Prepared` for the network.

use std::collections::BTreeSet;

use super::{super::one_class, NetworkExperiment, inputs};
use crate::{
    digest::{Digest, Record},
    experiments::{OfNetwork, network::NAME},
    run::{DataFacts, Experiment, Kept, Points, PrepareOptions, Prepared, RunError, Runner, Schedule, Task, estimate},
    seed::Seed,
    store::Instructions,
    sweep::{AxisValue, Study},
    table::Baseline,
    train::{Setting, Simd, Stop},
};

/// Prepares studies of the network.
#[derive(Debug)]
pub struct Networks;

impl Runner for Networks {
    fn of(&self) -> (&str, u64) {
        (NAME, 1)
    }

    fn prepare<'a>(&self, study: &'a Study, how: &PrepareOptions) -> Result<Box<dyn Prepared + 'a>, RunError> {
        let simd = if how.portable { Simd::Portable } else { Simd::best() };
        Ok(Box::new(NetworkExperiment::with_files(study, simd, how.data_overrides.clone())?))
    }

    fn without_data<'a>(&self, study: &'a Study, kept: Kept) -> Result<Box<dyn Prepared + 'a>, RunError> {
        Ok(Box::new(NetworkExperiment::without_data(study, Simd::best(), kept)?))
    }

    fn baseline(&self, study: &Study, facts: &[DataFacts]) -> Baseline {
        one_class(study, facts)
    }
}

impl Prepared for NetworkExperiment<'_> {
    fn study(&self) -> &Study {
        self.study
    }

    fn tasks(&self) -> Vec<Task> {
        self.tasks.clone()
    }

    fn confirming(&self, trial: usize) -> Vec<Task> {
        self.confirming(trial)
    }

    fn settings(&self, trial: usize) -> Vec<(String, AxisValue)> {
        self.settings(trial)
    }

    fn contents(&self, trial: usize) -> Vec<Digest> {
        self.contents(trial)
    }

    fn fits(&self, task: &Task, record: &Record) -> bool {
        self.fits(task, record)
    }

    fn require_memory(&self) -> Result<(), RunError> {
        self.require_memory()
    }

    fn require_seeds(&self, tasks: &[Task], further: &[Seed]) -> Result<(), RunError> {
        self.require_seeds(tasks, further)
    }

    fn inputs(&self, trial: usize) -> Option<usize> {
        // Zero means unknown: the data is absent and results do not describe it.
        Some(self.data[self.data_of[trial]].inputs).filter(|inputs| *inputs > 0)
    }

    fn choice_of_inputs(&self, trial: usize) -> Option<String> {
        inputs::choice(self.study.trials[trial].data(), &self.reading(trial)?.inputs)
    }

    fn instructions(&self) -> Instructions {
        Instructions { name: self.simd.name(), features: self.simd.features() }
    }

    fn facts(&self) -> Result<Vec<DataFacts>, RunError> {
        self.data_facts()
    }

    fn points(&self, seeds: &BTreeSet<Seed>) -> Result<Vec<Points>, RunError> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for trial in 0..self.study.trials.len() {
            for &seed in seeds {
                let split = self.split(trial, seed)?;
                let data = Digest::of_split(&split);
                if seen.insert(data) {
                    found.push(Points { data, trial, seed, split });
                }
            }
        }
        Ok(found)
    }

    fn of<'b>(&'b self, study: &'b Study) -> Box<dyn Prepared + 'b> {
        Box::new(self.of(study))
    }

    fn is_without_data(&self) -> bool {
        self.kept.is_some()
    }

    fn schedule(&self, task: &Task) -> Option<Schedule> {
        let Setting { train, evaluate, stop, .. } = self.study.trials[task.trial].setting();
        let epoch = (self.steps(task) / train.epochs.max(1)).max(1);
        Some(Schedule { epoch, every: evaluate.every.steps(epoch).max(1), ends_early: *stop != Stop::default() })
    }

    fn seconds(&self, tasks: &[Task]) -> Option<f64> {
        Some(estimate::seconds(self, tasks))
    }
}
