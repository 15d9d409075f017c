use std::{
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::{Map, Value, json};

use super::{Document, NotebookCause, NotebookError, document::is_code};

/// The program that communicates with kernels.
#[derive(Debug, Clone)]
pub struct Driver {
    /// The executable `restudy-kernel`.
    pub program: PathBuf,
}

/// A notebook to execute.
#[derive(Debug)]
pub struct Job<'a> {
    /// The notebook.
    pub notebook: &'a Document,
    /// The file of the notebook; cells run in its folder.
    pub file: &'a Path,
    /// The name of the kernel.
    pub kernel: &'a str,
    /// Time limit for the start of the kernel, in seconds.
    pub start_limit: u64,
    /// Time limit of a cell in seconds; none for no limit.
    pub limit: Option<u64>,
    /// Additional environment variables of the kernel.
    pub env: Vec<(&'static str, String)>,
}

/// An event of the execution.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The kernel is ready.
    Ready {
        /// The duration in seconds.
        seconds: f64,
    },
    /// A cell starts.
    Started {
        /// Its index among all cells, from 0.
        index: usize,
    },
    /// A cell wrote text to show at once.
    Text {
        /// Whether the text replaces the previous line, as a progress bar does.
        progress: bool,
        /// The text.
        text: &'a str,
    },
    /// A cell ended.
    Done {
        /// Its index among all cells, from 0.
        index: usize,
        /// The duration in seconds.
        seconds: f64,
        /// Whether it failed.
        failed: bool,
    },
}

/// The result of an execution.
#[derive(Debug)]
pub struct Executed {
    /// The notebook with its new outputs, up to the cell that failed.
    pub notebook: Document,
    /// The first cell that failed.
    pub failure: Option<Failure>,
}

/// A cell that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its number among all cells, from 1.
    pub cell: usize,
    /// The kind of failure: `panic`, `error`, `timeout`, or a name from the kernel.
    pub kind: String,
    /// The message.
    pub message: String,
    /// The position in the cell and further output of the kernel, by line.
    pub details: Vec<String>,
}

impl Driver {
    /// Executes the code cells from top to bottom, up to the first failure.
    ///
    /// # Errors
    /// The kernel is unknown or does not start, or the driver cannot run.
    pub fn run(&self, job: &Job<'_>, report: &mut dyn FnMut(Event<'_>)) -> Result<Executed, NotebookError> {
        let mut process = Process::start(&self.program, &request(job)?)?;
        let mut executed = Executed { notebook: job.notebook.clone(), failure: None };
        executed.notebook.clean();
        let mut finished = 0;
        while let Some(event) = process.next()? {
            let index = event["index"].as_u64().map(|index| index as usize);
            let seconds = event["seconds"].as_f64().unwrap_or_default();
            let text = |key: &str| event[key].as_str().unwrap_or_default();
            match (text("event"), index) {
                ("ready", _) => {
                    let kernel = &event["kernel"];
                    let name = |key: &str| kernel[key].as_str().unwrap_or(job.kernel);
                    executed.notebook.set_kernel(name("name"), name("display_name"), event["language_info"].clone());
                    report(Event::Ready { seconds });
                }
                ("started", Some(index)) => report(Event::Started { index }),
                ("stream", _) => report(Event::Text { progress: false, text: text("text") }),
                ("progress", _) => report(Event::Text { progress: true, text: text("text") }),
                ("done", Some(index)) => {
                    finished += 1;
                    executed.take(index, &event);
                    report(Event::Done { index, seconds, failed: executed.failure.is_some() });
                }
                ("fault", _) => {
                    executed.failure = Some(fault(&event, index)?);
                    break;
                }
                _ => {}
            }
        }
        if executed.failure.is_none() && finished < job.notebook.cells().iter().filter(|cell| is_code(cell)).count() {
            return Err(process.ended());
        }
        Ok(executed)
    }
}

impl Executed {
    fn take(&mut self, index: usize, event: &Value) {
        let Some(cell) = self.notebook.cells_mut().get_mut(index) else { return };
        cell["execution_count"] = event["count"].clone();
        cell["outputs"] = event["outputs"].clone();
        if event["status"] == "ok" {
            return;
        }
        let error = &event["error"];
        let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
        let details =
            error["traceback"].as_array().into_iter().flatten().filter_map(Value::as_str).flat_map(str::lines);
        self.failure = Some(Failure {
            cell: index + 1,
            kind: text("ename"),
            message: text("evalue"),
            details: details.map(without_colors).collect(),
        });
    }
}

impl Document {
    /// Removes the standard error of all cells: times, threads and progress differ in every execution.
    pub fn drop_stderr(&mut self) {
        for cell in self.cells_mut() {
            if let Some(outputs) = cell.get_mut("outputs").and_then(Value::as_array_mut) {
                outputs.retain(|output| output["name"] != "stderr");
            }
        }
    }
}

fn request(job: &Job<'_>) -> Result<Value, NotebookError> {
    let absolute = std::path::absolute(job.file).map_err(|error| NotebookError::io("find", job.file, error))?;
    let folder = absolute.parent().unwrap_or(Path::new("/"));
    let cells = job.notebook.cells().iter().enumerate().filter(|(_, cell)| is_code(cell));
    let cells = cells.map(|(index, cell)| {
        json!({ "index": index, "id": cell["id"], "source": super::document::text_of(&cell["source"]) })
    });
    let env: Map<String, Value> =
        job.env.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
    Ok(json!({
        "kernel": job.kernel, "cwd": folder, "notebook": job.file, "env": env,
        "startup_timeout": job.start_limit, "timeout": job.limit, "cells": cells.collect::<Vec<_>>(),
    }))
}

/// A kernel that stopped: a failure of the current cell, or an error outside of cells.
fn fault(event: &Value, index: Option<usize>) -> Result<Failure, NotebookError> {
    let text = |key: &str| event[key].as_str().unwrap_or_default().trim_end().to_owned();
    let (kind, message, help, stderr) = (text("kind"), text("message"), text("help"), text("stderr"));
    match index {
        Some(index) => {
            let details = [help, stderr].into_iter().filter(|text| !text.is_empty());
            let details = details.flat_map(|text| text.lines().map(without_colors).collect::<Vec<_>>()).collect();
            Ok(Failure { cell: index + 1, kind, message, details })
        }
        None if kind == "no-kernel" => Err(NotebookError::new(NotebookCause::NoKernel, message, help)),
        None => {
            let message = if stderr.is_empty() { message } else { format!("{message}\n{stderr}") };
            Err(NotebookError::new(NotebookCause::Driver, message, help))
        }
    }
}

/// A text without ANSI color codes.
fn without_colors(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, rest)| rest);
    }
    plain + rest
}

/// A running driver; dropping the value ends it.
struct Process {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Process {
    fn start(program: &Path, request: &Value) -> Result<Self, NotebookError> {
        let failed = |error| NotebookError::io("run", program, error);
        let mut child = Command::new(program)
            .arg("drive")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut stdin = child.stdin.take().expect("it is piped");
        stdin.write_all(request.to_string().as_bytes()).and_then(|()| stdin.write_all(b"\n")).map_err(failed)?;
        drop(stdin);
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        Ok(Self { child, lines })
    }

    /// The next event; none after the driver has ended.
    fn next(&mut self) -> Result<Option<Value>, NotebookError> {
        let Some(line) = self.lines.next() else { return Ok(None) };
        let help = "run `restudy notebook install` again";
        let line = line.map_err(|error| {
            NotebookError::new(NotebookCause::Driver, format!("the kernel driver stopped: {error}"), help)
        })?;
        let event = serde_json::from_str(&line);
        event.map(Some).map_err(|_| {
            NotebookError::new(NotebookCause::Driver, format!("unexpected output of the kernel driver: {line}"), help)
        })
    }

    /// The error of a driver that ended too early.
    fn ended(&mut self) -> NotebookError {
        let mut output = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            let _ = stderr.read_to_string(&mut output);
        }
        NotebookError::new(
            NotebookCause::Driver,
            format!("the kernel driver ended before the notebook did\n{}", output.trim_end()).trim_end().to_owned(),
            "run `restudy notebook doctor`; if nothing is missing, please report this",
        )
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Its standard output is closed, so the driver stops its kernel and exits.
        let _ = self.child.wait();
    }
}
