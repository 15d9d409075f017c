use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::{
    cli::{CliError, Command, Common, Exit, text},
    notebook::Document,
};

/// Remove outputs and execution counts from notebooks.
///
/// Everything else stays, including the metadata of other programs.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Clean {
    /// Notebooks to clean.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Write nothing; report notebooks that have outputs.
    #[arg(long)]
    check: bool,
}

const EXAMPLES: &str = "\
Exit codes:
  0  cleaned; with --check: no outputs
  2  the file is not a notebook
  4  with --check: a notebook has outputs

Examples:
  restudy notebook clean mine.ipynb
  restudy notebook clean --check notebooks/*.ipynb";

impl Command for Clean {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let mut exit = Exit::Done;
        for file in &self.files {
            let mut notebook = Document::read(file)?;
            let cells = notebook.clean();
            if cells > 0 && self.check {
                exit = Exit::Difference;
            } else if cells > 0 {
                notebook.write(file)?;
            }
            if common.json() {
                text::say_json(json!({ "notebook": file.to_string_lossy(), "cells": cells, "written": cells > 0 && !self.check }));
            } else if !common.quiet {
                let what = if self.check { "with outputs" } else { "cleaned" };
                text::say(format!("{}: {} {what}", file.display(), text::count(cells, "cell")));
            }
        }
        Ok(exit)
    }
}
