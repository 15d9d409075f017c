use alloc::{format, string::String, vec, vec::Vec};
use core::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::{Digest, Hasher, portable_bits};
use crate::{
    model::Params,
    train::{Finished, Job, Kernel, Observer, Outcome, Point, is_diverged, train},
};

/// Everything that a finished run leaves behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The identity of the run.
    pub id: Digest,
    /// The measurements; the first one is of the untrained network.
    pub points: Vec<Point>,
    /// The link of the chain at each measurement.
    pub chain: Vec<Digest>,
    /// How it ended.
    pub outcome: Outcome,
    /// The final parameters; of a diverged run they are not all finite.
    pub params: Params,
}

impl Record {
    /// The digest of the run: of the last link and the outcome.
    #[must_use]
    pub fn digest(&self) -> Digest {
        run_digest(*self.chain.last().unwrap_or(&self.id), &self.outcome_text())
    }

    /// The digest of all measurements, those in the midst of the run among them, and their links: neither the digest of the run nor its last
    /// link binds these to anybody who has only what is kept of a run.
    #[must_use]
    pub fn measurements(&self) -> Digest {
        let mut measured = Measured::new(self.id, self.points.len());
        for (point, link) in self.points.iter().zip(&self.chain) {
            measured.row(point.epoch, point.step, [&point.train, &point.validation], *link);
        }
        measured.finish()
    }

    /// How many measurements two records of one run have in common before the first that differs in any bit, or in its link.
    #[must_use]
    pub fn agreeing(&self, other: &Self) -> usize {
        let measured = |record: &Self, place: usize| {
            let point = &record.points[place];
            (point.epoch, point.step, bits(&point.train), bits(&point.validation), record.chain.get(place).copied())
        };
        let common = self.points.len().min(other.points.len());
        (0..common).take_while(|&place| measured(self, place) == measured(other, place)).count()
    }

    /// Where two records of one run first differ in any bit; every NaN is the same.
    #[must_use]
    pub fn first_difference(&self, other: &Self) -> Option<Place> {
        let same = self.agreeing(other);
        if let (Some(point), Some(_)) = (self.points.get(same), other.points.get(same)) {
            return Some(Place::Epoch(point.epoch));
        }
        if self.id != other.id || self.points.len() != other.points.len() || self.chain.len() != other.chain.len() {
            return Some(Place::Length);
        }
        if self.outcome != other.outcome {
            return Some(Place::Outcome);
        }
        let parameters = |record: &Self| {
            let Params { d, wi, bi, wo, bo } = &record.params;
            (*d, [bits(wi), bits(bi), bits(wo), bits(&[*bo])])
        };
        (parameters(self) != parameters(other)).then_some(Place::Parameters)
    }

    /// The outcome as it enters the digest.
    #[must_use]
    pub fn outcome_text(&self) -> String {
        match &self.outcome {
            Outcome::Completed => "completed".into(),
            Outcome::Converged { epoch } => format!("converged {epoch}"),
            Outcome::Diverged { epoch } => format!("diverged {epoch}"),
            Outcome::Failed { message } => format!("failed {message}"),
        }
    }

    /// The first epoch measured with a training error of zero; the error is the second metric of every run.
    #[must_use]
    pub fn zero_epoch(&self) -> Option<u64> {
        self.points.iter().find(|point| point.train.get(1) == Some(&0.0)).map(|point| point.epoch)
    }

    /// Makes the last link hold, for records that tests make up.
    #[cfg(test)]
    pub(crate) fn close(&mut self) {
        let previous = self.chain.iter().rev().nth(1).copied().unwrap_or(self.id);
        if let (Some(point), Some(last)) = (self.points.last(), self.chain.last_mut()) {
            *last = link(previous, point, &self.params);
        }
    }

    /// Whether the parameters are those of a network, the measurements follow each other from the untrained network on, all of as many metrics, and the run
    /// ended as the last of them says. A record that anybody made up may have any digests that it needs, but not any shape.
    ///
    /// Which network, and how many metrics, the record alone does not say: the bytes that are hashed do not part metrics and parameters, the
    /// settings of the run do.
    #[must_use]
    pub fn is_in_shape(&self) -> bool {
        let Params { d, wi, bi, wo, .. } = &self.params;
        let network = bi.len().checked_mul(*d) == Some(wi.len()) && wo.len() == bi.len();
        let follows = |pair: &[Point]| {
            let ([one, next], finite) =
                ([&pair[0], &pair[1]], |values: &[f64]| values.iter().all(|value| value.is_finite()));
            let measured = |point: &Point| (point.train.len(), point.validation.len());
            let later = one.step < next.step && one.epoch <= next.epoch && measured(one) == measured(next);
            later && finite(&one.train) && finite(&one.validation)
        };
        let (Some(first), Some(last)) = (self.points.first(), self.points.last()) else { return false };
        let begins = (first.epoch, first.step) == (0, 0) && self.chain.len() == self.points.len();
        // What is not finite was measured as +∞.
        let numbers =
            last.train.iter().chain(&last.validation).all(|value| value.is_finite() || *value == f64::INFINITY);
        let ends = match self.outcome {
            Outcome::Completed => !is_diverged(last, &self.params),
            Outcome::Converged { epoch } => epoch == last.epoch && !is_diverged(last, &self.params),
            Outcome::Diverged { epoch } => epoch == last.epoch && is_diverged(last, &self.params),
            Outcome::Failed { .. } => true,
        };
        network && begins && numbers && ends && self.points.windows(2).all(follows)
    }

    /// Whether the chain is the one that the identity, measurements and final parameters give, as far as they tell: the
    /// links in the middle also cover parameters that were not kept.
    #[must_use]
    pub fn last_link_holds(&self) -> bool {
        if self.points.len() != self.chain.len() {
            return false;
        }
        match (self.points.last(), self.chain.as_slice()) {
            (Some(point), [.., previous, last]) => link(*previous, point, &self.params) == *last,
            (Some(point), [only]) => link(self.id, point, &self.params) == *only,
            _ => false,
        }
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| portable_bits(*value)).collect()
}

/// Where two records of one run part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the measurement of this epoch.
    Epoch(u64),
    /// One has more measurements.
    Length,
    /// In how they ended.
    Outcome,
    /// In their final parameters alone.
    Parameters,
}

/// The rows of measurements of a run on their way into their [digest](Record::measurements), from a record or from a table.
#[derive(Debug)]
pub struct Measured(Hasher);

impl Measured {
    /// The rows of this run, of which there are so many.
    #[must_use]
    pub fn new(id: Digest, rows: usize) -> Self {
        let mut hasher = Hasher::new("restudy/measurements");
        hasher.bytes(&id.0).whole(rows as u64);
        Self(hasher)
    }

    /// The next measurement: its metrics on the training and on the validation points, and its link.
    pub fn row(&mut self, epoch: u64, step: u64, metrics: [&[f64]; 2], link: Digest) {
        self.0.whole(epoch).whole(step);
        for values in metrics {
            self.0.whole(values.len() as u64);
            values.iter().for_each(|value| _ = self.0.whole(portable_bits(*value)));
        }
        self.0.bytes(&link.0);
    }

    /// The digest, after the last row.
    #[must_use]
    pub fn finish(self) -> Digest {
        self.0.finish()
    }
}

/// The digest of a run: of its last link and its outcome.
#[must_use]
pub fn run_digest(last: Digest, outcome: &str) -> Digest {
    Hasher::new("restudy/run").bytes(&last.0).bytes(outcome.as_bytes()).finish()
}

/// The last link of a run after `previous`, from its measurement and its parameters in canonical order; a diverged run has
/// none that count.
#[must_use]
pub fn last_link(previous: Digest, point: &Point, parameters: Option<&[f64]>) -> Digest {
    let mut hasher = Hasher::new("restudy/link");
    hasher.bytes(&previous.0).whole(point.epoch).whole(point.step);
    hasher.floats(&point.train).floats(&point.validation).floats(parameters.unwrap_or_default());
    hasher.finish()
}

/// The link that follows `previous`: over the position, every metric, and the parameters unless the run has diverged.
fn link(previous: Digest, point: &Point, params: &Params) -> Digest {
    let mut hasher = Hasher::new("restudy/link");
    hasher.bytes(&previous.0).whole(point.epoch).whole(point.step);
    hasher.floats(&point.train).floats(&point.validation);
    if !is_diverged(point, params) {
        params.blocks().iter().for_each(|(_, _, block)| _ = hasher.floats(block));
    }
    hasher.finish()
}

/// An observer that keeps the measurements of a group and chains their digests, beginning with the identity of each run.
pub struct Recorder<'a> {
    /// The records so far, one a lane; outcome and parameters are filled in at the end.
    records: Vec<(Digest, Vec<Point>, Vec<Digest>)>,
    watch: &'a mut dyn FnMut(usize, &Point) -> ControlFlow<()>,
    stopped: &'a dyn Fn() -> bool,
}

impl<'a> Recorder<'a> {
    /// A recorder of runs with these identities, one a lane. `watch` sees every measurement and may break off.
    pub fn new(ids: &[Digest], watch: &'a mut dyn FnMut(usize, &Point) -> ControlFlow<()>) -> Self {
        Self { records: ids.iter().map(|&id| (id, vec![], vec![])).collect(), watch, stopped: &|| false }
    }

    /// Asks `stopped` between measurements whether to break off.
    #[must_use]
    pub fn until(self, stopped: &'a dyn Fn() -> bool) -> Self {
        Self { stopped, ..self }
    }

    /// The records of the runs, which ended as `finished` says, one entry a lane.
    #[must_use]
    pub fn finish(self, finished: Vec<Finished>) -> Vec<Record> {
        let record = |((id, mut points, mut chain), end): ((Digest, Vec<Point>, Vec<Digest>), Finished)| {
            // They are kept as long as the study lasts, and of short runs half of the room would be empty.
            points.shrink_to_fit();
            chain.shrink_to_fit();
            Record { id, points, chain, outcome: end.outcome, params: end.params }
        };
        self.records.into_iter().zip(finished).map(record).collect()
    }
}

impl Observer for Recorder<'_> {
    fn measured(&mut self, lane: usize, point: &Point, params: &Params) -> ControlFlow<()> {
        let (id, points, chain) = &mut self.records[lane];
        chain.push(link(chain.last().copied().unwrap_or(*id), point, params));
        points.push(point.clone());
        (self.watch)(lane, point)
    }

    fn paused(&mut self) -> ControlFlow<()> {
        if (self.stopped)() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Trains runs of one shape and keeps everything; `watch` sees each measurement and may break off (then `None`).
///
/// # Panics
/// As [`train`].
pub fn record(
    kernel: Kernel,
    jobs: &[Job<'_>],
    ids: &[Digest],
    watch: &mut dyn FnMut(usize, &Point) -> ControlFlow<()>,
) -> Option<Vec<Record>> {
    record_until(kernel, jobs, ids, watch, &|| false)
}

/// As [`record`]; `stopped` is asked between measurements whether to break off.
///
/// # Panics
/// As [`train`].
pub fn record_until(
    kernel: Kernel,
    jobs: &[Job<'_>],
    ids: &[Digest],
    watch: &mut dyn FnMut(usize, &Point) -> ControlFlow<()>,
    stopped: &dyn Fn() -> bool,
) -> Option<Vec<Record>> {
    let mut recorder = Recorder::new(ids, watch).until(stopped);
    let finished = train(kernel, jobs, &mut recorder)?;
    Some(recorder.finish(finished))
}
