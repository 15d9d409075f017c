use std::path::PathBuf;

use clap::Args;

use crate::{
    cli::{CliError, Code, Command, Common, Exit, text},
    notebook::{Document, doctor, home::Home, install},
};

/// Open a notebook in JupyterLab with an up-to-date Rust kernel.
///
/// Needs JupyterLab and `restudy notebook install`. Ctrl-C stops JupyterLab.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Lab {
    /// Notebook, or folder of notebooks.
    #[arg(value_name = "FILE", default_value = ".")]
    file: PathBuf,
    /// Options for JupyterLab, such as -- --no-browser --port 8899.
    #[arg(last = true, value_name = "OPTIONS")]
    options: Vec<String>,
}

const EXAMPLES: &str = "\
Exit codes:
  0  JupyterLab ended
  1  JupyterLab failed
  2  JupyterLab or the kernel is not installed, or the file is not a notebook

Examples:
  restudy notebook lab notebooks/derivation.ipynb
  restudy notebook lab notebooks -- --no-browser --port 8899";

impl Command for Lab {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        if !self.file.is_dir() {
            Document::read(&self.file)?;
        }
        let home = Home::find()?;
        let mut steps = super::install::Steps::new(common);
        install::refresh(&home, &mut |step| steps.show(step))?;
        drop(steps);
        let Some(mut jupyter) = doctor::jupyter_lab() else {
            let help = "install it, for example `python3 -m pip install jupyterlab` in a virtual environment; `restudy notebook run` works without it";
            return Err(CliError::usage(Code::NotebookNoJupyter, "JupyterLab is not installed", help));
        };
        if !common.quiet {
            text::warn("press Ctrl-C to stop JupyterLab");
        }
        let status = jupyter.arg(&self.file).args(&self.options).status();
        match status {
            Ok(status) if status.success() => Ok(Exit::Done),
            Ok(status) => Err(CliError::system(Code::NotebookJupyter, format!("JupyterLab ended with {status}"))),
            Err(error) => Err(CliError::system(Code::NotebookJupyter, format!("cannot run JupyterLab: {error}"))),
        }
    }
}
