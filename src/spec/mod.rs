//! The specification: TOML text in, checked settings or diagnostics with spans out.
//!
//! May touch: `fault`, `seed`, `data`, `model`, `metric`, `train`, `figure`. The text becomes a `tree` that knows where
//! everything stands; `--set` of the command line is laid over it; `read` turns parts of it into settings. What is wrong
//! is a `Problem` until the texts are at hand that make it a [`SpecError`], which quotes them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    data::Data,
    figure::Figure,
    model::Model,
    train::{Evaluate, Setting, Stop, Train},
};

pub(crate) mod catalogue;
mod diagnostic;
pub(crate) mod problem;
pub(crate) mod range;
pub(crate) mod read;
mod read_error;
mod schema;
pub(crate) mod set;
pub(crate) mod slips;
pub(crate) mod sweeping;
mod template;
#[cfg(test)]
mod tests;
pub(crate) mod tree;
pub(crate) mod write;

pub use diagnostic::SpecError;
pub(crate) use diagnostic::Texts;
pub use schema::schema;
pub(crate) use schema::settings;
pub use template::template;

/// A specification with all defaults filled in, as the first trial has it; what is swept is in the study.
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
    /// The figures, one table each: `[figures.NAME]`; NAME is also that of its file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub figures: BTreeMap<String, Figure>,
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

/// The part of a specification that a trial is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Settings {
    pub data: Data,
    #[serde(default)]
    pub model: Model,
    #[serde(default)]
    pub train: Train,
    #[serde(default)]
    pub evaluate: Evaluate,
    #[serde(default)]
    pub stop: Stop,
}

impl Settings {
    /// The names of their sections.
    pub const SECTIONS: [&str; 5] = ["data", "model", "train", "evaluate", "stop"];

    /// The two parts of a trial.
    pub fn into_parts(self) -> (Data, Setting) {
        let Self { data, model, train, evaluate, stop } = self;
        (data, Setting { model, train, evaluate, stop })
    }
}
