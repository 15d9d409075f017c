//! What the settings of figures share: fixed axes, their checks, and the figures of a study that declares none.

use std::{collections::BTreeMap, fmt};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AxisInfo, Boundary, Curves, Figure, Final, HeatMap, Part, Strip};
use crate::{
    fault::{Fault, Faults},
    metric::Metric,
};

/// Axes fixed at one of their values.
pub type At = BTreeMap<String, Value>;

/// A value as it is written in a specification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// A whole number.
    Whole(u64),
    /// A number.
    Float(f64),
    /// True or false.
    Truth(bool),
    /// A text.
    Text(String),
}

/// As [`AxisInfo::values`] writes it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Truth(value) => write!(f, "{value}"),
            Self::Text(value) => f.write_str(value),
        }
    }
}

/// The metric that figures draw unless told otherwise.
pub(super) fn error() -> Metric {
    Metric::Error
}

/// Checks of the settings of one figure.
pub(super) struct Check<'a> {
    axes: &'a [AxisInfo],
    faults: Faults,
}

impl<'a> Check<'a> {
    pub(super) fn new(axes: &'a [AxisInfo]) -> Self {
        Self { axes, faults: Faults::new() }
    }

    pub(super) fn require(&mut self, holds: bool, key: &str, expected: &str) {
        self.faults.require(holds, key, expected);
    }

    /// A figure can only draw what is measured.
    pub(super) fn metric(&mut self, metric: Metric, measured: &[Metric]) {
        let names = listed(measured.iter().map(|metric| metric.name()));
        self.require(measured.contains(&metric), "metric", &format!("one of the metrics that are measured: {names}"));
    }

    /// A path must be one of a swept setting.
    pub(super) fn axis(&mut self, key: &str, path: Option<&str>) {
        let Some(path) = path else { return };
        let known = self.axes.iter().any(|axis| axis.path == path);
        self.require(known, key, &self.expected_axis());
    }

    /// Axes are fixed at values that they have, and those of the figure itself stay free.
    pub(super) fn at(&mut self, at: &At, free: &[Option<&str>]) {
        for (path, value) in at {
            let key = format!("at.{path}");
            let Some(axis) = self.axes.iter().find(|axis| axis.path == *path) else {
                self.require(false, &key, &self.expected_axis());
                continue;
            };
            if !axis.values.contains(&value.to_string()) {
                let values = axis.values.iter().take(24).map(String::as_str).collect::<Vec<_>>().join(", ");
                self.require(false, &key, &format!("a value of this axis: {values}"));
            }
            self.require(!free.contains(&Some(path)), &key, "an axis that the figure does not draw by");
        }
    }

    pub(super) fn found(self) -> Vec<Fault> {
        self.faults.found()
    }

    fn expected_axis(&self) -> String {
        match self.axes {
            [] => "no axis, for nothing is swept".into(),
            axes => format!("an axis of the study: {}", listed(axes.iter().map(|axis| axis.path.as_str()))),
        }
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// The figures of a study that declares none: what its axes, the dimension `d` of its data and its metrics allow.
#[must_use]
pub fn defaults(axes: &[AxisInfo], d: Option<usize>, metrics: &[Metric]) -> BTreeMap<String, Figure> {
    let mut figures = BTreeMap::new();
    let swept: Vec<&AxisInfo> = axes.iter().filter(|axis| axis.values.len() > 1).collect();
    for (by, suffix) in directions(&swept) {
        for &metric in metrics {
            let curves = Curves { metric, by: by.clone(), ..Curves::default() };
            figures.insert(format!("{}-curves{suffix}", metric.name()), Figure::Curves(curves));
        }
        if !metrics.contains(&Metric::Error) {
            continue;
        }
        let last = Final { by: by.clone(), ..Final::default() };
        figures.insert(format!("final-error{suffix}"), Figure::Final(last));
        figures.insert(format!("error-strip{suffix}"), Figure::Strip(Strip { by, ..Strip::default() }));
    }
    if let [x, y, ..] = swept[..] {
        let (x, y) = (x.path.clone(), y.path.clone());
        let map = HeatMap { x, y, metric: Metric::Error, split: Part::Validation, at: At::new() };
        figures.insert("error-map".into(), Figure::HeatMap(map));
    }
    if d == Some(2) {
        let by = swept.first().map(|axis| axis.path.clone());
        figures.insert("boundaries".into(), Figure::Boundary(Boundary { by, ..Boundary::default() }));
    }
    figures
}

/// What to draw by, each with what tells its figures apart: nothing where there is at most one direction.
fn directions(swept: &[&AxisInfo]) -> Vec<(Option<String>, String)> {
    match swept {
        [] => vec![(None, String::new())],
        [axis] => vec![(Some(axis.path.clone()), String::new())],
        axes => axes.iter().map(|axis| (Some(axis.path.clone()), format!("-by-{}", slug(&axis.path, axes)))).collect(),
    }
}

/// The last word of a path, or all of them where two axes end alike.
fn slug(path: &str, axes: &[&AxisInfo]) -> String {
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let alike = axes.iter().filter(|axis| last(&axis.path) == last(path)).count() > 1;
    if alike { path.replace('.', "-") } else { last(path) }
}

/// The clause of a caption that says which runs are drawn, and by what: ` by train.learning-rate (model.hidden = 7)`.
pub(super) fn scope(by: Option<&str>, at: &At, seeds: Option<u32>) -> String {
    let mut clause = by.map_or_else(String::new, |path| format!(" by {path}"));
    let mut limits: Vec<_> = at.iter().map(|(path, value)| format!("{path} = {value}")).collect();
    limits.extend(seeds.map(|seeds| format!("first {seeds} seeds")));
    if !limits.is_empty() {
        clause.push_str(&format!(" ({})", limits.join(", ")));
    }
    clause
}

/// The word with a capital letter.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
