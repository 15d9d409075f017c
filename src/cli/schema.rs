use clap::Args;

use super::{CliError, Command, Common, Exit, text};
use crate::experiment;

/// Print the JSON Schema of specifications, for editors that complete and check TOML.
///
/// It is one JSON value in many lines, with --json too.
///
/// With Taplo or Even Better TOML: write it to a file and begin the specification with `#:schema FILE`.
#[derive(Debug, Args)]
pub(super) struct Schema {}

impl Command for Schema {
    fn run(self, _: &Common) -> Result<Exit, CliError> {
        // With an experiment of its own, a program is asked for that one.
        let kinds = experiment::registered();
        let own = kinds.last().map(|kind| kind.schema()).unwrap_or_default();
        text::say(format!("{own:#}"));
        Ok(Exit::Done)
    }
}
