//! One run of a program: its folder, its environment, its processes, its output and its kept files.

mod admission;
mod capture;
mod conditions;
mod container;
mod environment;
mod folder;
mod group;
mod hints;
pub mod kept;
mod measure;
mod notices;
mod output;
pub mod pictures;
mod process;
pub mod reaper;
pub mod versions;

pub use admission::{Admission, Permit};
pub use capture::LOGS;
pub use conditions::Condition;
pub use notices::Notices;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    engine_run::{End, Log, Logged, RunError},
    kind::ProgramSettings,
    seed::Seed,
};
use capture::Capture;
use container::{Contained, Launch, Running};
use folder::RunFolder;
use measure::Reader;
use output::Lines;
use process::{Exit, Output, Process};

/// A run that has ended.
#[derive(Debug)]
pub struct Done {
    /// How it ended.
    pub end: Logged,
    /// What the user should know of it.
    pub notices: Notices,
}

/// How often a run without output looks whether to stop.
const PAUSE: Duration = Duration::from_millis(50);

/// Why the program is ended before it ends itself.
enum Cut {
    /// The sweep stops.
    Stopped,
    /// The log has ended the run: it diverged, or printed what no program may.
    Ended(End),
    TimeLimit,
}

/// Runs a program once; `log` records its measurements.
///
/// # Errors
/// No run can be started or stored: the program is missing, the disk is full.
pub fn run(
    settings: &ProgramSettings,
    seed: Seed,
    device: Option<&str>,
    varied: &[Condition],
    log: &mut Log<'_>,
) -> Result<Done, RunError> {
    let command = &settings.command;
    let folder = RunFolder::create(settings, seed, varied)?;
    let (launch, mut running) = launch(settings, seed, device, &folder, varied)?;
    let started = Instant::now();
    // What starts a container needs no folder, and outlives the one of the run by a moment.
    let (program, working) = match &running {
        Some(_) => (&launch.words[0], Path::new("/")),
        None => (&command.run[0], folder.working(command)),
    };
    let mut process = Process::start(&launch.words, program, &launch.variables, working)?;
    let mut reader = Reader::new(&settings.measured);
    let (mut lines, mut capture) = (Lines::default(), Capture::default());
    let cut = loop {
        let left = command.time_limit.as_ref().map(|(_, limit)| limit.saturating_sub(started.elapsed()));
        let measured = match process.next(left.map_or(PAUSE, |left| left.min(PAUSE))) {
            Output::Out(bytes) => {
                capture.out(&bytes);
                lines.push(&bytes, &mut |line| reader.line(line, log))
            }
            Output::Err(bytes) => {
                capture.err(&bytes);
                Ok(())
            }
            Output::Silence => Ok(()),
            Output::Ended => break None,
        };
        if let Err(end) = measured {
            break Some(Cut::Ended(end));
        }
        if log.pause().is_err() {
            break Some(Cut::Stopped);
        }
        if left.is_some_and(|left| left.is_zero()) {
            break Some(Cut::TimeLimit);
        }
    };
    let exit = match &cut {
        None => process.exit(),
        Some(_) => process.end(folder.path(), running.as_ref().filter(|running| running.is_elsewhere())),
    };
    if let Some(running) = &mut running {
        match &cut {
            Some(Cut::Stopped | Cut::Ended(_)) => {}
            Some(Cut::TimeLimit) => running.require_start(&command.run[0], None, capture.tail())?,
            None => {
                running.has_ended();
                running.require_start(&command.run[0], Some(exit), capture.tail())?;
            }
        }
    }
    let last = if cut.is_none() { lines.finish(&mut |line| reader.line(line, log)) } else { Ok(()) };
    let end = match (cut, exit) {
        (Some(Cut::Stopped), _) => return Ok(Done { end: Err(End::Over), notices: Notices::default() }),
        (Some(Cut::Ended(end)), _) => Err(end),
        (Some(Cut::TimeLimit), _) => Err(End::Failed("time limit".into())),
        (None, Exit::Code(0)) if log.last_step().is_none() && last.is_ok() => {
            Err(End::Failed("it measured nothing".into()))
        }
        (None, Exit::Code(0)) => last.and_then(|()| require_objective(settings, log)),
        (None, Exit::Code(code)) => Err(End::Failed(format!("exit code {code}"))),
        (None, Exit::Signal(signal)) => Err(End::Failed(format!("signal {signal}"))),
    };
    let end = match end {
        Ok(()) => kept::keep(settings, &folder, log)?,
        failed => failed,
    };
    let mut notices = reader.notices();
    match &end {
        Err(End::Failed(reason)) => {
            let hint = hints::undeclared(settings, capture.tail(), folder.path());
            notices.failed(reason, &log.id(), &capture.last_lines(), hint);
        }
        _ => notices.lacking(log.lacking()),
    }
    capture.store(log)?;
    Ok(Done { end, notices })
}

/// Returns the command that starts a run, and its container if it has one.
fn launch(
    settings: &ProgramSettings,
    seed: Seed,
    device: Option<&str>,
    folder: &RunFolder,
    varied: &[Condition],
) -> Result<(Launch, Option<Running>), RunError> {
    let variables = environment::variables(settings, seed, device, folder, varied)?;
    let Some(container) = &settings.command.container else {
        return Ok((Launch { words: folder.words(settings, seed, varied)?, variables }, None));
    };
    let home = varied.contains(&Condition::Home).then_some(folder.other());
    let contained = Contained {
        container,
        words: &folder.words(settings, seed, &[])?,
        variables: &variables,
        folders: &[Some(folder.path()), home].into_iter().flatten().collect::<Vec<_>>(),
        other_umask: varied.contains(&Condition::Umask),
    };
    container::launch(&contained).map(|(launch, running)| (launch, Some(running)))
}

/// Fails a run that never measured its objective.
fn require_objective(settings: &ProgramSettings, log: &Log<'_>) -> Logged {
    let objective = &settings.measured.objective;
    let name = objective.part.joined('.', &objective.measurement);
    let [never, _] = log.lacking();
    if never.contains(&name) { Err(End::Failed(format!("it never measured {name}"))) } else { Ok(()) }
}

/// Gets the image of a program that runs in a container. Returns whether it is there: not if `stopped` became true
/// before.
///
/// # Errors
/// The image cannot be pulled.
pub fn prepare_container(settings: &ProgramSettings, stopped: &mut dyn FnMut() -> bool) -> Result<bool, RunError> {
    settings.command.container.as_ref().map_or(Ok(true), |container| container::pull(container, stopped))
}

/// Refuses a program that cannot be found.
///
/// # Errors
/// The program is not an input and not on the path.
pub fn require_program(settings: &ProgramSettings) -> Result<(), RunError> {
    let command = &settings.command;
    let word = &command.run[0];
    if command.container.is_some() {
        container::Engine::found()?;
    }
    // Only the image has what is not in the folder of the run.
    let is_inside = command.container.is_some() && (Path::new(word).is_absolute() || !word.contains('/'));
    if is_inside || word.contains(['{', '}']) {
        return Ok(());
    }
    let missing = |message: String, help: String| Err(RunError::Source { code: "program.missing", message, help });
    let path = Path::new(word);
    if path.is_absolute() {
        return match path.is_file() {
            true => Ok(()),
            false => {
                missing(format!("the program {word} does not exist"), "correct the first word of command.run".into())
            }
        };
    }
    if word.contains('/') {
        let name = word.strip_prefix("./").unwrap_or(word);
        let is_there = if command.hermetic {
            command.inputs.0.contains_key(name)
        } else {
            command.folder.as_ref().is_some_and(|folder| Path::new(folder).join(word).is_file())
        };
        let help =
            format!("add it to the inputs: inputs = [\"{name}\"]; a run starts in a folder with its inputs alone");
        return if is_there { Ok(()) } else { missing(format!("the program {word} is not an input"), help) };
    }
    if environment::on_path(word).is_some() {
        return Ok(());
    }
    let help = if command.inputs.0.contains_key(word.as_str()) {
        format!("for the input of this name, write \"./{word}\"")
    } else {
        "install it, or correct the first word of command.run; a program of your own is an input, and is written \"./NAME\"".into()
    };
    missing(format!("the program `{word}` is not in any folder of PATH"), help)
}

/// The error of a folder or file that a run needs.
fn failed(what: &str, error: &std::io::Error) -> RunError {
    let help = match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            "free space there (folders of runs are in TMPDIR, which may be set to another disk); stored runs are safe, and the same command \
             continues"
        }
        _ => "stored runs are safe, and the same command continues",
    };
    RunError::Machine { code: "program.folder", message: format!("cannot {what}: {error}"), help: help.into() }
}
