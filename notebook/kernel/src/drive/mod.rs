//! Cells executed with any kernel: one request as JSON on the standard input, events as JSON lines on the standard output.
//!
//! ```text
//! {"kernel": "restudy", "cwd": "…", "notebook": "…", "env": {}, "startup_timeout": 60, "timeout": 600,
//!  "cells": [{"index": 3, "id": "abc", "source": "…"}]}
//! ```
//!
//! | event | says |
//! |---|---|
//! | `ready` | `seconds`, `kernel`, `language_info` |
//! | `started` | `index` |
//! | `stream`, `progress` | `index`, `text`: for people, at once |
//! | `done` | `index`, `count`, `status` (`ok` or `error`), `seconds`, `outputs` as a notebook stores them, `error` |
//! | `fault` | `kind` (`no-kernel`, `start`, `died`, `timeout`, `protocol`), `index` or null, `message`, `help`, `stderr` |
//!
//! The first cell with an error, and a fault, are the end.

mod kernel;
mod outputs;
mod specs;
mod state;

use std::{collections::BTreeMap, io::Write, path::PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

use kernel::Kernel;

/// What is to be executed.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// The name of the kernel.
    pub kernel: String,
    /// The folder that it runs in.
    pub cwd: PathBuf,
    /// The notebook, as the journal shall name it.
    pub notebook: String,
    /// More of its environment.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Seconds that it may take to start.
    pub startup_timeout: u64,
    /// Seconds that a cell may take.
    pub timeout: Option<u64>,
    /// The cells.
    pub cells: Vec<Source>,
}

/// A cell.
#[derive(Debug, Deserialize)]
pub struct Source {
    /// Its place in the notebook.
    pub index: usize,
    /// Its identifier.
    pub id: Value,
    /// Its code.
    pub source: String,
}

/// A kernel that could not go on.
#[derive(Debug)]
pub struct Fault {
    /// `no-kernel`, `start`, `died`, `timeout`, `protocol`.
    pub kind: &'static str,
    /// The cell, if it was in one.
    pub index: Option<usize>,
    /// What happened.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The last of what the kernel wrote.
    pub stderr: String,
}

/// Writes an event; an error says that nobody reads any more.
pub fn tell(event: &Value) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{event}").and_then(|()| out.flush()).map_err(|error| format!("nobody reads: {error}"))
}

/// Reads the request, executes it, and ends the kernel, also when we are told to stop.
pub async fn run() -> Result<(), String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| format!("cannot read the request: {error}"))?;
    let request: Request = serde_json::from_str(&line).map_err(|error| format!("the request is malformed: {error}"))?;
    let mut kernel = match Kernel::start(&request).await {
        Ok(kernel) => kernel,
        Err(fault) => return tell_fault(&fault),
    };
    let stopped = async {
        let (terminate, interrupt, closed) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::pipe()));
        let (Ok(mut terminate), Ok(mut interrupt), Ok(mut closed)) = (terminate, interrupt, closed) else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = closed.recv() => {}
        }
    };
    let outcome = tokio::select! {
        outcome = work(&mut kernel, &request) => outcome,
        () = stopped => Err("stopped".into()),
    };
    kernel.end().await;
    outcome
}

async fn work(kernel: &mut Kernel, request: &Request) -> Result<(), String> {
    if let Err(fault) = kernel.greet(request).await {
        return tell_fault(&fault);
    }
    tell(&kernel.ready())?;
    for cell in &request.cells {
        tell(&json!({ "event": "started", "index": cell.index }))?;
        match kernel.execute(cell, request.timeout).await? {
            Ok(done) => {
                tell(&done)?;
                if done["status"] != "ok" {
                    break;
                }
            }
            Err(fault) => return tell_fault(&fault),
        }
    }
    Ok(())
}

fn tell_fault(fault: &Fault) -> Result<(), String> {
    tell(&json!({
        "event": "fault", "kind": fault.kind, "index": fault.index,
        "message": fault.message, "help": fault.help, "stderr": fault.stderr,
    }))
}
