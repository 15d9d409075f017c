//! The measurements of the trials of a study, and their places in records.

use super::Study;
use crate::{
    digest::Record,
    measure::{Direction, Measurement, Split},
};

/// Returns the measurements that at least one trial records, in the order of first use.
#[must_use]
pub fn recorded(study: &Study) -> Vec<Measurement> {
    let mut recorded: Vec<Measurement> = Vec::new();
    let mut before = Vec::new();
    for trial in &study.trials {
        // Successive trials usually have the same measurements.
        let measured = study.kind.measured(&*trial.settings);
        if measured != before {
            for measurement in study.measured(trial) {
                if !recorded.iter().any(|other| other.name == measurement.name) {
                    recorded.push(measurement.clone());
                }
            }
            before = measured;
        }
    }
    recorded
}

/// Returns the columns of measurements in the tables of runs and trials: all measurements of a split, then those of the
/// next.
#[must_use]
pub fn columns(study: &Study) -> Vec<(Split, Measurement)> {
    let recorded = recorded(study);
    let of = |split: Split| {
        let measured = recorded.iter().filter(move |measurement| measurement.parts().contains(&split));
        measured.map(move |measurement| (split, measurement.clone()))
    };
    study.parts().into_iter().flat_map(of).collect()
}

/// Returns the index of a measurement on a split among the values of an observation. The order is: measurements on the
/// training points, the same on the validation points, then measurements without splits.
#[must_use]
pub fn slot(measured: &[&Measurement], split: Split, name: &str) -> Option<usize> {
    let place = |has_splits: bool| {
        measured.iter().filter(|other| other.split == has_splits).position(|other| other.name == name)
    };
    let count = measured.iter().filter(|other| other.split).count();
    match split {
        Split::Train => place(true),
        Split::Validation => Some(count + place(true)?),
        Split::None => Some(2 * count + place(false)?),
    }
}

/// Finds the first epoch at which runs of a study meet the success criterion.
#[derive(Debug)]
pub struct Successes<'a> {
    study: &'a Study,
    /// The trial of the last call, and the index of the success measurement in its observations.
    last_slot: Option<(usize, Option<usize>)>,
}

impl<'a> Successes<'a> {
    /// Creates a finder for this study.
    #[must_use]
    pub fn of(study: &'a Study) -> Self {
        Self { study, last_slot: None }
    }

    /// Returns the epoch of the first observation that meets the success criterion; `None` if there is no criterion or
    /// no such observation.
    pub fn epoch(&mut self, trial: usize, record: &Record) -> Option<u64> {
        let success = self.study.objective().success.as_ref()?;
        let slot = match self.last_slot {
            Some((last, slot)) if last == trial => slot,
            _ => {
                let measured = self.study.measured(self.study.trials.get(trial)?);
                let slot = slot(&measured, success.part, &success.measurement);
                self.last_slot = Some((trial, slot));
                slot
            }
        }?;
        let higher = self.study.declaration().measurement(&success.measurement)?.direction == Direction::Higher;
        let at_least = |value: f64| if higher { value >= success.bound } else { value <= success.bound };
        let reached = |value: f64| value.is_finite() && at_least(value);
        let first = record
            .observations
            .iter()
            .find(|observation| observation.values.get(slot).is_some_and(|value| reached(*value)));
        first.map(|observation| observation.epoch)
    }
}
