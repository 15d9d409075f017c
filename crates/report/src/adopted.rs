//! What a report says of adopted runs.

use std::collections::BTreeSet;

use super::{Input, count, mention};

/// Returns what the report says of adopted runs; `None` if the study has none.
pub(super) fn sentences(input: &Input<'_>) -> Option<String> {
    let all = &input.adoptions?.all;
    let runs: BTreeSet<_> = input.runs.iter().collect();
    let unreadable: Vec<String> = all
        .iter()
        .filter(|(_, adoption)| adoption.is_none())
        .map(|(path, _)| format!("`{}`", mention::mention(path)))
        .collect();
    let mut said = Vec::new();
    // Each run once, whatever the documents say.
    let mut counted = BTreeSet::new();
    for adoption in all.values().flatten() {
        let adopted = adoption.runs.keys().filter(|run| runs.contains(run) && counted.insert(**run)).count() as u64;
        let checked = adoption.checked.iter().filter(|run| runs.contains(run)).count() as u64;
        if adopted == 0 {
            continue;
        }
        let changed: Vec<_> = adoption.changed.iter().map(|name| format!("`{}`", mention::mention(name))).collect();
        let changed = if changed.is_empty() { "its inputs or versions".to_owned() } else { changed.join(", ") };
        let agreed =
            if adoption.same { "had the same bits as before" } else { "were within the tolerance of that time" };
        said.push(format!(
            "{} computed before a change of {changed}, and adopted; {} again after the change, and {agreed}.",
            were(adopted),
            were_computed(checked),
        ));
    }
    if !unreadable.is_empty() {
        said.push(format!("Which others were adopted is not known: {} cannot be read.", unreadable.join(", ")));
    }
    if said.is_empty() {
        return None;
    }
    said.push("Only a verification of all runs compares every adopted one.".into());
    Some(said.join(" "))
}

fn were(runs: u64) -> String {
    format!("{} {}", count(runs, "run"), if runs == 1 { "was" } else { "were" })
}

fn were_computed(runs: u64) -> String {
    format!("{} computed", were(runs))
}
