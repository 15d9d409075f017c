//! The identities of the runs of a custom experiment.

use std::borrow::Cow;

use crate::{
    digest::{Identities, Value},
    measure::{Measurement, Split},
    run::{
        Task,
        contents::{File, name_by_content},
    },
    seed::Seed,
    sweep::{AxisValue, Study, slot},
};

/// The runs of a trial under some seeds.
pub(super) fn tasks_of(
    study: &Study,
    trial: usize,
    (files, further): (&[File], &[(String, String)]),
    seeds: &[Seed],
) -> Vec<Task> {
    let declaration = study.declaration();
    let mut settings = study.all_settings(&study.trials[trial]);
    name_by_content(&mut settings, files);
    settings.extend(further.iter().map(|(name, value)| (name.clone(), AxisValue::String(value.clone()))));
    settings.sort_by(|(one, _), (other, _)| one.as_bytes().cmp(other.as_bytes()));
    let value = |value: &AxisValue| match value {
        AxisValue::Int(whole) => Value::Int(*whole),
        AxisValue::Float(float) => Value::Float(*float),
        AxisValue::String(text) => Value::String(Cow::Owned(text.clone())),
    };
    let values = settings.iter().map(|(path, setting)| (path.as_str(), value(setting)));
    let measured = value_names(&study.measured(&study.trials[trial]));
    let ids =
        Identities::of_experiment((&declaration.name, declaration.version), [&measured, &declaration.keeps], values);
    seeds.iter().map(|&seed| Task { trial, seed, id: ids.under(seed) }).collect()
}

/// Returns the names of the values of an observation, in order: `train.loss`.
#[must_use]
pub fn value_names(measured: &[&Measurement]) -> Vec<String> {
    let mut names = Vec::new();
    for measurement in measured {
        let name = &measurement.name;
        let named = |split: &Split| Some((slot(measured, *split, name)?, split.joined('.', name)));
        names.extend(measurement.parts().iter().filter_map(named));
    }
    names.sort();
    names.into_iter().map(|(_, name)| name).collect()
}
