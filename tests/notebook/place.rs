//! A folder for every test with its notebooks, and the program.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with notebooks, in which the program is started.
pub struct Place {
    root: TempDir,
    variables: Vec<(String, PathBuf)>,
}

/// The output of the program, and its exit code.
pub struct Answer {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Place {
    pub fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Sets an environment variable to a path in this folder.
    pub fn set(&mut self, variable: &str, path: &str) {
        self.variables.push((variable.into(), self.path(path)));
    }

    /// Writes a notebook of code cells.
    pub fn notebook(&self, name: &str, kernel: &str, cells: &[&str]) -> PathBuf {
        let language = if kernel == "python3" { "python" } else { "rust" };
        let cells: Vec<_> = cells.iter().map(|source| json!({ "cell_type": "code", "metadata": {}, "execution_count": null, "outputs": [], "source": source })).collect();
        let notebook = json!({
            "nbformat": 4, "nbformat_minor": 4, "cells": cells,
            "metadata": { "kernelspec": { "name": kernel, "display_name": kernel, "language": language } },
        });
        fs::write(self.path(name), notebook.to_string()).unwrap();
        self.path(name)
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).unwrap()
    }

    /// Registers a shell command as a kernel; `$0` is its connection file.
    pub fn kernel(&mut self, name: &str, command: &str) {
        let folder = self.path("jupyter/kernels").join(name);
        fs::create_dir_all(&folder).unwrap();
        let spec =
            json!({ "argv": ["sh", "-c", command, "{connection_file}"], "display_name": name, "language": "rust" });
        fs::write(folder.join("kernel.json"), spec.to_string()).unwrap();
        self.set("JUPYTER_PATH", "jupyter");
    }

    pub fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_restudy"));
        command.args(arguments.split_whitespace()).current_dir(self.root.path()).env("NO_COLOR", "1");
        // The environment must not choose the results folder.
        command.env_remove("RESTUDY_RESULTS");
        command.envs(self.variables.iter().cloned());
        command
    }

    /// Runs the program; ends it after five minutes.
    pub fn run(&self, arguments: &str) -> Answer {
        answer(
            assert_cmd::Command::from_std(self.command(arguments)).timeout(Duration::from_secs(300)).output().unwrap(),
        )
    }
}

fn answer(output: Output) -> Answer {
    Answer {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Answer {
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self
    }

    /// Asserts that the output contains all of these.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Self {
        let message = format!("{}{}", self.out, self.err);
        // Messages are wrapped by their width.
        let flat = message.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        for word in words {
            assert!(flat.contains(word), "{word:?} is not in:\n{message}");
        }
        self
    }
}

/// Runs a Python script of this folder with the interpreter that has Jupyter.
#[track_caller]
pub fn python(script: &str, arguments: &[&Path]) -> String {
    let script = project().join("tests/notebook").join(script);
    let output = Command::new("python3").arg(&script).args(arguments).current_dir(project()).output();
    let output = answer(output.expect("python3 must be on the search path"));
    assert_eq!(output.code, Some(0), "{} says:\n{}{}", script.display(), output.out, output.err);
    output.out
}
