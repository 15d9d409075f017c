//! `restudy notebook`: this folder has one file per command.

use clap::{Args, Subcommand};

use super::{CliError, Command, Common, Exit};

mod progress;

/// Run and check Jupyter notebooks in Rust: install the kernel, execute notebooks, compare their outputs.
///
/// Run `restudy notebook install` once. Then open notebooks in Jupyter with the kernel "Rust (restudy)", or execute
/// them here, without Jupyter.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES, arg_required_else_help = true)]
pub(super) struct Notebook {
    #[command(subcommand)]
    command: Notebooks,
}

const EXAMPLES: &str = "\
Examples:
  restudy notebook install                            install the Rust kernel, once
  restudy notebook lab notebooks/derivation.ipynb     open a notebook in JupyterLab
  restudy notebook run mine.ipynb --set epochs=20     execute it and store its outputs
  restudy notebook check notebooks/*.ipynb            execute and compare with the stored outputs

Exit codes:
  0  done
  1  the machine or a program failed: no space, the kernel does not start
  2  bad usage, or the file is not a notebook
  3  a cell failed
  4  an output differs from the stored one";

macro_rules! notebook_commands {
    ($($module:ident :: $name:ident,)+) => {
        $(mod $module;)+

        #[derive(Debug, Subcommand)]
        enum Notebooks {
            $($name($module::$name),)+
        }

        impl Command for Notebook {
            fn run(self, common: &Common) -> Result<Exit, CliError> {
                match self.command { $(Notebooks::$name(command) => command.run(common),)+ }
            }
        }
    };
}

notebook_commands! {
    install::Install,
    uninstall::Uninstall,
    doctor::Doctor,
    lab::Lab,
    run::Run,
    check::Check,
    clean::Clean,
}
