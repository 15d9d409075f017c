use polars::prelude::DataFrame;

use super::{
    RunRow, Successes,
    column::{axis, digests, float, frame, text, whole},
    slot, value,
};
use crate::{digest::Observation, sweep::Study};

/// Returns the table `runs`: one row for each run.
#[must_use]
pub fn runs(study: &Study, rows: &[RunRow<'_>]) -> DataFrame {
    let last = |row: &RunRow<'_>, of: fn(&Observation) -> u64| row.record.observations.last().map_or(0, of);
    let mut columns = vec![
        digests("run", rows.iter().map(|row| row.record.id)),
        whole("trial", rows.iter().map(|row| row.trial as u64).collect()),
    ];
    for (place, swept) in study.axes.iter().enumerate() {
        columns.push(axis(swept, rows.iter().map(|row| &study.trials[row.trial].values[place])));
    }
    columns.extend([
        whole("seed", rows.iter().map(|row| row.seed.0).collect()),
        text("outcome", rows.iter().map(|row| row.record.outcome.name())),
        whole("epoch", rows.iter().map(|row| last(row, |point| point.epoch)).collect()),
        whole("step", rows.iter().map(|row| last(row, |point| point.step)).collect()),
    ]);
    for (part, own) in super::columns(study) {
        let mut found = (usize::MAX, None);
        let finals = rows.iter().map(|row| {
            if found.0 != row.trial {
                found = (row.trial, slot(&study.measured(&study.trials[row.trial]), part, &own.name));
            }
            row.record.observations.last().map_or(f64::NAN, |point| value(point, found.1))
        });
        columns.push(float(&part.column(&own.name), finals.collect()));
    }
    if let Some(success) = &study.objective().success {
        let mut successes = Successes::of(study);
        let epochs =
            rows.iter().map(|row| successes.epoch(row.trial, row.record).map_or(f64::NAN, |epoch| epoch as f64));
        columns.push(float(&format!("{}_epoch", success.word), epochs.collect()));
    }
    columns.push(digests("digest", rows.iter().map(|row| row.record.digest())));
    frame(rows.len(), columns)
}
