use serde_json::json;

use super::{Progress, counts_steps, output};
use crate::{
    measure::Split,
    run::Event,
    sweep::{Study, slot},
};

/// One JSON object per line: `{"event": "finished", ...}`. Single steps are not reported.
pub(super) struct Json<'a> {
    study: &'a Study,
    part: Option<String>,
}

impl<'a> Json<'a> {
    pub(super) fn new(study: &'a Study, part: Option<&str>) -> Self {
        Self { study, part: part.map(str::to_owned) }
    }
}

impl Progress for Json<'_> {
    fn event(&self, event: &Event<'_>) {
        let line = match *event {
            Event::Started { runs, cached, steps, .. } => {
                let steps = counts_steps(self.study).then_some(steps);
                let mut object = json!({ "event": "started", "study": self.study.name, "runs": runs, "cached": cached, "steps": steps });
                if let Some(part) = &self.part {
                    object["part"] = json!(part);
                }
                object
            }
            Event::Finished { task, record } => {
                let last = record.observations.last();
                let measured = self.study.measured(&self.study.trials[task.trial]);
                let mut object = json!({
                    "event": "finished",
                    "run": record.id,
                    "trial": task.trial,
                    "seed": task.seed,
                    "outcome": record.outcome.name(),
                    "epoch": last.map(|observation| observation.epoch),
                    "digest": record.digest(),
                });
                for own in &measured {
                    for part in own.parts() {
                        let value = last
                            .zip(slot(&measured, *part, &own.name))
                            .and_then(|(observation, slot)| observation.values.get(slot));
                        let part = if *part == Split::None { "measured" } else { part.name() };
                        object[part][&own.name] = json!(value);
                    }
                }
                object
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
