//! Sparklines of trials: a row has one only if all measurements of its runs match the manifest.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    cli::{
        sparklines::{self, Curves},
        open::{StoredRuns, OpenStudy},
        text,
    },
    digest::Digest,
    results::{reading, witness::agrees_with_table},
    run::Task,
    store::index::Brief,
};

/// The most runs whose measurements are read.
const MOST_RUNS: usize = 5000;

/// The sparklines of the selected runs, and the number of runs without measurements; none if there are too many runs.
pub(super) fn drawn(opened: &OpenStudy, found: &StoredRuns, runs: &[(&Task, &Brief)]) -> (Curves, usize) {
    if runs.len() > MOST_RUNS {
        return (Curves::new(), 0);
    }
    // Rows exclude confirming runs.
    let first = runs.iter().filter(|(task, _)| !opened.study.confirms(task.seed));
    let tasks: Vec<&Task> = first.map(|(task, _)| *task).collect();
    let listed: BTreeSet<_> = found.manifest.iter().flat_map(|own| &own.runs).map(|run| run.id).collect();
    if let Some(manifest) = found.manifest.as_ref().filter(|_| tasks.iter().all(|task| listed.contains(&task.id)))
        && let Some(table) = reading::table(&opened.path, manifest, "metrics")
        && agrees_with_table(&opened.study, manifest, &table)
        && let Some(curves) = sparklines::of_table(&opened.study, &tasks, &table)
    {
        return (curves, 0);
    }
    let trusted = found.manifest.as_ref().filter(|manifest| manifest.has_root_of_runs());
    if found.manifest.is_some() && trusted.is_none() {
        return (Curves::new(), tasks.len());
    }
    let wanted: BTreeMap<Digest, Digest> = runs.iter().map(|(task, run)| (task.id, run.digest)).collect();
    let records = reading::records(&opened.path, &opened.study, trusted, &wanted);
    let lacking = tasks.iter().filter(|task| !records.contains_key(&task.id)).count();
    let records = tasks.into_iter().map(|task| (task, records.get(&task.id)));
    (sparklines::of_records(&opened.study, records), lacking)
}

/// Prints a notice about rows without sparklines, since `lacking` runs have no measurements.
pub(super) fn warn(lacking: usize, runs: usize) {
    if lacking == 0 {
        return;
    }
    let (lacking, of) = (text::thousands(lacking as u64), text::count(runs, "run"));
    text::warn(format!(
        "error by epoch: a row has a curve only if all measurements of its runs are stored and match the manifest; those of {lacking} of {of} do not"
    ));
}
