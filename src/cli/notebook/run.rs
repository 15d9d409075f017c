use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::progress::Cells;
use crate::{
    cli::{CliError, Command, Common, Exit, signal, text},
    notebook::{Document, Driver, Executed, Failure, Job, NotebookError, home, install},
};

/// Execute notebooks from top to bottom and store their outputs.
///
/// Works with any Jupyter kernel that is installed, without Jupyter, Python or a browser. A cell fails if it does not compile,
/// panics, or ends at a `?`; then the command ends with exit code 3 and the file stays as it was. The standard error of cells is
/// shown here and not stored: it holds times and progress, which differ every time.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// The notebooks.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Set a parameter that the cell tagged `parameters` declares. May be given several times.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    sets: Vec<String>,
    /// Write the executed notebook here instead, also when a cell fails.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Store the standard error of cells too.
    #[arg(long)]
    stderr: bool,
    #[command(flatten)]
    kernel: Kernel,
}

/// Which kernel, and how patient to be.
#[derive(Debug, Args)]
pub(super) struct Kernel {
    /// The kernel; without it the one that the notebook names, or else "restudy".
    #[arg(long, value_name = "NAME")]
    kernel: Option<String>,
    /// Seconds that a cell may take; 0 for no limit.
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    timeout: u64,
    /// Seconds that the kernel may take to start.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
    start_timeout: u64,
}

impl Command for Run {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        if self.output.is_some() && self.files.len() > 1 {
            return Err(CliError::usage("--output takes one notebook", "run them one after the other"));
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
    /// Executes a notebook, with progress.
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
        signal::end_with("interrupted: the notebook on disk is as it was; finished runs of a sweep are kept")?;
        let limit = (self.timeout > 0).then_some(self.timeout);
        let job = Job { notebook, file, kernel, start_limit: self.start_timeout, limit, env: environment(common)? };
        let mut cells = Cells::new(notebook, file, common);
        let executed = Driver { program: home.driver() }.run(&job, &mut |event| cells.show(event));
        cells.end(executed.as_ref().is_ok_and(|executed| executed.failure.is_none()));
        if executed.is_err() {
            // Ctrl-C reaches the driver as well. What ended by it is not an error: the word of the handler comes first.
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        Ok(executed?)
    }
}

/// What the common options are to the sweeps of a notebook. The default folder of results is left for the library in the cells to
/// find, which looks above the notebook as well.
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

/// Refuses cells that say they are in another language than the notebook.
fn require_language(notebook: &Document, file: &Path) -> Result<(), NotebookError> {
    let Some(own) = notebook.language_name() else { return Ok(()) };
    for (index, cell) in notebook.cells().iter().enumerate().filter(|(_, cell)| cell["cell_type"] == "code") {
        let metadata = &cell["metadata"];
        let named = metadata["vscode"]["languageId"].as_str().or(metadata["language"].as_str()).map(str::to_lowercase);
        if let Some(other) = named.filter(|other| *other != own) {
            return Err(NotebookError::Usage {
                message: format!("{}, cell {}, is in {other}; the notebook is in {own}", file.display(), index + 1),
                help: "one notebook has one kernel: make it a markdown cell, or a notebook of its own".into(),
            });
        }
    }
    Ok(())
}

/// The error of a notebook with a cell that failed.
pub(super) fn failed(file: &Path, notebook: &Document, failure: &Failure, kept: bool) -> CliError {
    let cell = &notebook.cells()[failure.cell - 1];
    let source = super::progress::title(cell);
    let message = format!("{}, cell {} (`{source}`) failed: {}", file.display(), failure.cell, failure.message);
    let help = if kept { "the file on disk is as it was; --output FILE keeps the outputs of a failed run" } else { "the outputs up to there are stored" };
    // What is said already is not said twice.
    let details = failure.details.iter().skip_while(|line| **line == failure.message);
    CliError::failed(message, help, details.map(|line| format!("  {line}\n")).collect())
}
