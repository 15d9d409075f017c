use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::run::{Kernel, failed};
use crate::{
    cli::{CliError, Command, Common, Exit, text},
    notebook::{Change, Document, Executed, differences, left_out},
};

/// Prove notebooks: execute them and compare every output with the stored one.
///
/// Compared are text, tables, figures and pictures by their bytes, their metadata, and that cells were executed from top to bottom.
/// Not compared are the standard error, cells tagged `volatile`, and what no cell makes, such as attachments: where a notebook
/// stores any of these, they are named. Nothing is written. Exit code 4 if an output differs, 3 if a cell fails.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The notebooks.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    kernel: Kernel,
}

/// So many lines of a difference show what it is.
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
                    let every = if left_out.is_empty() { "every output" } else { "every output that is compared" };
                    text::say(format!("proven: {}: {} executed, {every} is the one stored", file.display(), text::count(cells, "cell")));
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

/// Shows a difference, with the longest lines cut off.
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
