//! The command line: one file a command. The only place that prints results, exits, or handles signals.
//!
//! **To add a command**: one new file with a structure of arguments that implements `Command`, and one line in the
//! `commands!` registry below. The documentation comment of the structure is its help.

mod any_proof;
mod citations;
mod custom;
mod data_overrides;
mod exit;
mod fields;
mod folder;
mod help;
mod open;
mod output_style;
mod read;
mod remedies;
mod scale;
mod signal;
mod sparklines;
mod text;
mod trials;
mod usable;
mod verdict;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

pub use exit::{CliError, Exit};

use crate::progress::Mode;
use output_style::{Color, OutputStyle};

/// What every command does with its arguments.
trait Command {
    fn run(self, common: &Common) -> Result<Exit, CliError>;
}

/// Options that every command understands.
#[derive(Debug, Args)]
struct Common {
    /// The folder that holds the results of all studies; results/ without it.
    #[arg(long, global = true, value_name = "DIR", default_value = "results", hide = true, help_heading = help::COMMON)]
    results: PathBuf,
    /// Threads to train on; all processors without it. No result depends on it.
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), hide = true, help_heading = help::COMMON)]
    threads: Option<u16>,
    /// How to show progress; bars on a terminal and plain lines elsewhere without it.
    #[arg(long, global = true, value_enum, value_name = "MODE", hide = true, help_heading = help::COMMON)]
    progress: Option<Mode>,
    /// Colours: auto (on a terminal), always or never; NO_COLOR is obeyed.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto", hide = true, help_heading = help::COMMON)]
    color: Color,
    /// Print nothing but errors.
    #[arg(short, long, global = true, hide = true, help_heading = help::COMMON)]
    quiet: bool,
    /// Print results as JSON on the standard output: an object a line, of which listings have many, and {"error", "help", "code"} of a command that fails; --progress json does so too.
    #[arg(long, global = true, hide = true, help_heading = help::COMMON)]
    json: bool,
}

impl Common {
    /// Whether results go to a program, and not to a person.
    fn json(&self) -> bool {
        self.json || self.progress == Some(Mode::Json)
    }

    /// How results are to be printed.
    fn output_style(&self) -> OutputStyle {
        OutputStyle::of(self.color)
    }

    /// The consumer of progress that was asked for, or the one that suits.
    fn mode(&self) -> Mode {
        if self.quiet { Mode::None } else { self.progress.unwrap_or_else(Mode::suited) }
    }

    /// Runs `work` on as many threads as were asked for.
    fn on_threads<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, CliError> {
        // The global threads are as many, and a second set would take as much memory again.
        Ok(rayon::scope(|_| work()))
    }

    /// Starts the threads that all work is done on. Left to the first who needs them, a failure would be a panic.
    fn start_threads(&self) -> Result<(), CliError> {
        let threads = self.threads.map_or(0, usize::from);
        let started = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        started.map_err(|error| exit::no_threads(&error))
    }
}

macro_rules! commands {
    ($($group:literal: $($module:ident :: $name:ident,)+)+) => {
        $($(mod $module;)+)+

        #[derive(Debug, Subcommand)]
        enum Commands {
            $($($name($module::$name),)+)+
        }

        /// What commands are for, and the modules of each, as help lists them.
        const GROUPS: &[(&str, &[&str])] = &[$(($group, &[$(stringify!($module),)+]),)+];

        impl Commands {
            fn run(self, common: &Common) -> Result<Exit, CliError> {
                match self { $($(Self::$name(command) => command.run(common),)+)+ }
            }

            /// Whether it does so little that it needs no threads beside its own.
            fn is_alone(&self) -> bool {
                matches!(self, Self::Check(_) | Self::New(_) | Self::Schema(_) | Self::Completions(_))
            }
        }
    };
}

commands! {
    "Write a study":
    new::New,
    check::Check,
    plan::Plan,
    schema::Schema,

    "Run it":
    sweep::Sweep,
    status::Status,
    why::Why,
    merge::Merge,

    "Read its answer":
    show::Show,
    compare::Compare,
    diff::Diff,
    ls::Ls,
    figures::Figures,
    report::Report,
    cite::Cite,

    "Prove it":
    verify::Verify,
    proof::Proof,
    check_proof::CheckProof,
    gradcheck::Gradcheck,

    "Tools":
    notebook::Notebook,
    completions::Completions,
}

/// Studies of a small neural network that anyone can run again, bit for bit.
///
/// A TOML file asks a question; `sweep` answers it with tables, figures and a report; `verify` proves the answer.
#[derive(Debug, Parser)]
#[command(name = "restudy", version, subcommand_required = true, arg_required_else_help = true)]
struct Restudy {
    #[command(subcommand)]
    command: Commands,
    #[command(flatten)]
    common: Common,
}

/// Refuses an experiment whose declaration contradicts itself, before anything is read.
pub(crate) fn refuse(contradiction: &dyn std::error::Error) -> ExitCode {
    CliError::usage(contradiction, "change what it declares; nothing was read or written").report()
}

/// The whole program: reads the arguments, runs the command, and turns errors into diagnostics and an exit code.
#[must_use]
pub fn main() -> ExitCode {
    exit::guard(|| {
        crate::init();
        signal::survive_file_limit();
        let Restudy { command, common } = help::parse();
        output_style::choose(common.color);
        if common.json() {
            exit::to_program();
        }
        let threads = if command.is_alone() { Ok(()) } else { common.start_threads() };
        threads.and_then(|()| command.run(&common)).map_or_else(CliError::report, ExitCode::from)
    })
}
