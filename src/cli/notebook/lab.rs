use std::path::PathBuf;

use clap::Args;

use crate::{
    cli::{CliError, Command, Common, Exit, text},
    notebook::{Document, doctor, home::Home, install},
};

/// Open a notebook in JupyterLab, with the Rust kernel ready.
#[derive(Debug, Args)]
pub(super) struct Lab {
    /// The notebook, or a folder of them.
    #[arg(value_name = "FILE", default_value = ".")]
    file: PathBuf,
    /// Options for JupyterLab itself, such as -- --no-browser --port 8899.
    #[arg(last = true, value_name = "OPTIONS")]
    options: Vec<String>,
}

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
            let help = "install it, for example `python3 -m pip install jupyterlab` in a virtual environment; `restudy notebook run` needs none";
            return Err(CliError::usage("JupyterLab is not on this machine", help));
        };
        if !common.quiet {
            text::warn("JupyterLab ends with Ctrl-C");
        }
        let status = jupyter.arg(&self.file).args(&self.options).status();
        match status {
            Ok(status) if status.success() => Ok(Exit::Done),
            Ok(status) => Err(CliError::system(format!("JupyterLab ended with {status}"))),
            Err(error) => Err(CliError::system(format!("JupyterLab cannot be run: {error}"))),
        }
    }
}
