//! Finds data files that were edited after the runs learned from them.

use std::collections::{BTreeMap, BTreeSet};

use super::data::of_facts;
use crate::{
    results::Manifest,
    run::{self, Kept, Task, contents},
    sweep::{Study, Trial},
};

/// Returns the data files whose content differs from that the runs learned from, by their names in the study. The
/// specification must be that of the manifest; `tasks` are the runs with the current files. For a file without a digest
/// in the manifest, its runs decide; empty if the runs differ and every file matches its digest.
#[must_use]
pub fn edited_files(study: &Study, tasks: &[Task], manifest: &Manifest) -> BTreeSet<String> {
    // Seeds do not depend on data: with other seeds, the manifest was edited, or is of other seeds.
    let claimed: BTreeSet<_> = manifest.runs.iter().map(|run| (run.id, run.trial)).collect();
    let mut listed: BTreeMap<usize, bool> = BTreeMap::new();
    for task in tasks {
        *listed.entry(task.trial).or_default() |= claimed.contains(&(task.id, task.trial));
    }
    let (mut intact, mut others) = (BTreeSet::new(), BTreeSet::new());
    for (trial, listed) in listed {
        if listed { &mut intact } else { &mut others }.extend(named(study, &study.trials[trial]));
    }
    if others.is_empty() {
        return others;
    }
    let noted = of_facts(study, manifest);
    let now = contents::now(study);
    let differs = |name: &String| match (noted.get(name), now.get(name)) {
        (Some(was), Some(is)) => was != is,
        (_, None) => false,
        (None, Some(_)) => !intact.contains(name),
    };
    others.into_iter().filter(differs).collect()
}

/// Returns [`edited_files`] for the current files; missing files count as unchanged.
#[must_use]
pub fn edited_now(study: &Study, manifest: &Manifest) -> BTreeSet<String> {
    let mut contents = of_facts(study, manifest);
    contents.extend(contents::now(study));
    let current = Kept { contents, ..Kept::default() };
    let network = run::without_data(study, current);
    network.map(|network| edited_files(study, &network.tasks(), manifest)).unwrap_or_default()
}

/// Lists file names for messages: up to three names, and the number of further files.
#[must_use]
pub fn names(files: &BTreeSet<String>) -> String {
    const MOST: usize = 3;
    let named: Vec<_> = files.iter().take(MOST).map(String::as_str).collect();
    match files.len().saturating_sub(MOST) {
        0 => match named.as_slice() {
            [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
            _ => named.join(", "),
        },
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// Whether a trial learns from one of these files.
#[must_use]
pub fn learns_from(study: &Study, trial: &Trial, names: &BTreeSet<String>) -> bool {
    named(study, trial).any(|name| names.contains(&name))
}

fn named(study: &Study, trial: &Trial) -> impl Iterator<Item = String> {
    study.files(trial).into_iter().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn at_most_three_files_are_named() {
        let listed = |files: &[&str]| names(&files.iter().map(ToString::to_string).collect());
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b"]), "a and b");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }
}
