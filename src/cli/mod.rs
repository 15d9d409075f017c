//! The command line, one file per command: the only module that prints results, exits, or handles signals.
//!
//! **To add a command**: write one file with a structure of arguments that implements `Command`, and add one line to
//! the `commands!` registry below. The documentation comment of the structure is the help of the command.

mod any_proof;
mod citations;
mod codes;
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
mod removed;
mod scale;
mod share;
mod signal;
mod sparklines;
mod tables;
mod text;
mod trials;
mod usable;
mod verdict;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

pub use codes::Code;
pub use exit::{CliError, Exit};

use restudy_programs::run::reaper;

use crate::progress::Mode;
use output_style::{Color, OutputStyle};

trait Command {
    fn run(self, common: &Common) -> Result<Exit, CliError>;
}

#[derive(Debug, Args)]
struct Common {
    /// Folder with the results of all studies [default: results].
    #[arg(long, global = true, value_name = "DIR", default_value = "results", hide = true, help_heading = help::COMMON)]
    results: PathBuf,
    /// Number of threads [default: one per processor]; results do not depend on it.
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), hide = true, help_heading = help::COMMON)]
    threads: Option<u16>,
    /// How to show progress: bar, plain, json or none [default: bar on a terminal, else plain].
    #[arg(long, global = true, value_enum, value_name = "MODE", hide = true, help_heading = help::COMMON)]
    progress: Option<Mode>,
    /// When to use color: auto (on a terminal), always or never [default: auto]; NO_COLOR turns it off.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto", hide = true, help_heading = help::COMMON)]
    color: Color,
    /// Print only errors and what is wrong with stored results.
    #[arg(short, long, global = true, hide = true, help_heading = help::COMMON)]
    quiet: bool,
    /// Print results as JSON on standard output, one object per line; a command that fails prints {"error", "help",
    /// "fault", "code"}. --progress json implies it.
    #[arg(long, global = true, hide = true, help_heading = help::COMMON)]
    json: bool,
}

impl Common {
    fn json(&self) -> bool {
        self.json || self.progress == Some(Mode::Json)
    }

    fn output_style(&self) -> OutputStyle {
        OutputStyle::of(self.color)
    }

    /// The chosen progress display, or the default one for the stream.
    fn mode(&self) -> Mode {
        if self.quiet { Mode::None } else { self.progress.unwrap_or_else(Mode::suited) }
    }

    fn on_threads<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, CliError> {
        // The global pool has the right size already; a second pool would double the memory.
        Ok(rayon::scope(|_| work()))
    }

    /// Starts the global threads. If rayon starts them on first use, a failure is a panic.
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

        const GROUPS: &[(&str, &[&str])] = &[$(($group, &[$(stringify!($module),)+]),)+];

        impl Commands {
            fn run(self, common: &Common) -> Result<Exit, CliError> {
                match self { $($(Self::$name(command) => command.run(common),)+)+ }
            }

            /// Whether the command works on the main thread alone.
            fn is_single_threaded(&self) -> bool {
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

    "Run a study":
    sweep::Sweep,
    status::Status,
    why::Why,
    merge::Merge,

    "Read results":
    show::Show,
    watch::Watch,
    compare::Compare,
    diff::Diff,
    ls::Ls,
    figures::Figures,
    report::Report,
    cite::Cite,

    "Verify results":
    verify::Verify,
    proof::Proof,
    check_proof::CheckProof,
    gradcheck::Gradcheck,

    "Tools":
    gc::Gc,
    notebook::Notebook,
    completions::Completions,
}

/// Run studies whose results are reproducible to the last bit.
///
/// A TOML file specifies a study; `sweep` runs it and writes tables, figures and a report; `verify` computes it again
/// and compares every bit.
#[derive(Debug, Parser)]
#[command(name = "restudy", version, subcommand_required = true, arg_required_else_help = true)]
struct Restudy {
    #[command(subcommand)]
    command: Commands,
    #[command(flatten)]
    common: Common,
}

/// Reports an experiment whose declaration contradicts itself, before any file is read.
pub(crate) fn refuse(contradiction: &dyn std::error::Error) -> ExitCode {
    CliError::usage(Code::ExperimentDeclaration, contradiction, "correct the declaration; nothing was read or written")
        .report()
}

/// Reads the arguments, runs the command, and turns errors into diagnostics and an exit code.
#[must_use]
pub fn main() -> ExitCode {
    exit::guard(|| {
        crate::init();
        signal::survive_file_limit();
        if reap() {
            return ExitCode::SUCCESS;
        }
        let Restudy { command, common } = help::parse();
        output_style::choose(common.color);
        if common.json() {
            exit::print_errors_as_json();
        }
        let threads = if command.is_single_threaded() { Ok(()) } else { common.start_threads() };
        threads.and_then(|()| command.run(&common)).map_or_else(CliError::report, ExitCode::from)
    })
}

/// The first argument with which this program ends what an ended sweep has left behind.
const REAP: &str = "reap-programs";

/// Serves as the reaper of another process if the arguments say so; enables it for this process otherwise.
fn reap() -> bool {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_none_or(|first| first != REAP) {
        reaper::enable(&[REAP]);
        return false;
    }
    if let (Some(token), Some(folder), None) = (words.next(), words.next(), words.next()) {
        reaper::serve(&token.to_string_lossy(), folder.as_ref());
    }
    true
}
