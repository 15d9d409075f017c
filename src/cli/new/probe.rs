//! Runs a program for a moment to learn its options: a Python program up to where it reads its arguments, another one
//! with `--help`. It runs in a temporary folder, without input, and is ended after a time limit.

use std::{
    env, fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{command::Program, help_text, options::Options};

/// Programs that load large libraries need seconds.
const LIMIT: Duration = Duration::from_secs(30);

/// The most bytes that are read of what a program prints.
const MOST_BYTES: u64 = 1 << 20;

/// Runs `out, folder, program, arguments...` in Python.
const PROBE: &str = include_str!("probe.py");

/// Words without one of which a Python program reads no options, so that it is not started.
const SIGNS: [&str; 9] = ["argparse", "click", "typer", "absl", "docopt", "fire", "hydra", "optparse", "--help"];

/// The same for other scripts.
const OTHER_SIGNS: [&str; 2] = ["--help", "getopt"];

/// What was learned of a program.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// `None` if it has none, or does not say.
    pub(super) options: Option<Options>,
    /// The last line that it printed, if it failed.
    pub(super) failure: Option<String>,
}

pub(super) fn read(program: &Program) -> Reading {
    try_read(program).unwrap_or_default()
}

fn try_read(program: &Program) -> Option<Reading> {
    let module = program.is_python().then(|| program.typed.iter().position(|word| word == "-m")).flatten();
    let own = program.script().map(|own| std::path::absolute(own).unwrap_or_default());
    let words = match (module, program.own) {
        (Some(place), _) => program.typed[place..].to_vec(),
        (None, Some(place)) => {
            let own = own.as_ref()?;
            let text = fs::read(own).ok()?;
            // What is not a text is a program by itself, which knows `--help` more often than not.
            let signs = if program.is_python() { &SIGNS[..] } else { &OTHER_SIGNS };
            let says = |text: &str| signs.iter().any(|sign| text.contains(sign)) || imports_options(program);
            if std::str::from_utf8(&text).is_ok_and(|text| !says(text)) {
                return None;
            }
            [&[own.to_string_lossy().into_owned()], &program.typed[place + 1..]].concat()
        }
        (None, None) => return None,
    };
    let interpreter = &program.typed[..module.or(program.own)?];
    let beside = match (module, &own) {
        (None, Some(own)) => own.parent().map(Path::to_path_buf)?,
        _ => env::current_dir().ok()?,
    };
    let python = if program.is_python() { of_python(interpreter, &beside, &words) } else { Default::default() };
    if python.options.is_some() {
        return Some(python);
    }
    let words: Vec<String> = interpreter.iter().chain(&words).cloned().chain(["--help".into()]).collect();
    let options = output(&words, &beside).map(|text| help_text::options(&text)).unwrap_or_default();
    let options = (!options.is_empty()).then(|| Options { reader: "--help".into(), options });
    Some(Reading { options, ..python })
}

/// Whether a module beside the program may read its options.
fn imports_options(program: &Program) -> bool {
    let own = program.own.map(|place| program.run[place].as_str());
    let others = program.inputs.iter().filter(|(name, path)| Some(name.as_str()) != own && path.ends_with(".py"));
    let mut texts = others.filter_map(|(_, path)| fs::read_to_string(program.folder.join(path)).ok());
    texts.any(|text| SIGNS.iter().any(|sign| text.contains(sign)))
}

fn of_python(interpreter: &[String], beside: &Path, words: &[String]) -> Reading {
    let Ok(folder) = tempfile::tempdir() else { return Reading::default() };
    let file = folder.path().join("options.json");
    let paths = [file.to_string_lossy().into_owned(), beside.to_string_lossy().into_owned()];
    let probe = ["-c".to_owned(), PROBE.to_owned()];
    let all: Vec<String> = interpreter.iter().chain(&probe).chain(&paths).chain(words).cloned().collect();
    let text = output(&all, beside);
    let options = fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let last = |text: String| text.lines().rev().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned);
    let failure = match text {
        None => Some(format!("it did not end within {} seconds", LIMIT.as_secs())),
        Some(text) => last(text),
    };
    Reading { failure: failure.filter(|_| options.is_none()), options }
}

/// What a program prints on both streams; `None` if it cannot be started, or takes too long.
fn output(words: &[String], beside: &Path) -> Option<String> {
    let folder = tempfile::tempdir().ok()?;
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).current_dir(folder.path());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Lines are not broken, and nothing is written beside the program.
    command.envs([("COLUMNS", "400"), ("TERM", "dumb"), ("NO_COLOR", "1"), ("PYTHONDONTWRITEBYTECODE", "1")]);
    let path = [Some(beside.to_path_buf()), env::var_os("PYTHONPATH").map(PathBuf::from)];
    command.env("PYTHONPATH", env::join_paths(path.into_iter().flatten()).ok()?);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().ok()?;
    let mut readers = Vec::new();
    let streams: [Option<Box<dyn Read + Send>>; 2] =
        [child.stdout.take().map(|out| Box::new(out) as _), child.stderr.take().map(|err| Box::new(err) as _)];
    for mut stream in streams.into_iter().flatten() {
        readers.push(thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stream.by_ref().take(MOST_BYTES).read_to_end(&mut bytes);
            // The rest is read too, so that the program does not wait.
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
            bytes
        }));
    }
    let is_done = wait(&mut child);
    end(&mut child);
    let bytes: Vec<u8> = readers.into_iter().flat_map(|reader| reader.join().unwrap_or_default()).collect();
    is_done.then(|| String::from_utf8_lossy(&bytes).into_owned())
}

fn wait(child: &mut Child) -> bool {
    let began = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(_)) => return true,
            Ok(None) if began.elapsed() < LIMIT => thread::sleep(Duration::from_millis(20)),
            _ => return false,
        }
    }
}

/// Ends the program and what it has started, which may hold its streams open.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Ok(group) = i32::try_from(child.id()) {
        let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(group), nix::sys::signal::Signal::SIGKILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}
