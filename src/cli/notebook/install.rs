use std::{path::PathBuf, time::Duration};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::{
    cli::{CliError, Command, Common, Exit, text},
    notebook::{
        home::Home,
        install::{self, Options, Step},
    },
    progress::{Mode, output},
};

/// Install the Rust kernel; repeat after a change of compiler or sources.
///
/// Builds the library for cells and registers the kernel "Rust (restudy)" with Jupyter. It runs on evcxr_jupyter, the
/// standard Rust kernel, which is compiled first if it is missing (about ten minutes). Everything is installed into one
/// folder of the user, printed at the end; `restudy notebook uninstall` removes it. Only crates from the package
/// registry are downloaded.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Install {
    /// Path of the executable evcxr_jupyter, if it is not on the search path.
    #[arg(long, value_name = "FILE")]
    evcxr: Option<PathBuf>,
    /// Do not install a missing evcxr_jupyter; print the command instead.
    #[arg(long)]
    no_evcxr: bool,
    /// Infer types with the sources of the standard library (`rustup component add rust-src`): finds every type, but
    /// the kernel starts some seconds later.
    #[arg(long)]
    rust_src: bool,
}

const EXAMPLES: &str = "\
Exit codes:
  0  installed
  1  a build or a download failed
  2  the compiler or the sources are missing

Examples:
  restudy notebook install
  restudy notebook install --evcxr ~/.cargo/bin/evcxr_jupyter";

impl Command for Install {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let home = Home::find()?;
        let options = Options { evcxr: self.evcxr, install_evcxr: !self.no_evcxr, rust_src: self.rust_src };
        let mut steps = Steps::new(common);
        let kernelspec = install::install(&home, &options, &mut |step| steps.show(step))?;
        drop(steps);
        if common.json() {
            text::say_json(json!({ "kernel": "restudy", "home": home.path().to_string_lossy(), "kernelspec": kernelspec.to_string_lossy() }));
        } else if !common.quiet {
            text::say(format!(
                "the kernel \"Rust (restudy)\" is installed\n  in        {}\n  kernelspec {}",
                home.path().display(),
                kernelspec.display()
            ));
            text::say("open a notebook with `restudy notebook lab FILE`, or execute it with `restudy notebook run FILE`");
        }
        Ok(Exit::Done)
    }
}

pub(super) struct Steps {
    mode: Mode,
    bar: ProgressBar,
}

impl Steps {
    pub(super) fn new(common: &Common) -> Self {
        Self { mode: common.mode(), bar: ProgressBar::hidden() }
    }

    pub(super) fn show(&mut self, step: Step<'_>) {
        match (self.mode, step) {
            (Mode::None, _) => {}
            (Mode::Json, Step::Began(what) | Step::Notice(what)) => output::out_json(&json!({ "event": "installing", "what": what })),
            (Mode::Json, Step::Crate { .. }) => {}
            (_, Step::Notice(what)) => self.bar.suspend(|| text::warn(what)),
            (Mode::Plain, Step::Began(what)) => output::err(what),
            (Mode::Plain, Step::Crate { name, made }) if made % 25 == 0 => output::err(format_args!("  {made} crates compiled, {name}")),
            (Mode::Plain, Step::Crate { .. }) => {}
            (Mode::Bar, Step::Began(what)) => {
                let style = ProgressStyle::with_template("{spinner:.cyan} {prefix}  {elapsed}\n  {msg}");
                self.bar.finish_and_clear();
                self.bar = ProgressBar::new_spinner().with_prefix(what.to_owned());
                self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
                self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
                self.bar.enable_steady_tick(Duration::from_millis(100));
            }
            (Mode::Bar, Step::Crate { name, made }) => self.bar.set_message(format!("{made} crates compiled, {name}")),
        }
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
