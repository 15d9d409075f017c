//! What may be said of the best trial, in sentences: everything that says so reads [`Choice`], and no other rule.

use super::{count, results::Results};
use crate::stats::{Beyond, Choice, Constant, Finding};

/// Up to this number, trials that are not told apart are named.
const MOST_NAMED: usize = 8;

/// What is to be said of a choice; nothing of a single trial, or of a single seed.
pub fn sentence(choice: &Choice, results: &Results) -> Option<String> {
    if choice.seeds < 2 {
        return None;
    }
    let terms = &results.terms;
    let (at, value) = (at(results, choice.leader)?, value(results, choice.leader)?);
    let best = terms.best();
    let first = format!("{}{}: {value}", best[..1].to_uppercase(), &best[1..]);
    let seeds = count(choice.seeds as u64, "seed");
    Some(match choice.finding() {
        Finding::Single => return None,
        Finding::NotBeyondConstant => {
            let Beyond { constant, wrong, .. } = choice.constant.as_ref()?;
            let few = if choice.seeds < SEEN { format!(" ({seeds})") } else { String::new() };
            let fewer = u128::from(*wrong) * u128::from(constant.points)
                < u128::from(constant.wrong) * u128::from(constant.seen);
            format!(
                "No trial is shown to be better than a constant answer: {}, and the trial with the {best}, {value} at {at}{few}, on {wrong} of {}.{}",
                constant_answer(constant),
                constant.seen,
                if fewer { " A difference of this size may be luck of these points." } else { "" }
            )
        }
        Finding::Equal => {
            let all = if choice.of == 2 { "Both trials".into() } else { format!("All {} trials", choice.of) };
            format!("{all} have the same {} under each of {seeds}, {value}: none is the best.", terms.what)
        }
        Finding::Best => format!(
            "{first} at {at}. It is better than {} ({}).",
            match choice.worse.len() {
                1 => "the other trial".into(),
                n => format!("each of the other {n} trials"),
            },
            tested(choice, &seeds)
        ),
        Finding::Set => format!(
            "{first}, the same under every seed in {} trials: {}. They are better than {} ({}).",
            choice.equals.len(),
            named(results, &choice.equals),
            match choice.worse.len() {
                1 => "the other one".into(),
                n => format!("each of the other {n}"),
            },
            tested(choice, &seeds)
        ),
        Finding::TooFewSeeds { needed } => format!(
            "No trial stands out: the {best} is {value}, at {at}, but from {seeds} no result could tell {} apart. That takes at least {needed}.",
            if choice.of == 2 { "two trials".into() } else { format!("the best of {} trials", choice.of) }
        ),
        Finding::Unsure => format!(
            "No trial stands out: the {best} is {value}, at {at}, and over {seeds} {}.{}",
            unsure(choice, results),
            match choice.worse.len() {
                0 => String::new(),
                1 => format!(" The other one is worse ({}).", corrected(choice)),
                n => format!(" The other {n} are worse ({}).", corrected(choice)),
            }
        ),
    })
}

/// Below this number of seeds it is said with a comparison that rests on points.
const SEEN: usize = 6;

/// What always naming one class gets wrong, in counts.
pub fn constant_answer(constant: &Constant) -> String {
    format!("always naming the more frequent class errs on {} of {} points", constant.wrong, constant.points)
}

/// How trials were compared.
fn tested(choice: &Choice, seeds: &str) -> String {
    let corrected = corrected(choice);
    if choice.worse.len() == 1 {
        format!("{seeds}, signed-rank test, {corrected}")
    } else {
        format!("{seeds}, signed-rank tests, {corrected}")
    }
}

fn corrected(choice: &Choice) -> String {
    let p = at_most(choice.p);
    if choice.of > 2 {
        format!("p ≤ {p} after correction for {} comparisons", choice.of - 1)
    } else {
        format!("p ≤ {p}")
    }
}

/// A number that is not below a p-value, with one digit, or two where one would overstate it by a lot.
fn at_most(p: f64) -> String {
    for digits in 3..18 {
        let scale = format!("1e{digits}").parse::<f64>().unwrap_or(1.0);
        let up = (p * scale).ceil() / scale;
        if up >= p && (up <= 1.2 * p || digits == 17) || (digits == 6 && up <= 1e-6) {
            return if up < 1e-4 { format!("{up:e}") } else { format!("{up}") };
        }
    }
    format!("{p:e}")
}

/// Which trials are not told apart from the leader.
fn unsure(choice: &Choice, results: &Results) -> String {
    let own = choice.equals.iter().filter(|place| **place != choice.leader);
    let mut all: Vec<usize> = choice.unsure.iter().chain(own).copied().collect();
    all.sort_unstable();
    match all.len() {
        1 => format!("1 other trial cannot be told apart from it: {}", named(results, &all)),
        n if n <= MOST_NAMED => format!("{n} other trials cannot be told apart from it: {}", named(results, &all)),
        n => format!("{n} other trials cannot be told apart from it"),
    }
}

/// The trials by their values: of one axis the values alone, of several those of each trial; of many their number.
fn named(results: &Results, places: &[usize]) -> String {
    let names = places.iter().take(MOST_NAMED).filter_map(|&place| match results.axes.as_slice() {
        [_] => results.row(place).map(|row| row.values.join(", ")),
        _ => at(results, place),
    });
    let names: Vec<_> = names.collect();
    let more = places.len().saturating_sub(MOST_NAMED);
    let axis = if let [axis] = results.axes.as_slice() { format!("{axis} = ") } else { String::new() };
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let between = if results.axes.len() == 1 { ", " } else { "; " };
    format!("{axis}{}{rest}", names.join(between))
}

/// `model.hidden = 7, train.learning-rate = 0.02`.
fn at(results: &Results, place: usize) -> Option<String> {
    let row = results.row(place)?;
    let pairs: Vec<_> = results.axes.iter().zip(&row.values).map(|(axis, value)| format!("{axis} = {value}")).collect();
    Some(if pairs.is_empty() { format!("trial {place}") } else { pairs.join(", ") })
}

/// The mean of what decides, with its unit and its interval.
fn value(results: &Results, place: usize) -> Option<String> {
    let (row, unit) = (results.row(place)?, &results.terms.unit);
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let text = &row.errors.last()?.text;
    Some(match text.split_once(' ') {
        Some((mean, interval)) => format!("{mean}{unit} {interval}"),
        None => format!("{text}{unit}"),
    })
}

#[cfg(test)]
mod tests {
    use super::at_most;

    #[test]
    fn what_is_said_of_a_p_value_is_never_below_it() {
        for p in [0.05, 0.0499, 0.03125, 0.012_345, 0.001, 0.000_61, 1.3e-5, 7.7e-9, 1e-30, 0.0] {
            let said: f64 = at_most(p).parse().unwrap();
            assert!(said >= p && said <= (1.2 * p).max(1e-6), "{p}: {said}");
        }
    }
}
