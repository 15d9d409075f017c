use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::{
    Part, RunRow,
    columns::{Texts, float, frame, whole},
    place, recorded_metrics, value,
};
use crate::{metric::Metric, sweep::Study, train::Point};

/// The table `metrics`: one row a run, measurement and part of the data.
#[must_use]
pub fn metrics(study: &Study, rows: &[RunRow<'_>]) -> DataFrame {
    let parts = Part::ALL.len();
    let height = parts * rows.iter().map(|row| row.record.points.len()).sum::<usize>();
    let positions = |of: fn(&Point) -> u64| {
        let mut values = Vec::with_capacity(height);
        for point in rows.iter().flat_map(|row| &row.record.points) {
            values.extend_from_slice(&[of(point); Part::ALL.len()]);
        }
        values
    };
    let texts = || {
        let [mut runs, mut splits, mut chain] = ["run", "split", "chain"].map(|name| Texts::new(name, height));
        for RunRow { record, .. } in rows {
            runs.push_digest(record.id, parts * record.points.len());
            for link in &record.chain {
                Part::ALL.iter().for_each(|part| splits.push(part.name(), 1));
                chain.push_digest(*link, parts);
            }
        }
        [runs, splits, chain].map(Texts::finish)
    };
    let numbers = |metric: &Metric| {
        let mut values = Vec::with_capacity(height);
        for row in rows {
            let place = place(&study.trials[row.trial], *metric);
            for point in &row.record.points {
                values.extend_from_slice(&Part::ALL.map(|part| value(point, part, place)));
            }
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
