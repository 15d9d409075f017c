//! Which files of data were edited since results were made from them.

use std::collections::{BTreeMap, BTreeSet};

use super::data::of_facts;
use crate::{
    results::Manifest,
    run::{self, Kept, Task, contents},
    sweep::{Study, Trial},
};

/// The files of a study, whose specification is that of the manifest, that do not hold what its runs learned from, by the names that the study has for
/// them. `tasks` are the runs that learn from the files as they are now. Without a digest of a file in the manifest, its runs decide; nothing is returned
/// if the runs differ and every file holds what the manifest notes.
#[must_use]
pub fn edited(study: &Study, tasks: &[Task], manifest: &Manifest) -> BTreeSet<String> {
    // A seed is no matter of data: with other seeds, the manifest was edited, or asks for others.
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

/// The same of the files as they are now; those that are not here are taken to be what the manifest notes.
#[must_use]
pub fn edited_now(study: &Study, manifest: &Manifest) -> BTreeSet<String> {
    let mut contents = of_facts(study, manifest);
    contents.extend(contents::now(study));
    let told = Kept { contents, ..Kept::default() };
    let network = run::without_data(study, told);
    network.map(|network| edited(study, &network.tasks(), manifest)).unwrap_or_default()
}

/// The names of files for people: the file, or the files with the first few of them.
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

/// The names of the files that a trial learns from.
fn named(study: &Study, trial: &Trial) -> impl Iterator<Item = String> {
    study.files(trial).into_iter().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_few_files_are_named_and_the_others_counted() {
        let said = |files: &[&str]| names(&files.iter().map(ToString::to_string).collect());
        assert_eq!(said(&["a"]), "a");
        assert_eq!(said(&["a", "b"]), "a and b");
        assert_eq!(said(&["a", "b", "c"]), "a, b and c");
        assert_eq!(said(&["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }
}
