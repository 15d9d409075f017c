//! What is measured in the trials of a study, and where records have it.

use super::Study;
use crate::{
    digest::Record,
    measure::{Direction, Measurement, Split},
};

/// The measurements that any trial records, in the order in which the trials name them.
#[must_use]
pub fn recorded(study: &Study) -> Vec<Measurement> {
    let mut recorded: Vec<Measurement> = Vec::new();
    let mut before = Vec::new();
    for trial in &study.trials {
        // Most often a trial measures what the one before it does.
        let measured = study.kind.measured(&*trial.settings);
        if measured != before {
            for own in study.measured(trial) {
                if !recorded.iter().any(|other| other.name == own.name) {
                    recorded.push(own.clone());
                }
            }
            before = measured;
        }
    }
    recorded
}

/// The columns of measurements in tables of runs and trials: part after part, what is recorded of each.
#[must_use]
pub fn columns(study: &Study) -> Vec<(Split, Measurement)> {
    let recorded = recorded(study);
    let of = |part: Split| {
        recorded.iter().filter(move |own| own.parts().contains(&part)).map(move |own| (part, own.clone()))
    };
    study.parts().into_iter().flat_map(of).collect()
}

/// Where the values of a record have a measurement of a part, if it is `measured`: first all of the training points, then all of the validation points, then
/// what has no parts.
#[must_use]
pub fn slot(measured: &[&Measurement], part: Split, name: &str) -> Option<usize> {
    let place = |split: bool| measured.iter().filter(|own| own.split == split).position(|own| own.name == name);
    let split = measured.iter().filter(|own| own.split).count();
    match part {
        Split::Train => place(true),
        Split::Validation => Some(split + place(true)?),
        Split::None => Some(2 * split + place(false)?),
    }
}

/// When runs of a study first count as having succeeded.
#[derive(Debug)]
pub struct Successes<'a> {
    study: &'a Study,
    /// The last trial that was asked for, and where its records have what decides.
    last: Option<(usize, Option<usize>)>,
}

impl<'a> Successes<'a> {
    /// Of this study.
    #[must_use]
    pub fn of(study: &'a Study) -> Self {
        Self { study, last: None }
    }

    /// The first epoch at which a run of a trial is measured to have succeeded.
    pub fn epoch(&mut self, trial: usize, record: &Record) -> Option<u64> {
        let success = self.study.objective().success.as_ref()?;
        let slot = match self.last {
            Some((own, slot)) if own == trial => slot,
            _ => {
                let measured = self.study.measured(self.study.trials.get(trial)?);
                let slot = slot(&measured, success.part, &success.measurement);
                self.last = Some((trial, slot));
                slot
            }
        }?;
        let higher = self.study.declaration().measurement(&success.measurement)?.direction == Direction::Higher;
        let at_least = |value: f64| if higher { value >= success.bound } else { value <= success.bound };
        let reached = |value: f64| value.is_finite() && at_least(value);
        let first =
            record.observations.iter().find(|point| point.values.get(slot).is_some_and(|value| reached(*value)));
        first.map(|point| point.epoch)
    }
}
