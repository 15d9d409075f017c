//! Checks before any run that every figure of a study can be drawn from its trials.
//!
//! Checks that need no data are part of reading the specification.

use serde_json::Value as Json;

use super::{Prepared, RunError};
use crate::{
    figure::{self, Figure, FigureContext, Points},
    seed::Seed,
    spec::write::literal,
    sweep::{AxisValue, Study},
};

/// Refuses figures that cannot be drawn or would be empty after all runs. Returns notices about the others.
///
/// # Errors
/// The first figure that cannot be drawn or would be empty.
pub fn require_figures(prepared: &dyn Prepared) -> Result<Vec<String>, RunError> {
    let study = prepared.study();
    let Some(drawer) = figure::drawer() else { return Ok(Vec::new()) };
    let (axes, measurements, mut notices) = (study.axis_infos(), study.measurements(), Vec::new());
    for (name, figure) in &study.spec.figures {
        let named = StudyFigure { study, name, figure };
        if let Points::OfSeed(seed) = drawer.points(figure) {
            named.require_seed(seed)?;
        }
        notices.extend(named.few_seeds());
        let drawn = named.trials();
        if drawn.is_empty() {
            return Err(named.empty());
        }
        // Trials have few different numbers of inputs; each is validated once.
        let mut validated: Vec<(usize, Option<String>)> = Vec::new();
        let mut expected = |inputs: usize| {
            if let Some((_, expected)) = validated.iter().find(|(other, _)| *other == inputs) {
                return expected.clone();
            }
            let (fields, objective) = (study.kind.has_fields(), study.objective());
            let context =
                FigureContext { axes: &axes, dimension: Some(inputs), fields, measurements: &measurements, objective };
            let expected = drawer.validate(figure, &context).into_iter().next().map(|error| error.expected);
            validated.push((inputs, expected.clone()));
            expected
        };
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for trial in drawn {
            match prepared.inputs(trial).and_then(|inputs| Some((inputs, expected(inputs)?))) {
                None => good.push(trial),
                Some((inputs, expected)) => bad.push((trial, inputs, expected)),
            }
        }
        if !bad.is_empty() {
            return Err(named.other_inputs(prepared, &good, &bad));
        }
    }
    Ok(notices)
}

/// The largest number of seeds in a message.
const MOST_NAMED: usize = 12;

struct StudyFigure<'a> {
    study: &'a Study,
    name: &'a str,
    figure: &'a Figure,
}

impl StudyFigure<'_> {
    fn setting(&self, key: &str) -> &Json {
        &self.figure.settings()[self.figure.key()][key]
    }

    /// The axes at which the figure is fixed, by index, with their values as text.
    fn fixed(&self) -> Vec<(usize, String)> {
        let text = |path: &str| match &self.setting("at")[path] {
            Json::Null => None,
            Json::String(text) => Some(text.clone()),
            // Axes write integral numbers without a decimal point.
            value => Some(
                value.as_f64().filter(|_| value.is_f64()).map_or_else(|| value.to_string(), |value| value.to_string()),
            ),
        };
        self.study.axes.iter().enumerate().filter_map(|(place, axis)| Some((place, text(&axis.path)?))).collect()
    }

    /// The indices of the trials that the figure draws.
    fn trials(&self) -> Vec<usize> {
        let fixed = self.fixed();
        let trials = self.study.trials.iter().enumerate();
        let has = |values: &[AxisValue]| fixed.iter().all(|(place, text)| values[*place].to_string() == *text);
        trials.filter(|(_, trial)| has(&trial.values)).map(|(place, _)| place).collect()
    }

    fn error(&self, code: &'static str, message: &str, help: String) -> RunError {
        let message = format!("the figure `{}` ({}) {message}", self.name, self.figure.key());
        RunError::Source { code, message, help }
    }

    fn empty(&self) -> RunError {
        let fixed = self.fixed().into_iter().map(|(place, text)| format!("{} = {text}", self.study.axes[place].path));
        let message = format!("would be empty: no trial has {}", fixed.collect::<Vec<_>>().join(" and "));
        let help =
            format!("leave an axis out of `at` in [figures.{}], or fix it at values that one trial has", self.name);
        self.error("figure.no-trial", &message, help)
    }

    fn require_seed(&self, seed: u64) -> Result<(), RunError> {
        let seeds = &self.study.seeds;
        if seeds.contains(&Seed(seed)) {
            return Ok(());
        }
        let mut named: Vec<String> = seeds.iter().take(MOST_NAMED).map(|seed| seed.0.to_string()).collect();
        if seeds.len() > MOST_NAMED {
            named.push(format!("{} more", seeds.len() - MOST_NAMED));
        }
        let message = format!("would be empty: it draws seed {seed}, and the study runs under {}", named.join(", "));
        let least = seeds.iter().map(|seed| seed.0).min().unwrap_or(0);
        let help = format!(
            "write seed = {least} in [figures.{}], or leave out `seed`, which draws the smallest seed",
            self.name
        );
        Err(self.error("figure.no-seed", &message, help))
    }

    fn few_seeds(&self) -> Option<String> {
        let wanted = self.setting("seeds").as_u64().filter(|wanted| *wanted > self.study.seeds.len() as u64)?;
        let count = self.study.seeds.len();
        Some(format!(
            "the figure `{}` asks for the first {wanted} seeds, but the study has {count}: it draws all",
            self.name
        ))
    }

    /// The error of data with an unsuitable number of inputs. The figure can be drawn from the trials `good`, not from
    /// `bad`, at least one, each with its number of inputs and the expected value.
    fn other_inputs(&self, prepared: &dyn Prepared, good: &[usize], bad: &[(usize, usize, String)]) -> RunError {
        let (trial, inputs, expected) = (bad[0].0, bad[0].1, &bad[0].2);
        let values = |trial: usize| &self.study.trials[trial].values;
        let of_data = |place: &usize| self.study.axes[*place].path.starts_with("data.");
        let axes = (0..self.study.axes.len()).filter(of_data);
        let of_trial: Vec<_> =
            axes.clone().map(|place| format!("{} = {}", self.study.axes[place].path, values(trial)[place])).collect();
        let of = if of_trial.is_empty() { String::new() } else { format!(" where {}", of_trial.join(", ")) };
        let count = if inputs == 1 { "1 input".into() } else { format!("{inputs} inputs") };
        let message = format!("cannot be drawn: the points have {count}{of}; expected {expected}");
        // A value of an axis that occurs in good trials only.
        let fixing =
            axes.filter(|place| self.setting("at")[&self.study.axes[*place].path].is_null()).find_map(|place| {
                let value = good
                    .iter()
                    .map(|&trial| &values(trial)[place])
                    .find(|value| bad.iter().all(|(trial, ..)| values(*trial)[place] != **value))?;
                Some((place, value))
            });
        let mut remedies = vec![format!("leave out [figures.{}]", self.name)];
        if let Some((place, value)) = fixing {
            let path = &self.study.axes[place].path;
            let by = if self.setting("by").as_str() == Some(path) { ", without `by`" } else { "" };
            let value = match value {
                AxisValue::Int(value) => Json::from(*value),
                AxisValue::Float(value) => Json::from(*value),
                AxisValue::String(value) => Json::from(value.as_str()),
            };
            remedies.push(format!("draw it from one data set{by}: at = {{ \"{path}\" = {} }}", literal(&value)));
        } else if let Some(remedy) = prepared.choice_of_inputs(trial) {
            remedies.push(remedy);
        }
        self.error("figure.inputs", &message, remedies.join("; or "))
    }
}
