use polars::prelude::DataFrame;

use super::{
    Part, RunRow,
    columns::{axis, digests, float, frame, text, whole},
    place, recorded_metrics, value,
};
use crate::{digest::zero_epoch, sweep::Study, train::Point};

/// The table `runs`: one row a run.
#[must_use]
pub fn runs(study: &Study, rows: &[RunRow<'_>]) -> DataFrame {
    let last = |row: &RunRow<'_>, of: fn(&Point) -> u64| row.record.points.last().map_or(0, of);
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
    for part in Part::ALL {
        for metric in recorded_metrics(study) {
            let finals = rows.iter().map(|row| {
                let point = row.record.points.last();
                point.map_or(f64::NAN, |point| value(point, part, place(&study.trials[row.trial], metric)))
            });
            columns.push(float(&format!("{}_{}", part.name(), metric.name()), finals.collect()));
        }
    }
    let zero_epochs = rows.iter().map(|row| zero_epoch(row.record).map_or(f64::NAN, |epoch| epoch as f64));
    columns.push(float("zero_epoch", zero_epochs.collect()));
    columns.push(digests("digest", rows.iter().map(|row| row.record.digest())));
    frame(rows.len(), columns)
}
