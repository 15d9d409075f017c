use polars::prelude::DataFrame;

use super::{
    Split,
    column::{Texts, float, frame, whole},
};
use crate::{
    digest::{Digest, Labelled},
    seed::Seed,
};

/// A data set that a figure draws, and the first run that learned from it.
#[derive(Clone, Copy)]
pub struct PointsRow<'a> {
    /// The digest of the data.
    pub data: Digest,
    /// The trial of the first run.
    pub trial: usize,
    /// The seed of the first run.
    pub seed: Seed,
    /// The training and validation points.
    pub split: &'a dyn Labelled,
}

/// Returns the table `points`: one row for each data set and point. Inputs beyond the dimensions of a data set are NaN.
#[must_use]
pub fn points(rows: &[PointsRow<'_>]) -> DataFrame {
    let of = |row| {
        let [train, validation] = PointsRow::split(row).map(|(d, x, y)| Points { d, x, y });
        [(row, Split::Train, train), (row, Split::Validation, validation)]
    };
    let parts: Vec<(&PointsRow<'_>, Split, Points<'_>)> = rows.iter().flat_map(of).collect();
    let height = parts.iter().map(|(_, _, points)| points.y.len()).sum();
    let [mut data, mut splits] = ["data", "split"].map(|name| Texts::new(name, height));
    for (row, part, points) in &parts {
        data.push_digest(row.data, points.y.len());
        splits.push(part.name(), points.y.len());
    }
    let repeated = |of: fn(&PointsRow<'_>) -> u64| {
        let runs = parts.iter().flat_map(|(row, _, points)| std::iter::repeat_n(of(row), points.y.len()));
        runs.collect()
    };
    let indices = parts.iter().flat_map(|(_, _, points)| 0..points.y.len() as u64).collect();
    let mut columns = vec![
        data.finish(),
        whole("trial", repeated(|row| row.trial as u64)),
        whole("seed", repeated(|row| row.seed.0)),
        splits.finish(),
        whole("index", indices),
    ];
    for k in 0..parts.iter().map(|(_, _, points)| points.d).max().unwrap_or(0) {
        let inputs = parts.iter().flat_map(|(_, _, points)| {
            (0..points.y.len()).map(move |i| if k < points.d { points.x[i * points.d + k] } else { f64::NAN })
        });
        columns.push(float(&format!("x{}", k + 1), inputs.collect()));
    }
    columns.push(float("y", parts.iter().flat_map(|(_, _, points)| points.y.iter().copied()).collect()));
    frame(height, columns)
}

/// The points of one split.
#[derive(Clone, Copy)]
struct Points<'a> {
    d: usize,
    x: &'a [f64],
    y: &'a [f64],
}

impl<'a> PointsRow<'a> {
    fn split(&self) -> [(usize, &'a [f64], &'a [f64]); 2] {
        self.split.parts()
    }
}
