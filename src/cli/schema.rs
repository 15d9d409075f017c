use clap::Args;

use super::{CliError, Command, Common, Exit, text};
use crate::experiment;

/// Print the JSON Schema of specifications, for editors that complete and check TOML.
///
/// Taplo and Even Better TOML read it if the specification begins with the line `#:schema FILE`. The output is one JSON
/// value on many lines, also with --json.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Schema {}

const EXAMPLES: &str = "\
Exit codes:
  0  printed

Example:
  restudy schema > restudy.schema.json";

impl Command for Schema {
    fn run(self, _: &Common) -> Result<Exit, CliError> {
        // A program with a custom experiment prints the schema of that experiment.
        let kinds = experiment::registered();
        let schema = kinds.last().map(|kind| kind.schema()).unwrap_or_default();
        text::say(format!("{schema:#}"));
        Ok(Exit::Done)
    }
}
