use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::progress::Cells;
use crate::{
    cli::{CliError, Code, Command, Common, Exit, signal, text},
    notebook::{Document, Driver, Executed, Failure, Job, NotebookCause, NotebookError, home, install},
};

/// Execute notebooks from top to bottom and store their outputs.
///
/// Works with any installed Jupyter kernel, without Jupyter, Python or a browser. A cell fails if it does not compile,
/// panics, or returns an error with `?`; the notebook then stays unchanged. The standard error of cells is printed but
/// not stored, since times and progress differ in every execution.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Run {
    /// Notebooks to execute.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Set a parameter that the cell tagged `parameters` declares; may be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    sets: Vec<String>,
    /// Write the executed notebook to this file instead, even if a cell fails.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Also store the standard error of cells.
    #[arg(long)]
    stderr: bool,
    #[command(flatten)]
    kernel: Kernel,
}

const EXAMPLES: &str = "\
Exit codes:
  0  executed and written
  1  the kernel does not start, or a file cannot be written
  2  the kernel is not installed, the file is not a notebook, or a parameter is wrong
  3  a cell failed; the notebook is unchanged

Examples:
  restudy notebook run mine.ipynb --set epochs=20
  restudy notebook run mine.ipynb --output executed.ipynb";

#[derive(Debug, Args)]
pub(super) struct Kernel {
    /// Name of the kernel [default: that of the notebook, or restudy].
    #[arg(long, value_name = "NAME")]
    kernel: Option<String>,
    /// Time limit of a cell in seconds; 0 means no limit.
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    timeout: u64,
    /// Time limit for the start of the kernel in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
    start_timeout: u64,
}

impl Command for Run {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        if self.output.is_some() && self.files.len() > 1 {
            return Err(CliError::usage(Code::NotebookOutput, "--output works with one notebook only", "run the notebooks one after the other"));
        }
        for file in &self.files {
            let mut notebook = Document::read(file)?;
            notebook.set_parameters(&self.sets)?;
            let Executed { mut notebook, failure } = self.kernel.execute(&notebook, file, common)?;
            if !self.stderr {
                notebook.drop_stderr();
            }
            let target = self.output.as_ref().unwrap_or(file);
            if failure.is_none() || self.output.is_some() {
                notebook.write(target)?;
            }
            if let Some(failure) = failure {
                return Err(failed(file, &notebook, &failure, self.output.is_none()));
            }
            if common.json() {
                text::say_json(json!({ "event": "written", "notebook": file.to_string_lossy(), "file": target.to_string_lossy() }));
            }
        }
        Ok(Exit::Done)
    }
}

impl Kernel {
    pub(super) fn execute(&self, notebook: &Document, file: &Path, common: &Common) -> Result<Executed, CliError> {
        let kernel = self.kernel.as_deref().or(notebook.kernel()).unwrap_or(home::KERNEL);
        require_language(notebook, file)?;
        let home = home::Home::find()?;
        let mut steps = super::install::Steps::new(common);
        if kernel == home::KERNEL {
            install::refresh(&home, &mut |step| steps.show(step))?;
        } else {
            install::driver(&home, &mut |step| steps.show(step))?;
        }
        drop(steps);
        signal::end_with("interrupted: the notebook is unchanged; finished runs of a sweep are stored")?;
        let limit = (self.timeout > 0).then_some(self.timeout);
        let job = Job { notebook, file, kernel, start_limit: self.start_timeout, limit, env: environment(common)? };
        let mut cells = Cells::new(notebook, file, common);
        let executed = Driver { program: home.driver() }.run(&job, &mut |event| cells.show(event));
        cells.end(executed.as_ref().is_ok_and(|executed| executed.failure.is_none()));
        if executed.is_err() {
            // Ctrl-C reaches the driver too. The handler then ends the program before an error is printed.
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        Ok(executed?)
    }
}

/// The common options as variables for the sweeps of a notebook. The library in the cells finds the default folder of
/// results itself, also above the folder of the notebook.
fn environment(common: &Common) -> Result<Vec<(&'static str, String)>, NotebookError> {
    let mut env = Vec::new();
    if common.results != Path::new("results") {
        let folder = std::path::absolute(&common.results);
        let folder = folder.map_err(|error| NotebookError::io("find", &common.results, error))?;
        env.push(("RESTUDY_RESULTS", folder.display().to_string()));
    }
    env.extend(common.threads.map(|threads| ("RAYON_NUM_THREADS", threads.to_string())));
    Ok(env)
}

/// Refuses cells whose metadata names another language than the notebook.
fn require_language(notebook: &Document, file: &Path) -> Result<(), NotebookError> {
    let Some(own) = notebook.language_name() else { return Ok(()) };
    for (index, cell) in notebook.cells().iter().enumerate().filter(|(_, cell)| cell["cell_type"] == "code") {
        let metadata = &cell["metadata"];
        let named = metadata["vscode"]["languageId"].as_str().or(metadata["language"].as_str()).map(str::to_lowercase);
        if let Some(other) = named.filter(|other| *other != own) {
            return Err(NotebookError::Other {
                cause: NotebookCause::Language,
                message: format!("{}, cell {}, is in {other}; the notebook is in {own}", file.display(), index + 1),
                help: "a notebook has one kernel: turn the cell into Markdown, or move it to another notebook".into(),
            });
        }
    }
    Ok(())
}

pub(super) fn failed(file: &Path, notebook: &Document, failure: &Failure, kept: bool) -> CliError {
    let cell = &notebook.cells()[failure.cell - 1];
    let source = super::progress::title(cell);
    let message = format!("{}, cell {} (`{source}`) failed: {}", file.display(), failure.cell, failure.message);
    let help = if kept { "the notebook is unchanged; --output FILE keeps the outputs of a failed run" } else { "the outputs up to this cell are stored" };
    // The details begin with the message.
    let details = failure.details.iter().skip_while(|line| **line == failure.message);
    CliError::failed(Code::NotebookCell, message, help, details.map(|line| format!("  {line}\n")).collect())
}
