//! Prints how far two computations of the same runs agree.

use crate::{
    cli::text,
    results::verify::{Agreement, agreement::Agreed},
};

/// The most runs of another course that are printed.
const MOST: usize = 10;

/// Prints a line for each measurement and each kept file, and one for each run that took another course.
pub(in crate::cli) fn print(agreement: &Agreement) {
    let (measured, files) = (agreement.measurements.iter(), agreement.files.iter());
    let width = measured.clone().chain(files.clone()).map(|agreed| agreed.name.chars().count()).max().unwrap_or(0);
    for (agreed, what) in measured.zip(std::iter::repeat("bits")).chain(files.zip(std::iter::repeat("bytes"))) {
        text::say(format!("{:width$}  {}", agreed.name, sentence(agreed, what)));
    }
    for other in agreement.different.iter().take(MOST) {
        text::say(format!("run {}: {}", other.run.short(), other.how));
    }
    if agreement.different.len() > MOST {
        text::say(format!("and {} more; --json lists all", text::count(agreement.different.len() - MOST, "run")));
    }
    if agreement.missing > 0 {
        text::say(format!("{} without a stored record to compare with", text::count(agreement.missing, "run")));
    }
}

fn sentence(agreed: &Agreed, what: &str) -> String {
    let runs = text::count(agreed.runs, "run");
    if agreed.same == agreed.runs {
        return format!("the same {what} in {runs}");
    }
    let share = if agreed.same == 0 { format!("in none of {runs}") } else { format!("in {} of {runs}", agreed.same) };
    match agreed.apart {
        None => format!("the same {what} {share}"),
        Some(apart) => format!(
            "the same bits {share}; apart by at most {} (absolute), {} (relative), {} units in the last place, from step {} on",
            brief(apart.absolute),
            brief(apart.relative),
            text::thousands(apart.ulps),
            apart.step
        ),
    }
}

/// Two digits, with an exponent where zeros would fill the line.
fn brief(value: f64) -> String {
    if value == 0.0 || (1e-3..1e4).contains(&value) { format!("{value:.2}") } else { format!("{value:.1e}") }
}
