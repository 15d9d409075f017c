//! `restudy notebook`: one file a command in this folder.

use clap::{Args, Subcommand};

use super::{CliError, Command, Common, Exit};

mod progress;

/// Notebooks in Rust: install the kernel, run notebooks, prove their outputs.
///
/// `install` once, then open any notebook with the kernel "Rust (restudy)", or execute it here, without Jupyter.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES, arg_required_else_help = true)]
pub(super) struct Notebook {
    #[command(subcommand)]
    command: Notebooks,
}

const EXAMPLES: &str = "\
Examples:
  restudy notebook install                            set the Rust kernel up, once
  restudy notebook lab notebooks/derivation.ipynb     open a notebook in JupyterLab
  restudy notebook run mine.ipynb --set epochs=20     execute it and store its outputs
  restudy notebook check notebooks/*.ipynb            execute and compare with the stored outputs

Exit codes:
  0  done
  1  the machine or a program failed: no room, no kernel that starts
  2  bad usage, or no notebook
  3  a cell failed
  4  an output is not the one that is stored";

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
