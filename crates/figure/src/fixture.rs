//! Studies of made-up runs, as tables, for the tests of figures: one of a network, and one that measures something
//! else.

use polars::prelude::{Column, DataFrame};
use restudy_core::{
    measure::{Direction, Measurement, Objective, Shown, Split},
    seed::{Draws, Seed, Stream},
};

use super::{AxisInfo, Declared, Field, Fields, Tables};

/// Tables that own what they hold.
pub(super) struct Owned {
    pub runs: DataFrame,
    pub metrics: DataFrame,
    pub weights: DataFrame,
    pub points: DataFrame,
    pub axes: Vec<AxisInfo>,
    pub measurements: Vec<Measurement>,
    pub objective: Objective,
    pub fields: &'static Fields,
}

impl Owned {
    pub(super) fn tables(&self) -> Tables<'_> {
        let Self { runs, metrics, weights, points, axes, measurements, objective, fields } = self;
        Tables { runs, metrics, weights, points, axes, measurements, objective, confidence: 0.95, fields }
    }

    /// The declaration, for data with this number of inputs.
    pub(super) fn declared(&self, dimension: Option<usize>) -> Declared<'_> {
        let Self { axes, measurements, objective, weights, .. } = self;
        Declared { axes, dimension, fields: weights.width() > 0, measurements, objective }
    }
}

/// A table as it is filled, row after row.
#[derive(Default)]
struct Table(Vec<(&'static str, Cells)>);

enum Cells {
    Texts(Vec<String>),
    Wholes(Vec<u64>),
    Floats(Vec<f64>),
}

/// A value of one of the three types.
enum Cell {
    Text(String),
    Whole(u64),
    Float(f64),
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}

impl From<u64> for Cell {
    fn from(value: u64) -> Self {
        Self::Whole(value)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl Table {
    fn row(&mut self, cells: impl IntoIterator<Item = (&'static str, Cell)>) {
        for (place, (name, cell)) in cells.into_iter().enumerate() {
            if self.0.len() == place {
                self.0.push((
                    name,
                    match &cell {
                        Cell::Text(_) => Cells::Texts(Vec::new()),
                        Cell::Whole(_) => Cells::Wholes(Vec::new()),
                        Cell::Float(_) => Cells::Floats(Vec::new()),
                    },
                ));
            }
            match (&mut self.0[place].1, cell) {
                (Cells::Texts(column), Cell::Text(value)) => column.push(value),
                (Cells::Wholes(column), Cell::Whole(value)) => column.push(value),
                (Cells::Floats(column), Cell::Float(value)) => column.push(value),
                _ => panic!("{name} has one type"),
            }
        }
    }

    fn frame(self) -> DataFrame {
        let column = |(name, cells): (&str, Cells)| match cells {
            Cells::Texts(values) => Column::new(name.into(), values),
            Cells::Wholes(values) => Column::new(name.into(), values),
            Cells::Floats(values) => Column::new(name.into(), values),
        };
        DataFrame::new_infer_height(self.0.into_iter().map(column).collect()).expect("columns of one length")
    }
}

/// A network of two inputs, as its arrays are.
struct Network {
    wi: Vec<f64>,
    bi: Vec<f64>,
    wo: Vec<f64>,
    bo: f64,
}

impl Field for Network {
    fn inputs(&self) -> usize {
        2
    }

    fn is_finite(&self) -> bool {
        self.wi.iter().chain(&self.bi).chain(&self.wo).chain([&self.bo]).all(|value| value.is_finite())
    }

    fn output(&self, [x1, x2]: [f64; 2]) -> f64 {
        let hidden = self.wi.chunks_exact(2).zip(&self.bi).map(|(w, b)| (w[0] * x1 + w[1] * x2 + b).max(0.0));
        self.bo + hidden.zip(&self.wo).map(|(h, w)| h * w).sum::<f64>()
    }

    fn units(&self) -> usize {
        self.bi.len()
    }
}

fn network(arrays: &[(&str, &[f64])]) -> Option<Box<dyn Field>> {
    let [("Wi", wi), ("bi", bi), ("Wo", wo), ("bo", &[bo])] = *arrays else { return None };
    Some(Box::new(Network { wi: wi.into(), bi: bi.into(), wo: wo.into(), bo }))
}

fn axis(path: &str, values: impl Iterator<Item = String>, log: bool) -> AxisInfo {
    AxisInfo { path: path.into(), values: values.collect(), log, folds: false }
}

/// Hidden units by learning rates by seeds, as if trained for `epochs` on `size` points; rates above 1e3 diverge.
pub(super) fn trained(hidden: &[u32], rates: &[f64], seeds: u64, epochs: u64, size: u32) -> Owned {
    let [mut runs, mut metrics, mut weights, mut points] = [const { Table(Vec::new()) }; 4];
    let trials = hidden.iter().flat_map(|&hidden| rates.iter().map(move |&rate| (hidden, rate)));
    for (trial, (hidden, rate)) in trials.enumerate() {
        for seed in 0..seeds {
            let run = format!("{trial:03}-{seed:03}");
            let mut draws = Draws::new(Seed(1000 * trial as u64 + seed), Stream::Order);
            let diverges = rate > 1e3;
            let last = if diverges { epochs.min(1) } else { epochs };
            let mut values = [0.0; 4];
            for epoch in 0..=last {
                for (part, split) in ["train", "validation"].into_iter().enumerate() {
                    let learned = epoch as f64 * rate.min(1.0) * f64::from(hidden).min(20.0);
                    let share = 0.5 / (1.0 + learned) + 0.06 * draws.unit() + 0.01 * part as f64;
                    let error = (share * f64::from(size)).floor() / f64::from(size);
                    let loss = if diverges && epoch == last { f64::INFINITY } else { 1.4 * share };
                    metrics.row([
                        ("run", run.as_str().into()),
                        ("epoch", epoch.into()),
                        ("step", (epoch * u64::from(size)).into()),
                        ("split", split.into()),
                        ("loss", loss.into()),
                        ("error", error.into()),
                    ]);
                    (values[2 * part], values[2 * part + 1]) = (loss, error);
                }
            }
            runs.row([
                ("run", run.as_str().into()),
                ("trial", (trial as u64).into()),
                ("model.hidden", u64::from(hidden).into()),
                ("train.learning-rate", rate.into()),
                ("seed", seed.into()),
                ("outcome", if diverges { "diverged" } else { "completed" }.into()),
                ("train_loss", values[0].into()),
                ("train_error", values[1].into()),
                ("validation_loss", values[2].into()),
                ("validation_error", values[3].into()),
            ]);
            let shapes = [
                ("Wi", u64::from(hidden), 2),
                ("bi", u64::from(hidden), 1),
                ("Wo", 1, u64::from(hidden)),
                ("bo", 1, 1),
            ];
            for (block, rows, columns) in shapes.into_iter().filter(|_| !diverges) {
                for place in 0..rows * columns {
                    weights.row([
                        ("run", run.as_str().into()),
                        ("block", block.into()),
                        ("row", (place / columns).into()),
                        ("column", (place % columns).into()),
                        ("value", draws.normal().into()),
                    ]);
                }
            }
        }
    }
    let mut draws = Draws::new(Seed(1), Stream::Training);
    for split in ["train", "validation"] {
        for index in 0..u64::from(size) {
            let label = if index.is_multiple_of(2) { 1.0 } else { -1.0 };
            points.row([
                ("data", "moon".into()),
                ("trial", 0_u64.into()),
                ("seed", 0_u64.into()),
                ("split", split.into()),
                ("index", index.into()),
                ("x1", (draws.normal() + label).into()),
                ("x2", (draws.normal() - label).into()),
                ("y", label.into()),
            ]);
        }
    }
    let none = weights.0.is_empty();
    if none {
        weights.row([
            ("run", "".into()),
            ("block", "".into()),
            ("row", 0_u64.into()),
            ("column", 0_u64.into()),
            ("value", 0.0.into()),
        ]);
    }
    let weights = weights.frame();
    let weights = if none { weights.head(Some(0)) } else { weights };
    let loss = Measurement { split: true, unit: "nat".into(), ..Measurement::new("loss", Direction::Lower) };
    let error =
        Measurement { shown: Shown::Percent, reaches_zero: true, ..Measurement::new("error", Direction::Lower) };
    Owned {
        runs: runs.frame(),
        metrics: metrics.frame(),
        weights,
        points: points.frame(),
        axes: vec![
            axis("model.hidden", hidden.iter().map(u32::to_string), false),
            axis("train.learning-rate", rates.iter().map(f64::to_string), true),
        ],
        measurements: vec![loss, Measurement { split: true, ..error }],
        objective: Objective {
            measurement: "error".into(),
            part: Split::Validation,
            then: vec!["loss".into()],
            success: None,
        },
        fields: &network,
    }
}

/// Sizes by rates by seeds of an experiment without data: a reward below and above zero, of which more is better, and
/// the time it took. Rates above 1 diverge: to a reward of minus infinity.
pub(super) fn rewarded(sizes: &[u32], rates: &[f64], seeds: u64, epochs: u64) -> Owned {
    let [mut runs, mut metrics] = [const { Table(Vec::new()) }; 2];
    let trials = sizes.iter().flat_map(|&size| rates.iter().map(move |&rate| (size, rate)));
    for (trial, (size, rate)) in trials.enumerate() {
        for seed in 0..seeds {
            let run = format!("{trial:03}-{seed:03}");
            let mut draws = Draws::new(Seed(1000 * trial as u64 + seed), Stream::Order);
            let diverges = rate > 1.0 && seed.is_multiple_of(3);
            let last = if diverges { epochs / 2 } else { epochs };
            let (mut reward, mut time) = (0.0, 0.0);
            for epoch in 0..=last {
                let learned = epoch as f64 / epochs.max(1) as f64 * f64::from(size) * rate;
                reward = -200.0 + 12.0 * learned + 25.0 * draws.normal();
                time += 0.5 + draws.unit();
                if diverges && epoch == last {
                    reward = f64::NEG_INFINITY;
                }
                metrics.row([
                    ("run", run.as_str().into()),
                    ("epoch", epoch.into()),
                    ("step", (10 * epoch).into()),
                    ("split", "".into()),
                    ("mean-reward", reward.into()),
                    ("time", time.into()),
                ]);
            }
            runs.row([
                ("run", run.as_str().into()),
                ("trial", (trial as u64).into()),
                ("policy.size", u64::from(size).into()),
                ("policy.rate", rate.into()),
                ("seed", seed.into()),
                ("outcome", if diverges { "diverged" } else { "completed" }.into()),
                ("mean-reward", reward.into()),
                ("time", time.into()),
            ]);
        }
    }
    let time = Measurement { unit: "s".into(), ..Measurement::new("time", Direction::Lower) };
    Owned {
        runs: runs.frame(),
        metrics: metrics.frame(),
        weights: DataFrame::default(),
        points: DataFrame::default(),
        axes: vec![
            axis("policy.size", sizes.iter().map(u32::to_string), false),
            axis("policy.rate", rates.iter().map(f64::to_string), false),
        ],
        measurements: vec![Measurement::new("mean-reward", Direction::Higher), time],
        objective: Objective { measurement: "mean-reward".into(), part: Split::None, then: Vec::new(), success: None },
        fields: Tables::NO_FIELDS,
    }
}

/// A column of texts.
pub(super) fn texts<'a>(table: &'a DataFrame, name: &str) -> Vec<&'a str> {
    table.column(name).unwrap().str().unwrap().iter().map(Option::unwrap).collect()
}

/// A column of whole numbers.
pub(super) fn wholes(table: &DataFrame, name: &str) -> Vec<u64> {
    table.column(name).unwrap().u64().unwrap().iter().map(Option::unwrap).collect()
}

/// A column of numbers.
pub(super) fn floats(table: &DataFrame, name: &str) -> Vec<f64> {
    table.column(name).unwrap().f64().unwrap().iter().map(Option::unwrap).collect()
}
