mod told;

use std::{
    fmt, io,
    panic::{self, AssertUnwindSafe},
    process::ExitCode,
    sync::Mutex,
};

use miette::{Diagnostic, GraphicalTheme, MietteHandlerOpts, Report};

pub(super) use self::told::{tell_text, to_program};
use super::output_style;
use crate::{
    escape,
    notebook::NotebookError,
    progress::output,
    results::{ComputeError, ManifestError, RenderError, select::SelectError},
    run::RunError,
    spec::{Code, SpecError},
    store::StoreError,
};

/// How the program ends. The numbers are documented and stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Done = 0,
    /// The machine or the program failed: no room, no permission, a bug.
    System = 1,
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
    /// What another program said, to be shown before the report, line by line as it is.
    said: String,
    /// What kind each of the mistakes in a specification is. A reader has the message; programs have these.
    codes: Vec<Code>,
}

/// A message without a place in a file.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Message {
    /// What kind of fault it is, for programs.
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

/// Stands for a blank inside of a command, where no line is to end.
const BLANK: char = '\u{f8f9}';

impl Message {
    /// Text of others in it colours nothing and commands nothing; what stands between backticks stays on one line, to be pasted.
    fn new(message: &str, help: Option<&str>, source: Option<Box<Self>>) -> Self {
        let whole = |text: &str| {
            let pieces = escape::terminal(text);
            let pieces: Vec<_> = pieces.split('`').collect();
            let joined = |(index, piece): (usize, &&str)| {
                let inside = index % 2 == 1 && index + 1 < pieces.len();
                if inside { piece.replace(' ', BLANK.encode_utf8(&mut [0; 4])) } else { (*piece).to_owned() }
            };
            pieces.iter().enumerate().map(joined).collect::<Vec<_>>().join("`")
        };
        Self { code: None, message: whole(message), help: help.map(whole), source }
    }

    /// What an error says, and what it came from.
    fn of(error: &dyn std::error::Error, help: Option<&str>) -> Self {
        Self::new(&error.to_string(), help, error.source().map(|source| Box::new(Self::of(source, None))))
    }
}

impl CliError {
    fn new(exit: Exit, diagnostic: impl Diagnostic + Send + Sync + 'static) -> Self {
        // One that quotes a file has seen to it itself.
        let quotes =
            diagnostic.source_code().is_some() || diagnostic.labels().is_some() || diagnostic.related().is_some();
        let report = if quotes {
            Report::new(diagnostic)
        } else {
            let help = diagnostic.help().map(|help| help.to_string());
            let code = diagnostic.code().map(|code| code.to_string());
            Report::new(Message { code, ..Message::of(&diagnostic, help.as_deref()) })
        };
        Self { exit, report, said: String::new(), codes: Vec::new() }
    }

    fn told(exit: Exit, message: &dyn fmt::Display, help: Option<&dyn fmt::Display>) -> Self {
        let help = help.map(ToString::to_string);
        let message = Message::new(&message.to_string(), help.as_deref(), None);
        Self { exit, report: Report::new(message), said: String::new(), codes: Vec::new() }
    }

    /// Bad usage, with what to do about it.
    pub(super) fn usage(message: impl fmt::Display, help: impl fmt::Display) -> Self {
        Self::told(Exit::Usage, &message, Some(&help))
    }

    /// Work that failed on its own account, as a cell of a notebook, and what was said there.
    pub(super) fn failed(message: impl fmt::Display, help: impl fmt::Display, said: String) -> Self {
        Self { exit: Exit::Failed, said, ..Self::usage(message, help) }
    }

    /// Something that is not as it is claimed to be, with what to do about it.
    pub(super) fn difference(message: impl fmt::Display, help: impl fmt::Display) -> Self {
        Self { exit: Exit::Difference, ..Self::usage(message, help) }
    }

    /// A failure of the machine, with a remedy.
    pub(super) fn machine(message: impl fmt::Display, help: impl fmt::Display) -> Self {
        Self::told(Exit::System, &message, Some(&help))
    }

    /// A failure of the machine.
    pub(super) fn system(message: impl fmt::Display) -> Self {
        Self::told(Exit::System, &message, None)
    }

    /// Shows the error, to a program on the standard output too, and gives the exit code.
    pub(super) fn report(self) -> ExitCode {
        told::tell(self.report.as_ref(), &self.codes, self.exit);
        if !self.said.is_empty() {
            output::err_in_colour(format_args!("\n{}\n", self.said.trim_end()));
        }
        output::err_in_colour(format!("{:?}", self.report).replace(BLANK, " "));
        self.exit.into()
    }
}

macro_rules! exits {
    ($($error:ty => $exit:ident,)+) => {
        $(impl From<$error> for CliError {
            fn from(error: $error) -> Self {
                Self::new(Exit::$exit, error)
            }
        })+
    };
}

exits! {
    RunError => Usage,
    RenderError => Usage,
    SelectError => Usage,
}

impl From<SpecError> for CliError {
    fn from(error: SpecError) -> Self {
        let codes = error.codes();
        Self { codes, ..Self::new(Exit::Usage, error) }
    }
}

impl From<ManifestError> for CliError {
    fn from(error: ManifestError) -> Self {
        let exit = match &error {
            ManifestError::Malformed { .. } => Exit::Difference,
            ManifestError::Missing { .. } | ManifestError::Version { .. } => Exit::Usage,
        };
        Self::new(exit, error)
    }
}

impl From<ComputeError> for CliError {
    fn from(error: ComputeError) -> Self {
        match error {
            ComputeError::Store(error) => error.into(),
            ComputeError::Run(error) => error.into(),
            ComputeError::Manifest(error) => error.into(),
            ComputeError::Render(error) => error.into(),
            ComputeError::Foreign { .. } => Self::new(Exit::Usage, error),
            ComputeError::Contradiction { .. } => Self::new(Exit::Difference, error),
        }
    }
}

impl From<NotebookError> for CliError {
    fn from(error: NotebookError) -> Self {
        match error {
            NotebookError::File(error) => error.into(),
            NotebookError::Usage { .. } => Self::new(Exit::Usage, error),
            NotebookError::Program { .. } => Self::new(Exit::System, error),
        }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        use io::ErrorKind::{AlreadyExists, IsADirectory, NotADirectory};
        let exit = match &error {
            StoreError::Newer { .. } | StoreError::Link { .. } | StoreError::Owner(_) => Exit::Usage,
            StoreError::Io { source, .. } if matches!(source.kind(), AlreadyExists | IsADirectory | NotADirectory) => {
                Exit::Usage
            }
            StoreError::Disagreement { .. } | StoreError::Unfit { .. } => Exit::Difference,
            StoreError::Io { .. } | StoreError::Busy { .. } => Exit::System,
        };
        Self::new(exit, error)
    }
}

/// What the last panic said. A panic need not be a bug: the reader of tables catches those that hostile files cause.
static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// A machine that gives no more threads.
pub(super) fn no_threads(error: &dyn fmt::Display) -> CliError {
    CliError::machine(
        format!("cannot start threads: {error}"),
        "every thread needs memory and counts against a limit: allow more (`ulimit -v` and `ulimit -u` show the limits), take fewer (--threads 1), \
         and run the same command again; what was committed is safe",
    )
}

/// Whether a panic says that a library could not start its threads, which it does where it is first asked to work.
fn is_of_threads(panic: &str) -> bool {
    [
        "could not spawn threads",
        "failed to spawn thread",
        "thread pool has not been initialized",
        "has previously been poisoned",
    ]
    .iter()
    .any(|said| panic.contains(said))
}

/// Runs the program: diagnostics in the width of the terminal, a panic as what it is, a fault of ours, and results that could
/// not be printed as a fault of the machine.
pub(super) fn guard(program: impl FnOnce() -> ExitCode) -> ExitCode {
    // Fails only if a hook is installed already, which is then as good.
    let _ = miette::set_hook(Box::new(|_| {
        let options = MietteHandlerOpts::new().width(100).context_lines(1).wrap_lines(true).break_words(false);
        let options = match output_style::errors_in_colour() {
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
            return no_threads(&"the system has no room for one more").report();
        }
        let plea = "Nothing that was committed is lost. Please report this with the command line.";
        tell_text(&format!("restudy has a bug: {panic}"), Some(plea), Exit::System);
        output::err(format_args!("restudy has a bug: {panic}"));
        output::err(plea);
        Exit::System.into()
    });
    match output::lost() {
        Some(reason) => CliError::system(format!("cannot write to the standard output: {reason}")).report(),
        None => exit,
    }
}
