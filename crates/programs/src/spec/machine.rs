//! Settings of `[command]` about the machine: the commands that describe it, and its devices.

use serde::{Deserialize, Serialize};

use super::command::require_variable;
use crate::engine_spec::{
    Code, Problem, read,
    tree::{Entry, Value},
};

/// A command whose output describes the machine: `["python3", "--version"]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Version {
    /// The program and its arguments.
    pub run: Vec<String>,
    /// Whether its output is part of the identity of every run.
    #[serde(default)]
    pub identity: bool,
}

/// Devices, of which each run has one to itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Devices {
    /// The variable that tells a program its device.
    pub variable: String,
    /// The names of the devices.
    pub names: Vec<String>,
}

pub(super) fn read_versions(entry: &Entry) -> Result<Vec<Version>, Problem> {
    const PATH: &str = "command.versions";
    let expected = "a list of commands: [[\"python3\", \"--version\"]]";
    let items = entry.node.list().ok_or_else(|| Problem::value(Code::WrongType, PATH, &entry.node, expected))?;
    let mut versions = Vec::new();
    for item in items {
        let version: Version = match &item.value {
            Value::List(_) => Version { run: read::read(item, PATH)?, identity: false },
            Value::Table(_) => read::read(item, PATH)?,
            _ => return Err(Problem::value(Code::WrongType, PATH, item, "a command: [\"python3\", \"--version\"]")),
        };
        if version.run.first().is_none_or(String::is_empty) {
            return Err(Problem::value(Code::InvalidValue, PATH, item, "a program, and its arguments"));
        }
        versions.push(version);
    }
    Ok(versions)
}

pub(super) fn read_devices(entry: &Entry) -> Result<Devices, Problem> {
    const PATH: &str = "command.devices";
    let devices = match &entry.node.value {
        Value::List(_) => Devices { variable: "CUDA_VISIBLE_DEVICES".into(), names: read::read(&entry.node, PATH)? },
        _ => read::read(&entry.node, PATH)?,
    };
    let key = Entry { key: devices.variable.clone(), span: entry.span, node: entry.node.clone() };
    require_variable(&key)?;
    let mut names = devices.names.clone();
    names.sort();
    names.dedup();
    if names.is_empty() || names.len() < devices.names.len() {
        return Err(Problem::value(Code::InvalidValue, PATH, &entry.node, "one or more names, each once"));
    }
    Ok(devices)
}
