//! What a program is told of runs, or of trials where no run is here.

use serde_json::{Map, Value, json};

use super::Run;
use crate::{
    cli::{fields::Cell, text},
    sweep::{Scalar, Study},
    table::{Spread, Summary},
};

/// Tells a program of a run.
pub(super) fn run(study: &Study, (task, run): &Run<'_>) {
    text::say_json(json!({
        "run": run.id, "trial": task.trial, "seed": task.seed, "outcome": run.outcome.name(), "epoch": run.epoch,
        "digest": run.digest, "train": run.finals[0], "validation": run.finals[1],
        "axes": axes(study, &study.trials[task.trial].values),
    }));
}

/// Tells a program of the trials of a summary.
pub(super) fn trials(study: &Study, summary: &Summary) {
    for trial in &summary.trials {
        let place = study.trials.iter().position(|own| own.values == trial.values);
        let part = |finals: &[Spread]| {
            let metric = |(metric, spread): (&crate::metric::Metric, &Spread)| {
                let Spread { mean, sd, median, iqm, interval } = spread;
                let told = json!({ "mean": mean, "low": interval.low, "high": interval.high, "sd": sd, "median": median, "iqm": iqm });
                (metric.name().to_owned(), told)
            };
            summary.metrics.iter().zip(finals).map(metric).collect::<Map<_, _>>()
        };
        text::say_json(json!({
            "trial": place, "runs": trial.runs, "failed": trial.failed, "diverged": trial.diverged,
            "train": part(&trial.finals[0]), "validation": part(&trial.finals[1]),
            "zero-share": trial.zero_share, "zero-epoch-median": trial.zero_epoch_median,
            "axes": axes(study, &trial.values),
        }));
    }
}

fn axes(study: &Study, values: &[Scalar]) -> Map<String, Value> {
    let value = |value: &Scalar| match Cell::of(value) {
        Cell::Whole(value) => value.into(),
        Cell::Float(value) => value.into(),
        Cell::Text(value) => value.into(),
    };
    study.axes.iter().zip(values).map(|(axis, own)| (axis.path.clone(), value(own))).collect()
}
