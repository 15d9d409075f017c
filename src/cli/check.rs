use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, read, scale, text, verdict};
use crate::{run::{self, PrepareOptions}, sweep};

/// Check a specification: every key, every value, every trial, and the data.
///
/// Of data from files it says what was read: rows, inputs, labels, both parts, and what was left out.
/// Exit code 2 and a diagnostic with file, line and remedy if anything cannot be run.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The specification.
    #[arg(value_name = "SPEC")]
    file: PathBuf,
    /// Override a setting, as for sweep.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
}

impl Command for Check {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let study = sweep::load(&self.file, &self.sets)?;
        let network = run::prepare(&study, &PrepareOptions::default())?;
        // Any trial may run again.
        common.on_threads(|| network.require_seeds(&network.tasks(), &study.further_seeds()))??;
        let notices = run::require_figures(&*network)?;
        if !common.quiet {
            scale::warn(&*network);
            notices.iter().for_each(text::warn);
            verdict::warn(&study);
        }
        let (trials, seeds) = (study.compared(), study.seeds.len());
        if common.json() {
            let mut told = json!({ "study": study.name, "trials": trials, "seeds": seeds, "runs": study.run_count() });
            if study.folds > 1 {
                told["folds"] = study.folds.into();
            }
            let data = read::to_json(&*network);
            if !data.is_empty() {
                told["data"] = data.into();
            }
            text::say_json(told);
        } else if !common.quiet {
            let runs = text::count(study.run_count(), "run");
            let (trials, seeds) = (text::trials(&study), text::count(seeds, "seed"));
            let then = study.confirm.map_or_else(String::new, |_| format!("; among them {}", verdict::second_stage(&study)));
            text::say(format!("{} is good: {trials} under {seeds}, {runs}{then}", self.file.display()));
            read::say(&*network);
        }
        Ok(Exit::Done)
    }
}
