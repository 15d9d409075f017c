//! A baseline for the double moon: logistic regression, a network without hidden units, on the data of the course.
//!
//!     cargo run --example baseline -- sweep examples/baseline/moons.toml
//!
//! The output is `Y = w X + b`, the loss of a point with label `y` is `ln(1 + exp(−y Y))`, and a step follows its
//! gradient at one point: with `g = −y σ(−y Y)`, `∂L/∂w = g X` and `∂L/∂b = g`. It has the metrics of the network, so
//! that both can be compared.

use restudy::{
    Declared, End, Experiment, Log, Seed, SettingError,
    data::{Data, Dataset, Source},
    math,
    metric::Metric,
    seed::{Draws, Stream},
    validation::SettingErrors,
};

/// The settings of a trial.
#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Settings {
    /// The data set.
    data: Data,
    /// The settings of the trainer.
    #[serde(default)]
    train: Train,
}

/// The settings of the trainer.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Train {
    /// Passes over the training points.
    epochs: u64,
    /// The learning rate of a step.
    learning_rate: f64,
}

impl Default for Train {
    fn default() -> Self {
        Self { epochs: 100, learning_rate: 0.02 }
    }
}

/// The parameters: a weight for each input, then the bias.
struct Line(Vec<f64>);

impl Line {
    /// Sums the bias first, then the inputs in order.
    fn output(&self, point: &[f64]) -> f64 {
        let (bias, weights) = self.0.split_last().expect("a bias");
        weights.iter().zip(point).fold(*bias, |sum, (weight, input)| sum + weight * input)
    }

    fn step(&mut self, point: &[f64], label: f64, rate: f64) {
        let gradient = -label * math::sigmoid(-label * self.output(point));
        let (bias, weights) = self.0.split_last_mut().expect("a bias");
        weights.iter_mut().zip(point).for_each(|(weight, input)| *weight -= rate * (gradient * input));
        *bias -= rate * gradient;
    }

    fn measure(&self, metric: Metric, points: &Dataset) -> f64 {
        let outputs: Vec<f64> = (0..points.len()).map(|i| self.output(points.point(i))).collect();
        metric.of(&outputs, &points.y)
    }
}

struct Logistic;

impl Experiment for Logistic {
    type Settings = Settings;

    fn declare(&self) -> Declared {
        Declared::new("logistic-regression", 1)
            .about("Logistic regression by stochastic gradient descent: the network of the course without its hidden layer.")
            .measuring([Metric::Loss, Metric::Error].map(Metric::measurement))
            .decided_by("validation.error")
            .succeeding("zero", "train.error", 0.0, "zero training error")
            .keeping(["w"])
            .reading(["data.csv.file", "data.csv.validation.file", "data.mat.file", "data.mat.validation.file"])
    }

    fn validate(&self, settings: &Settings) -> Vec<SettingError> {
        let mut errors = SettingErrors::new();
        errors.under("data", settings.data.validate());
        let Train { epochs, learning_rate } = settings.train;
        errors.require((1..=1_000_000).contains(&epochs), "train.epochs", "a whole number from 1 to 1000000");
        errors.require(learning_rate.is_finite() && learning_rate > 0.0, "train.learning-rate", "a positive number");
        errors.found()
    }

    fn steps(&self, settings: &Settings) -> u64 {
        settings.train.epochs
    }

    fn run(&self, settings: &Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        let split = settings.data.load(settings.data.seeding().of(seed)).map_err(|error| End::Failed(error.message))?;
        let points = &split.train;
        let mut line = Line(vec![0.0; points.d + 1]);
        let mut order = Draws::new(seed, Stream::Order);
        for epoch in 0..=settings.train.epochs {
            if epoch > 0 {
                for _ in 0..points.len() {
                    let i = order.below(points.len() as u32) as usize;
                    line.step(points.point(i), points.y[i], settings.train.learning_rate);
                }
            }
            let of = |metric, points| line.measure(metric, points);
            log.measure(
                epoch,
                [
                    ("train.loss", of(Metric::Loss, points)),
                    ("train.error", of(Metric::Error, points)),
                    ("validation.loss", of(Metric::Loss, &split.validation)),
                    ("validation.error", of(Metric::Error, &split.validation)),
                ],
            )?;
        }
        log.keep("w", line.0.len(), &line.0)
    }
}

fn main() -> std::process::ExitCode {
    restudy::run(Logistic)
}
