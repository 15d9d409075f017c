use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::run::{Kernel, failed};
use crate::{
    cli::{CliError, Command, Common, Exit, text},
    notebook::{Change, Document, Executed, differences, left_out},
};

/// Execute notebooks and compare every output with the stored one.
///
/// Compares text, tables, figures and pictures by their bytes, their metadata, and the order of execution. Does not
/// compare the standard error, cells tagged `volatile`, and stored parts that no cell produces, such as attachments;
/// the output lists these parts. Nothing is written.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Check {
    /// Notebooks to check.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    kernel: Kernel,
}

const EXAMPLES: &str = "\
Exit codes:
  0  every compared output is the stored one
  1  the kernel does not start
  2  the kernel is not installed, or the file is not a notebook
  3  a cell failed
  4  an output differs

Example:
  restudy notebook check notebooks/*.ipynb";

/// The most lines of a difference that are printed.
const MOST_LINES: usize = 20;

impl Command for Check {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let mut exit = Exit::Done;
        for file in &self.files {
            let stored = Document::read(file)?;
            let Executed { notebook, failure } = self.kernel.execute(&stored, file, common)?;
            if let Some(failure) = failure {
                return Err(failed(file, &notebook, &failure, true));
            }
            let (changes, left_out) = (differences(&stored, &notebook), left_out(&stored));
            let cells = stored.cells().iter().filter(|cell| cell["cell_type"] == "code").count();
            if common.json() {
                let list: Vec<_> = changes.iter().map(|change| json!({ "cell": change.cell, "what": change.what, "diff": change.diff })).collect();
                text::say_json(json!({ "event": "checked", "notebook": file.to_string_lossy(), "cells": cells, "same": changes.is_empty(), "differences": list, "not_compared": left_out }));
            } else if changes.is_empty() {
                if !common.quiet {
                    let every = if left_out.is_empty() { "every output" } else { "every compared output" };
                    text::say(format!("proven: {}: {} executed, {every} is the stored one", file.display(), text::count(cells, "cell")));
                    if !left_out.is_empty() {
                        text::say(format!("  not compared: {}", left_out.join("; ")));
                    }
                }
            } else {
                changes.iter().for_each(|change| show(change, &stored));
                text::say(format!("NOT proven: {}: {}", file.display(), text::count(changes.len(), "difference")));
            }
            if !changes.is_empty() {
                exit = Exit::Difference;
            }
        }
        Ok(exit)
    }
}

/// Prints a difference, with long lines cut off.
fn show(change: &Change, stored: &Document) {
    let title = super::progress::title(&stored.cells()[change.cell - 1]);
    text::say(format!("cell {} (`{title}`), {}:", change.cell, change.what));
    for line in change.diff.iter().take(MOST_LINES) {
        let cut = line.chars().count() > 160;
        text::say(format!("  {}{}", line.chars().take(160).collect::<String>(), if cut { "…" } else { "" }));
    }
    if change.diff.len() > MOST_LINES {
        text::say(format!("  … {} more lines", change.diff.len() - MOST_LINES));
    }
}
