use polars::prelude::DataFrame;

use super::{
    RunRow,
    column::{Texts, float, frame, whole},
};
use crate::{digest::Outcome, sweep::Study};

/// Returns the table `weights`: one row for each run and stored number. A run that diverged or failed has none.
#[must_use]
pub fn weights(study: &Study, rows: &[RunRow<'_>]) -> DataFrame {
    let trained = |row: &&RunRow<'_>| matches!(row.record.outcome, Outcome::Completed | Outcome::Converged { .. });
    let rows: Vec<_> = rows.iter().filter(trained).collect();
    let height = rows.iter().map(|row| row.record.kept.values.len()).sum();
    let [mut runs, mut blocks] = ["run", "block"].map(|name| Texts::new(name, height));
    let [mut row_of, mut column_of] = [(); 2].map(|()| Vec::with_capacity(height));
    let mut values = Vec::with_capacity(height);
    for row in rows {
        let kept = &row.record.kept;
        runs.push_digest(row.record.id, kept.values.len());
        for (name, ([_, width], block)) in study.declaration().keeps.iter().zip(kept.arrays()) {
            blocks.push(name, block.len());
            row_of.extend((0..block.len()).map(|i| (i / width) as u64));
            column_of.extend((0..block.len()).map(|i| (i % width) as u64));
            values.extend_from_slice(block);
        }
    }
    let columns =
        vec![runs.finish(), blocks.finish(), whole("row", row_of), whole("column", column_of), float("value", values)];
    frame(height, columns)
}
