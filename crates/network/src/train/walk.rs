use alloc::vec::Vec;

use super::{Ending, Job, Observation, Order, Outcome, Simd, advance::Steps, group::canonical, lanes::Lanes};
use crate::{
    data::{Dataset, SplitData},
    model::Params,
};

/// One run that is trained in slices, so that the caller can do other work in between, as a page in a browser must. It
/// has the same bits as a run of [`train`](super::train).
#[derive(Debug, Clone)]
pub struct Walk {
    lanes: Lanes<1>,
    order: Order,
    step: u64,
    /// The parameters at the last measurement.
    params: Params,
    ending: Ending,
    outcome: Option<Outcome>,
    measured: bool,
}

impl Walk {
    /// Creates a run before its first measurement.
    ///
    /// # Panics
    /// If a metric is [not defined](Job::undefined) on its points.
    #[must_use]
    pub fn new(job: &Job<'_>) -> Self {
        job.require_defined();
        let params = job.initial();
        let lanes = Lanes::new([&params]);
        Self { lanes, order: job.order(), step: 0, params, ending: Ending::default(), outcome: None, measured: false }
    }

    /// Trains at most `most` steps, up to the next measurement, and returns it if it was reached; returns `None` after
    /// the end. `job` must be the same in every call.
    pub fn advance(&mut self, simd: Simd, job: &Job<'_>, most: u64) -> Option<Observation> {
        if self.outcome.is_some() {
            return None;
        }
        if !self.measured && self.step == 0 {
            return Some(self.measure(simd, job));
        }
        let SplitData { train, .. } = job.split;
        let every = job.setting.evaluate.every.steps(train.len() as u64);
        let target = (self.step / every + 1).saturating_mul(every).min(job.steps());
        let steps = most.min(target - self.step);
        let order: Vec<[u32; 1]> = (0..steps).map(|_| [self.order.draw()]).collect();
        simd.advance(Steps { lanes: &mut self.lanes, data: &[train], rate: &[job.rate()], order: &order });
        self.step += steps;
        (self.step == target).then(|| self.measure(simd, job))
    }

    /// Returns the parameters at the last measurement.
    #[must_use]
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// Returns the outcome, if the run has ended.
    #[must_use]
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    fn measure(&mut self, simd: Simd, job: &Job<'_>) -> Observation {
        self.measured = true;
        self.lanes.read(0, &mut self.params);
        let metrics = &job.setting.evaluate.metrics;
        let lanes = &self.lanes;
        let of = |data: &Dataset| simd.measure(lanes, &[data], metrics).into_iter().map(|row| canonical(row[0]));
        let SplitData { train, validation } = job.split;
        let epoch = self.step / train.len() as u64;
        let point = Observation { epoch, step: self.step, values: of(train).chain(of(validation)).collect() };
        self.outcome = self.ending.after(job, &point, &self.params);
        point
    }
}
