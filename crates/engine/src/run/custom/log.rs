//! The log of a run: what an experiment tells its measurements to.

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

/// Why a run ends before all of its steps are done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The log said so: hand it on with `?`.
    Over,
    /// It is settled; no more steps are needed.
    Converged,
    /// It cannot be done: why.
    Failed(String),
}

/// Any error of a library ends a run with what it says.
impl<E: std::error::Error> From<E> for End {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

/// What was told to a log, or why the run is over.
pub type Logged = Result<(), End>;

/// Where a run tells what it measures and what is to be kept of it.
///
/// Measurements are told by their names, each after a number of steps; what has parts is told as `train.NAME` and `validation.NAME`. What is told must have been
/// declared; what is declared and not told at some step is absent there. A value that is not finite is the last of its run, which then has diverged.
pub struct Log<'a> {
    id: Digest,
    seed: Seed,
    steps: u64,
    measured: Vec<&'a Measurement>,
    values: usize,
    keeps: &'a [String],
    /// The worst of each value.
    worst: Vec<f64>,
    points: Vec<Observation>,
    chain: Vec<Digest>,
    kept: Vec<Option<state::Array>>,
    watch: &'a mut dyn FnMut(&Observation) -> ControlFlow<()>,
    stopped: &'a dyn Fn() -> bool,
    /// How the run has ended, if it has.
    ended: Option<Outcome>,
    broken_off: bool,
    /// Where states go, and where that of an earlier process is.
    handover: Option<(&'a dyn Handover, usize)>,
}

impl fmt::Debug for Log<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("id", &self.id).field("points", &self.points.len()).finish_non_exhaustive()
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
        let values = measured.iter().map(|own| own.parts().len()).sum();
        let mut worst = vec![f64::INFINITY; values];
        for own in &measured {
            for slot in own.parts().iter().filter_map(|part| slot(&measured, *part, &own.name)) {
                worst[slot] = own.direction.worst();
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
            points: Vec::new(),
            chain: Vec::new(),
            kept: vec![None; keeps.len()],
            watch,
            stopped,
            ended: None,
            broken_off: false,
            handover: None,
        }
    }

    /// The log of the run in a lane of a group that is handed over while it is under way.
    pub(super) fn handing_over(self, handover: Option<&'a dyn Handover>, lane: usize) -> Self {
        Self { handover: handover.map(|handover| (handover, lane)), ..self }
    }

    /// The steps that were done, and the state, where an earlier process has left this run; what it measured is then in this log already. Nothing where
    /// the run begins. An experiment that never asks begins anew.
    pub fn resumed(&mut self) -> Option<(u64, Vec<u8>)> {
        let (handover, lane) = self.handover.filter(|_| self.points.is_empty())?;
        let Checkpoint { step, points, chain, state } = handover.kept(lane)?;
        // A checkpoint is untrusted input: links that do not follow from the run are refused.
        let mut previous = self.id;
        let follows = |(point, link): (&Observation, &Digest)| {
            previous = digest::own_link(previous, point, &Kept::default());
            point.values.len() == self.values && previous == *link
        };
        let fits = points.len() == chain.len() && points.iter().zip(&*chain).all(follows);
        let (points, chain) = fits.then(|| (points.into_owned(), chain.into_owned()))?;
        let (kept, state) = state::read(&state, self.kept.len())?;
        for point in &points {
            self.broken_off |= (self.watch)(point).is_break();
        }
        (self.points, self.chain, self.kept) = (points, chain, kept);
        Some((step, state))
    }

    /// Keeps a state about every two seconds, so that a kill costs no more: `state` gives the bytes from which [`resumed`](Self::resumed) goes on, and is asked
    /// only where one is due. What is gone on from must give the same bits as a run that was never interrupted; measurements and arrays that the
    /// log has are kept with it. It also does what [`pause`](Self::pause) does.
    ///
    /// The clock is read at the latest every 64 calls: where single steps take seconds after many that took none, a state may be that many steps old.
    ///
    /// # Errors
    /// The run is to be broken off: hand this on with `?`.
    pub fn hand_over(&mut self, step: u64, state: impl FnOnce() -> Vec<u8>) -> Logged {
        let paused = self.pause();
        if let Some((handover, lane)) = self.handover.filter(|(handover, _)| self.ended.is_none() && handover.due()) {
            let (points, chain) = (self.points.as_slice().into(), self.chain.as_slice().into());
            let state = state::write(&self.kept, &state());
            handover.keep(lane, &Checkpoint { step, points, chain, state: state.into() });
        }
        paused
    }

    /// Tells what was measured after `step` steps, which are counted as epochs, too.
    ///
    /// # Errors
    /// The run is over: hand this on with `?`. Or it was told what was not declared, or a step that is not behind the last one.
    pub fn measure<'b>(&mut self, step: u64, values: impl IntoIterator<Item = (&'b str, f64)>) -> Logged {
        self.measure_at(step, step, values)
    }

    /// The same in an epoch of several steps.
    ///
    /// # Errors
    /// As [`measure`](Self::measure).
    pub fn measure_at<'b>(
        &mut self,
        epoch: u64,
        step: u64,
        values: impl IntoIterator<Item = (&'b str, f64)>,
    ) -> Logged {
        if self.ended.is_some() || self.broken_off {
            return Err(End::Over);
        }
        let mut told = vec![f64::NAN; self.values];
        for (name, value) in values {
            let place = self.place(name)?;
            if !told[place].is_nan() {
                return self.fail(format!("it measured `{name}` twice at step {step}"));
            }
            // What is not finite is told as the worst value, whatever it was.
            told[place] = if value.is_finite() { value } else { self.worst[place] };
        }
        if let Some(last) = self.points.last()
            && (step <= last.step || epoch < last.epoch)
        {
            return self.fail(format!(
                "step {step} (epoch {epoch}) was measured after step {} (epoch {})",
                last.step, last.epoch
            ));
        }
        let point = Observation { epoch, step, values: told };
        let previous = self.chain.last().copied().unwrap_or(self.id);
        self.chain.push(digest::own_link(previous, &point, &Kept::default()));
        if point.values.iter().any(|value| value.is_infinite()) {
            self.ended = Some(Outcome::Diverged { epoch });
        }
        self.broken_off = (self.watch)(&point).is_break();
        self.points.push(point);
        if self.ended.is_some() || self.broken_off { Err(End::Over) } else { Ok(()) }
    }

    /// Says whether to break off, which long work between measurements should ask several times a second; it costs next to nothing.
    ///
    /// # Errors
    /// The run is to be broken off: hand this on with `?`.
    pub fn pause(&mut self) -> Logged {
        self.broken_off |= (self.stopped)();
        if self.broken_off || self.ended.is_some() { Err(End::Over) } else { Ok(()) }
    }

    /// Keeps an array of `columns` columns under a declared name, in place of what was kept under it before.
    ///
    /// # Errors
    /// The name was not declared, or the numbers do not fill the columns.
    pub fn keep(&mut self, name: &str, columns: usize, values: &[f64]) -> Logged {
        let Some(place) = self.keeps.iter().position(|own| own == name) else {
            return self
                .fail(format!("it keeps `{name}`, which it did not declare; declared are: {}", self.keeps.join(", ")));
        };
        if columns == 0 || !values.len().is_multiple_of(columns) {
            return self.fail(format!("it keeps `{name}`: {} numbers do not fill {columns} columns", values.len()));
        }
        self.kept[place] = Some(([values.len() / columns, columns], values.to_vec()));
        Ok(())
    }

    /// Where a value of this name stands in a record.
    fn place(&mut self, name: &str) -> Result<usize, End> {
        let (part, own) = match name.split_once('.') {
            Some(("train", own)) => (Split::Train, own),
            Some(("validation", own)) => (Split::Validation, own),
            _ => (Split::None, name),
        };
        let found = slot(&self.measured, part, own).ok_or_else(|| {
            let all = self.measured.iter().flat_map(|own| own.parts().iter().map(|part| part.joined('.', &own.name)));
            let all: Vec<_> = all.collect();
            format!("it measured `{name}`, which it did not declare; declared are: {}", all.join(", "))
        });
        found.or_else(|message| self.fail(message).map(|()| 0))
    }

    fn fail(&mut self, message: String) -> Logged {
        self.ended = Some(Outcome::Failed { message: message.clone() });
        Err(End::Failed(message))
    }

    /// Whether the run is to be broken off, and said so to its experiment.
    pub(super) fn is_broken_off(&self) -> bool {
        self.broken_off
    }

    /// Whether the log itself has ended the run.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// The record of the run, which ended so; nothing if it was broken off.
    pub(super) fn finish(mut self, done: Logged) -> Option<Record> {
        if self.broken_off {
            return None;
        }
        let last = self.points.last().map(|point| (point.epoch, point.step));
        let failed = |message: &str| Outcome::Failed { message: message.into() };
        let outcome = match (self.ended.take(), done) {
            (Some(ended), _) => ended,
            (None, Err(End::Failed(message))) => Outcome::Failed { message },
            (None, Err(End::Over)) => failed("it ended as over, which the log did not say"),
            (None, _) if last.is_none() => failed("it measured nothing"),
            (None, Err(End::Converged)) => Outcome::Converged { epoch: last.map_or(0, |(epoch, _)| epoch) },
            (None, Ok(())) => Outcome::Completed,
        };
        let trained = matches!(outcome, Outcome::Completed | Outcome::Converged { .. });
        let lacking = self.keeps.iter().zip(&self.kept).find(|(_, kept)| kept.is_none()).map(|(name, _)| name);
        let outcome = match lacking {
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
            Outcome::Diverged { epoch: last.map_or(0, |(epoch, _)| epoch) }
        };
        let own = Some(digest::Own { seed: self.seed, success: None });
        let mut record = Record { id: self.id, observations: self.points, chain: self.chain, outcome, kept, own };
        record.close();
        record.observations.shrink_to_fit();
        Some(record)
    }

    /// The steps that the experiment says a run has.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }
}
