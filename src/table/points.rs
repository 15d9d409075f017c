use polars::prelude::DataFrame;

use super::{
    Part,
    columns::{Texts, float, frame, whole},
};
use crate::{
    data::{Dataset, Split},
    digest::Digest,
    seed::Seed,
};

/// A data set that a figure draws, and the first run that saw it.
#[derive(Debug, Clone, Copy)]
pub struct PointsRow<'a> {
    /// The digest of the data.
    pub data: Digest,
    /// The trial of the first run.
    pub trial: usize,
    /// The seed of the first run.
    pub seed: Seed,
    /// The points.
    pub split: &'a Split,
}

/// The table `points`: one row a data set and point. Inputs that a data set of fewer dimensions does not have are NaN.
#[must_use]
pub fn points(rows: &[PointsRow<'_>]) -> DataFrame {
    let parts: Vec<(&PointsRow<'_>, Part, &Dataset)> = rows
        .iter()
        .flat_map(|row| [(row, Part::Train, &row.split.train), (row, Part::Validation, &row.split.validation)])
        .collect();
    let height = parts.iter().map(|(_, _, points)| points.len()).sum();
    let [mut data, mut splits] = ["data", "split"].map(|name| Texts::new(name, height));
    for (row, part, points) in &parts {
        data.push_digest(row.data, points.len());
        splits.push(part.name(), points.len());
    }
    let repeated = |of: fn(&PointsRow<'_>) -> u64| {
        let runs = parts.iter().flat_map(|(row, _, points)| std::iter::repeat_n(of(row), points.len()));
        runs.collect()
    };
    let indices = parts.iter().flat_map(|(_, _, points)| 0..points.len() as u64).collect();
    let mut columns = vec![
        data.finish(),
        whole("trial", repeated(|row| row.trial as u64)),
        whole("seed", repeated(|row| row.seed.0)),
        splits.finish(),
        whole("index", indices),
    ];
    for k in 0..parts.iter().map(|(_, _, points)| points.d).max().unwrap_or(0) {
        let inputs = parts.iter().flat_map(|(_, _, points)| {
            (0..points.len()).map(move |i| points.point(i).get(k).copied().unwrap_or(f64::NAN))
        });
        columns.push(float(&format!("x{}", k + 1), inputs.collect()));
    }
    columns.push(float("y", parts.iter().flat_map(|(_, _, points)| points.y.iter().copied()).collect()));
    frame(height, columns)
}
