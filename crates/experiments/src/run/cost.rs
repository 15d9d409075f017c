use crate::train::Setting;

/// The amount of work of a run, from its setting and the sizes of its data: its cost, weight and output follow from it.
/// A run that stops early does less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// Steps of training.
    pub steps: u64,
    /// Measurements, including that of the untrained network.
    pub measurements: u64,
    /// Points that each measurement evaluates.
    points: u64,
    hidden: u64,
    inputs: u64,
}

impl Amount {
    /// Computes the amount for a setting and data of these sizes.
    #[must_use]
    pub fn new(setting: &Setting, inputs: usize, train: usize, validation: usize) -> Self {
        let steps = setting.train.epochs * train as u64;
        let every = setting.evaluate.every.steps(train as u64).min(steps).max(1);
        let (measurements, points) = (1 + steps.div_ceil(every), (train + validation) as u64);
        Self { steps, measurements, points, hidden: setting.model.hidden.into(), inputs: inputs as u64 }
    }

    /// Estimates the cost in a full group, in nanoseconds on a fast processor. The model is rough and serves only for
    /// ordering and estimates.
    #[must_use]
    pub fn cost(&self) -> f64 {
        let measured = self.measurements as f64 * self.points as f64;
        let unit = self.hidden as f64 * (self.inputs as f64 + 1.0);
        self.steps as f64 * (6.0 + 0.3 * unit) + measured * (5.0 + 0.15 * unit)
    }

    /// Returns the weight for dividing a study into shards, in twentieths of a nanosecond. It never changes with better
    /// models of the [cost](Self::cost), because machines that share a study must divide it alike.
    #[must_use]
    pub fn weight(&self) -> u64 {
        let measured = self.measurements.saturating_mul(self.points);
        let unit = self.hidden.saturating_mul(self.inputs + 1);
        let times =
            |count: u64, each: u64, more: u64| count.saturating_mul(unit.saturating_mul(more).saturating_add(each));
        times(self.steps, 120, 6).saturating_add(times(measured, 100, 3))
    }

    /// Returns the number of final parameters.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        self.hidden * (self.inputs + 2) + 1
    }
}
