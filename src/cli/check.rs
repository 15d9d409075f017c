use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, read, scale, text, verdict};
use crate::{run::{self, PrepareOptions}, sweep};

/// Check a specification and its data without running it.
///
/// Checks every key, every value and every trial, and loads the data. For data files, prints the rows, inputs, labels,
/// both splits, and what was left out. Errors name the file, the line and a remedy.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Check {
    /// Specification (TOML).
    #[arg(value_name = "SPEC")]
    file: PathBuf,
    /// Override a setting, as in `restudy sweep`; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
}

const EXAMPLES: &str = "\
Exit codes:
  0  the study can run
  2  the specification or its data is wrong

Examples:
  restudy check experiments/hidden.toml
  restudy check experiments/hidden.toml --set model.hidden=9 --json";

impl Command for Check {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let study = sweep::load(&self.file, &self.sets)?;
        let network = run::prepare(&study, &PrepareOptions::default())?;
        // Any trial may be confirmed under the further seeds.
        common.on_threads(|| network.require_seeds(&network.tasks(), &study.further_seeds()))??;
        let notices = run::require_figures(&*network)?;
        if !common.quiet {
            scale::warn(&*network);
            notices.iter().for_each(text::warn);
            verdict::warn(&study);
        }
        let (trials, seeds) = (study.compared(), study.seeds.len());
        if common.json() {
            let mut object = json!({ "study": study.name, "trials": trials, "seeds": seeds, "runs": study.run_count() });
            if study.folds > 1 {
                object["folds"] = study.folds.into();
            }
            let data = read::to_json(&*network);
            if !data.is_empty() {
                object["data"] = data.into();
            }
            text::say_json(object);
        } else if !common.quiet {
            let runs = text::count(study.run_count(), "run");
            let (trials, seeds) = (text::trials(&study), text::count(seeds, "seed"));
            let then = study.confirm.map_or_else(String::new, |_| format!("; among them {}", verdict::second_stage(&study)));
            text::say(format!("{} is valid: {trials} under {seeds}, {runs}{then}", self.file.display()));
            read::say(&*network);
        }
        Ok(Exit::Done)
    }
}
