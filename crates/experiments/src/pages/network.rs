//! Describes the network, its training and its measurement in sentences made from the settings.

use super::Entries;
use crate::{
    experiments::OfNetwork,
    model::Init,
    sweep::{Study, Trial},
    table,
    train::{Every, Sampling},
};

/// Network, training and measurement.
pub(super) fn methods(study: &Study) -> Entries {
    let entries = [("Network", network(study)), ("Training", training(study)), ("Measurement", measurement(study))];
    entries.into_iter().map(|(label, text)| (label.to_owned(), text)).collect()
}

/// The most epochs of all runs of a study together.
pub(super) fn epochs(study: &Study) -> u64 {
    let epochs = study.trials.iter().map(|trial| trial.setting().train.epochs).fold(0, u64::saturating_add);
    let most = study.trials.iter().map(|trial| trial.setting().train.epochs).max().unwrap_or(0);
    let confirming = study.confirming_count() as u64;
    epochs.saturating_mul(study.seeds.len() as u64).saturating_add(most.saturating_mul(confirming))
}

/// The value that all trials share; `None` if it is swept.
fn common<T: PartialEq>(study: &Study, of: impl Fn(&Trial) -> T) -> Option<T> {
    let mut values = study.trials.iter().map(of);
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

fn or_swept<T: PartialEq + ToString>(study: &Study, of: impl Fn(&Trial) -> T) -> String {
    common(study, of).map_or_else(|| "swept".into(), |value| value.to_string())
}

fn network(study: &Study) -> String {
    let hidden = or_swept(study, |trial| trial.setting().model.hidden);
    let init = match common(study, |trial| trial.setting().model.init) {
        Some(Init::Uniform) => "every parameter uniform on [0, 1)",
        Some(Init::Normal) => "Wi standard normal, everything else 0",
        Some(Init::He) => "Wi normal with variance 2/d, Wo normal with variance 2/h, biases 0",
        Some(Init::Glorot) => "Wi and Wo uniform on ±√(6 / (inputs + outputs)) of their layer, biases 0",
        None => "swept",
    };
    format!(
        "One hidden layer of h ReLU units (h: {hidden}) and one output: H = max(0, Wi X + bi), Y = Wo H + bo. \
         The loss of a point with label y is ln(1 + exp(−y Y)). Initial parameters: {init}."
    )
}

fn training(study: &Study) -> String {
    let rate = or_swept(study, |trial| trial.setting().train.learning_rate);
    let epochs = or_swept(study, |trial| trial.setting().train.epochs);
    let sampling = match common(study, |trial| trial.setting().train.sampling) {
        Some(Sampling::WithReplacement) => "drawn with replacement",
        Some(Sampling::Shuffle) => "in a new random order every epoch",
        None => "chosen as swept",
    };
    let zero = match common(study, |trial| trial.setting().stop.zero_error_epochs) {
        Some(None) => String::new(),
        Some(Some(n)) => format!(" A run stops early once its training error has been zero for {n} epochs."),
        None => " When a run with zero training error stops early is swept.".into(),
    };
    let loss = match common(study, |trial| trial.setting().stop.loss_below) {
        Some(None) => String::new(),
        Some(Some(loss)) => format!(" A run stops early once its mean training loss is below {loss}."),
        None => " The training loss at which a run stops early is swept.".into(),
    };
    format!(
        "Stochastic gradient descent, one example a step, {sampling}. Learning rate: {rate}. Epochs: {epochs}; an epoch is \
         as many steps as there are training points.{zero}{loss}"
    )
}

fn measurement(study: &Study) -> String {
    let names: Vec<_> = table::recorded(study).into_iter().map(|metric| metric.name).collect();
    let every = match common(study, |trial| trial.setting().evaluate.every) {
        Some(Every::Epochs(1)) => "after every epoch".into(),
        Some(Every::Epochs(n)) => format!("after every {n} epochs"),
        Some(Every::Steps(1)) => "after every step".into(),
        Some(Every::Steps(n)) => format!("after every {n} steps"),
        None => "as often as swept".into(),
    };
    format!(
        "On training and validation points: {}; before the first step, {every}, and after the last step. A run whose loss \
         or parameters are no longer finite has diverged: it ends there, and counts with what was measured last.",
        names.join(", ")
    )
}
