//! The output of commands that describe the machine, such as `python3 --version`.

use std::{collections::BTreeMap, process};

use super::environment;
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
        code: "command.versions",
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
