//! The verdict on the best trial as JSON.

use serde_json::{Value, json};

use super::text;
use crate::{
    report::results_table,
    stats::{Beyond, Finding},
    sweep::{Confirm, Study},
    table::{Confirmed, Summary, TrialSummary},
};

/// The finding of the verdict, with its numbers.
pub(super) fn to_json(summary: &Summary) -> Value {
    let sentence = results_table(summary).headline;
    let with_confirmed = |mut object: Value| {
        if let Some(confirmed) = &summary.confirmed {
            object["confirmed"] = self::confirmed(summary, confirmed);
        }
        object
    };
    let Some(choice) = &summary.choice else {
        return with_confirmed(json!({ "finding": "not-ranked", "best": null, "sentence": sentence }));
    };
    let constant = choice.constant.map(|Beyond { constant, wrong, p, beaten, .. }| {
        json!({
            "wrong": constant.wrong, "points": constant.points, "leader-wrong": wrong, "leader-points": constant.seen, "p": p,
            "beaten": beaten,
        })
    });
    with_confirmed(json!({
        "finding": name(choice.finding()), "best": choice.best(), "leader": choice.leader, "mean": choice.mean, "equal": choice.equals,
        "worse": choice.worse, "unsure": choice.unsure, "without": choice.without, "p": (!choice.worse.is_empty()).then_some(choice.p),
        "seeds": choice.leader_seeds, "shared-seeds": choice.seeds, "constant": constant,
        "sentence": sentence,
    }))
}

/// The confirmed trials, with the means that decide the finding.
fn confirmed(summary: &Summary, Confirmed { confirm, of, trials }: &Confirmed) -> Value {
    let objective = &summary.objective;
    let mean =
        |trial: &TrialSummary| summary.spread(trial, objective.part, &objective.measurement).map(|spread| spread.mean);
    let trials = trials
        .iter()
        .map(|trial| json!({ "trial": trial.trial, "runs": trial.runs, "failed": trial.failed, "mean": mean(trial) }));
    json!({
        "best": confirm.best, "seeds": confirm.seeds, "from": confirm.from, "of": of, "trials": trials.collect::<Vec<_>>(),
    })
}

/// A description of the confirmation stage.
pub(super) fn second_stage(study: &Study) -> String {
    let Some(confirm) = study.confirm else { return String::new() };
    let (Confirm { best, seeds, from }, last) = (confirm, confirm.last().0);
    let them = if best == 1 { "the best trial".into() } else { format!("the best {best} trials") };
    format!("{them} by mean under these seeds, each under {seeds} further seeds, {from} to {last}")
}

/// Warns of a confirmation stage that cannot name a best trial, whatever its results.
pub(super) fn warn(study: &Study) {
    let caution = study.confirm.and_then(|confirm| confirm.caution());
    caution.into_iter().for_each(|caution| text::warn(format!("`sweep.confirm`: {caution}")));
}

fn name(finding: Finding) -> &'static str {
    match finding {
        Finding::Best => "best",
        Finding::Set => "set",
        Finding::Single => "single",
        Finding::Equal => "equal",
        Finding::NotBeyondConstant => "not-beyond-constant",
        Finding::TooFewSeeds { .. } => "too-few-seeds",
        Finding::Unsure => "unsure",
    }
}
