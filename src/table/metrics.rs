use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::{
    Part, RunRow,
    columns::{Texts, float, frame, whole},
    recorded_metrics, value,
};
use crate::{metric::Metric, sweep::Study, train::Point};

/// The table `metrics`: one row a run, measurement and part of the data.
#[must_use]
pub fn metrics(study: &Study, rows: &[RunRow<'_>]) -> DataFrame {
    let parts = Part::ALL.len();
    let height = parts * rows.iter().map(|row| row.record.points.len()).sum::<usize>();
    let positions = |of: fn(&Point) -> u64| {
        let points = rows.iter().flat_map(|row| &row.record.points);
        points.flat_map(|point| [of(point); Part::ALL.len()]).collect::<Vec<_>>()
    };
    let texts = || {
        let [mut runs, mut splits, mut chain] = ["run", "split", "chain"].map(|name| Texts::new(name, height));
        let names = Part::ALL.map(|part| splits.number(part.name()));
        for RunRow { record, .. } in rows {
            runs.push(&record.id.to_string(), parts * record.points.len());
            for link in &record.chain {
                names.iter().for_each(|&name| splits.repeat(name, 1));
                chain.push(&link.to_string(), parts);
            }
        }
        [runs, splits, chain].map(Texts::finish)
    };
    let numbers = |metric: &Metric| {
        let mut values = Vec::with_capacity(height);
        for row in rows {
            let trial = &study.trials[row.trial];
            values.extend(
                row.record.points.iter().flat_map(|point| Part::ALL.map(|part| value(trial, point, part, *metric))),
            );
        }
        float(metric.name(), values)
    };
    let recorded: Vec<_> = recorded_metrics(study).into_iter().collect();
    let ([runs, splits, chain], numbers) = rayon::join(texts, || recorded.par_iter().map(numbers).collect::<Vec<_>>());
    let mut columns = vec![
        runs,
        whole("epoch", positions(|point| point.epoch)),
        whole("step", positions(|point| point.step)),
        splits,
    ];
    columns.extend(numbers);
    columns.push(chain);
    frame(height, columns)
}
