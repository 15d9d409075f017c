//! The output of commands that describe the machine, such as `python3 --version`.

use std::{collections::BTreeMap, fs, path::Path, process};

use serde_json::{Value as Json, json};

use super::{environment, failed};
use crate::{digest::Digest, engine_run::RunError, spec::Version};

/// The output of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The command, in words.
    pub command: String,
    /// What it printed, both outputs together.
    pub text: String,
}

/// Runs a command that describes the machine.
///
/// # Errors
/// It cannot be run, or it fails.
pub fn output(version: &Version) -> Result<Output, RunError> {
    let command = version.run.join(" ");
    let wrong = |reason: String| RunError::Source {
        code: "program.versions",
        message: format!("the command `{command}` under `versions` {reason}"),
        help: "correct it, or remove it from command.versions".into(),
    };
    let variables = environment::PASSED.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let output = process::Command::new(&version.run[0])
        .args(&version.run[1..])
        .env_clear()
        .envs(variables)
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
pub fn record(versions: &[Version], results: &Path) -> Result<(), RunError> {
    if versions.is_empty() {
        return Ok(());
    }
    let outputs = versions.iter().map(output).collect::<Result<Vec<_>, _>>()?;
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
pub fn identity(versions: &[Version]) -> Result<BTreeMap<String, String>, RunError> {
    let own = versions.iter().filter(|version| version.identity);
    own.map(|version| {
        let Output { command, text } = output(version)?;
        Ok((format!("command.versions.{command}"), format!("blake3:{}", Digest::of(text.as_bytes()))))
    })
    .collect()
}
