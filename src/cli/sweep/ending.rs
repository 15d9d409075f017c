//! The messages about failed runs and about an interrupted sweep.

use std::{collections::BTreeMap, path::Path};

use crate::{
    cli::text,
    escape,
    results::CutOff,
    sweep::Study,
    train::Outcome,
};

/// The reasons of failed runs, the most frequent first.
pub(in crate::cli) fn reasons<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> String {
    const MOST: usize = 3;
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for outcome in outcomes {
        if let Outcome::Failed { message } = outcome {
            *found.entry(message).or_default() += 1;
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
    let shown: Vec<_> = found.iter().take(MOST).map(|(message, runs)| format!("{runs} \u{d7} {}", escape::line(message))).collect();
    let more = if found.len() > MOST { format!("; {} more reasons", found.len() - MOST) } else { String::new() };
    if shown.is_empty() { String::new() } else { format!(": {}{more}", shown.join("; ")) }
}

/// The message about an interrupted sweep: stored runs, unfinished runs, and the command that continues.
pub(super) fn interrupted(study: &Study, (kept, runs): (usize, usize), cut_off: CutOff, folder: &Path) -> String {
    let are = |n: usize| if n == 1 { "is" } else { "are" };
    let half = match cut_off.kept {
        0 => String::new(),
        n => format!(", and {} more half done", text::thousands(n as u64)),
    };
    let lost = match cut_off.given_up {
        0 => String::new(),
        n => {
            let what = if study.kind.is_default() { "in training" } else { "in progress" };
            format!("; {} {what} {} discarded", text::count(n, "run"), are(n))
        }
    };
    let next = match (kept + cut_off.kept, cut_off.given_up) {
        (0, _) => "the same command starts from the beginning",
        (_, 0) => "the same command continues from there",
        _ => "the same command continues from the stored runs",
    };
    format!(
        "interrupted: {} of {} {} stored in {}{half}{lost}; {next}:\n  {}",
        text::thousands(kept as u64),
        text::count(runs, "run"),
        are(kept),
        folder.display(),
        text::command_line()
    )
}

pub(super) fn say_paths(folder: &Path, figures: usize) {
    let folder = folder.display();
    text::say(format!("report  {folder}/report.html, report.md"));
    text::say(format!("tables  {folder}/summary.csv, *.parquet"));
    if figures > 0 {
        text::say(format!("figures {folder}/figures/: {}, as SVG and PNG", text::count(figures, "figure")));
    }
}
