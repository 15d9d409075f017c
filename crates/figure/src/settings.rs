//! What the settings of figures share: fixed axes, their checks, and the figures of a study that declares none.

use std::{collections::BTreeMap, fmt};

use restudy_core::{
    measure::Measurement,
    validation::{SettingError, SettingErrors},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AxisInfo, Boundary, Curves, Declared, Figure, Final, HeatMap, MetricName, SplitSetting, Strip, declared::Measured,
};

/// Axes fixed at one of their values.
pub type FixedAxes = BTreeMap<String, AxisValue>;

/// A value as it is written in a specification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum AxisValue {
    /// A whole number.
    Int(u64),
    /// A number.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// A text.
    String(String),
}

/// As [`AxisInfo::values`] writes it.
impl fmt::Display for AxisValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::String(value) => f.write_str(value),
        }
    }
}

/// Names the measurement that decides where none is named.
pub(super) fn resolve(metric: &mut Option<MetricName>, measured: Measured<'_>) {
    metric.get_or_insert_with(|| MetricName(measured.objective.measurement.clone()));
}

/// As [`resolve`], and the split of that measurement.
pub(super) fn resolve_split(metric: &mut Option<MetricName>, split: &mut Option<SplitSetting>, measured: Measured<'_>) {
    resolve(metric, measured);
    let measurement = metric.as_ref().and_then(|name| measured.get(&name.0));
    *split = split.or_else(|| measured.split(measurement?));
}

/// The measurement that is drawn, if it is measured, and its name for a reader.
pub(super) fn named<'a>(metric: Option<&'a MetricName>, measured: Measured<'a>) -> (Option<&'a Measurement>, String) {
    let name = measured.name(metric);
    (measured.get(name), super::declared::words(name))
}

/// Checks of the settings of one figure.
pub(super) struct Check<'a> {
    declared: &'a Declared<'a>,
    axes: &'a [AxisInfo],
    faults: SettingErrors,
}

impl<'a> Check<'a> {
    pub(super) fn new(declared: &'a Declared<'a>) -> Self {
        Self { declared, axes: declared.axes, faults: SettingErrors::new() }
    }

    pub(super) fn require(&mut self, holds: bool, key: &str, expected: &str) {
        self.faults.require(holds, key, expected);
    }

    /// A figure can only draw what is measured, and parts of it only where there are some.
    pub(super) fn metric(&mut self, metric: Option<&MetricName>, split: Option<SplitSetting>) {
        let measured = Measured::from(self.declared);
        let found = measured.get(measured.name(metric));
        let names = listed(measured.measurements.iter().map(|measurement| measurement.name.as_str()));
        self.require(found.is_some(), "metric", &format!("one of the metrics that are measured: {names}"));
        if let Some(whole) = found.filter(|measurement| !measurement.split) {
            let expected =
                format!("no split: \"{}\" is measured once, not on training and validation points", whole.name);
            self.require(split.is_none(), "split", &expected);
        }
    }

    /// A path must be one of a swept setting.
    pub(super) fn axis(&mut self, key: &str, path: Option<&str>) {
        let Some(path) = path else { return };
        let known = self.axes.iter().any(|axis| axis.path == path);
        self.require(known, key, &self.expected_axis());
    }

    /// Axes are fixed at values that they have, and those of the figure itself stay free.
    pub(super) fn at(&mut self, at: &FixedAxes, free: &[Option<&str>]) {
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

    pub(super) fn found(self) -> Vec<SettingError> {
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

/// The figures of a study that declares none: what its axes, its data and its measurements allow.
#[must_use]
pub fn defaults(declared: &Declared<'_>) -> BTreeMap<String, Figure> {
    let mut figures = BTreeMap::new();
    let swept: Vec<&AxisInfo> = declared.axes.iter().filter(|axis| axis.values.len() > 1 && !axis.folds).collect();
    let name = &declared.objective.measurement;
    let decided = declared.measurements.iter().any(|measurement| measurement.name == *name);
    for (by, suffix) in directions(&swept) {
        for measurement in declared.measurements {
            let metric = Some(MetricName(measurement.name.clone()));
            let curves = Curves { metric, by: by.clone(), ..Curves::default() };
            figures.insert(format!("{}-curves{suffix}", measurement.name), Figure::Curves(curves));
        }
        if !decided {
            continue;
        }
        let last = Final { by: by.clone(), ..Final::default() };
        figures.insert(format!("final-{name}{suffix}"), Figure::Final(last));
        figures.insert(format!("{name}-strip{suffix}"), Figure::Strip(Strip { by, ..Strip::default() }));
    }
    if let ([x, y, ..], true) = (&swept[..], decided) {
        let (x, y) = (x.path.clone(), y.path.clone());
        let map = HeatMap { x, y, metric: None, split: None, at: FixedAxes::new() };
        figures.insert(format!("{name}-map"), Figure::HeatMap(map));
    }
    if declared.fields && declared.dimension == Some(2) {
        let by = swept.first().map(|axis| axis.path.clone());
        figures.insert("boundaries".into(), Figure::Boundary(Boundary { by, ..Boundary::default() }));
    }
    figures.values_mut().for_each(|figure| figure.resolve(declared));
    figures
}

/// The axes to draw by, each with a suffix for the names of its figures; no suffix where there is at most one axis.
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
pub(super) fn scope(by: Option<&str>, at: &FixedAxes, seeds: Option<u32>) -> String {
    let mut clause = by.map_or_else(String::new, |path| format!(" by {path}"));
    let mut limits: Vec<_> = at.iter().map(|(path, value)| format!("{path} = {value}")).collect();
    limits.extend(seeds.map(|seeds| format!("first {seeds} seeds")));
    if !limits.is_empty() {
        clause.push_str(&format!(" ({})", limits.join(", ")));
    }
    clause
}

pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
