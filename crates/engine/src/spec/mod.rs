//! The specification: turns TOML text into checked settings, or into diagnostics with spans.
//!
//! The text is parsed into a `tree` of values with their spans; `set` applies `--set` of the command line; `read` turns
//! parts of the tree into settings. A mistake is a [`Problem`] with a stable [`Code`]; together with the texts that it
//! quotes, it becomes a [`SpecError`].
//!
//! The size of a specification is limited (`limits` has the numbers, and the [`schema`] gives them as `maxLength`): the
//! question has at most 1,000 characters, the answer 20,000, any other text 1,000, a key 200, the name of a figure 100;
//! a study has at most 1,000 figures and 1,000,000 runs, and its file 16 MB. The limits do not apply to the copy in a
//! results folder, which passed them before.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod catalog;
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
pub(crate) mod recovery;
mod schema;
mod seeds;
pub(crate) mod set;
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

/// The question of a study, and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct About {
    /// The question, in a sentence; it heads the report.
    pub question: String,
    /// The answer, in Markdown, once it is known; it follows the question in the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}
