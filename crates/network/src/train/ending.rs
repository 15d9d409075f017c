use super::{Job, Observation, Outcome, is_diverged};
use crate::model::Params;

/// What ends a run: divergence, a condition of `[stop]`, or its last step. It is shown every measurement of the run, in order.
#[derive(Debug, Clone, Default)]
pub struct Ending {
    /// The step since which the training error has been zero.
    pub(super) zero_since: Option<u64>,
}

impl Ending {
    /// How the run ended, if this measurement ended it. `params` are those that were measured.
    pub fn after(&mut self, job: &Job<'_>, point: &Observation, params: &Params) -> Option<Outcome> {
        let &Observation { epoch, step, .. } = point;
        if is_diverged(point, params) {
            return Some(Outcome::Diverged { epoch });
        }
        let stop = &job.setting.stop;
        self.zero_since = if point.values[1] == 0.0 { Some(self.zero_since.unwrap_or(step)) } else { None };
        let patience = stop.zero_error_epochs.map(|epochs| epochs.saturating_mul(job.split.train.len() as u64));
        let settled = self.zero_since.zip(patience).is_some_and(|(since, patience)| step - since >= patience);
        if settled || stop.loss_below.is_some_and(|below| point.values[0] < below) {
            return Some(Outcome::Converged { epoch });
        }
        (step == job.steps()).then_some(Outcome::Completed)
    }
}
