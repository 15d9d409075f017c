//! What a run is made of, piece by piece, for whoever walks it himself.

use super::{Job, Observation, Order, Shape, Simd, group::canonical, lanes::Lanes};
use crate::{
    data::{Dataset, SplitData},
    metric::Metric,
    model::Params,
};

impl<'a> Job<'a> {
    /// The shape of the run.
    #[must_use]
    pub fn shape(&self) -> Shape {
        let SplitData { train, validation } = self.split;
        Shape::new(self.setting, train.d, train.len(), validation.len())
    }

    /// The number of steps.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.setting.train.epochs * self.split.train.len() as u64
    }

    /// The parameters before the first step.
    #[must_use]
    pub fn initial(&self) -> Params {
        self.setting.model.initial(self.split.train.d, self.seed)
    }

    /// The examples that the steps learn from, in order, without end: indices of training points.
    #[must_use]
    pub fn order(&self) -> Order {
        Order::new(self.seed, self.setting.train.sampling, self.split.train.len() as u32)
    }

    /// Inputs and label of a training point.
    #[must_use]
    pub fn example(&self, index: u32) -> (&'a [f64], f64) {
        let train = &self.split.train;
        (train.point(index as usize), train.y[index as usize])
    }

    /// The learning rate.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.setting.train.learning_rate
    }

    /// A metric of all points together that is asked for and is not defined on its points: of a part that lacks a class there is no `auc`.
    #[must_use]
    pub fn undefined(&self) -> Option<Metric> {
        let SplitData { train, validation } = self.split;
        let is_undefined =
            |metric: &Metric| metric.is_whole() && [train, validation].iter().any(|part| !metric.is_defined(&part.y));
        self.setting.evaluate.metrics.iter().copied().find(is_undefined)
    }

    /// Refuses data on which what is asked for is not defined: it would pass for a run that has diverged.
    pub(super) fn require_defined(&self) {
        let undefined = self.undefined();
        assert!(undefined.is_none(), "points of both classes in either part, on which {undefined:?} is defined");
    }

    /// What is measured of a network after `step` steps.
    #[must_use]
    pub fn measure(&self, simd: Simd, step: u64, params: &Params) -> Observation {
        let lanes = Lanes::new([params]);
        let metrics = &self.setting.evaluate.metrics;
        let of = |data: &Dataset| simd.measure(&lanes, &[data], metrics).into_iter().map(|row| canonical(row[0]));
        let SplitData { train, validation } = self.split;
        Observation { epoch: step / train.len() as u64, step, values: of(train).chain(of(validation)).collect() }
    }
}
