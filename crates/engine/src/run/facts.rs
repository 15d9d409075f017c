//! Facts about labeled data points from files, stored so that they are known without the files.

use serde::{Deserialize, Serialize};

use super::Reading;
use crate::{
    digest::{Digest, Labelled},
    math,
};

/// The facts of one data set, under the first seed of the study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataFacts {
    /// The index of the first trial that uses the data set.
    pub trial: usize,
    /// The digests of its files, in the order of the settings; empty for a generator.
    pub files: Vec<Digest>,
    /// The number of inputs of a data point.
    pub inputs: usize,
    /// The numbers of training points of class -1 and class +1.
    pub train: [u64; 2],
    /// The numbers of validation points of class -1 and class +1.
    pub validation: [u64; 2],
    /// The smallest and the largest standard deviation of an input on the training points.
    pub spread: [f64; 2],
    /// Inputs with a standard deviation far from 1, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unscaled: Option<Unscaled>,
    /// What was read from its files; absent in results of versions before 0.4.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
}

/// Inputs that are not scaled: a learning rate that suits inputs of size 1 does not suit them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Unscaled {
    /// The first of these inputs, counted from 1.
    pub input: usize,
    /// Its standard deviation on the training points.
    pub sd: f64,
    /// The number of these inputs.
    pub inputs: usize,
}

/// Standard deviations without a notice.
const USUAL: std::ops::RangeInclusive<f64> = 0.05..=20.0;

impl DataFacts {
    /// Computes the facts of a data set; `trial` is the first trial that uses it.
    #[must_use]
    pub fn new(trial: usize, files: Vec<Digest>, split: &impl Labelled) -> Self {
        let [train, validation] = split.parts();
        let (inputs, x, _) = train;
        // JSON has no infinity.
        let spreads: Vec<f64> = (0..inputs).map(|input| spread(inputs, x, input).min(f64::MAX)).collect();
        let unscaled = || spreads.iter().enumerate().filter(|(_, sd)| **sd != 0.0 && !USUAL.contains(*sd));
        let ends = spreads.iter().fold([f64::MAX, 0.0], |[low, high], sd| [sd.min(low), sd.max(high)]);
        Self {
            trial,
            files,
            inputs,
            train: classes(train.2),
            validation: classes(validation.2),
            spread: ends,
            unscaled: unscaled().next().map(|(place, sd)| Unscaled {
                input: place + 1,
                sd: *sd,
                inputs: unscaled().count(),
            }),
            reading: None,
        }
    }

    /// Returns whether computed facts equal those that another version stored, except for `reading`: its wording may
    /// differ, and it affects no run.
    #[must_use]
    pub fn agree(computed: &[Self], stored: &[Self]) -> bool {
        let agrees = |(computed, stored): (&Self, &Self)| {
            Self { reading: None, ..computed.clone() } == Self { reading: None, ..stored.clone() }
        };
        computed.len() == stored.len() && computed.iter().zip(stored).all(agrees)
    }

    /// Returns the numbers of all data points of class -1 and class +1.
    #[must_use]
    pub fn points(&self) -> [u64; 2] {
        [0, 1].map(|class| self.train[class].saturating_add(self.validation[class]))
    }
}

impl Unscaled {
    /// Returns a notice about data from `file` in the section `data.KEY`, without a final period.
    #[must_use]
    pub fn notice(&self, file: &str, key: &str) -> String {
        let more = match self.inputs.saturating_sub(1) {
            0 => String::new(),
            1 => ", and 1 input like it".into(),
            more => format!(", and {more} inputs like it"),
        };
        format!(
            "input {} of {file} has a standard deviation of {:.3}{more}, and is not scaled: training may fail; \
             `standardise = true` in [data.{key}] scales it",
            self.input, self.sd
        )
    }
}

fn classes(y: &[f64]) -> [u64; 2] {
    let positive = y.iter().filter(|y| **y > 0.0).count() as u64;
    [y.len() as u64 - positive, positive]
}

fn spread(inputs: usize, x: &[f64], input: usize) -> f64 {
    let values: Vec<f64> = x.iter().skip(input).step_by(inputs).copied().collect();
    let mean = math::mean(&values);
    math::sqrt(math::mean(&values.iter().map(|value| (value - mean) * (value - mean)).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::LabelCount;

    struct Points;

    impl Labelled for Points {
        fn parts(&self) -> [(usize, &[f64], &[f64]); 2] {
            [(1, &[0.5, 2.5], &[-1.0, 1.0]), (1, &[1.0], &[1.0])]
        }
    }

    #[test]
    fn facts_of_another_version_agree_except_for_the_reading() {
        let plain = DataFacts::new(0, vec![Digest::of(b"points")], &Points);
        let with = |notice: &str| {
            let labels = [vec![LabelCount { text: notice.into(), rows: 1 }], Vec::new()];
            let reading = Reading { rows: vec![3], labels, notices: vec![notice.into()], ..Reading::default() };
            DataFacts { reading: Some(reading), ..plain.clone() }
        };
        let computed = [with("one word")];
        for stored in [plain.clone(), with("one word"), with("another word")] {
            assert!(DataFacts::agree(&computed, &[stored]));
        }
        assert!(computed[0] != with("another word"), "equality includes the reading");
        // Every other fact must agree.
        let other: [fn(&mut DataFacts); 6] = [
            |facts| facts.trial = 1,
            |facts| facts.files[0] = Digest::of(b"others"),
            |facts| facts.inputs = 2,
            |facts| facts.train = [2, 1],
            |facts| facts.validation = [1, 1],
            |facts| facts.spread[1] = 3.0,
        ];
        for change in other {
            let mut stored = with("one word");
            change(&mut stored);
            assert!(!DataFacts::agree(&computed, &[stored]));
        }
        assert!(!DataFacts::agree(&computed, &[]) && !DataFacts::agree(&[], &computed) && DataFacts::agree(&[], &[]));
    }
}
