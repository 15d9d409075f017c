use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{CliError, Command, Common, Exit, Restudy};

/// Print a completion script for a shell.
///
/// For example: restudy completions bash > ~/.local/share/bash-completion/completions/restudy
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

impl Command for Completions {
    fn run(self, _: &Common) -> Result<Exit, CliError> {
        clap_complete::generate(self.shell, &mut Restudy::command(), "restudy", &mut std::io::stdout());
        Ok(Exit::Done)
    }
}
