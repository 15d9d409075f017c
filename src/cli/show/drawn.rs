//! Which rows have a curve: those of whose runs every measurement is here as the manifest has it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    cli::{
        sparklines::{self, Courses},
        open::{Found, Look},
        text,
    },
    digest::Digest,
    results::{reading, witness::agrees_with_table},
    run::Task,
    store::index::Brief,
};

/// More runs than this are not looked at measurement by measurement.
const MOST_LOOKED_AT: usize = 5000;

/// The curves of the chosen runs, and of how many runs the measurements are not here; none where there are too many.
pub(super) fn drawn(look: &Look, found: &Found, runs: &[(&Task, &Brief)]) -> (Courses, usize) {
    if runs.len() > MOST_LOOKED_AT {
        return (Courses::new(), 0);
    }
    // The curve is that of the row, which has no run that confirms.
    let first = runs.iter().filter(|(task, _)| !look.study.confirms(task.seed));
    let tasks: Vec<&Task> = first.map(|(task, _)| *task).collect();
    let listed: BTreeSet<_> = found.manifest.iter().flat_map(|own| &own.runs).map(|run| run.id).collect();
    if let Some(manifest) = found.manifest.as_ref().filter(|_| tasks.iter().all(|task| listed.contains(&task.id)))
        && let Some(table) = reading::table(&look.path, manifest, "metrics")
        && agrees_with_table(&look.study, manifest, &table)
        && let Some(courses) = sparklines::of_table(&look.study, &tasks, &table)
    {
        return (courses, 0);
    }
    let vouching = found.manifest.as_ref().filter(|manifest| manifest.has_root_of_runs());
    if found.manifest.is_some() && vouching.is_none() {
        return (Courses::new(), tasks.len());
    }
    let wanted: BTreeMap<Digest, Digest> = runs.iter().map(|(task, run)| (task.id, run.digest)).collect();
    let records = reading::records(&look.path, &look.study, vouching, &wanted);
    let lacking = tasks.iter().filter(|task| !records.contains_key(&task.id)).count();
    let records = tasks.into_iter().map(|task| (task, records.get(&task.id)));
    (sparklines::of_records(&look.study, records), lacking)
}

/// Says that rows have no curve, since so many of their runs lack measurements.
pub(super) fn warn(lacking: usize, runs: usize) {
    if lacking == 0 {
        return;
    }
    let (lacking, of) = (text::thousands(lacking as u64), text::count(runs, "run"));
    text::warn(format!(
        "error by epoch: a row has a curve only if the measurements of all its runs are here; those of {lacking} of {of} are not, or not as the manifest lists them"
    ));
}
