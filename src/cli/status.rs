use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, folder::Folder, text};
use crate::{results::study_text, store::journal};

/// Say what is in a results folder, without computing or proving anything.
#[derive(Debug, Args)]
pub(super) struct Status {
    /// The results folder of a study, such as results/hidden.
    folder: PathBuf,
}

impl Command for Status {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let Folder { path, study, manifest } = Folder::open(&self.folder)?;
        let unchanged = study_text(&study, &path).1 == manifest.specification;
        let files = manifest.files.keys().cloned().chain(manifest.tables.keys().map(|name| format!("{name}.parquet")));
        let absent: Vec<_> = files.filter(|file| !path.join(file).exists()).collect();
        let journal = journal::read(&path);
        if common.json() {
            text::say(json!({
                "study": manifest.study, "question": study.spec.study.question, "trials": study.trials.len(),
                "runs": manifest.runs.len(), "root": manifest.root, "restudy": manifest.restudy,
                "specification-unchanged": unchanged, "absent": absent, "journal": journal,
            }));
            return Ok(Exit::Done);
        }
        text::say(format!("{}: {}", manifest.study, study.spec.study.question));
        text::say(format!("  runs      {} of {} asked for", manifest.runs.len(), study.run_count()));
        for axis in &study.axes {
            let values: Vec<_> = axis.values.iter().map(ToString::to_string).collect();
            text::say(format!("  axis      {} = {}", axis.path, values.join(", ")));
        }
        text::say(format!("  seeds     {}", study.seeds.len()));
        text::say(format!("  root      {}", manifest.root));
        text::say(format!("  made by   restudy {}, contract {}", manifest.restudy, manifest.contract));
        if !unchanged {
            text::say("  CHANGED   study.toml is not the specification that the manifest was made from");
        }
        if !absent.is_empty() {
            text::say(format!("  not here  {}", absent.join(", ")));
        }
        if let Some(entry) = journal.last() {
            let (seconds, machine) = (text::duration(entry.seconds), &entry.machine);
            text::say(format!("  last      {} computed in {seconds} on {machine}, {} threads", text::count(entry.computed, "run"), entry.threads));
        }
        text::say(format!("  prove     restudy verify {}", path.display()));
        Ok(Exit::Done)
    }
}
