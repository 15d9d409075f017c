//! Shows what a run of a program printed.

use std::fs;

use restudy_programs::run::LOGS;
use serde_json::json;

use super::super::{CliError, Code, Common, Exit, open::OpenStudy, removed, text};
use crate::{escape, results::select::{SelectKind, select}};

/// Prints the stored output of one run, without control characters.
pub(super) fn show(opened: &OpenStudy, run: &str, common: &Common) -> Result<Exit, CliError> {
    let task = match select(&opened.study, &opened.find(false)?.tasks, run) {
        Err(error) if error.kind() == SelectKind::NoRun => {
            return Err(removed::refusal(&opened.path, run).unwrap_or_else(|| error.into()));
        }
        selected => selected?,
    };
    let file = opened.path.join(LOGS).join(format!("{}.txt", task.id));
    let bytes = match fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(CliError::usage(
                Code::ShowNoLog,
                format!("there is no output of run {} in {}", task.id.short(), opened.path.display()),
                "only runs of programs have one, in logs/; this run printed nothing, was not computed here, or its file was removed",
            ));
        }
        Err(error) => {
            return Err(CliError::machine(
                Code::ShowUnreadableLog,
                format!("cannot read {}: {error}", file.display()),
                "check the permissions of the file",
            ));
        }
    };
    let output = String::from_utf8_lossy(&bytes);
    if common.json() {
        text::say_json(json!({ "run": task.id, "trial": task.trial, "seed": task.seed, "log": output }));
    } else {
        output.lines().for_each(|line| text::say(escape::line(line)));
    }
    Ok(Exit::Done)
}
