//! The output of commands that describe the machine, such as `python3 --version`.

use std::{
    collections::BTreeMap,
    fs, io,
    path::Path,
    process, thread,
    time::{Duration, Instant},
};

use serde_json::{Value as Json, json};

use super::{container, environment, failed};
use crate::{
    digest::Digest,
    engine_run::RunError,
    spec::{Command, Version},
};

/// The output of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The command, in words.
    pub command: String,
    /// What it printed, both outputs together.
    pub text: String,
}

/// Runs a command that describes the machine, in the container if there is one.
///
/// # Errors
/// It cannot be run, or it fails.
pub fn output(version: &Version, of: &Command) -> Result<Output, RunError> {
    let command = version.run.join(" ");
    let wrong = |reason: String| RunError::Source {
        code: "program.versions",
        message: format!("the command `{command}` under `versions` {reason}"),
        help: "correct it, or remove it from command.versions".into(),
    };
    let launch = match &of.container {
        Some(container) => container::describing(container, &version.run)?,
        None => {
            let passed = environment::PASSED.iter().filter_map(|name| Some((name.into(), std::env::var_os(name)?)));
            container::Launch { words: version.run.clone(), variables: passed.collect() }
        }
    };
    let ended = within(&launch, LIMIT).map_err(|error| wrong(format!("cannot be run: {error}")))?;
    let Some((status, text)) = ended else {
        return Err(wrong(format!("takes more than {} s", LIMIT.as_secs())));
    };
    if !status.success() {
        return Err(wrong(format!("failed: {status}")));
    }
    let text = text.map(|bytes| String::from_utf8_lossy(&bytes).trim_end().replace("\r\n", "\n"));
    Ok(Output { command, text: text.join("\n").trim().to_owned() })
}

/// The longest time that a command may take: to list all packages takes some seconds.
const LIMIT: Duration = Duration::from_secs(60);

const POLL: Duration = Duration::from_millis(5);

/// Runs a command; returns its end and both outputs, or ends it after `limit`.
fn within(launch: &container::Launch, limit: Duration) -> io::Result<Option<(process::ExitStatus, [Vec<u8>; 2])>> {
    let mut command = process::Command::new(&launch.words[0]);
    command.args(&launch.words[1..]).env_clear().envs(&launch.variables);
    command.stdin(process::Stdio::null()).stdout(process::Stdio::piped()).stderr(process::Stdio::piped());
    let mut child = command.spawn()?;
    let out = child.stdout.take().map(read);
    let err = child.stderr.take().map(read);
    let until = Instant::now() + limit;
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None if Instant::now() >= until => {
                child.kill()?;
                child.wait()?;
                // What it has started may keep its outputs open: they are not awaited.
                return Ok(None);
            }
            None => thread::sleep(POLL),
        }
    };
    Ok(Some((status, [out, err].map(|reader| reader.and_then(|own| own.join().ok()).unwrap_or_default()))))
}

fn read(mut pipe: impl io::Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

/// The folder of a results folder with the outputs of these commands: a file for each machine on which they differ.
pub const VERSIONS: &str = "versions";

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
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&file, text));
    written.map_err(|error| failed(&format!("write {}", file.display()), &error))
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

    #[test]
    fn a_command_without_end_is_ended() {
        let launch = |script: &str| container::Launch {
            words: ["sh", "-c", script].map(str::to_owned).into(),
            variables: BTreeMap::from([("PATH".into(), std::env::var_os("PATH").unwrap_or_default())]),
        };
        assert_eq!(within(&launch("sleep 100 & sleep 100"), Duration::from_millis(50)).unwrap(), None);
        let (status, [out, err]) = within(&launch("echo a; echo b >&2"), LIMIT).unwrap().unwrap();
        assert!(status.success() && out == b"a\n" && err == b"b\n");
    }
}
