use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::{
    RunRow,
    column::{Texts, float, frame, whole},
    recorded, slot, value,
};
use crate::{digest::Observation, measure::Measurement, sweep::Study};

/// Returns the table `metrics`: one row for each run, measurement and split; a value that is not measured on a split is
/// NaN.
#[must_use]
pub fn metrics(study: &Study, rows: &[RunRow<'_>]) -> DataFrame {
    let all = study.parts();
    let parts = all.len();
    let height = parts * rows.iter().map(|row| row.record.observations.len()).sum::<usize>();
    let positions = |of: fn(&Observation) -> u64| {
        let mut values = Vec::with_capacity(height);
        for point in rows.iter().flat_map(|row| &row.record.observations) {
            values.extend(std::iter::repeat_n(of(point), parts));
        }
        values
    };
    let texts = || {
        let [mut runs, mut splits, mut chain] = ["run", "split", "chain"].map(|name| Texts::new(name, height));
        for RunRow { record, .. } in rows {
            runs.push_digest(record.id, parts * record.observations.len());
            for link in &record.chain {
                all.iter().for_each(|part| splits.push(part.name(), 1));
                chain.push_digest(*link, parts);
            }
        }
        [runs, splits, chain].map(Texts::finish)
    };
    let numbers = |own: &Measurement| {
        let mut values = Vec::with_capacity(height);
        let (mut slots, mut of) = (Vec::new(), None);
        for row in rows {
            if of.replace(row.trial) != Some(row.trial) {
                let measured = study.measured(&study.trials[row.trial]);
                slots = all.iter().map(|part| slot(&measured, *part, &own.name)).collect();
            }
            for point in &row.record.observations {
                values.extend(slots.iter().map(|slot| value(point, *slot)));
            }
        }
        float(&own.name, values)
    };
    let recorded = recorded(study);
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
