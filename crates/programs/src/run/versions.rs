//! The output of commands that describe the machine, such as `python3 --version`.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value as Json, json};

use super::{
    PAUSE, container, environment, failed,
    process::{self, Exit, Process},
};
use crate::{
    digest::Digest,
    engine_run::RunError,
    spec::{Command, Version},
    store::{self, beside::VERSIONS},
};

/// The output of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The command, in words.
    pub command: String,
    /// What it printed, both outputs together.
    pub text: String,
}

/// The time limit of a command. To list packages takes some seconds, and to start a container, too.
const LIMIT: Duration = Duration::from_secs(60);

/// The most bytes that a command may print.
const MOST: usize = 1 << 20;

/// Runs a command that describes the machine, in the container if there is one.
///
/// # Errors
/// It cannot be run, it fails, prints more than a megabyte, or has not ended after a minute.
pub fn output(version: &Version, of: &Command) -> Result<Output, RunError> {
    let launch = match &of.container {
        Some(container) => container::describing(container, &version.run)?,
        None => container::Launch { words: version.run.clone(), variables: passed() },
    };
    output_within(version, &launch, LIMIT)
}

/// The variables of this process that programs have, too.
fn passed() -> BTreeMap<OsString, OsString> {
    environment::PASSED.iter().filter_map(|name| Some(((*name).into(), std::env::var_os(name)?))).collect()
}

fn output_within(version: &Version, launch: &container::Launch, limit: Duration) -> Result<Output, RunError> {
    let command = version.run.join(" ");
    let wrong = |reason: String| RunError::Source {
        code: "program.versions",
        message: format!("the command `{command}` under `versions` {reason}"),
        help: "correct it, or remove it from command.versions".into(),
    };
    let started = Instant::now();
    let mut process = Process::begin(&launch.words, &launch.variables, Path::new("."))
        .map_err(|error| wrong(format!("cannot be run: {error}")))?;
    let mut printed = [Vec::new(), Vec::new()];
    loop {
        match process.next(limit.saturating_sub(started.elapsed()).min(PAUSE)) {
            process::Output::Out(bytes) => printed[0].extend(bytes),
            process::Output::Err(bytes) => printed[1].extend(bytes),
            process::Output::Silence => {}
            process::Output::Ended => break,
        }
        if printed.iter().map(Vec::len).sum::<usize>() > MOST {
            return Err(wrong("prints more than 1 MB".into()));
        }
        // Dropped, the process ends with all that it has started in its group.
        if started.elapsed() >= limit {
            return Err(wrong(format!("has not ended after {} s", limit.as_secs_f64())));
        }
    }
    match process.exit() {
        Exit::Code(0) => {}
        Exit::Code(code) => return Err(wrong(format!("failed: exit code {code}"))),
        Exit::Signal(signal) => return Err(wrong(format!("failed: signal {signal}"))),
    }
    let text = printed.map(|bytes| String::from_utf8_lossy(&bytes).trim_end().replace("\r\n", "\n"));
    Ok(Output { command, text: text.join("\n").trim().to_owned() })
}

/// Runs all commands and stores their outputs in a results folder.
///
/// # Errors
/// As [`output`], or the file cannot be written.
pub fn record(of: &Command, results: &Path) -> Result<(), RunError> {
    if of.versions.is_empty() {
        return Ok(());
    }
    let outputs = of.versions.iter().map(|version| output(version, of)).collect::<Result<Vec<_>, _>>()?;
    let list: Vec<_> = outputs.iter().map(|own| json!({ "command": own.command, "output": own.text })).collect();
    let text = format!("{:#}\n", Json::from(list));
    let folder = results.join(VERSIONS);
    let file = folder.join(format!("{}.json", Digest::of(text.as_bytes()).short()));
    let created = fs::create_dir_all(&folder);
    created.map_err(|error| failed(&format!("create {}", folder.display()), &error))?;
    // As a whole or not at all: the report shows it.
    store::write(&file, text.as_bytes()).map_err(|error| RunError::Machine {
        code: "program.folder",
        message: error.to_string(),
        help: "stored runs are safe, and the same command continues".into(),
    })
}

/// Returns the digests of the outputs that are part of identities, by their commands.
///
/// # Errors
/// As [`output`].
pub fn identity(of: &Command) -> Result<BTreeMap<String, String>, RunError> {
    let own = of.versions.iter().filter(|version| version.identity);
    own.map(|version| {
        let Output { command, text } = output(version, of)?;
        Ok((format!("command.versions.{command}"), format!("blake3:{}", Digest::of(text.as_bytes()))))
    })
    .collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn of(script: &str, limit: Duration) -> Result<String, String> {
        let version = Version { run: ["sh", "-c", script].map(str::to_owned).into(), identity: false };
        let launch = container::Launch { words: version.run.clone(), variables: passed() };
        output_within(&version, &launch, limit).map(|output| output.text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_command_ends_in_time() {
        let long = Duration::from_secs(60);
        assert_eq!(of("echo two; echo one >&2", long), Ok("two\none".into()));
        assert!(of("exit 3", long).unwrap_err().ends_with("failed: exit code 3"));
        assert!(of("kill -9 $$", long).unwrap_err().ends_with("failed: signal 9"));
        assert!(of("yes", long).unwrap_err().ends_with("prints more than 1 MB"));
        // Neither the command nor what it starts keeps restudy waiting.
        let began = Instant::now();
        for script in ["sleep 60", "sleep 60 & sleep 60", "exec >&- 2>&-; sleep 60"] {
            let error = of(script, Duration::from_millis(300)).unwrap_err();
            assert!(error.ends_with("has not ended after 0.3 s"), "{error}");
        }
        assert_eq!(of("sleep 60 & echo done", long), Ok("done".into()));
        assert!(began.elapsed() < Duration::from_secs(30));
    }
}
