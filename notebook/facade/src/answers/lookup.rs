//! Finds one number or one run of a study by its settings.

use std::{collections::BTreeMap, rc::Rc};

use restudy::{
    digest::Record,
    experiments::OfNetwork,
    metric::Metric,
    report::cite::{self, Sheet},
    run::NetworkExperiment,
    seed::Seed,
    stats::{self, Paired},
    sweep::{self, Axis, AxisValue, Study},
    table::{RunRow, Split, Spread, TrialSummary},
    train::{Observation, Outcome, Simd},
};

use super::{
    StudyResults,
    measured::{Named, absent, named},
};
use crate::{
    cards::outcome,
    custom,
    error::{Error, Result},
    single::Run,
};

impl StudyResults {
    /// Returns the statistics of a metric at the end of the runs of a trial: mean, deviation, median, interquartile
    /// mean, interval.
    ///
    /// `place` names a value of every axis, as `"model.hidden=7, train.learning-rate=0.02"`, and is empty if the study
    /// has no axis; `metric` names a split and a metric, as `"validation error"`.
    ///
    /// # Errors
    /// The trial or the metric does not exist.
    pub fn spread(&self, place: &str, metric: &str) -> Result<Spread> {
        let Named { part, name, .. } = named(&self.study, metric)?;
        let summary = self.statistics();
        let trial = self.trial(place)?;
        let recorded = |own: &Metric| summary.place(part, own.name()).is_some();
        summary.spread(&trial, part, &name).copied().ok_or_else(|| absent(&name, recorded))
    }

    /// Returns a number as a citation writes it: `"hidden=7 validation.error mean .2%"` gives `0.05 %`, like
    /// `{{ hidden=7 validation.error mean .2% }}` in a text that `restudy cite` fills in. A study in the query must be
    /// this one.
    ///
    /// # Errors
    /// The query is invalid, or the number does not exist.
    pub fn cite(&self, query: &str) -> Result<String> {
        let study = &self.study;
        let find = |name: Option<&str>| match name {
            Some(other) if other != study.name => {
                Err(format!("these are the answers of {}, not of {other}", study.name))
            }
            _ => Sheet::new((**study).clone(), &self.statistics().to_csv()).map(Rc::new),
        };
        let help = "write settings, SPLIT.METRIC, a statistic and a rounding: \"hidden=7 validation.error mean .2%\"";
        cite::number(query, &find).map_err(|reason| Error::new(format!("{query:?} cites nothing: {reason}"), help))
    }

    /// Returns a metric at the end of every run of a trial, in the order of the seeds.
    ///
    /// # Errors
    /// The trial or the metric does not exist.
    pub fn finals(&self, place: &str, metric: &str) -> Result<Vec<f64>> {
        Ok(self.by_seed(place, metric)?.into_values().collect())
    }

    /// Returns the share of the runs of a trial that reached a training error of zero.
    ///
    /// # Errors
    /// The trial does not exist, or the study is not of the network.
    pub fn zero_share(&self, place: &str) -> Result<f64> {
        custom::require_network(&self.study, "zero training error", "`success_share` is of every experiment")?;
        self.success_share(place)
    }

    /// Returns the share of the runs of a trial that succeeded; a run of the network succeeds at a training error of
    /// zero.
    ///
    /// # Errors
    /// The trial does not exist, or the experiment does not declare when a run succeeds.
    pub fn success_share(&self, place: &str) -> Result<f64> {
        if self.study.objective().success.is_none() {
            let problem =
                format!("the experiment `{}` does not say when a run has succeeded", self.study.declaration().name);
            return Err(Error::new(problem, "`.succeeds(word, measurement, bound, about)` says so"));
        }
        Ok(self.trial(place)?.success_share)
    }

    /// Returns how the runs of a trial ended, in the order of the seeds.
    ///
    /// # Errors
    /// The trial does not exist.
    pub fn outcomes(&self, place: &str) -> Result<Vec<Outcome>> {
        let trial = trial(&self.study, place)?;
        let rows = self.first();
        Ok(rows.iter().filter(|row| row.trial == trial).map(|row| row.record.outcome.clone()).collect())
    }

    /// Compares two trials seed by seed: the first minus the second.
    ///
    /// # Errors
    /// A trial or the metric does not exist.
    pub fn paired(&self, first: &str, second: &str, metric: &str) -> Result<Paired> {
        let better = named(&self.study, metric)?.better;
        let (first, second) = (self.by_seed(first, metric)?, self.by_seed(second, metric)?);
        Ok(stats::paired_at(&first, &second, better, self.study.confidence))
    }

    /// Returns the steps at which one run was measured, and the values.
    ///
    /// # Errors
    /// The run or the measurement does not exist.
    pub fn curve(&self, place: &str, seed: u64, metric: &str) -> Result<Vec<(u64, f64)>> {
        let (trial, record) = self.one(place, seed)?;
        let place = self.place(trial, metric)?;
        let measured_at = |point: &Observation| (point.step, point.values[place]);
        Ok(record.observations.iter().map(measured_at).filter(|(_, value)| !value.is_nan()).collect())
    }

    /// Returns an array that one run kept, row by row.
    ///
    /// # Errors
    /// The run does not exist, keeps no array of this name, or failed.
    pub fn kept(&self, place: &str, seed: u64, name: &str) -> Result<Vec<f64>> {
        let (_, record) = self.one(place, seed)?;
        let keeps = &self.study.declaration().keeps;
        let unknown = || Error::new(format!("nothing is kept as {name:?}"), format!("kept are: {}", keeps.join(", ")));
        let index = keeps.iter().position(|own| own == name).ok_or_else(unknown)?;
        let array = record.kept.arrays().nth(index).map(|(_, values)| values.to_vec());
        array.ok_or_else(|| Error::from(format!("nothing is kept of the run: it {}", outcome(&record.outcome))))
    }

    /// Returns one run of the network.
    ///
    /// # Errors
    /// The run does not exist, its data cannot be read, or the study is not of the network.
    pub fn run(&self, place: &str, seed: u64) -> Result<Run> {
        let help = "`curve`, `kept`, `finals` and `runs` give what it measured and kept";
        custom::require_network(&self.study, "a run with its parameters and data", help)?;
        let (trial, record) = self.one(place, seed)?;
        let split = NetworkExperiment::new(&self.study, Simd::best())?.split(trial, Seed(seed))?;
        let setting = self.study.trials[trial].setting().clone();
        let place = written(&self.study.axes, &self.study.trials[trial].values);
        Ok(Run::new(setting, Seed(seed), record.clone(), split, place))
    }

    fn one(&self, place: &str, seed: u64) -> Result<(usize, &Record)> {
        let trial = trial(&self.study, place)?;
        let task = self.tasks.iter().find(|task| (task.trial, task.seed) == (trial, Seed(seed)));
        let record = task.and_then(|task| self.records.get(&task.id)).ok_or_else(|| {
            let seeds = &self.study.seeds;
            let (first, last) = (seeds.first().map_or(0, |seed| seed.0), seeds.last().map_or(0, |seed| seed.0));
            Error::new(
                format!("no run has the seed {seed}"),
                format!("the study has {} seeds, from {first} to {last}", seeds.len()),
            )
        })?;
        Ok((trial, record))
    }

    fn trial(&self, place: &str) -> Result<TrialSummary> {
        Ok(self.statistics().trials[trial(&self.study, place)?].clone())
    }

    /// The index of a measurement in the records of a trial.
    fn place(&self, trial: usize, metric: &str) -> Result<usize> {
        let Named { part, name, .. } = named(&self.study, metric)?;
        let measured = self.study.measured(&self.study.trials[trial]);
        let recorded = |own: &Metric| measured.iter().any(|measured| measured.name == own.name());
        sweep::slot(&measured, part, &name).ok_or_else(|| absent(&name, recorded))
    }

    fn by_seed(&self, place: &str, metric: &str) -> Result<BTreeMap<Seed, f64>> {
        named(&self.study, metric)?;
        let trial = trial(&self.study, place)?;
        let index = self.place(trial, metric)?;
        let rows = self.first();
        let of_trial =
            rows.iter().filter(|row| row.trial == trial && !matches!(row.record.outcome, Outcome::Failed { .. }));
        Ok(of_trial.map(|row| (row.seed, last(row, index))).collect())
    }
}

fn last(row: &RunRow<'_>, index: usize) -> f64 {
    row.record.observations.last().map_or(f64::NAN, |point| point.values[index])
}

pub(super) fn title(part: Split) -> &'static str {
    part.title()
}

fn written(axes: &[Axis], values: &[AxisValue]) -> String {
    let pairs = axes.iter().zip(values).map(|(axis, value)| format!("{} = {value}", axis.path));
    pairs.collect::<Vec<_>>().join(", ")
}

/// Finds the one trial with the values that a text names.
fn trial(study: &Study, place: &str) -> Result<usize> {
    let axes = study.axes.iter().map(|axis| axis.path.as_str()).collect::<Vec<_>>().join(", ");
    let axes = if axes.is_empty() { "nothing is swept: write \"\"".into() } else { format!("the study sweeps {axes}") };
    let mut wanted = Vec::new();
    for pair in place.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (path, value) = pair.split_once('=').ok_or_else(|| {
            Error::new(
                format!("{pair:?} is no place: `axis=value` was expected"),
                format!("write \"model.hidden=7\"; {axes}"),
            )
        })?;
        let (path, value) = (path.trim(), value.trim().trim_matches('"'));
        let is_named = |axis: &Axis| axis.path == path || axis.path.strip_prefix("settings.") == Some(path);
        let axis = study.axes.iter().position(is_named);
        let axis = axis.ok_or_else(|| Error::new(format!("`{path}` is no axis of the study"), &axes))?;
        if !study.axes[axis].values.iter().any(|own| is(own, value)) {
            let values: Vec<_> = study.axes[axis].values.iter().map(ToString::to_string).collect();
            return Err(Error::new(
                format!("`{path}` has no value {value}"),
                format!("its values are {}", values.join(", ")),
            ));
        }
        wanted.push((axis, value));
    }
    let fits = |values: &[AxisValue]| wanted.iter().all(|(axis, value)| is(&values[*axis], value));
    let found: Vec<usize> = (0..study.trials.len()).filter(|&trial| fits(&study.trials[trial].values)).collect();
    match found[..] {
        [one] => Ok(one),
        [] => Err(Error::new(format!("no trial has {place}"), "the study leaves this combination out")),
        [first, ..] => {
            let example = written(&study.axes, &study.trials[first].values);
            let message = format!("{} trials have {:?}", found.len(), place.trim());
            Err(Error::new(message, format!("name a value of every axis, as in {example:?}")))
        }
    }
}

/// Whether a value is written as this text.
fn is(own: &AxisValue, written: &str) -> bool {
    let number = written.parse::<f64>().ok();
    match own {
        AxisValue::Int(whole) => number == Some(*whole as f64),
        AxisValue::Float(float) => number == Some(*float),
        AxisValue::String(text) => text == written,
    }
}

#[cfg(test)]
mod tests {
    use restudy::metric::Metric;

    use super::*;
    use crate::single::measured;

    #[test]
    fn metrics_are_named_by_their_titles() {
        for part in Split::SPLIT {
            for metric in Metric::ALL {
                assert_eq!(measured(&format!("{} {}", title(part), metric.name())).unwrap(), (part, *metric));
            }
        }
    }
}
