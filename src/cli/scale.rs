//! A word about inputs from files that nothing scales: a learning rate that suits inputs of about the size of 1 suits no others, and the
//! study then answers no question.

use std::collections::BTreeSet;

use super::text;
use crate::{data::Source, math, run::Network};

/// The standard deviations that are passed over in silence.
const USUAL: std::ops::RangeInclusive<f64> = 0.05..=20.0;

/// Says which data from files has inputs whose spread is far from 1.
pub(super) fn warn(network: &Network<'_>) {
    let study = network.study();
    let Some(seed) = study.seeds.first() else { return };
    let mut seen = BTreeSet::new();
    for (index, trial) in study.trials.iter().enumerate() {
        let mut data = trial.data.clone();
        let Some(file) = data.files_mut().first().map(|file| (*file).clone()) else { continue };
        if !seen.insert(format!("{data:?}")) {
            continue;
        }
        // What cannot be had is told by whoever needs it.
        let Ok(split) = network.split(index, *seed) else { return };
        let spread = |input: usize| {
            let values: Vec<f64> = split.train.x.iter().skip(input).step_by(split.train.d).copied().collect();
            let mean = math::mean(&values);
            math::sqrt(math::mean(&values.iter().map(|value| (value - mean) * (value - mean)).collect::<Vec<_>>()))
        };
        let spreads = (0..split.train.d).map(spread);
        let odd: Vec<_> = spreads.enumerate().filter(|(_, sd)| *sd != 0.0 && !USUAL.contains(sd)).collect();
        if let Some((input, sd)) = odd.first() {
            let more = match odd.len() - 1 {
                0 => String::new(),
                more => format!(", and {} like it", text::count(more, "input")),
            };
            text::warn(format!(
                "input {} of {file} has a standard deviation of {sd:.3}{more}, and nothing scales it: training may go nowhere; \
                 `standardise = true` in [data.{}] does",
                input + 1,
                data.key()
            ));
            return;
        }
    }
}
