//! What may be said of the best trial, in sentences: everything that says so reads [`Choice`], and no other rule.

use super::{count, results::Results, terms::Terms};
use crate::stats::{Beyond, Choice, Constant, Finding};

/// Up to this number, trials are named one by one.
pub(super) const MOST_NAMED: usize = 8;

/// What is to be said of a choice; nothing of a single seed.
pub fn sentence(choice: &Choice, results: &Results) -> Option<String> {
    if choice.leader_seeds < 2 {
        return None;
    }
    let terms = &results.terms;
    let value = value(results, choice.leader)?;
    // Where several have the same values under every seed, none of them is the one.
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
        Finding::Single if results.confirmed.is_some() => again(choice, &value, &place, terms),
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
                2 => format!("{} cannot show that one of two trials is better.", count(choice.leader_seeds as u64, "seed")),
                n => format!("{} cannot show which of {n} trials is the best.", count(choice.leader_seeds as u64, "seed")),
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
        Some(own) => format!("{}, {}{}", own.preface(), text[..1].to_lowercase(), &text[1..]),
        None => text,
    })
}

/// What is to be said of the only trial that ran again: how it stands to a constant answer, where one is known.
fn again(choice: &Choice, value: &str, place: &str, terms: &Terms) -> String {
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

/// What is to be said of a trial that has no other beside it: only that it may be no better than a constant answer.
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

/// On how many points the leader errs: `45`, or `on average 1.4`.
fn on_average(beyond: &Beyond) -> String {
    if beyond.wrong == beyond.wrong.round() {
        format!("{}", beyond.wrong)
    } else {
        format!("on average {:.1}", beyond.wrong)
    }
}

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

/// Which trials are not told apart from the leader.
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
    fn what_is_said_of_a_p_value_is_never_below_it() {
        for p in [0.05, 0.0499, 0.03125, 0.012_345, 0.001, 0.000_61, 1.3e-5, 7.7e-9, 1e-30, 0.0, 1e-320] {
            let said: f64 = at_most(p).parse().unwrap();
            assert!(said > 0.0 && said >= p && said <= (1.2 * p).max(1e-6), "{p}: {said}");
        }
    }
}
