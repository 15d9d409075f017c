use alloc::{vec, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{
    metric::Metric,
    model::Model,
    validation::{SettingError, SettingErrors},
};

/// The settings of the trainer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Train {
    /// Epochs to train for; an epoch is as many steps as there are training points.
    pub epochs: u64,
    /// The learning rate η of a step.
    pub learning_rate: f64,
    /// How the example of a step is chosen.
    pub sampling: Sampling,
}

impl Default for Train {
    fn default() -> Self {
        Self { epochs: 100, learning_rate: 0.02, sampling: Sampling::WithReplacement }
    }
}

/// How the example of a step is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sampling {
    /// Every step draws any training point.
    WithReplacement,
    /// Every epoch visits each training point once, in a new random order.
    Shuffle,
}

/// What is measured, and when. The untrained network and the last step are always measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Evaluate {
    /// The distance between two measurements.
    pub every: Every,
    /// What is measured, on training and validation points: "loss" and "error" first, in this order, then any others.
    pub metrics: Vec<Metric>,
}

impl Default for Evaluate {
    fn default() -> Self {
        Self { every: Every::Epochs(1), metrics: vec![Metric::Loss, Metric::Error] }
    }
}

/// A distance in training time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Every {
    /// The number of epochs.
    Epochs(u64),
    /// The number of steps.
    Steps(u64),
}

impl Every {
    /// Returns the distance in steps, for an epoch of `epoch` steps.
    #[must_use]
    pub fn steps(self, epoch: u64) -> u64 {
        match self {
            Self::Epochs(epochs) => epochs.saturating_mul(epoch),
            Self::Steps(steps) => steps,
        }
    }
}

/// The conditions that end a run before its last epoch; by default none.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Stop {
    /// Stop when the training error has been zero at every measurement for this many epochs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zero_error_epochs: Option<u64>,
    /// Stop when the mean training loss is below this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss_below: Option<f64>,
}

/// All settings that determine the bits of a run, apart from data and seed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Setting {
    /// `[model]`
    pub model: Model,
    /// `[train]`
    pub train: Train,
    /// `[evaluate]`
    pub evaluate: Evaluate,
    /// `[stop]`
    pub stop: Stop,
}

impl Setting {
    /// Returns the errors in the setting; keys are paths as in a specification.
    #[must_use]
    pub fn validate(&self) -> Vec<SettingError> {
        let mut errors = SettingErrors::new();
        errors.under("model", self.model.validate());
        let train = &self.train;
        errors.require(
            (1..=1_000_000_000).contains(&train.epochs),
            "train.epochs",
            "a whole number from 1 to 1000000000",
        );
        let rate = train.learning_rate;
        errors.require(rate.is_finite() && rate > 0.0, "train.learning-rate", "a positive number");
        match self.evaluate.every {
            Every::Epochs(n) => errors.require(n > 0, "evaluate.every.epochs", "a whole number from 1"),
            Every::Steps(n) => errors.require(n > 0, "evaluate.every.steps", "a whole number from 1"),
        }
        let metrics = &self.evaluate.metrics;
        errors.require(
            metrics.starts_with(&[Metric::Loss, Metric::Error]),
            "evaluate.metrics",
            "a list that begins with \"loss\", \"error\"",
        );
        let repeated = metrics.iter().enumerate().any(|(i, metric)| metrics[..i].contains(metric));
        errors.require(!repeated, "evaluate.metrics", "a list without repetition");
        if let Some(loss) = self.stop.loss_below {
            errors.require(loss.is_finite() && loss > 0.0, "stop.loss-below", "a positive number");
        }
        errors.found()
    }
}
