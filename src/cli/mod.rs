//! The command line: one file a command. The only place that prints results, exits, or handles signals.
//!
//! May touch: everything.
//!
//! **To add a command**: one new file with a structure of arguments that implements `Command`, and one line in the
//! `commands!` registry below. The documentation comment of the structure is its help.

mod cited;
mod exit;
mod fields;
mod folder;
mod look;
mod signal;
mod text;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

pub use exit::{CliError, Exit};

use crate::progress::Mode;

/// What every command does with its arguments.
trait Command {
    fn run(self, common: &Common) -> Result<Exit, CliError>;
}

/// Options that every command understands.
#[derive(Debug, Args)]
struct Common {
    /// The folder that holds the results of all studies.
    #[arg(long, global = true, value_name = "DIR", default_value = "results", help_heading = "Common options")]
    results: PathBuf,
    /// Threads to train on; all processors without it. No result depends on it.
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Common options")]
    threads: Option<u16>,
    /// How to show progress; bars on a terminal and plain lines elsewhere without it.
    #[arg(long, global = true, value_enum, value_name = "MODE", help_heading = "Common options")]
    progress: Option<Mode>,
    /// Print nothing but errors.
    #[arg(short, long, global = true, help_heading = "Common options")]
    quiet: bool,
    /// Print results as JSON on the standard output; --progress json does so too.
    #[arg(long, global = true, help_heading = "Common options")]
    json: bool,
}

impl Common {
    /// Whether results go to a program, and not to a person.
    fn json(&self) -> bool {
        self.json || self.progress == Some(Mode::Json)
    }

    /// The consumer of progress that was asked for, or the one that suits.
    fn mode(&self) -> Mode {
        if self.quiet { Mode::None } else { self.progress.unwrap_or_else(Mode::suited) }
    }

    /// Runs `work` on as many threads as were asked for.
    fn on_threads<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, CliError> {
        let threads = self.threads.map_or(0, usize::from);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|error| CliError::system(format!("cannot start threads: {error}")))?;
        Ok(pool.install(work))
    }
}

macro_rules! commands {
    ($($module:ident :: $name:ident,)+) => {
        $(mod $module;)+

        #[derive(Debug, Subcommand)]
        enum Commands {
            $($name($module::$name),)+
        }

        impl Commands {
            fn run(self, common: &Common) -> Result<Exit, CliError> {
                match self { $(Self::$name(command) => command.run(common),)+ }
            }
        }
    };
}

commands! {
    sweep::Sweep,
    merge::Merge,
    verify::Verify,
    proof::Proof,
    check_proof::CheckProof,
    plan::Plan,
    why::Why,
    check::Check,
    status::Status,
    show::Show,
    compare::Compare,
    cite::Cite,
    diff::Diff,
    ls::Ls,
    figures::Figures,
    report::Report,
    gradcheck::Gradcheck,
    notebook::Notebook,
    new::New,
    schema::Schema,
    completions::Completions,
}

/// Studies of a small neural network that anyone can run again, bit for bit.
///
/// A TOML file asks a question; `sweep` answers it with tables, figures and a report; `verify` proves the answer.
#[derive(Debug, Parser)]
#[command(name = "restudy", version, after_long_help = EXAMPLES, subcommand_required = true, arg_required_else_help = true)]
struct Restudy {
    #[command(subcommand)]
    command: Commands,
    #[command(flatten)]
    common: Common,
}

const EXAMPLES: &str = "\
Examples:
  restudy new my-question.toml             write a commented specification
  restudy plan my-question.toml            what would run, and how long it takes
  restudy sweep my-question.toml           run what is not yet run; results in results/my-question/
  restudy verify results/my-question       run it all again and compare every bit

Exit codes:
  0    done
  1    the machine or the program failed: no room, no permission, a bug
  2    bad usage, specification or data
  3    some runs, or a cell of a notebook, failed
  4    a verification or a check found a difference, or a run has two results that differ
  130  interrupted";

/// The whole program: reads the arguments, runs the command, and turns errors into diagnostics and an exit code.
#[must_use]
pub fn main() -> ExitCode {
    exit::guard(|| {
        signal::survive_file_limit();
        let Restudy { command, common } = Restudy::parse();
        command.run(&common).map_or_else(CliError::report, ExitCode::from)
    })
}
