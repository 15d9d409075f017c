//! Whether every figure of a study can be drawn of its trials, before anything is run.
//!
//! What needs no data is checked with the specification.

use serde_json::Value as Json;

use super::{Prepared, RunError};
use crate::{
    figure::{self, Asked, Figure, Points},
    seed::Seed,
    spec::write::literal,
    sweep::{AxisValue, Study},
};

/// Refuses figures that could not be drawn, or would be empty, once everything is trained. Gives what is worth a word about the others.
///
/// # Errors
/// There is one.
pub fn require_figures(prepared: &dyn Prepared) -> Result<Vec<String>, RunError> {
    let study = prepared.study();
    let Some(drawer) = figure::drawer() else { return Ok(Vec::new()) };
    let (axes, measurements, mut notices) = (study.axis_infos(), study.measurements(), Vec::new());
    for (name, figure) in &study.spec.figures {
        let own = Own { study, name, figure };
        if let Points::OfSeed(seed) = drawer.points(figure) {
            own.require_seed(seed)?;
        }
        notices.extend(own.few_seeds());
        let drawn = own.drawn();
        if drawn.is_empty() {
            return Err(own.empty());
        }
        // Trials see few numbers of inputs, and each is asked about once.
        let mut asked: Vec<(usize, Option<String>)> = Vec::new();
        let mut expected = |inputs: usize| {
            if let Some((_, known)) = asked.iter().find(|(own, _)| *own == inputs) {
                return known.clone();
            }
            let (fields, objective) = (study.kind.has_fields(), study.objective());
            let what = Asked { axes: &axes, dimension: Some(inputs), fields, measurements: &measurements, objective };
            let found = drawer.validate(figure, &what).into_iter().next().map(|fault| fault.expected);
            asked.push((inputs, found.clone()));
            found
        };
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for trial in drawn {
            match prepared.inputs(trial).and_then(|inputs| Some((inputs, expected(inputs)?))) {
                None => good.push(trial),
                Some((inputs, expected)) => bad.push((trial, inputs, expected)),
            }
        }
        if !bad.is_empty() {
            return Err(own.other_inputs(prepared, &good, &bad));
        }
    }
    Ok(notices)
}

/// More seeds than these are not named.
const MOST_NAMED: usize = 12;

/// A figure of a study.
struct Own<'a> {
    study: &'a Study,
    name: &'a str,
    figure: &'a Figure,
}

impl Own<'_> {
    /// A setting of the figure.
    fn setting(&self, key: &str) -> &Json {
        &self.figure.settings()[self.figure.key()][key]
    }

    /// The axes at which it is fixed, by place, with the text of the value.
    fn fixed(&self) -> Vec<(usize, String)> {
        let text = |path: &str| match &self.setting("at")[path] {
            Json::Null => None,
            Json::String(text) => Some(text.clone()),
            // As the value of an axis is written: without a point where it is whole.
            value => Some(
                value.as_f64().filter(|_| value.is_f64()).map_or_else(|| value.to_string(), |value| value.to_string()),
            ),
        };
        self.study.axes.iter().enumerate().filter_map(|(place, axis)| Some((place, text(&axis.path)?))).collect()
    }

    /// The trials that it draws from, by place.
    fn drawn(&self) -> Vec<usize> {
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
        let help =
            format!("write seed = {least} in [figures.{}], or leave `seed` out: the least is drawn then", self.name);
        Err(self.error("figure.no-seed", &message, help))
    }

    /// What is to be said of a figure of more seeds than there are.
    fn few_seeds(&self) -> Option<String> {
        let asked = self.setting("seeds").as_u64().filter(|asked| *asked > self.study.seeds.len() as u64)?;
        let there = self.study.seeds.len();
        Some(format!(
            "the figure `{}` asks for the first {asked} seeds, and there {} {there}: it draws all",
            self.name,
            if there == 1 { "is" } else { "are" }
        ))
    }

    /// The error of data of which it cannot be drawn: `good` are trials of which it can, `bad` the others, at least one,
    /// with the number of their inputs and what is expected.
    fn other_inputs(&self, prepared: &dyn Prepared, good: &[usize], bad: &[(usize, usize, String)]) -> RunError {
        let (trial, inputs, expected) = (bad[0].0, bad[0].1, &bad[0].2);
        let values = |trial: usize| &self.study.trials[trial].values;
        let of_data = |place: &usize| self.study.axes[*place].path.starts_with("data.");
        let axes = (0..self.study.axes.len()).filter(of_data);
        let own: Vec<_> =
            axes.clone().map(|place| format!("{} = {}", self.study.axes[place].path, values(trial)[place])).collect();
        let of = if own.is_empty() { String::new() } else { format!(" where {}", own.join(", ")) };
        let count = if inputs == 1 { "1 input".into() } else { format!("{inputs} inputs") };
        let message = format!("cannot be drawn: the points have {count}{of}; expected {expected}");
        // A value of an axis that only good trials have.
        let fixing =
            axes.filter(|place| self.setting("at")[&self.study.axes[*place].path].is_null()).find_map(|place| {
                let value = good
                    .iter()
                    .map(|&own| &values(own)[place])
                    .find(|value| bad.iter().all(|(own, ..)| values(*own)[place] != **value))?;
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
            remedies.push(format!("draw it of some data{by}: at = {{ \"{path}\" = {} }}", literal(&value)));
        } else if let Some(chosen) = prepared.choice_of_inputs(trial) {
            remedies.push(chosen);
        }
        self.error("figure.inputs", &message, remedies.join("; or "))
    }
}
