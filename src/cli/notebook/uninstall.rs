use clap::Args;
use serde_json::json;

use crate::{
    cli::{CliError, Command, Common, Exit, text},
    notebook::{home::Home, install},
};

/// Take the Rust kernel away, with everything that `install` made.
///
/// An evcxr_jupyter that was on the machine before stays.
#[derive(Debug, Args)]
pub(super) struct Uninstall {}

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
