//! The sentences about the best trial. They follow only from [`Choice`].

use super::{count, results::Results, terms::Terms};
use crate::stats::{Beyond, Choice, Constant, Finding};

/// Up to this number, trials are listed one by one.
pub(super) const MOST_NAMED: usize = 8;

/// Returns the sentences about a choice; `None` for a single seed.
pub fn sentence(choice: &Choice, results: &Results) -> Option<String> {
    if choice.leader_seeds < 2 {
        return None;
    }
    let terms = &results.terms;
    let value = value(results, choice.leader)?;
    // If several trials have the same values under every seed, all of them are named.
    let place = match choice.equals.as_slice() {
        [_] => format!("at {}", at(results, choice.leader)?),
        several => format!("the same under every seed in {} trials ({})", several.len(), named(results, several)),
    };
    let best = terms.best();
    let begin = match &results.confirmed {
        Some(_) => format!("the {best} is"),
        None => format!("{}{}:", best[..1].to_uppercase(), &best[1..]),
    };
    let ran = if results.confirmed.is_some() { " that ran again" } else { "" };
    let seeds = match choice.seeds {
        [least, most] if least == most => count(most as u64, "seed"),
        [least, most] => format!("{least} to {most} seeds"),
    };
    let others = choice.worse.len();
    let text = match choice.finding() {
        Finding::Single if results.confirmed.is_some() => confirmed_alone(choice, &value, &place, terms),
        Finding::Single => return alone(choice, &value, terms),
        Finding::NotBeyondConstant => {
            let beyond = choice.constant.as_ref()?;
            let luck = if beyond.fewer { " A difference of this size may be luck of these points." } else { "" };
            format!(
                "No trial is shown to be better than a constant answer: {}, and the {best}, {value}, {place}, is {} of {}.{luck}",
                constant_answer(&beyond.constant),
                on_average(beyond),
                beyond.constant.seen,
            )
        }
        Finding::Equal => {
            let all = if choice.of == 2 { "Both trials".into() } else { format!("All {} trials", choice.of) };
            format!("{all} have the same {} under each of {seeds}, {value}: none is the best.", terms.what)
        }
        Finding::Best => format!(
            "{begin} {value} {place}. It is better than {}{ran} ({}).",
            if others == 1 { "the other trial".into() } else { format!("each of the other {others} trials") },
            tested(choice, &seeds)
        ),
        Finding::Set => format!(
            "{begin} {value}, {place}. They are better than {}{ran} ({}).",
            if others == 1 { "the other one".into() } else { format!("each of the other {others}") },
            tested(choice, &seeds)
        ),
        Finding::TooFewSeeds { needed } => format!(
            "No trial stands out: the {best} is {value}, {place}, but {} That takes at least {needed}.",
            match choice.of {
                2 => format!(
                    "{} cannot show that one of two trials is better.",
                    count(choice.leader_seeds as u64, "seed")
                ),
                n => format!(
                    "{} cannot show which of {n} trials is the best.",
                    count(choice.leader_seeds as u64, "seed")
                ),
            }
        ),
        Finding::Unsure => format!(
            "No trial stands out: the {best} is {value}, {place}, and over {seeds} {}.{}",
            unsure(choice, results),
            match others {
                0 => String::new(),
                1 => format!(" The other one is worse ({}).", corrected(choice)),
                n => format!(" The other {n} are worse ({}).", corrected(choice)),
            }
        ),
    };
    let left_out = match choice.without {
        0 => String::new(),
        1 => format!(" 1 trial has no mean {} and is left out.", terms.what),
        n => format!(" {n} trials have no mean {} and are left out.", terms.what),
    };
    let text = text + &left_out;
    Some(match &results.confirmed {
        Some(confirmed) => format!("{}, {}{}", confirmed.preface(), text[..1].to_lowercase(), &text[1..]),
        None => text,
    })
}

/// The sentence about the only trial that ran again, with its comparison with a constant answer if one is known.
fn confirmed_alone(choice: &Choice, value: &str, place: &str, terms: &Terms) -> String {
    let mean = format!("the mean {} is {value} {place}", terms.what);
    choice.constant.map_or_else(
        || format!("{mean}. No other trial ran again that it could be compared with."),
        |beyond| {
            let is = if beyond.beaten { "It is" } else { "It is not shown to be" };
            let (constant, wrong) = (constant_answer(&beyond.constant), on_average(&beyond));
            format!(
                "{mean}. {is} better than a constant answer: {constant}, and the error of this trial is {wrong} of {}.",
                beyond.constant.seen
            )
        },
    )
}

/// The sentence about a single trial, if it is not shown to be better than a constant answer.
fn alone(choice: &Choice, value: &str, terms: &Terms) -> Option<String> {
    let beyond = choice.constant.filter(|beyond| !beyond.beaten)?;
    Some(format!(
        "The trial is not shown to be better than a constant answer: {}, and its mean {}, {value}, is {} of {}.",
        constant_answer(&beyond.constant),
        terms.what,
        on_average(&beyond),
        beyond.constant.seen
    ))
}

/// The number of points that the leader misclassifies: `45`, or `on average 1.4`.
fn on_average(beyond: &Beyond) -> String {
    if beyond.wrong == beyond.wrong.round() {
        format!("{}", beyond.wrong)
    } else {
        format!("on average {:.1}", beyond.wrong)
    }
}

/// Returns the errors of a constant answer, in counts.
pub fn constant_answer(constant: &Constant) -> String {
    format!("always naming the more frequent class errs on {} of {} points", constant.wrong, constant.points)
}

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

/// A number at or above a p-value, with one digit, or two if one digit would be more than a fifth too large.
fn at_most(p: f64) -> String {
    if p < 1e-300 {
        return "1e-300".into();
    }
    for digits in 3..18 {
        let scale = format!("1e{digits}").parse::<f64>().unwrap_or(1.0);
        let up = (p * scale).ceil() / scale;
        if up >= p && (up <= 1.2 * p || digits == 17) || (digits == 6 && up <= 1e-6) {
            return if up < 1e-4 { format!("{up:e}") } else { format!("{up}") };
        }
    }
    format!("{p:e}")
}

fn unsure(choice: &Choice, results: &Results) -> String {
    let them = if choice.equals.len() == 1 { "it" } else { "them" };
    match choice.unsure.len() {
        1 => format!("1 other trial cannot be told apart from {them}: {}", named(results, &choice.unsure)),
        n if n <= MOST_NAMED => {
            format!("{n} other trials cannot be told apart from {them}: {}", named(results, &choice.unsure))
        }
        n => format!("{n} other trials cannot be told apart from {them}"),
    }
}

/// The trials by their values: for one axis the values alone, for several axes those of each trial; the rest of a long
/// list as a number.
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

fn at(results: &Results, place: usize) -> Option<String> {
    let row = results.row(place)?;
    let pairs: Vec<_> = results.axes.iter().zip(&row.values).map(|(axis, value)| format!("{axis} = {value}")).collect();
    Some(if pairs.is_empty() { format!("trial {place}") } else { pairs.join(", ") })
}

/// The mean of the objective, with its unit and interval.
fn value(results: &Results, place: usize) -> Option<String> {
    let (row, unit) = (results.judged(place)?, &results.terms.unit);
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let text = &row.errors.last()?.text;
    Some(match text.split_once(' ') {
        Some((mean, "(all)")) => format!("{mean}{unit} in all runs"),
        Some((mean, interval)) => format!("{mean}{unit} {interval}"),
        None => format!("{text}{unit}"),
    })
}

#[cfg(test)]
mod tests {
    use super::at_most;

    #[test]
    fn rounded_p_values_are_never_too_small() {
        for p in [0.05, 0.0499, 0.03125, 0.012_345, 0.001, 0.000_61, 1.3e-5, 7.7e-9, 1e-30, 0.0, 1e-320] {
            let rounded: f64 = at_most(p).parse().unwrap();
            assert!(rounded > 0.0 && rounded >= p && rounded <= (1.2 * p).max(1e-6), "{p}: {rounded}");
        }
    }
}
