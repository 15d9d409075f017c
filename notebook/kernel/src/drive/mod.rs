//! Executes cells with any kernel: one request as JSON on the standard input, events as JSON lines on the standard
//! output.
//!
//! ```text
//! {"kernel": "restudy", "cwd": "…", "notebook": "…", "env": {}, "startup_timeout": 60, "timeout": 600,
//!  "cells": [{"index": 3, "id": "abc", "source": "…"}]}
//! ```
//!
//! | event | keys |
//! |---|---|
//! | `ready` | `seconds`, `kernel`, `language_info` |
//! | `started` | `index` |
//! | `stream`, `progress` | `index`, `text`: to be shown at once |
//! | `done` | `index`, `count`, `status` (`ok` or `error`), `seconds`, `outputs` as a notebook stores them, `error` |
//! | `fault` | `kind` (`no-kernel`, `start`, `died`, `timeout`, `protocol`), `index` or null, `message`, `help`, `stderr` |
//!
//! Execution ends at the first cell with an error, and at a fault.

mod kernel;
mod outputs;
mod specs;
mod state;

use std::{collections::BTreeMap, io::Write, path::PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

use kernel::Kernel;

#[derive(Debug, Deserialize)]
pub struct Request {
    pub kernel: String,
    /// The folder that the kernel runs in.
    pub cwd: PathBuf,
    /// The path of the notebook, for the journal.
    pub notebook: String,
    /// Additional environment variables of the kernel.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Seconds that the kernel may take to start.
    pub startup_timeout: u64,
    /// Seconds that a cell may take.
    pub timeout: Option<u64>,
    pub cells: Vec<Source>,
}

#[derive(Debug, Deserialize)]
pub struct Source {
    pub index: usize,
    pub id: Value,
    pub source: String,
}

/// An error of the kernel, not of a cell.
#[derive(Debug)]
pub struct Fault {
    /// `no-kernel`, `start`, `died`, `timeout` or `protocol`.
    pub kind: &'static str,
    /// The cell that was running.
    pub index: Option<usize>,
    pub message: String,
    pub help: String,
    /// The last output of the kernel.
    pub stderr: String,
}

/// Writes an event; fails if the standard output is closed.
pub fn emit(event: &Value) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{event}").and_then(|()| out.flush()).map_err(|error| format!("cannot write an event: {error}"))
}

/// Reads the request, executes it, and ends the kernel, also on a termination signal.
pub async fn run() -> Result<(), String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| format!("cannot read the request: {error}"))?;
    let request: Request = serde_json::from_str(&line).map_err(|error| format!("the request is malformed: {error}"))?;
    let mut kernel = match Kernel::start(&request).await {
        Ok(kernel) => kernel,
        Err(fault) => return emit_fault(&fault),
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
        return emit_fault(&fault);
    }
    emit(&kernel.ready())?;
    for cell in &request.cells {
        emit(&json!({ "event": "started", "index": cell.index }))?;
        match kernel.execute(cell, request.timeout).await? {
            Ok(done) => {
                emit(&done)?;
                if done["status"] != "ok" {
                    break;
                }
            }
            Err(fault) => return emit_fault(&fault),
        }
    }
    Ok(())
}

fn emit_fault(fault: &Fault) -> Result<(), String> {
    emit(&json!({
        "event": "fault", "kind": fault.kind, "index": fault.index,
        "message": fault.message, "help": fault.help, "stderr": fault.stderr,
    }))
}
