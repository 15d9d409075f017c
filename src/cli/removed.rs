//! Tells of the runs that were removed from a results folder.

use std::path::Path;

use super::{CliError, Code, text};
use crate::store::{self, RemovedRun, index::Briefs, journal};

/// The removed runs of a folder that were not stored again.
pub(super) fn of(folder: &Path) -> Vec<RemovedRun> {
    let mut removed = store::removed(folder);
    if !removed.is_empty()
        && let Ok(stored) = Briefs::load(folder)
    {
        removed.retain(|run| stored.get(&run.run).is_none());
    }
    removed
}

/// Prints how many runs were removed, as a line of `restudy status`.
pub(super) fn say(folder: &Path) {
    let removed = of(folder);
    if let Some(last) = removed.iter().map(|run| run.removed).max() {
        let runs = text::count(removed.len(), "run");
        let (file, when) = (store::REMOVED, journal::utc(last));
        text::say(format!("  removed   {runs} that the study did not ask for, last on {when}: {file} lists them"));
    }
}

/// The error about a run that was removed, if `word` is the beginning of its identity.
pub(super) fn refusal(folder: &Path, word: &str) -> Option<CliError> {
    let word = word.to_lowercase();
    let run = of(folder).into_iter().find(|run| run.run.to_string().starts_with(&word))?;
    Some(CliError::usage(
        Code::RunRemoved,
        format!("run {} was removed from {} on {}", run.run.short(), folder.display(), journal::utc(run.removed)),
        format!(
            "{} has its digest, and what it had kept; the specification that asks for it computes it again",
            store::REMOVED
        ),
    ))
}
