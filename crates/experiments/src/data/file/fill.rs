//! Fills in missing values with means of the training points.

use restudy_engine::run::{Filled, Reading};

use super::{DataError, Input, error};
use crate::{
    data::{SplitData, notices::shown},
    math,
};

/// Refuses a division in which only validation rows have a text, because nothing can be learned about it. With `folds`,
/// every row is held out once.
pub(super) fn require_categories(
    split: &SplitData,
    inputs: &[Input],
    file: &str,
    folds: bool,
) -> Result<(), DataError> {
    let ones =
        |x: &[f64], place: usize| x.iter().skip(place).step_by(inputs.len()).filter(|value| **value == 1.0).count();
    let is_new = |place: &usize| ones(&split.train.x, *place) == 0 && ones(&split.validation.x, *place) > 0;
    let texts = inputs.iter().enumerate().filter(|(_, input)| matches!(input, Input::Category { .. }));
    let new: Vec<&Input> = texts.filter(|(place, _)| is_new(place)).map(|(_, input)| input).collect();
    if new.is_empty() {
        return Ok(());
    }
    let first: Vec<String> = new.iter().take(12).map(|input| shown(&input.name())).collect();
    let help = match folds {
        false => "Choose another `seed` for the data, or group texts that few rows have.".into(),
        true => format!(
            "With folds every row is held out once, so that no seed helps where a single row has a text: take fewer folds where several have it, \
             group such texts in the file, or leave the column {} out: features = {{ except = [...] }}.",
            shown(new[0].column())
        ),
    };
    let more = if new.len() > 12 { format!(", and {} more", new.len() - 12) } else { String::new() };
    Err(error(
        "data.unknown-category",
        format!("{file}: no training row has {}{more}, but a validation row does", first.join(", ")),
        help,
    ))
}

/// Replaces missing values by the mean of the training points, summed in their order. Returns the count of each column.
pub(super) fn fill(split: &mut SplitData, inputs: &[Input], file: &str) -> Result<Vec<Filled>, DataError> {
    let mut filled: Vec<Filled> = Vec::new();
    let width = inputs.len();
    if !split.train.x.iter().chain(&split.validation.x).any(|value| value.is_nan()) {
        return Ok(filled);
    }
    let refused = |input: &Input, why: &str| {
        let message = format!("{file}: {why} {} to take the mean of", shown(&input.name()));
        Err(error("data.no-mean", message, "Leave the column out, or choose another `seed` for the data."))
    };
    for (place, input) in inputs.iter().enumerate() {
        let column = |x: &[f64]| x.iter().skip(place).step_by(width).copied().collect::<Vec<f64>>();
        let train = column(&split.train.x);
        if !train.iter().chain(&column(&split.validation.x)).any(|value| value.is_nan()) {
            continue;
        }
        let known: Vec<f64> = train.into_iter().filter(|value| !value.is_nan()).collect();
        if known.is_empty() {
            return refused(input, "no training row has a value of");
        }
        let mean = math::mean(&known);
        if !mean.is_finite() {
            return refused(input, "the training rows have too large values of");
        }
        // A missing text is missing in all inputs of its column: count it once.
        if filled.last().is_none_or(|last| last.column != input.column()) && filled.len() < Reading::MOST_NAMED {
            let gaps = |x: &[f64]| x.iter().skip(place).step_by(width).filter(|value| value.is_nan()).count() as u64;
            let values = gaps(&split.train.x) + gaps(&split.validation.x);
            filled.push(Filled { column: input.column().to_owned(), values });
        }
        for x in [&mut split.train.x, &mut split.validation.x] {
            x.iter_mut().skip(place).step_by(width).filter(|value| value.is_nan()).for_each(|value| *value = mean);
        }
    }
    Ok(filled)
}
