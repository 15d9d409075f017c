//! What is said of runs that failed, and of a sweep that was stopped.

use std::{collections::BTreeMap, path::Path};

use crate::{
    cli::text,
    digest::{Digest, Record},
    escape,
    results::CutOff,
    run::Task,
    train::Outcome,
};

/// Why runs failed, the commonest reason first.
pub(super) fn reasons(tasks: &[Task], records: &BTreeMap<Digest, Record>) -> String {
    const MOST: usize = 3;
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for record in tasks.iter().filter_map(|task| records.get(&task.id)) {
        if let Outcome::Failed { message } = &record.outcome {
            *found.entry(message).or_default() += 1;
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
    let said: Vec<_> = found.iter().take(MOST).map(|(message, runs)| format!("{runs} \u{d7} {}", escape::line(message))).collect();
    let more = if found.len() > MOST { format!("; {} more reasons", found.len() - MOST) } else { String::new() };
    if said.is_empty() { String::new() } else { format!(": {}{more}", said.join("; ")) }
}

/// What is said of a sweep that was stopped: how many of the runs are stored, and what becomes of those that are half done.
pub(super) fn interrupted((kept, runs): (usize, usize), cut_off: CutOff, folder: &Path) -> String {
    let are = |n: usize| if n == 1 { "is" } else { "are" };
    let half = match cut_off.kept {
        0 => String::new(),
        n => format!(", and {} more half done", text::thousands(n as u64)),
    };
    let lost = match cut_off.given_up {
        0 => String::new(),
        n => format!("; {} in training {} given up", text::count(n, "run"), are(n)),
    };
    let again = match (kept + cut_off.kept, cut_off.given_up) {
        (0, _) => "the same command begins anew",
        (_, 0) => "the same command goes on from there",
        _ => "the same command goes on from the stored ones",
    };
    format!(
        "interrupted: {} of {} {} stored in {}{half}{lost}; {again}:\n  {}",
        text::thousands(kept as u64),
        text::count(runs, "run"),
        are(kept),
        folder.display(),
        text::command_line()
    )
}
