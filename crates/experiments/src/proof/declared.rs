//! Checks the settings of a proof, and its measurements and parameters against them.
//!
//! The digests of a run bind bytes; only the settings determine how many of these are metrics and how many are
//! parameters. So the settings must be those of a run that restudy can do: read into a trial and written again, they
//! are unchanged.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use serde_json::Value as Json;

use super::{
    LastLink, Number,
    specification::{is_file, tree},
};
use crate::{
    data::{Csv, Data, Encode, Features, Missing, Source},
    digest::grammar::{is_number, is_path},
    experiments::{
        OfNetwork,
        network::{self, Parts, Sections},
    },
    results::proof::{brief, file_digest},
    sweep::{AxisValue, Trial, hashed},
    validation::SettingError,
};

/// How a run ended, as hashed in its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Completed,
    Converged(u64),
    Diverged(u64),
}

impl End {
    /// Parses the only spelling of an end.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (name, epoch) = text.split_once(' ').unwrap_or((text, ""));
        let epoch = || is_number(epoch).then(|| epoch.parse().ok()).flatten();
        match name {
            "completed" => (text == name).then_some(Self::Completed),
            "converged" => epoch().map(Self::Converged),
            "diverged" => epoch().map(Self::Diverged),
            _ => None,
        }
    }
}

#[derive(Debug)]
pub(super) struct Declared {
    trial: Trial,
    /// `None` where the number of inputs depends on a data file.
    inputs: Option<u64>,
    /// Training points; `None` where their number depends on a data file.
    points: Option<u64>,
}

impl Declared {
    /// # Errors
    /// The settings are not those of a run: which one, and why.
    pub(super) fn of(settings: &BTreeMap<String, Json>) -> Result<Self, String> {
        if let Some(path) = settings.keys().find(|path| !is_path(path)) {
            return Err(format!("run: {} is not the path of a setting", brief(path)));
        }
        let unexpected = |path: &str, expected: &str| format!("run: the setting {path} is not {expected}");
        for (path, value) in settings {
            if !matches!(value, Json::Number(_) | Json::String(_)) {
                return Err(unexpected(path, "a number or a text"));
            }
            if is_file(path) && file_digest(value).is_none() {
                return Err(unexpected(path, "the digest of a file, `blake3:` and 64 digits"));
            }
        }
        // The digest of a file serves as its path: no file is opened here.
        let tree = tree(settings, &|digest| Ok(format!("blake3:{digest}")))?;
        let read = Sections::deserialize(tree).map_err(|error| {
            format!(
                "run: these are not the settings of a run that this restudy supports: {}",
                brief(&error.to_string())
            )
        })?;
        let (data, setting) = read.into_parts();
        let mut faults = setting.validate();
        faults.extend(
            data.validate().into_iter().map(|fault| SettingError { key: format!("data.{}", fault.key), ..fault }),
        );
        if let Some(SettingError { key, expected }) = faults.first() {
            return Err(unexpected(key, expected));
        }
        let trial = Trial { settings: Arc::new(Parts { data, setting }), values: Vec::new() };
        let expected: BTreeMap<_, _> = hashed(&*network::kind(), &*trial.settings).into_iter().collect();
        for (path, value) in settings {
            match expected.get(path) {
                None => return Err(format!("run: a run with these settings has no setting {path}")),
                Some(wanted) if !is_same(value, wanted) => {
                    return Err(format!("run: the setting {path} is not of its kind: {}", brief(&value.to_string())));
                }
                Some(_) => {}
            }
        }
        if let Some(path) = expected.keys().find(|path| !settings.contains_key(*path)) {
            return Err(format!("run: the setting {path} is missing"));
        }
        let inputs = trial.data().dimension().or(listed_inputs(trial.data())).map(|inputs| inputs as u64);
        let points = settings.get(&format!("data.{}.train", trial.data().key())).and_then(Json::as_u64);
        Ok(Self { trial, inputs, points })
    }

    /// Metric names in the order of the settings.
    pub(super) fn metrics(&self) -> impl Iterator<Item = &'static str> {
        self.trial.setting().evaluate.metrics.iter().map(|metric| metric.name())
    }

    /// The inputs of a network with this number of parameters, which is `hidden * (inputs + 2) + 1`: each unit has a
    /// weight for each input, a bias and an output weight; the output has a bias. `None` if no network of these
    /// settings has as many.
    pub(super) fn inputs(&self, parameters: usize) -> Option<u64> {
        let hidden = u64::from(self.trial.setting().model.hidden);
        let of_a_unit = (parameters as u64).checked_sub(1).filter(|all| all.is_multiple_of(hidden))? / hidden;
        let inputs = of_a_unit.checked_sub(2).filter(|inputs| *inputs > 0)?;
        self.inputs.is_none_or(|declared| declared == inputs).then_some(inputs)
    }

    /// Whether the settings give the number of inputs and of training points.
    pub(super) fn has_sizes(&self) -> bool {
        self.inputs.is_some() && self.points.is_some()
    }

    /// Checks epoch and step of the last measurement, and the epoch of the outcome.
    pub(super) fn misplaced(&self, last: &LastLink, end: End) -> Option<&'static str> {
        let setting = self.trial.setting();
        let (epochs, epoch, step) = (setting.train.epochs, last.epoch, last.step);
        // If the number of points is unknown, the least one that fits is taken.
        let points = match self.points {
            Some(points) => points,
            None if end == End::Completed => step.checked_div(epochs).unwrap_or(1),
            None => step.checked_div(epoch).unwrap_or(step.saturating_add(1)),
        };
        let end_step = epochs.checked_mul(points);
        let (Some(end_step), true) = (end_step, step.checked_div(points) == Some(epoch)) else {
            return Some("final: the epoch is not that of the step");
        };
        let measured = step.is_multiple_of(setting.evaluate.every.steps(points)) || step == end_step;
        if self.points.is_some() && !measured || step > end_step {
            return Some("final: a run with these settings is not measured at that step");
        }
        match end {
            End::Completed if step != end_step => Some("final: a run with these settings is completed at another step"),
            End::Converged(at) | End::Diverged(at) if at != epoch => Some("outcome: its epoch is not that of `final`"),
            _ => None,
        }
    }

    /// Checks the metrics and parameters of the last measurement, and the outcome against them.
    pub(super) fn impossible(&self, last: &LastLink, end: End) -> Option<&'static str> {
        let measured = || last.train.values().chain(last.validation.values());
        if measured().any(|Number(value)| value.is_nan() || value.is_sign_negative()) {
            return Some("final: a metric is negative or not a number");
        }
        let errors = [&last.train, &last.validation].map(|split| split.get("error").map_or(0.0, |error| error.0));
        if errors.iter().any(|error| *error > 1.0 && error.is_finite()) {
            return Some("final: an error is more than all points");
        }
        let finite = measured().all(|number| number.0.is_finite());
        let parameters = last.parameters.iter().flatten().all(|number| number.0.is_finite());
        if !(matches!(end, End::Diverged(_)) || finite && parameters) {
            return Some("outcome: a run with numbers that are not finite has diverged");
        }
        let stop = &self.trial.setting().stop;
        let trained = |name: &str| last.train.get(name).map_or(f64::NAN, |number| number.0);
        let low = stop.loss_below.is_some_and(|below| trained("loss") < below);
        let zero = stop.zero_error_epochs.is_some() && trained("error") == 0.0;
        match end {
            End::Converged(_) if !(low || zero) => Some("outcome: what the settings stop at was not reached"),
            End::Completed if low => Some("outcome: what the settings stop at was reached"),
            _ => None,
        }
    }
}

/// The number of inputs, if the settings of a file list them.
fn listed_inputs(data: &Data) -> Option<usize> {
    match data {
        Data::Csv(Csv { features: Some(Features::Only(names)), encode: Encode::None, missing, .. })
            if *missing != Missing::Indicator =>
        {
            Some(names.len())
        }
        _ => None,
    }
}

/// Whether a value of a proof equals that of a setting in type and bits.
fn is_same(value: &Json, wanted: &AxisValue) -> bool {
    match (value, wanted) {
        (Json::Number(number), AxisValue::Int(wanted)) => number.as_u64() == Some(*wanted),
        (Json::Number(number), AxisValue::Float(wanted)) => {
            number.is_f64() && number.as_f64().map(f64::to_bits) == Some(wanted.to_bits())
        }
        (Json::String(text), AxisValue::String(wanted)) => text == wanted,
        _ => false,
    }
}
