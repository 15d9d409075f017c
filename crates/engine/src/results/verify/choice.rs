//! Repeats the choice of the trials that confirm: the runs in the manifest that confirm must be of the trials that the
//! first stage chooses.

use std::{collections::BTreeMap, path::Path};

use super::Difference;
use crate::{
    digest::{Digest, Record},
    results::{Manifest, reading, stages},
    run::{Prepared, Task},
};

/// The source of the runs of the first stage for repeating the choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChosenBy {
    /// The study does not confirm.
    Nothing,
    /// All runs, recomputed.
    Computed,
    /// All stored runs; a sample was recomputed.
    Stored,
    /// The table `runs`, which the manifest proves.
    Table,
    /// Some runs are missing: the manifest alone lists the chosen trials, and the choice was not repeated.
    Unknown,
}

/// Repeats the choice from records of the source `by`, or else from the table; `tasks` are the runs in the manifest.
pub fn choice(
    network: &dyn Prepared,
    tasks: &[Task],
    records: &BTreeMap<Digest, Record>,
    by: ChosenBy,
    (folder, manifest): (&Path, &Manifest),
) -> (ChosenBy, Option<Difference>) {
    let study = network.study();
    let Some(confirm) = study.confirm else { return (ChosenBy::Nothing, None) };
    let listed = stages::confirmed_trials(study, tasks);
    let (by, chosen) = if by == ChosenBy::Unknown {
        let briefs = reading::briefs(folder, study, manifest, tasks);
        let all = stages::of_briefs(network, tasks, &|id| briefs.get(id));
        (ChosenBy::Table, stages::confirmed_trials(study, &all))
    } else {
        (by, stages::confirmed_trials(study, &stages::of_records(network, tasks, records)))
    };
    let of = |trials: &std::collections::BTreeSet<usize>| {
        let names: Vec<_> = trials.iter().map(usize::to_string).collect();
        if names.is_empty() { "no trial".to_owned() } else { format!("trials {}", names.join(", ")) }
    };
    if chosen.is_empty() {
        // The right trials are unknown, only their number is known.
        let asked = (confirm.best as usize).saturating_mul(study.folds);
        let count = listed.len() != asked;
        let how =
            || format!("its runs that confirm are of {}, but the specification requires {asked} trials", of(&listed));
        return (ChosenBy::Unknown, count.then(|| Difference::new("manifest.json", how())));
    }
    let how = || {
        format!("its runs that confirm are of {}, but the runs of the first stage choose {}", of(&listed), of(&chosen))
    };
    (by, (listed != chosen).then(|| Difference::new("manifest.json", how())))
}
