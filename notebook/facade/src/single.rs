//! One run, trained or read from a store: its measurements, its network, its proof.

use std::sync::Arc;

use restudy::{
    data::{Dataset, SplitData},
    digest::{self, Digest, Record, Value},
    metric::Metric,
    model::{Params, forward},
    seed::Seed,
    table::Split,
    train::{Job, Observation, Order, Outcome, Setting, Simd},
};

use crate::{
    cards::{Card, outcome},
    error::{Error, Result},
    picture::{self, Picture},
    show::{Bundle, Show},
    tex::digits,
};

/// A finished run with its results.
#[derive(Debug, Clone)]
pub struct Run {
    /// The settings of the run.
    pub setting: Setting,
    /// The seed of the run.
    pub seed: Seed,
    /// The identity of the run: a digest of its settings, data and seed.
    pub id: Digest,
    /// The digest of the run: of every measurement, and of the parameters at each of them.
    pub digest: Digest,
    /// How the run ended.
    pub outcome: Outcome,
    record: Arc<Record>,
    params: Params,
    split: Arc<SplitData>,
    /// The settings by which a study names it: `model.hidden = 7`.
    place: String,
}

impl Run {
    pub(crate) fn new(setting: Setting, seed: Seed, record: Record, split: Arc<SplitData>, place: String) -> Self {
        let (id, digest, outcome) = (record.id, record.digest(), record.outcome.clone());
        let params = digest::params(&record.kept).unwrap_or_else(|| Params::zeros(0, 0));
        Self { setting, seed, id, digest, outcome, record: Arc::new(record), params, split, place }
    }

    /// Returns the final parameters; if the run diverged, not all are finite.
    #[must_use]
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// Returns the measurements; the first one is of the untrained network.
    #[must_use]
    pub fn points(&self) -> &[Observation] {
        &self.record.observations
    }

    /// Returns the data of the run.
    #[must_use]
    pub fn split(&self) -> &SplitData {
        &self.split
    }

    /// Returns a metric at the last measurement: `"validation error"`, `"training loss"`.
    ///
    /// # Errors
    /// The run did not record the metric.
    pub fn last(&self, metric: &str) -> Result<f64> {
        self.curve(metric)?.last().map(|(_, value)| *value).ok_or_else(|| Error::from("the run has no measurement"))
    }

    /// Returns a metric at every measurement: epochs, which may be fractions, and values.
    ///
    /// # Errors
    /// The run did not record the metric.
    pub fn curve(&self, metric: &str) -> Result<Vec<(f64, f64)>> {
        let (part, metric) = measured(metric)?;
        let recorded = &self.setting.evaluate.metrics;
        let place = recorded.iter().position(|own| *own == metric).ok_or_else(|| unrecorded(metric, recorded))?;
        let epoch = self.split.train.len() as f64;
        let values = |point: &Observation| point.halves()[part as usize][place];
        Ok(self.points().iter().map(|point| (point.step as f64 / epoch, values(point))).collect())
    }

    /// Draws the output of the trained network over the plane, and the validation points.
    ///
    /// # Errors
    /// The number of inputs is not two, or the run diverged.
    pub fn boundary(&self) -> Result<Picture> {
        picture::boundary(self.params(), &self.split.validation)
    }
}

impl Show for Run {
    fn bundle(&self) -> Bundle {
        let place = if self.place.is_empty() { String::new() } else { format!("{}, ", self.place) };
        let mut card = Card::new(format!("Run: {place}seed {}", self.seed.0)).line("outcome", outcome(&self.outcome));
        if let Some(point) = self.points().last() {
            card = card.line("measured last", format!("epoch {}, step {}", point.epoch, point.step));
            for (index, metric) in self.setting.evaluate.metrics.iter().enumerate() {
                let [train, validation] = point.halves().map(|values| values[index]);
                let text =
                    format!("{} training, {} validation ({})", digits(train, 4), digits(validation, 4), metric.unit());
                card = card.line(metric.name(), text);
            }
        }
        card.line("network", format!("{} inputs, {} hidden units", self.params().d, self.params().h()))
            .line("identity", self.id)
            .line("digest", self.digest)
            .bundle()
    }
}

/// Trains one run by the library, and stores nothing.
///
/// # Errors
/// A setting is invalid.
pub fn train(setting: &Setting, split: &SplitData, seed: Seed) -> Result<Run> {
    if let Some(fault) = setting.validate().first() {
        return Err(Error::new(format!("{} cannot be so", fault.key), format!("expected {}", fault.expected)));
    }
    let job = Job { setting, split, seed };
    if let Some(metric) = job.undefined() {
        let message = format!("{:?} is not defined on these points", metric.name());
        return Err(Error::new(message, "training and validation points need both classes"));
    }
    // A run outside of a study is identified by its data and settings.
    let data = Value::String(Digest::of_split(split).to_string().into());
    let text = serde_json::to_string(setting).map_err(|error| Error::from(error.to_string()))?;
    let id = digest::run_id([("data", data), ("setting", Value::String(text.into()))], seed);
    let records = digest::record(Simd::best(), &[job], &[id], &mut |_, _| std::ops::ControlFlow::Continue(()));
    let record = records.and_then(|mut records| records.pop()).ok_or_else(|| Error::from("nothing was trained"))?;
    Ok(Run::new(setting.clone(), seed, record, Arc::new(split.clone()), String::new()))
}

/// Computes a metric of a network on points, with the bits that the library records.
#[must_use]
pub fn measure(params: &Params, data: &Dataset, metric: Metric) -> f64 {
    let outputs: Vec<f64> = (0..data.len()).map(|i| forward(params, data.point(i)).output).collect();
    metric.of(&outputs, &data.y)
}

/// Returns the order of the training examples of a run, without end: indices of training points.
#[must_use]
pub fn order(setting: &Setting, split: &SplitData, seed: Seed) -> Order {
    Job { setting, split, seed }.order()
}

/// Parses `"validation error"`.
pub(crate) fn measured(text: &str) -> Result<(Split, Metric)> {
    let names = || Metric::ALL.iter().map(|metric| metric.name()).collect::<Vec<_>>().join(", ");
    let help = || format!("write \"training\" or \"validation\", a space, and one of {}", names());
    let unknown = || Error::new(format!("there is no metric {text:?}"), help());
    let (part, name) = text.trim().split_once(' ').ok_or_else(unknown)?;
    let part = match part {
        "training" | "train" => Split::Train,
        "validation" => Split::Validation,
        _ => return Err(unknown()),
    };
    let metric = Metric::ALL.iter().find(|metric| metric.name() == name.trim()).ok_or_else(unknown)?;
    Ok((part, *metric))
}

/// The error for a metric that was not recorded.
pub(crate) fn unrecorded(metric: Metric, recorded: &[Metric]) -> Error {
    let names: Vec<_> = recorded.iter().map(|metric| format!("{:?}", metric.name())).collect();
    let help = format!("it records {}; evaluate.metrics in the specification says what", names.join(", "));
    Error::new(format!("the study does not record {:?}", metric.name()), help)
}

#[cfg(test)]
mod tests {
    use restudy::{
        data::{DoubleMoon, Source},
        model::{Init, Model},
        train::Train,
    };

    use super::*;

    fn small() -> (Setting, SplitData) {
        let setting = Setting {
            model: Model { hidden: 3, init: Init::Normal },
            train: Train { epochs: 3, ..Train::default() },
            ..Setting::default()
        };
        (setting, DoubleMoon { train: 100, validation: 50, ..Default::default() }.load(Seed(0)).unwrap())
    }

    #[test]
    fn a_loop_in_a_cell_gives_the_bits_of_the_library() {
        let (setting, split) = small();
        let run = train(&setting, &split, Seed(4)).unwrap();
        let mut params = setting.model.initial(2, Seed(4));
        for i in order(&setting, &split, Seed(4)).take(300) {
            let (x, y) = (split.train.point(i as usize), split.train.y[i as usize]);
            restudy::train::step(&mut params, x, y, setting.train.learning_rate);
        }
        assert_eq!(&params, run.params());
        assert_eq!(measure(&params, &split.validation, Metric::Loss), run.last("validation loss").unwrap());
        assert_eq!(measure(&params, &split.train, Metric::Error), run.last("training error").unwrap());
        assert_eq!(
            run.curve("training loss").unwrap().iter().map(|(epoch, _)| *epoch).collect::<Vec<_>>(),
            [0.0, 1.0, 2.0, 3.0]
        );
    }

    #[test]
    fn a_run_is_a_card_with_its_proof() {
        let (setting, split) = small();
        let run = train(&setting, &split, Seed(4)).unwrap();
        assert_eq!(run.digest, train(&setting, &split, Seed(4)).unwrap().digest);
        insta::assert_snapshot!(run.bundle().data()["text/plain"]);
    }

    #[test]
    fn invalid_requests_are_refused() {
        let (mut setting, split) = small();
        let run = train(&setting, &split, Seed(0)).unwrap();
        let unknown = [run.last("validation eror"), run.last("error"), run.last("training brier")];
        let mut printed = unknown.map(|printed| printed.unwrap_err().to_string()).to_vec();
        setting.train.learning_rate = -1.0;
        printed.push(train(&setting, &split, Seed(0)).unwrap_err().to_string());
        insta::assert_snapshot!(printed.join("\n"));
    }
}
