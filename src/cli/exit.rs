mod conversions;
mod json;

use std::{
    fmt,
    panic::{self, AssertUnwindSafe},
    process::ExitCode,
    sync::Mutex,
};

use miette::{Diagnostic, GraphicalTheme, MietteHandlerOpts, Report};

pub(super) use self::json::{print_errors_as_json, print_text};
use super::{Code, output_style};
use crate::{escape, progress::output, spec::Code as SpecCode};

/// The exit codes of the program; documented and stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The command did all of its work.
    Done = 0,
    /// The machine or the program failed: no space, no permission, a bug.
    System = 1,
    /// Bad usage, specification or data.
    Usage = 2,
    /// Some runs failed, or a cell of a notebook failed.
    Failed = 3,
    /// Results differ from the manifest or from another computation, or are damaged.
    Difference = 4,
    /// Interrupted by a signal.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error of a command, with its exit code.
#[derive(Debug)]
pub struct CliError {
    exit: Exit,
    report: Report,
    /// Output of another program, printed before the report.
    output_text: String,
    /// The code of each mistake in a specification, for `--json`.
    codes: Vec<SpecCode>,
}

/// A message without a position in a file.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Message {
    code: Option<String>,
    message: String,
    help: Option<String>,
    #[source]
    source: Option<Box<Message>>,
}

impl Diagnostic for Message {
    fn code(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn help(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

/// A placeholder for spaces inside commands, so that lines do not break there.
const BLANK: char = '\u{f8f9}';

impl Message {
    /// Escapes control sequences of foreign text, and keeps commands between backticks on one line, to be pasted.
    fn new(code: Option<&str>, message: &str, help: Option<&str>, source: Option<Box<Self>>) -> Self {
        let whole = |text: &str| {
            let pieces = escape::terminal(text);
            let pieces: Vec<_> = pieces.split('`').collect();
            let joined = |(index, piece): (usize, &&str)| {
                let inside = index % 2 == 1 && index + 1 < pieces.len();
                if inside { piece.replace(' ', BLANK.encode_utf8(&mut [0; 4])) } else { (*piece).to_owned() }
            };
            pieces.iter().enumerate().map(joined).collect::<Vec<_>>().join("`")
        };
        Self { code: code.map(Into::into), message: whole(message), help: help.map(whole), source }
    }

    /// The message of an error and of its sources.
    fn of(error: &dyn std::error::Error) -> Self {
        Self::new(None, &error.to_string(), None, error.source().map(|source| Box::new(Self::of(source))))
    }
}

impl CliError {
    fn new(code: Code, error: impl Diagnostic) -> Self {
        Self::with_code(code.exit(), code.as_str(), &error)
    }

    fn with_code(exit: Exit, code: &str, error: &dyn Diagnostic) -> Self {
        let help = error.help().map(|help| help.to_string());
        let sources = error.source().map(|source| Box::new(Message::of(source)));
        Self::message(exit, Message::new(Some(code), &error.to_string(), help.as_deref(), sources))
    }

    fn message(exit: Exit, message: Message) -> Self {
        Self { exit, report: Report::new(message), output_text: String::new(), codes: Vec::new() }
    }

    fn plain(exit: Exit, code: Code, message: &dyn fmt::Display, help: Option<&dyn fmt::Display>) -> Self {
        debug_assert_eq!(exit, code.exit(), "{code}");
        let help = help.map(ToString::to_string);
        Self::message(exit, Message::new(Some(code.as_str()), &message.to_string(), help.as_deref(), None))
    }

    /// Bad usage, with a remedy.
    pub(super) fn usage(code: Code, message: impl fmt::Display, help: impl fmt::Display) -> Self {
        Self::plain(Exit::Usage, code, &message, Some(&help))
    }

    /// Work of the user that failed, such as a cell of a notebook, with its output.
    pub(super) fn failed(code: Code, message: impl fmt::Display, help: impl fmt::Display, output_text: String) -> Self {
        Self { output_text, ..Self::plain(Exit::Failed, code, &message, Some(&help)) }
    }

    /// A difference between stored and claimed results, with a remedy.
    pub(super) fn difference(code: Code, message: impl fmt::Display, help: impl fmt::Display) -> Self {
        Self::plain(Exit::Difference, code, &message, Some(&help))
    }

    /// A failure of the machine, with a remedy.
    pub(super) fn machine(code: Code, message: impl fmt::Display, help: impl fmt::Display) -> Self {
        Self::plain(Exit::System, code, &message, Some(&help))
    }

    /// A failure of the machine.
    pub(super) fn system(code: Code, message: impl fmt::Display) -> Self {
        Self::plain(Exit::System, code, &message, None)
    }

    /// Prints the error, with `--json` as an object on standard output too, and returns the exit code.
    pub(super) fn report(self) -> ExitCode {
        json::print(self.report.as_ref(), &self.codes, self.exit);
        if !self.output_text.is_empty() {
            output::err_in_color(format_args!("\n{}\n", self.output_text.trim_end()));
        }
        output::err_in_color(format!("{:?}", self.report).replace(BLANK, " "));
        self.exit.into()
    }
}

/// The message of the last panic. Not every panic is a bug: the table reader catches those of malicious files.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// The error of a machine that refuses another thread.
pub(super) fn no_threads(error: &dyn fmt::Display) -> CliError {
    CliError::machine(
        Code::MachineThreads,
        format!("cannot start threads: {error}"),
        "each thread needs memory and counts against a limit: raise the limits (`ulimit -v` and `ulimit -u` show them), or use fewer threads (--threads 1), \
         and run the same command again; stored runs are safe",
    )
}

/// Whether a panic comes from a library that could not start its threads on first use.
fn is_of_threads(panic: &str) -> bool {
    [
        "could not spawn threads",
        "failed to spawn thread",
        "thread pool has not been initialized",
        "has previously been poisoned",
    ]
    .iter()
    .any(|output_text| panic.contains(output_text))
}

/// Runs the program with the error handler installed. A panic is reported as a bug; results that could not be printed
/// are reported as a failure of the machine.
pub(super) fn guard(program: impl FnOnce() -> ExitCode) -> ExitCode {
    // Fails only if a hook is installed already; that hook serves as well.
    let _ = miette::set_hook(Box::new(|_| {
        let options = MietteHandlerOpts::new().width(100).context_lines(1).wrap_lines(true).break_words(false);
        let options = match output_style::errors_in_color() {
            Some(true) => options.graphical_theme(GraphicalTheme::unicode()),
            Some(false) => options.graphical_theme(GraphicalTheme::unicode_nocolor()),
            None => options,
        };
        Box::new(options.build())
    }));
    panic::set_hook(Box::new(|panic| {
        *PANIC.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(panic.to_string());
    }));
    let exit = panic::catch_unwind(AssertUnwindSafe(program)).unwrap_or_else(|_| {
        let panic = PANIC.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take().unwrap_or_default();
        if is_of_threads(&panic) {
            return no_threads(&"the system refuses another one").report();
        }
        let request = "Stored runs are safe. Please report this bug with the command line.";
        print_text(Code::Bug, &format!("restudy has a bug: {panic}"), Some(request));
        output::err(format_args!("restudy has a bug: {panic}"));
        output::err(request);
        Exit::System.into()
    });
    match output::lost() {
        Some(reason) => {
            CliError::system(Code::MachineOutput, format!("cannot write to the standard output: {reason}")).report()
        }
        None => exit,
    }
}
