//! The specification: TOML text in, checked settings or diagnostics with spans out.
//!
//! The text becomes a `tree` that knows where
//! everything stands; `--set` of the command line is laid over it; `read` turns parts of it into settings. What is wrong
//! is a `Problem` until the texts are at hand that make it a [`SpecError`], which quotes them. Each has a stable [`Code`].
//!
//! What is asked is bounded (`limits` has the numbers, and the [`schema`] gives them as `maxLength`): the question has at most
//! 1,000 characters, the answer 20,000, any other text 1,000, a key 200, the name of a figure 100; a study has at most 1,000
//! figures and 1,000,000 runs, and its file 16 MB. A specification that is kept with results was accepted once and is read as it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod catalogue;
mod code;
mod confidence;
pub(crate) mod confirm;
mod diagnostic;
pub(crate) mod limits;
mod misplaced;
pub mod problem;
pub(crate) mod range;
pub mod read;
mod read_error;
mod schema;
mod seeds;
pub(crate) mod set;
pub(crate) mod slips;
pub(crate) mod sweeping;
mod syntax;
mod template;
pub mod tree;
pub mod write;

pub use code::Code;
pub use confirm::Confirm;
pub use diagnostic::SpecError;
pub(crate) use diagnostic::Texts;
pub use problem::Problem;
pub use schema::{inline, schema};
pub use template::template;

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
