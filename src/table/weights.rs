use polars::prelude::DataFrame;

use super::{
    RunRow,
    columns::{Texts, float, frame, whole},
};
use crate::train::Outcome;

/// The table `weights`: one row a run and final parameter. A run that diverged or failed has none.
#[must_use]
pub fn weights(rows: &[RunRow<'_>]) -> DataFrame {
    let trained = |row: &&RunRow<'_>| matches!(row.record.outcome, Outcome::Completed | Outcome::Converged { .. });
    let rows: Vec<_> = rows.iter().filter(trained).collect();
    let height = rows.iter().map(|row| row.record.params.values().count()).sum();
    let [mut runs, mut blocks] = ["run", "block"].map(|name| Texts::new(name, height));
    let [mut row_of, mut column_of] = [(); 2].map(|()| Vec::with_capacity(height));
    let mut values = Vec::with_capacity(height);
    for row in rows {
        let params = &row.record.params;
        runs.push_digest(row.record.id, params.values().count());
        for (name, height, block) in params.blocks() {
            let width = block.len() / height.max(1);
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
