use clap::Args;
use serde_json::json;

use crate::{
    cli::{CliError, Command, Common, Exit, text},
    notebook::{home::Home, install},
};

/// Remove the Rust kernel and everything else that `install` created.
///
/// An evcxr_jupyter that was installed before stays.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Uninstall {}

const EXAMPLES: &str = "\
Exit codes:
  0  removed, or nothing was installed
  1  a folder cannot be removed

Example:
  restudy notebook uninstall";

impl Command for Uninstall {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let removed = install::uninstall(&Home::find()?)?;
        if common.json() {
            text::say_json(json!({ "removed": removed }));
        } else if !common.quiet {
            removed.iter().for_each(|folder| text::say(format!("removed {}", folder.display())));
            if removed.is_empty() {
                text::say("nothing was installed");
            }
        }
        Ok(Exit::Done)
    }
}
