use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::{
    cli::{CliError, Command, Common, Exit, text},
    notebook::Document,
};

/// Take outputs and execution counts out of notebooks.
///
/// Everything else is kept, metadata of other programs too.
#[derive(Debug, Args)]
pub(super) struct Clean {
    /// The notebooks.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Change nothing; exit code 4 if a notebook holds outputs.
    #[arg(long)]
    check: bool,
}

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
