//! What may be said of the best trial, as JSON: the same that is printed.

use serde_json::{Value, json};

use crate::{
    report::results_table,
    stats::{Beyond, Finding},
    table::Summary,
};

/// The finding with its numbers.
pub(super) fn told(summary: &Summary) -> Value {
    let sentence = results_table(summary).headline;
    let Some(choice) = &summary.choice else {
        return json!({ "finding": "not-ranked", "best": null, "sentence": sentence });
    };
    let constant = choice.constant.map(|Beyond { constant, wrong, p, beaten, .. }| {
        json!({
            "wrong": constant.wrong, "points": constant.points, "leader-wrong": wrong, "leader-points": constant.seen, "p": p,
            "beaten": beaten,
        })
    });
    json!({
        "finding": name(choice.finding()), "best": choice.best(), "leader": choice.leader, "mean": choice.mean, "equal": choice.equals,
        "worse": choice.worse, "unsure": choice.unsure, "without": choice.without, "p": (!choice.worse.is_empty()).then_some(choice.p),
        "seeds": choice.own, "shared-seeds": choice.seeds, "constant": constant,
        "sentence": sentence,
    })
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
