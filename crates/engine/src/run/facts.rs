//! What is to be known of labelled points that come from files, without the files.

use serde::{Deserialize, Serialize};

use super::Reading;
use crate::{
    digest::{Digest, Labelled},
    math,
};

/// One data set, as the first seed of the study sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataFacts {
    /// The first trial that sees it, by place in the study.
    pub trial: usize,
    /// The digests of its files, in the order of the settings; none of a generator.
    pub files: Vec<Digest>,
    /// Number of inputs of a point.
    pub inputs: usize,
    /// Points to train with: of class -1, and of class +1.
    pub train: [u64; 2],
    /// Points that are held out: of class -1, and of class +1.
    pub validation: [u64; 2],
    /// The least and the greatest standard deviation of an input on the training points.
    pub spread: [f64; 2],
    /// Inputs whose standard deviation is far from 1, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unscaled: Option<Unscaled>,
    /// What was read of its files; results of versions before 0.4.0 do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
}

/// Inputs that nothing scales: a learning rate that suits inputs of about the size of 1 suits no others.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Unscaled {
    /// The first of them, counted from 1.
    pub input: usize,
    /// Its standard deviation on the training points.
    pub sd: f64,
    /// How many there are.
    pub inputs: usize,
}

/// The standard deviations that are passed over in silence.
const USUAL: std::ops::RangeInclusive<f64> = 0.05..=20.0;

impl DataFacts {
    /// The facts of a split, which the trial sees first.
    #[must_use]
    pub fn new(trial: usize, files: Vec<Digest>, split: &impl Labelled) -> Self {
        let [train, validation] = split.parts();
        let (inputs, x, _) = train;
        // What overflows has no number in JSON.
        let spreads: Vec<f64> = (0..inputs).map(|input| spread(inputs, x, input).min(f64::MAX)).collect();
        let odd = || spreads.iter().enumerate().filter(|(_, sd)| **sd != 0.0 && !USUAL.contains(*sd));
        let ends = spreads.iter().fold([f64::MAX, 0.0], |[low, high], sd| [sd.min(low), sd.max(high)]);
        Self {
            trial,
            files,
            inputs,
            train: classes(train.2),
            validation: classes(validation.2),
            spread: ends,
            unscaled: odd().next().map(|(place, sd)| Unscaled { input: place + 1, sd: *sd, inputs: odd().count() }),
            reading: None,
        }
    }

    /// Whether facts are those that are stored by another version, as far as these go: what it said of the reading is in its own words, and binds no run.
    #[must_use]
    pub fn agree(own: &[Self], stored: &[Self]) -> bool {
        let agrees = |(own, stored): (&Self, &Self)| {
            Self { reading: None, ..own.clone() } == Self { reading: None, ..stored.clone() }
        };
        own.len() == stored.len() && own.iter().zip(stored).all(agrees)
    }

    /// All points of either class.
    #[must_use]
    pub fn points(&self) -> [u64; 2] {
        [0, 1].map(|class| self.train[class].saturating_add(self.validation[class]))
    }
}

impl Unscaled {
    /// What is to be said of it, of data from `file` under the key `key`; without an end.
    #[must_use]
    pub fn notice(&self, file: &str, key: &str) -> String {
        let more = match self.inputs.saturating_sub(1) {
            0 => String::new(),
            1 => ", and 1 input like it".into(),
            more => format!(", and {more} inputs like it"),
        };
        format!(
            "input {} of {file} has a standard deviation of {:.3}{more}, and nothing scales it: training may go nowhere; \
             `standardise = true` in [data.{key}] does",
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
    fn facts_of_another_version_agree_whatever_it_said_of_the_reading() {
        let plain = DataFacts::new(0, vec![Digest::of(b"points")], &Points);
        let with = |notice: &str| {
            let labels = [vec![LabelCount { text: notice.into(), rows: 1 }], Vec::new()];
            let reading = Reading { rows: vec![3], labels, notices: vec![notice.into()], ..Reading::default() };
            DataFacts { reading: Some(reading), ..plain.clone() }
        };
        let own = [with("one word")];
        for stored in [plain.clone(), with("one word"), with("another word")] {
            assert!(DataFacts::agree(&own, &[stored]));
        }
        assert!(own[0] != with("another word"), "of this version, all of it counts");
        // Everything else binds runs.
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
            assert!(!DataFacts::agree(&own, &[stored]));
        }
        assert!(!DataFacts::agree(&own, &[]) && !DataFacts::agree(&[], &own) && DataFacts::agree(&[], &[]));
    }
}
