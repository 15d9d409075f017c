use super::{Job, Observation, Outcome, is_diverged};
use crate::model::Params;

/// Detects the end of a run: divergence, a condition of `[stop]`, or the last step. It needs every measurement of the
/// run, in order.
#[derive(Debug, Clone, Default)]
pub struct Ending {
    pub(super) zero_since: Option<u64>,
}

impl Ending {
    /// Returns the outcome if this measurement ends the run. `params` are the measured parameters.
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
