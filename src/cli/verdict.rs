//! What may be said of the best trial, as a program is told: the same that is printed.

use serde_json::{Value, json};

use crate::{
    report::results_table,
    stats::{Beyond, Finding},
    table::Summary,
};

/// The finding with its numbers; null where nothing is known.
pub(super) fn told(summary: &Summary) -> Value {
    let Some(choice) = &summary.choice else { return Value::Null };
    let constant = choice.constant.map(|Beyond { constant, wrong, p, beaten }| {
        json!({
            "wrong": constant.wrong, "points": constant.points, "leader-wrong": wrong, "leader-points": constant.seen, "p": p,
            "beaten": beaten,
        })
    });
    json!({
        "finding": name(choice.finding()), "best": choice.best(), "leader": choice.leader, "mean": choice.mean, "equal": choice.equals,
        "worse": choice.worse, "unsure": choice.unsure, "p": choice.p, "seeds": choice.seeds, "constant": constant,
        "sentence": results_table(summary).headline,
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
