//! The log of a run: it records the measurements and arrays of a custom experiment.

mod about;
mod state;

use std::{fmt, ops::ControlFlow};

use crate::{
    digest::{self, Digest, Kept, Observation, Outcome, Record},
    measure::{Measurement, Split},
    run::Handover,
    seed::Seed,
    store::Checkpoint,
    sweep::slot,
};

/// Why a run ends before its last step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The log ended the run: pass this on with `?`.
    Over,
    /// The run has converged; no more steps are needed.
    Converged,
    /// The run failed, with the reason.
    Failed(String),
}

/// Any error of a library ends a run with its message.
impl<E: std::error::Error> From<E> for End {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

/// The result of a call of a log: `Err` if the run is over.
pub type Logged = Result<(), End>;

/// Records the measurements and the stored arrays of a run.
///
/// Measurements are recorded by name, after a number of steps; those with splits have the names `train.NAME` and
/// `validation.NAME`. Every recorded measurement must be declared; a declared one that is not recorded at a step is
/// absent there. The first value that is not finite ends the run as diverged.
pub struct Log<'a> {
    id: Digest,
    seed: Seed,
    steps: u64,
    measured: Vec<&'a Measurement>,
    values: usize,
    keeps: &'a [String],
    /// The worst possible value of each measurement.
    worst: Vec<f64>,
    observations: Vec<Observation>,
    chain: Vec<Digest>,
    kept: Vec<Option<state::Array>>,
    watch: &'a mut dyn FnMut(&Observation) -> ControlFlow<()>,
    stopped: &'a dyn Fn() -> bool,
    /// The outcome, once the log has ended the run.
    ended: Option<Outcome>,
    is_stopped: bool,
    /// Receives checkpoints, and has that of an earlier process; with the lane of this run.
    handover: Option<(&'a dyn Handover, usize)>,
}

impl fmt::Debug for Log<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log")
            .field("id", &self.id)
            .field("observations", &self.observations.len())
            .finish_non_exhaustive()
    }
}

impl<'a> Log<'a> {
    pub(super) fn new(
        id: Digest,
        seed: Seed,
        steps: u64,
        measured: Vec<&'a Measurement>,
        keeps: &'a [String],
        watch: &'a mut dyn FnMut(&Observation) -> ControlFlow<()>,
        stopped: &'a dyn Fn() -> bool,
    ) -> Self {
        let values = measured.iter().map(|measurement| measurement.parts().len()).sum();
        let mut worst = vec![f64::INFINITY; values];
        for measurement in &measured {
            let name = &measurement.name;
            for slot in measurement.parts().iter().filter_map(|split| slot(&measured, *split, name)) {
                worst[slot] = measurement.direction.worst();
            }
        }
        Self {
            id,
            seed,
            steps,
            worst,
            measured,
            values,
            keeps,
            observations: Vec::new(),
            chain: Vec::new(),
            kept: vec![None; keeps.len()],
            watch,
            stopped,
            ended: None,
            is_stopped: false,
            handover: None,
        }
    }

    /// Sets the receiver of checkpoints, and the lane of the run in its group.
    pub(super) fn with_handover(self, handover: Option<&'a dyn Handover>, lane: usize) -> Self {
        Self { handover: handover.map(|handover| (handover, lane)), ..self }
    }

    /// Returns the number of steps and the state of the checkpoint of an earlier process, whose measurements are then
    /// in this log; `None` at the beginning of a run. An experiment that does not call this starts every run from the
    /// beginning.
    pub fn resumed(&mut self) -> Option<(u64, Vec<u8>)> {
        let (handover, lane) = self.handover.filter(|_| self.observations.is_empty())?;
        let Checkpoint { step, points, chain, state } = handover.kept(lane)?;
        // A checkpoint is untrusted input: its chain must begin with the identity of the run.
        let mut previous = self.id;
        let follows = |(observation, link): (&Observation, &Digest)| {
            previous = digest::own_link(previous, observation, &Kept::default());
            observation.values.len() == self.values && previous == *link
        };
        let fits = points.len() == chain.len() && points.iter().zip(&*chain).all(follows);
        let (points, chain) = fits.then(|| (points.into_owned(), chain.into_owned()))?;
        let (kept, state) = state::read(&state, self.kept.len())?;
        for observation in &points {
            self.is_stopped |= (self.watch)(observation).is_break();
        }
        (self.observations, self.chain, self.kept) = (points, chain, kept);
        Some((step, state))
    }

    /// Saves a checkpoint about every two seconds, so that a kill costs no more. `state` returns the bytes from which
    /// [`resumed`](Self::resumed) continues; it is called only if a checkpoint is due. A continued run must give the
    /// same bits as an uninterrupted one. The checkpoint includes the measurements and arrays of the log. This method
    /// also does what [`pause`](Self::pause) does.
    ///
    /// The clock is read at least every 64 calls: if steps become slow after many fast ones, a checkpoint may be that
    /// many steps old.
    ///
    /// # Errors
    /// The run is stopped: pass this on with `?`.
    pub fn hand_over(&mut self, step: u64, state: impl FnOnce() -> Vec<u8>) -> Logged {
        let paused = self.pause();
        if let Some((handover, lane)) = self.handover.filter(|(handover, _)| self.ended.is_none() && handover.due()) {
            let (points, chain) = (self.observations.as_slice().into(), self.chain.as_slice().into());
            let state = state::write(&self.kept, &state());
            handover.keep(lane, &Checkpoint { step, points, chain, state: state.into() });
        }
        paused
    }

    /// Records measurements after `step` steps; each step counts as an epoch.
    ///
    /// # Errors
    /// The run is over: pass this on with `?`. A measurement is not declared, or `step` is not greater than the last
    /// one.
    pub fn measure<'b>(&mut self, step: u64, values: impl IntoIterator<Item = (&'b str, f64)>) -> Logged {
        self.measure_at(step, step, values)
    }

    /// Records measurements after `step` steps, in `epoch`.
    ///
    /// # Errors
    /// As [`measure`](Self::measure).
    pub fn measure_at<'b>(
        &mut self,
        epoch: u64,
        step: u64,
        values: impl IntoIterator<Item = (&'b str, f64)>,
    ) -> Logged {
        if self.ended.is_some() || self.is_stopped {
            return Err(End::Over);
        }
        let mut recorded = vec![f64::NAN; self.values];
        for (name, value) in values {
            let place = self.place(name)?;
            if !recorded[place].is_nan() {
                return self.fail(format!("it measured `{name}` twice at step {step}"));
            }
            // A value that is not finite is recorded as the worst value.
            recorded[place] = if value.is_finite() { value } else { self.worst[place] };
        }
        if let Some(last) = self.observations.last()
            && (step <= last.step || epoch < last.epoch)
        {
            return self.fail(format!(
                "step {step} (epoch {epoch}) was measured after step {} (epoch {})",
                last.step, last.epoch
            ));
        }
        let observation = Observation { epoch, step, values: recorded };
        let previous = self.chain.last().copied().unwrap_or(self.id);
        self.chain.push(digest::own_link(previous, &observation, &Kept::default()));
        if observation.values.iter().any(|value| value.is_infinite()) {
            self.ended = Some(Outcome::Diverged { epoch });
        }
        self.is_stopped = (self.watch)(&observation).is_break();
        self.observations.push(observation);
        if self.ended.is_some() || self.is_stopped { Err(End::Over) } else { Ok(()) }
    }

    /// Checks whether the run should stop. Call it several times a second during long work between measurements; a call
    /// is cheap.
    ///
    /// # Errors
    /// The run is stopped: pass this on with `?`.
    pub fn pause(&mut self) -> Logged {
        self.is_stopped |= (self.stopped)();
        if self.is_stopped || self.ended.is_some() { Err(End::Over) } else { Ok(()) }
    }

    /// Stores an array of `columns` columns under a declared name, in place of an earlier one.
    ///
    /// # Errors
    /// The name is not declared, or the numbers do not fill the columns.
    pub fn keep(&mut self, name: &str, columns: usize, values: &[f64]) -> Logged {
        let Some(place) = self.keeps.iter().position(|declared| declared == name) else {
            return self
                .fail(format!("it keeps `{name}`, which it did not declare; declared are: {}", self.keeps.join(", ")));
        };
        if columns == 0 || !values.len().is_multiple_of(columns) {
            return self.fail(format!("it keeps `{name}`: {} numbers do not fill {columns} columns", values.len()));
        }
        self.kept[place] = Some(([values.len() / columns, columns], values.to_vec()));
        Ok(())
    }

    /// The index of a measurement in an observation.
    fn place(&mut self, name: &str) -> Result<usize, End> {
        let (split, plain) = match name.split_once('.') {
            Some(("train", plain)) => (Split::Train, plain),
            Some(("validation", plain)) => (Split::Validation, plain),
            _ => (Split::None, name),
        };
        let found = slot(&self.measured, split, plain).ok_or_else(|| {
            let names = |measurement: &&Measurement| {
                measurement.parts().iter().map(|split| split.joined('.', &measurement.name)).collect::<Vec<_>>()
            };
            let all: Vec<_> = self.measured.iter().flat_map(names).collect();
            format!("it measured `{name}`, which it did not declare; declared are: {}", all.join(", "))
        });
        found.or_else(|message| self.fail(message).map(|()| 0))
    }

    fn fail(&mut self, message: String) -> Logged {
        self.ended = Some(Outcome::Failed { message: message.clone() });
        Err(End::Failed(message))
    }

    /// Whether the run was stopped from outside.
    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// Whether the log itself has ended the run.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// The record of the run, which ended with `result`; `None` if it was stopped.
    pub(super) fn finish(mut self, result: Logged) -> Option<Record> {
        if self.is_stopped {
            return None;
        }
        let last_epoch = self.observations.last().map(|observation| observation.epoch);
        let failed = |message: &str| Outcome::Failed { message: message.into() };
        let outcome = match (self.ended.take(), result) {
            (Some(ended), _) => ended,
            (None, Err(End::Failed(message))) => Outcome::Failed { message },
            (None, Err(End::Over)) => failed("it ended as over, which the log did not say"),
            (None, _) if last_epoch.is_none() => failed("it measured nothing"),
            (None, Err(End::Converged)) => Outcome::Converged { epoch: last_epoch.unwrap_or(0) },
            (None, Ok(())) => Outcome::Completed,
        };
        let trained = matches!(outcome, Outcome::Completed | Outcome::Converged { .. });
        let missing = self.keeps.iter().zip(&self.kept).find(|(_, kept)| kept.is_none()).map(|(name, _)| name);
        let outcome = match missing {
            Some(name) if trained => failed(&format!("it did not keep `{name}`, which it declared")),
            _ => outcome,
        };
        let trained = matches!(outcome, Outcome::Completed | Outcome::Converged { .. });
        let mut kept = Kept::default();
        for (shape, values) in self.kept.into_iter().flatten().filter(|_| trained) {
            kept.shapes.push(shape);
            kept.values.extend(values);
        }
        let outcome = if kept.values.iter().all(|value| value.is_finite()) {
            outcome
        } else {
            kept.values.iter_mut().filter(|value| !value.is_finite()).for_each(|value| *value = f64::INFINITY);
            Outcome::Diverged { epoch: last_epoch.unwrap_or(0) }
        };
        let own = Some(digest::Own { seed: self.seed, success: None });
        let mut record = Record { id: self.id, observations: self.observations, chain: self.chain, outcome, kept, own };
        record.close();
        record.observations.shrink_to_fit();
        Some(record)
    }
}
