//! Random search: draws trials instead of enumerating them.

use std::collections::BTreeSet;

use super::grid::Key;
use crate::{
    math,
    seed::{Draws, Seed, Stream},
    spec::{
        catalog::{Catalog, Kind},
        problem::{Code, Problem},
        range::number,
        sweeping::{Draw, MOST, Random, RawAxis, Values},
        tree::{Node, Span, Value},
    },
};

/// Draws the list of every axis, with one value per trial. The order of the draws is by trial, then by axis.
///
/// A trial that repeats an earlier one is drawn again.
pub(super) fn draw(axes: &[RawAxis], random: Random, span: Span, catalog: &Catalog) -> Result<Vec<Vec<Node>>, Problem> {
    let trials = random.trials as usize;
    if !(1..=MOST).contains(&trials) {
        return Err(Problem::new(Code::InvalidValue, format!("`sweep.random` cannot draw {trials} trials"))
            .at(span, format!("expected from 1 to {MOST} trials")));
    }
    if axes.is_empty() {
        return Err(Problem::new(Code::RandomAxes, "`sweep.random` has no axis to draw from")
            .at(span, "draws nothing")
            .help("add an axis: \"train.learning-rate\" = { log-uniform = [0.001, 1] }; or remove `random`"));
    }
    let whole = axes.iter().map(|axis| require_drawable(axis, catalog)).collect::<Result<Vec<_>, _>>()?;
    let mut draws = Draws::new(Seed(random.seed), Stream::Search);
    let mut lists = vec![Vec::with_capacity(trials); axes.len()];
    let mut seen = BTreeSet::new();
    for _ in 0..trials.saturating_mul(100) {
        let trial: Vec<_> = axes.iter().zip(&whole).map(|(axis, &whole)| axis.draw(whole, &mut draws)).collect();
        if seen.insert(trial.iter().map(Key::of).collect::<Vec<_>>()) {
            lists.iter_mut().zip(trial).for_each(|(list, value)| list.push(value));
        }
        if seen.len() == trials {
            return Ok(lists);
        }
    }
    Err(Problem::new(
        Code::RandomMany,
        format!("`sweep.random` finds only {} different trials, not {trials}", seen.len()),
    )
    .at(span, "more than there are")
    .help("ask for fewer trials, or widen the axes; a grid without `random` takes every combination"))
}

/// A number of trials that these axes surely provide: 50, or half of all combinations.
pub(super) fn few(axes: &[RawAxis], catalog: &Catalog) -> u64 {
    const USUAL: u64 = 50;
    let is_whole =
        |axis: &RawAxis| catalog.get(&axis.path).is_some_and(|known| matches!(known.kind, Kind::Int | Kind::Either));
    let values = |axis: &RawAxis| match &axis.values {
        Values::Listed(items) => items.len() as u64,
        Values::Drawn(Draw::Uniform([low, high]) | Draw::LogUniform([low, high])) if is_whole(axis) => {
            (high - low) as u64 + 1
        }
        Values::Drawn(_) => u64::MAX,
    };
    let all = axes.iter().map(values).fold(1, u64::saturating_mul);
    all.div_ceil(2).clamp(1, USUAL)
}

/// Returns whether the setting of the axis is a whole number; refuses bounds for settings that are not numbers.
fn require_drawable(axis: &RawAxis, catalog: &Catalog) -> Result<bool, Problem> {
    let Values::Drawn(Draw::Uniform([low, high]) | Draw::LogUniform([low, high])) = axis.values else {
        return Ok(false);
    };
    match catalog.get(&axis.path).map(|known| known.kind) {
        Some(Kind::Int | Kind::Either)
            if low != low.trunc() || high != high.trunc() || low < 0.0 || high - low >= f64::from(u32::MAX) =>
        {
            Err(Problem::new(Code::RandomBounds, format!("`{}` cannot be drawn from [{low:?}, {high:?}]", axis.path))
                .at(axis.span, "expected whole numbers from 0 as bounds, less than 4294967295 apart")
                .help(format!("`{}` is a whole number", axis.path)))
        }
        Some(Kind::Int | Kind::Either) => Ok(true),
        Some(Kind::Number) => Ok(false),
        _ => Err(Problem::new(Code::RandomBounds, format!("`{}` is not a number", axis.path))
            .at(axis.span, "expected a list of values to draw from")),
    }
}

impl RawAxis {
    fn draw(&self, whole: bool, draws: &mut Draws) -> Node {
        let value = match &self.values {
            Values::Listed(items) => return items[draws.below(items.len() as u32) as usize].clone(),
            Values::Drawn(Draw::Uniform([low, high])) if whole => {
                Value::Int(*low as i128 + i128::from(draws.below((high - low) as u32 + 1)))
            }
            Values::Drawn(Draw::Uniform([low, high])) => Value::Float(low + (high - low) * draws.unit()),
            Values::Drawn(Draw::LogUniform([low, high])) => {
                let (bottom, top) = (math::ln(*low), math::ln(*high));
                let value = math::exp(bottom + (top - bottom) * draws.unit()).clamp(*low, *high);
                if whole { number((value + 0.5).floor().min(*high)) } else { Value::Float(value) }
            }
        };
        Node { span: self.span, value }
    }
}
