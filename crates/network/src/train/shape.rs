use alloc::{vec, vec::Vec};

use super::Setting;
use crate::metric::Metric;

/// The properties that runs in lockstep must share; everything else may differ between lanes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    pub(super) inputs: usize,
    pub(super) hidden: u32,
    pub(super) train: usize,
    validation: usize,
    pub(super) every: u64,
    pub(super) metrics: Vec<Metric>,
}

impl Shape {
    /// Returns the shape of runs of a setting, for data with these numbers of inputs, training points and validation
    /// points.
    #[must_use]
    pub fn new(setting: &Setting, inputs: usize, train: usize, validation: usize) -> Self {
        Self {
            inputs,
            hidden: setting.model.hidden,
            train,
            validation,
            every: setting.evaluate.every.steps(train as u64),
            metrics: setting.evaluate.metrics.clone(),
        }
    }

    /// Returns the shape as numbers, which order like shapes.
    #[must_use]
    pub fn numbers(&self) -> Vec<u64> {
        let Self { inputs, hidden, train, validation, every, metrics } = self;
        let mut numbers = vec![*inputs as u64, u64::from(*hidden), *train as u64, *validation as u64, *every];
        numbers.extend(metrics.iter().map(|metric| *metric as u64));
        numbers
    }
}
