#![expect(clippy::print_stderr, reason = "the command line is where printing happens")]

use std::{fmt, process::ExitCode};

use miette::{Diagnostic, GraphicalTheme, MietteHandlerOpts, Report};

use crate::{
    results::{ManifestError, RenderError},
    run::RunError,
    spec::SpecError,
    store::StoreError,
};

/// How the program ends. The numbers are documented and stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Done = 0,
    /// The machine or the program failed: no room, no permission, a bug.
    Fault = 1,
    /// Bad usage, specification or data.
    Usage = 2,
    /// Some runs failed.
    Failed = 3,
    /// A verification or a check found a difference.
    Difference = 4,
    /// Interrupted by a signal.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error on its way to the person at the terminal.
#[derive(Debug)]
pub struct CliError {
    exit: Exit,
    report: Report,
}

/// A message without a place in a file.
#[derive(Debug, Diagnostic, thiserror::Error)]
#[error("{message}")]
struct Message {
    message: String,
    #[help]
    help: Option<String>,
}

impl CliError {
    /// Bad usage, with what to do about it.
    pub(super) fn usage(message: impl fmt::Display, help: impl fmt::Display) -> Self {
        let message = Message { message: message.to_string(), help: Some(help.to_string()) };
        Self { exit: Exit::Usage, report: Report::new(message) }
    }

    /// Two results that must be equal are not.
    pub(super) fn difference(message: impl fmt::Display, help: impl fmt::Display) -> Self {
        Self { exit: Exit::Difference, ..Self::usage(message, help) }
    }

    /// A fault of the machine.
    pub(super) fn system(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Fault, report: Report::new(Message { message: message.to_string(), help: None }) }
    }

    /// Shows the error and gives the exit code.
    pub(super) fn report(self) -> ExitCode {
        eprintln!("{:?}", self.report);
        self.exit.into()
    }
}

macro_rules! exits {
    ($($error:ty => $exit:ident,)+) => {
        $(impl From<$error> for CliError {
            fn from(error: $error) -> Self {
                Self { exit: Exit::$exit, report: Report::new(error) }
            }
        })+
    };
}

exits! {
    SpecError => Usage,
    RunError => Usage,
    StoreError => Fault,
    ManifestError => Usage,
    RenderError => Usage,
}

/// Diagnostics in the width of the terminal, and a panic as what it is: a fault of ours, with exit code 1.
pub(super) fn install() {
    // Fails only if a hook is installed already, which is then as good.
    let _ = miette::set_hook(Box::new(|_| {
        let plain = std::env::var_os("NO_COLOR").is_some();
        let options = MietteHandlerOpts::new().width(100).context_lines(1).wrap_lines(true);
        let options = if plain { options.graphical_theme(GraphicalTheme::unicode_nocolor()) } else { options };
        Box::new(options.build())
    }));
    std::panic::set_hook(Box::new(|panic| {
        eprintln!(
            "restudy has a bug: {panic}\nNothing that was committed is lost. Please report this with the command line."
        );
        std::process::exit(Exit::Fault as i32);
    }));
}
