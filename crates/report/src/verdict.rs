//! The verdict on a study: a sentence that follows from its numbers.

use super::{choice::MOST_NAMED, results::Results};
use crate::table::{Summary, TrialSummary};

/// In which trials runs succeed, and how often; `None` without a sweep, without runs, and without a condition of
/// success.
pub(super) fn verdict(summary: &Summary, results: &Results) -> Option<String> {
    let reached = &results.terms.success.as_ref()?.about;
    let reached = if results.has_folds() { &format!("{reached} on all folds") } else { reached };
    let known: Vec<_> = summary.trials.iter().zip(&results.rows).filter(|(trial, _)| trial.runs > 0).collect();
    let runs = known.iter().map(|(trial, _)| trial.runs).max()?;
    let all = format!("all {runs} seeds");
    let always = |trial: &TrialSummary| trial.success_share == 1.0;
    let never = |trial: &TrialSummary| trial.success_share == 0.0;
    let (total, reach, none) = (
        known.len(),
        known.iter().filter(|(trial, _)| always(trial)).count(),
        known.iter().filter(|(trial, _)| never(trial)).count(),
    );
    let verb = |count: usize| if count == 1 { "reaches" } else { "reach" };
    // A single seed shows nothing.
    if total < 2 || runs < 2 {
        return None;
    }
    if none == total {
        let none = if total == 2 { "Neither trial".into() } else { format!("None of the {total} trials") };
        let any = if results.has_folds() { "under any seed" } else { "in any run" };
        return Some(format!("{none} reaches {reached} {any}."));
    }
    let [axis] = results.axes.as_slice() else {
        return Some(format!(
            "Of {total} trials, {reach} {} {reached} in {all}, {} in some, and {none} in none.",
            verb(reach),
            total - reach - none
        ));
    };
    if total > MOST_NAMED {
        return Some(format!(
            "Of {total} values of {axis}, {reach} {} {reached} in {all}, {} in some, and {none} in none.",
            verb(reach),
            total - reach - none
        ));
    }
    let name = |row: &super::results::Row| row.values.first().cloned().unwrap_or_default();
    let named = |of: &dyn Fn(&TrialSummary) -> bool| -> Vec<String> {
        known.iter().filter(|(trial, _)| of(trial)).map(|(_, row)| name(row)).collect()
    };
    let mut parts = Vec::new();
    let values = named(&always);
    if !values.is_empty() {
        parts.push(format!("{axis} = {} {} {reached} in {all}", listed(&values), verb(values.len())));
    }
    for (trial, row) in known.iter().filter(|(trial, _)| !always(trial) && !never(trial)) {
        let times = (trial.success_share * trial.runs as f64).round();
        let opens = if parts.is_empty() { format!("{axis} = ") } else { String::new() };
        let what = if parts.is_empty() { format!(" reaches {reached}") } else { String::new() };
        parts.push(format!("{opens}{}{what} in {times} of {}", name(row), trial.runs));
    }
    let values = named(&never);
    if !values.is_empty() {
        parts.push(format!("{} never {}", listed(&values), if values.len() == 1 { "does" } else { "do" }));
    }
    Some(parts.join("; ") + ".")
}

fn listed(values: &[String]) -> String {
    match values {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
