use serde_json::json;

use super::{Progress, output};
use crate::{run::Event, sweep::Study};

/// One JSON object a line: `{"event": "finished", ...}`. Steps under way are not told one by one.
pub(super) struct Json<'a> {
    study: &'a Study,
}

impl<'a> Json<'a> {
    pub(super) fn new(study: &'a Study) -> Self {
        Self { study }
    }
}

impl Progress for Json<'_> {
    fn event(&self, event: &Event<'_>) {
        let line = match *event {
            Event::Started { runs, cached, steps, .. } => {
                json!({ "event": "started", "study": self.study.name, "runs": runs, "cached": cached, "steps": steps })
            }
            Event::Finished { task, record } => {
                let last = record.points.last();
                let metrics = &self.study.trials[task.trial].setting.evaluate.metrics;
                let named = |values: Option<&[f64]>| -> serde_json::Map<String, serde_json::Value> {
                    let values = values.into_iter().flatten();
                    metrics.iter().zip(values).map(|(metric, &value)| (metric.name().into(), json!(value))).collect()
                };
                json!({
                    "event": "finished",
                    "run": record.id,
                    "trial": task.trial,
                    "seed": task.seed,
                    "outcome": record.outcome.name(),
                    "epoch": last.map(|point| point.epoch),
                    "train": named(last.map(|point| point.halves()[0])),
                    "validation": named(last.map(|point| point.halves()[1])),
                    "digest": record.digest(),
                })
            }
            Event::Waiting { runs } => json!({ "event": "waiting", "runs": runs }),
            Event::Stuck { owner, tasks, still, given_up } => {
                let runs: Vec<_> = tasks.iter().map(|task| task.id).collect();
                let seconds = still.as_secs();
                json!({ "event": "stuck", "owner": owner, "runs": runs, "seconds": seconds, "given-up": given_up })
            }
            Event::Committed { runs } => json!({ "event": "committed", "runs": runs }),
            Event::Rendering => json!({ "event": "rendering" }),
            Event::Stopped => json!({ "event": "stopped" }),
            Event::Advanced { .. } => return,
        };
        output::out_json(&line);
    }
}
