//! The output of commands that describe the machine, such as `python3 --version`.

use std::{collections::BTreeMap, fs, path::Path, process};

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
    let output = process::Command::new(&launch.words[0])
        .args(&launch.words[1..])
        .env_clear()
        .envs(launch.variables)
        .stdin(process::Stdio::null())
        .output()
        .map_err(|error| wrong(format!("cannot be run: {error}")))?;
    if !output.status.success() {
        return Err(wrong(format!("failed: {}", output.status)));
    }
    let text =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).trim_end().replace("\r\n", "\n"));
    Ok(Output { command, text: text.join("\n").trim().to_owned() })
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
