//! Runs as JSON, or trials if no run is stored.

use serde_json::{Map, Value, json};

use super::Run;
use crate::{
    digest::Outcome,
    cli::{fields::Cell, open::StoredRuns, text, verdict},
    run::baseline,
    stats,
    sweep::{AxisValue, Study},
    table::{self, Split, Spread, Summary},
};

pub(super) fn run(study: &Study, (task, run): &Run<'_>) {
    let mut object = json!({
        "run": run.id, "trial": task.trial, "seed": task.seed, "outcome": run.outcome.name(), "epoch": run.epoch,
        "digest": run.digest, "axes": axes(study, &study.trials[task.trial].values),
    });
    if let Outcome::Failed { message } = &run.outcome {
        object["message"] = json!(message);
    }
    let values = run.values();
    let measured = study.measured(&study.trials[task.trial]);
    let split = measured.iter().filter(|own| own.split).count();
    if split > 0 {
        object["train"] = json!(values.get(..split));
        object["validation"] = json!(values.get(split..2 * split));
    }
    for own in measured.iter().filter(|own| !own.split) {
        let slot = table::slot(&measured, Split::None, &own.name);
        object["measured"][&own.name] = json!(slot.and_then(|slot| values.get(slot)));
    }
    text::say_json(object);
}

/// The verdict of a finished study; `runs` are all its runs, sorted by trial.
pub(super) fn verdict(study: &Study, found: &StoredRuns, runs: &[Run<'_>]) -> Option<Value> {
    let manifest = found.manifest.as_ref()?;
    Some(verdict::to_json(&super::summary(study, runs).with_baseline(baseline(study, &manifest.data))))
}

pub(super) fn trials(study: &Study, summary: &Summary) {
    for trial in &summary.trials {
        let spread_object = |Spread { mean, sd, median, iqm, interval, .. }: &Spread| {
            json!({ "mean": mean, "low": interval.low, "high": interval.high, "sd": sd, "median": median, "iqm": iqm })
        };
        let mut object = json!({
            "trial": trial.trial, "runs": trial.runs, "failed": trial.failed, "diverged": trial.diverged, "axes": axes(study, &trial.values),
        });
        for ((part, own), spread) in summary.columns.iter().zip(&trial.finals) {
            let part = if *part == Split::None { "measured" } else { part.name() };
            object[part][&own.name] = spread_object(spread);
        }
        if let Some(success) = &summary.objective.success {
            let found = (trial.success_share * trial.runs as f64).round() as u64;
            let interval = stats::share(found, trial.runs, summary.confidence);
            object[format!("{}-share", success.word)] = json!(trial.success_share);
            object[format!("{}-share-low", success.word)] = json!(interval.low);
            object[format!("{}-share-high", success.word)] = json!(interval.high);
            object[format!("{}-epoch-median", success.word)] = json!(trial.success_epoch_median);
        }
        text::say_json(object);
    }
}

fn axes(study: &Study, values: &[AxisValue]) -> Map<String, Value> {
    let value = |value: &AxisValue| match Cell::of(value) {
        Cell::Int(value) => value.into(),
        Cell::Float(value) => value.into(),
        Cell::String(value) => value.into(),
    };
    study.axes.iter().zip(values).map(|(axis, own)| (axis.path.clone(), value(own))).collect()
}
