//! The comparison as JSON.

use serde_json::{Value, json};

use super::{Differing, Side};
use crate::{
    measure::{Measurement, Split},
    stats::Comparison,
    sweep::AxisValue,
};

/// Numbers that are not finite are null.
pub(super) fn object(found: &Comparison, sides: [&Side; 2], differ: &[Differing], notices: &[String], part: Split, metric: &Measurement) -> Value {
    let side = |side: &Side| {
        let mut object = json!({
            "study": side.study.name, "trial": side.trial, "runs": side.values.len(), "failed": side.failed,
            "diverged": side.diverged, "mean": side.mean(),
        });
        if let Some(wrong) = &side.wrong {
            object["wrong"] = wrong.clone();
        }
        object
    };
    let shown = |value: &Option<AxisValue>| value.as_ref().map(ToString::to_string);
    let differ: Vec<_> = differ.iter().map(|(path, a, b)| json!({ "setting": path, "a": shown(a), "b": shown(b) })).collect();
    let paired = &found.paired;
    json!({
        "part": part.name(), "metric": metric.name, "a": side(sides[0]), "b": side(sides[1]), "differ": differ,
        "pairs": paired.n, "wins": paired.wins, "losses": paired.losses, "ties": paired.ties,
        "difference": paired.difference, "low": paired.interval.low, "high": paired.interval.high, "sd": found.sd,
        "signed-rank-test": found.signed_rank, "decides": "signed-rank-test", "sign-test": found.sign_test, "improvement": found.improvement.probability,
        "improvement-low": found.improvement.interval.low, "improvement-high": found.improvement.interval.high,
        "seeds-needed": found.needed, "notices": notices,
    })
}
