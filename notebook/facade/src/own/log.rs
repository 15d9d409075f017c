//! The log of a run: what an experiment shows its parameters to.

use std::ops::ControlFlow;

use restudy::{
    digest::{Digest, Recorder},
    model::Params,
    train::{Ending, Job, Observation, Observer, Outcome, Simd},
};

use super::influence::Trail;
use crate::error::{Error, Result};

/// Where a run of an experiment is measured: it keeps the measurements, chains their digests, and knows when the run is over.
pub struct Log<'a> {
    job: Job<'a>,
    kernel: Simd,
    pub(super) recorder: Recorder<'a>,
    interrupted: &'a dyn Fn() -> bool,
    ending: Ending,
    /// The step that was shown last.
    pub(super) step: Option<u64>,
    /// The parameters that were measured last.
    pub(super) last: Params,
    pub(super) ended: Option<Outcome>,
    pub(super) stopped: bool,
    /// What else is told of every step.
    trail: Option<&'a mut Trail>,
}

impl<'a> Log<'a> {
    pub(super) fn new(
        job: Job<'a>,
        id: Digest,
        kernel: Simd,
        watch: &'a mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        interrupted: &'a dyn Fn() -> bool,
    ) -> Self {
        Self {
            job,
            kernel,
            recorder: Recorder::new(&[id], watch),
            interrupted,
            ending: Ending::default(),
            step: None,
            last: job.initial(),
            ended: None,
            stopped: false,
            trail: None,
        }
    }

    /// With a trail, which may end the run.
    pub(super) fn with(self, trail: &'a mut Trail) -> Self {
        Self { trail: Some(trail), ..self }
    }

    /// Shows the parameters after `step` steps, beginning with 0. They are measured where the study wants it.
    ///
    /// # Errors
    /// The run is over: it has converged or diverged, or was interrupted; hand this on with `?`. Or steps were left out.
    pub fn measure(&mut self, step: u64, params: &Params) -> Result<()> {
        if self.ended.is_some() || self.stopped {
            return Err(Error::new("the run is over", "hand the error of `log.measure` on with `?`"));
        }
        let expected = self.step.map_or(0, |step| step + 1);
        if step != expected || step > self.job.steps() {
            return Err(Error::new(
                format!("step {step} was shown to the log where step {expected} was expected"),
                "call `log.measure(0, &params)?` before the first step, and again after every step",
            ));
        }
        if params.d != self.job.split.train.d {
            let found = format!("parameters for {} inputs, on data with {}", params.d, self.job.split.train.d);
            return Err(Error::new(found, "begin with `job.initial()`"));
        }
        self.step = Some(step);
        if self.trail.as_mut().is_some_and(|trail| trail.step(params).is_break()) {
            self.stopped = true;
            return Err(Error::from("the run was interrupted"));
        }
        let every = self.job.setting.evaluate.every.steps(self.job.split.train.len() as u64);
        if !step.is_multiple_of(every) && step != self.job.steps() {
            self.stopped = (self.interrupted)();
            return if self.stopped { Err(Error::from("the run was interrupted")) } else { Ok(()) };
        }
        let point = self.record(step, params);
        self.ended = self.ending.after(&self.job, &point, params);
        match &self.ended {
            _ if self.stopped => Err(Error::from("the run was interrupted")),
            None | Some(Outcome::Completed) => Ok(()),
            Some(_) => Err(Error::from("the run is over")),
        }
    }

    pub(super) fn record(&mut self, step: u64, params: &Params) -> Observation {
        let point = self.job.measure(self.kernel, step, params);
        self.last = params.clone();
        self.stopped = self.recorder.measured(0, &point, params).is_break();
        point
    }
}
