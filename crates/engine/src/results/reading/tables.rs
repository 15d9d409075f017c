//! Reads the runs in the table `runs`.

use std::{collections::BTreeMap, io, path::Path};

use polars::prelude::DataFrame;

use super::Finding;
use crate::{
    digest::{Digest, Observation},
    results::Manifest,
    run::Task,
    store::{self, index::Brief},
    sweep::Study,
    table::{self, Split},
};

/// A table that matches the manifest; `None` if it is missing.
pub(super) fn read(folder: &Path, manifest: &Manifest, name: &str) -> Result<Option<(DataFrame, Vec<u8>)>, Finding> {
    let file = format!("{name}.parquet");
    let bytes = match store::read(&folder.join(&file)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Finding::damaged(file, format!("it cannot be read: {error}"))),
    };
    let table = table::read(&bytes).map_err(|error| Finding::damaged(&file, error.to_string()))?;
    let known = manifest.tables.get(name);
    if known.is_some_and(|entry| entry.digest == table::logical_digest(&table) && entry.rows == table.height()) {
        return Ok(Some((table, bytes)));
    }
    Err(Finding::contradicts(file, "it does not match the manifest: the table or the manifest was changed"))
}

/// Whether a table `runs` has exactly the runs that a manifest lists, with their digests.
#[must_use]
pub fn is_of_runs(manifest: &Manifest, table: &DataFrame) -> bool {
    let (ids, digests) = (table::texts(table, "run"), table::texts(table, "digest"));
    let (Some(ids), Some(digests)) = (ids, digests) else { return false };
    let listed = manifest.runs.iter().map(|run| (run.id.to_string(), run.digest.to_string()));
    ids.len() == manifest.runs.len()
        && listed.zip(ids.iter().zip(&digests)).all(|((id, digest), (own, its))| id == **own && digest == **its)
}

/// The runs of a table that matches the manifest, by identity; `tasks` give their trials.
///
/// # Errors
/// The table is not of this study, or has other digests than the manifest lists: then one of the two is forged.
pub(super) fn briefs(
    study: &Study,
    manifest: &Manifest,
    tasks: &[Task],
    table: &DataFrame,
) -> Result<BTreeMap<Digest, Brief>, Finding> {
    let trials = tasks.iter().map(|task| (task.id, task.trial)).collect();
    let claimed = manifest.runs.iter().map(|run| (run.id, run.digest)).collect();
    let briefs = try_briefs(study, &trials, &claimed, table).filter(|_| table.height() == manifest.runs.len());
    briefs.ok_or_else(|| {
        Finding::contradicts("runs.parquet", "its runs are not those in the manifest, although its digest is")
    })
}

fn try_briefs(
    study: &Study,
    trials: &BTreeMap<Digest, usize>,
    claimed: &BTreeMap<Digest, Digest>,
    table: &DataFrame,
) -> Option<BTreeMap<Digest, Brief>> {
    let (ids, digests) = (table::texts(table, "run")?, table::texts(table, "digest")?);
    let (outcomes, epochs) = (table::texts(table, "outcome")?, table::wholes(table, "epoch")?);
    let success = study.objective().success.as_ref();
    let successes = match success.map(|success| table::floats(table, &format!("{}_epoch", success.word))) {
        Some(column) => column?,
        None => vec![f64::NAN; table.height()],
    };
    let columns = table::columns(study).into_iter();
    let columns: Vec<_> =
        columns.map(|(part, own)| (part, table::floats(table, &part.column(&own.name)), own.name)).collect();
    let mut briefs = BTreeMap::new();
    for row in 0..table.height() {
        let (id, digest): (Digest, Digest) = (ids[row].parse().ok()?, digests[row].parse().ok()?);
        if claimed.get(&id) != Some(&digest) {
            return None;
        }
        // The table may have more runs than requested.
        let Some(trial) = trials.get(&id) else { continue };
        let measured = study.measured(study.trials.get(*trial)?);
        let value = |(part, column, name): &(Split, Option<Vec<f64>>, String)| {
            Some((table::slot(&measured, *part, name)?, column.as_ref().map_or(f64::NAN, |column| column[row])))
        };
        let mut values: Vec<_> = columns.iter().filter_map(value).collect();
        values.sort_by_key(|(slot, _)| *slot);
        let point =
            Observation { epoch: epochs[row], step: 0, values: values.into_iter().map(|(_, value)| value).collect() };
        let outcome = table::outcome(outcomes[row], epochs[row]);
        let success_epoch = (!successes[row].is_nan()).then_some(successes[row] as u64);
        let finals = point.halves().map(<[f64]>::to_vec);
        briefs.insert(id, Brief { id, digest, outcome, epoch: epochs[row], success_epoch, finals });
    }
    Some(briefs)
}
