//! The log of a run, through which an experiment is measured.

use std::ops::ControlFlow;

use restudy::{
    digest::{Digest, Recorder},
    model::Params,
    train::{Ending, Job, Observation, Observer, Outcome, Simd},
};

use super::influence::Trail;
use crate::error::{Error, Result};

/// Measures a run of an experiment: keeps the measurements, chains their digests, and applies the stopping rules.
pub struct Log<'a> {
    job: Job<'a>,
    simd: Simd,
    pub(super) recorder: Recorder<'a>,
    interrupted: &'a dyn Fn() -> bool,
    ending: Ending,
    pub(super) step: Option<u64>,
    pub(super) last: Params,
    pub(super) ended: Option<Outcome>,
    pub(super) stopped: bool,
    /// Records every step, for the check of the axes.
    trail: Option<&'a mut Trail>,
}

impl<'a> Log<'a> {
    pub(super) fn new(
        job: Job<'a>,
        id: Digest,
        simd: Simd,
        watch: &'a mut dyn FnMut(usize, &Observation) -> ControlFlow<()>,
        interrupted: &'a dyn Fn() -> bool,
    ) -> Self {
        Self {
            job,
            simd,
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

    /// Adds a trail, which may end the run.
    pub(super) fn with(self, trail: &'a mut Trail) -> Self {
        Self { trail: Some(trail), ..self }
    }

    /// Takes the parameters after `step` steps, beginning with 0, and measures them where the study wants it.
    ///
    /// # Errors
    /// The run has converged or diverged, or was interrupted: return this error with `?`. Or a step was left out.
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
        let point = self.job.measure(self.simd, step, params);
        self.last = params.clone();
        self.stopped = self.recorder.measured(0, &point, params).is_break();
        point
    }
}
