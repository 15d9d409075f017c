//! The pieces of a run, for callers that train it step by step.

use super::{Job, Observation, Order, Shape, Simd, group::canonical, lanes::Lanes};
use crate::{
    data::{Dataset, SplitData},
    metric::Metric,
    model::Params,
};

impl<'a> Job<'a> {
    /// Returns the shape of the run.
    #[must_use]
    pub fn shape(&self) -> Shape {
        let SplitData { train, validation } = self.split;
        Shape::new(self.setting, train.d, train.len(), validation.len())
    }

    /// Returns the number of steps.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.setting.train.epochs * self.split.train.len() as u64
    }

    /// Returns the parameters before the first step.
    #[must_use]
    pub fn initial(&self) -> Params {
        self.setting.model.initial(self.split.train.d, self.seed)
    }

    /// Returns the endless order of the examples of the steps: indices of training points.
    #[must_use]
    pub fn order(&self) -> Order {
        Order::new(self.seed, self.setting.train.sampling, self.split.train.len() as u32)
    }

    /// Returns the inputs and the label of a training point.
    #[must_use]
    pub fn example(&self, index: u32) -> (&'a [f64], f64) {
        let train = &self.split.train;
        (train.point(index as usize), train.y[index as usize])
    }

    /// Returns the learning rate.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.setting.train.learning_rate
    }

    /// Returns a metric of the setting that is not defined on its points: `auc` needs points of both classes.
    #[must_use]
    pub fn undefined(&self) -> Option<Metric> {
        let SplitData { train, validation } = self.split;
        let is_undefined =
            |metric: &Metric| metric.is_whole() && [train, validation].iter().any(|data| !metric.is_defined(&data.y));
        self.setting.evaluate.metrics.iter().copied().find(is_undefined)
    }

    /// Panics if a metric is not defined on its points: its value would count as divergence.
    pub(super) fn require_defined(&self) {
        let undefined = self.undefined();
        assert!(undefined.is_none(), "{undefined:?} is not defined: it needs points of both classes in both splits");
    }

    /// Measures the parameters of the network after `step` steps.
    #[must_use]
    pub fn measure(&self, simd: Simd, step: u64, params: &Params) -> Observation {
        let lanes = Lanes::new([params]);
        let metrics = &self.setting.evaluate.metrics;
        let of = |data: &Dataset| simd.measure(&lanes, &[data], metrics).into_iter().map(|row| canonical(row[0]));
        let SplitData { train, validation } = self.split;
        Observation { epoch: step / train.len() as u64, step, values: of(train).chain(of(validation)).collect() }
    }
}
