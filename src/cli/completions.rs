use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{CliError, Command, Common, Exit, Restudy, text};

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Completions {
    /// Shell to complete for.
    #[arg(value_enum)]
    shell: Shell,
}

const EXAMPLES: &str = "\
Exit codes:
  0  printed

Example:
  restudy completions bash > ~/.local/share/bash-completion/completions/restudy";

impl Command for Completions {
    fn run(self, _: &Common) -> Result<Exit, CliError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Restudy::command(), "restudy", &mut script);
        text::say(String::from_utf8_lossy(&script).trim_end());
        Ok(Exit::Done)
    }
}
