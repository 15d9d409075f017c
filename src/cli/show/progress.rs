//! How many runs of a study are stored, if some are not.

use serde_json::{Value, json};

use crate::{
    cli::{
        open::{OpenStudy, StoredRuns},
        output_style::{OutputStyle, Paint},
        text,
    },
    results::Unfinished,
    run::Task,
    store::index::Brief,
};

/// The stored runs of a study that lacks runs or a manifest.
pub(super) struct Progress {
    unfinished: Unfinished,
    /// What the number of runs means, if the folder has the manifest of a finished study.
    other: Option<String>,
}

impl Progress {
    /// None for a finished study with all of its runs.
    pub(super) fn of(opened: &OpenStudy, found: &StoredRuns, runs: &[(&Task, &Brief)]) -> Option<Self> {
        let unfinished = Unfinished::of(&opened.study, runs.iter().map(|(task, _)| (task.trial, task.seed)));
        if found.manifest.is_none() {
            return Some(Self { unfinished, other: None });
        }
        let is_whole = runs.len() == found.tasks.len();
        let other = || match opened.changed(found) {
            Some(what) => format!("{what} since the results were made"),
            None => "the others have no intact copy here".into(),
        };
        (!is_whole).then(|| Self { unfinished, other: Some(other()) })
    }

    /// Prints the first line of a table.
    pub(super) fn say(&self, style: OutputStyle) {
        let Unfinished { stored, runs, trials, empty, .. } = self.unfinished;
        let mut line = match &self.other {
            Some(other) => format!("{} of {}; {other}", text::thousands(stored as u64), text::count(runs, "run")),
            None => self.unfinished.sentence(),
        };
        if empty > 0 {
            line += &format!("; {} of {} without any", text::thousands(empty as u64), text::count(trials, "trial"));
        }
        text::say_painted(Paint::Strong, &line, style);
        text::say("");
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ "stored": self.unfinished.stored, "runs": self.unfinished.runs })
    }
}

/// The notice about missing runs, with the remedy.
pub(super) fn incomplete(opened: &OpenStudy, found: &StoredRuns, there: usize) -> String {
    let all = found.tasks.len();
    let missing = format!("{} of {}", text::count(all - there, "run"), text::thousands(all as u64));
    let are = if all - there == 1 { "is" } else { "are" };
    match opened.changed(found) {
        Some(what) => {
            let folder = opened.path.display();
            format!(
                "{what} since the results in {folder} were made: {missing} {are} missing for the current study; {}",
                opened.how("compute them with", &found.shown.findings)
            )
        }
        None => format!(
            "the study is not finished: {missing} {are} missing; {}",
            opened.how("continue with", &found.shown.findings)
        ),
    }
}
