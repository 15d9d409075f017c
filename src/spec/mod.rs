//! The specification: TOML text in, checked settings or diagnostics with spans out.
//!
//! May touch: `fault`, `seed`, `data`, `model`, `metric`, `train`, `figure`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    data::Data,
    model::Model,
    train::{Evaluate, Stop, Train},
};

/// A specification as it stands in a file, defaults filled in; what is swept is still in `sweep`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Spec {
    /// What is asked.
    pub study: About,
    /// The data set, one table named after it: `[data.double-moon]`.
    pub data: Data,
    /// The network.
    #[serde(default)]
    pub model: Model,
    /// The trainer.
    #[serde(default)]
    pub train: Train,
    /// What is measured, and when.
    #[serde(default)]
    pub evaluate: Evaluate,
    /// What ends a run early.
    #[serde(default)]
    pub stop: Stop,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct About {
    /// The question, in a sentence; it heads the report.
    pub question: String,
    /// The answer, in Markdown, once it is known; it follows the question in the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}
