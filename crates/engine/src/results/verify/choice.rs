//! The choice of the trials that run again, made again: the manifest lists runs that confirm, and these must be of the trials that the first stage chooses.

use std::{collections::BTreeMap, path::Path};

use super::Difference;
use crate::{
    digest::{Digest, Record},
    results::{Manifest, reading, stages},
    run::{Prepared, Task},
};

/// By which runs of the first stage it was made again which trials confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChosenBy {
    /// The study does not confirm.
    Nothing,
    /// All of them, computed again.
    Computed,
    /// As they are stored; a sample of them was computed again.
    Stored,
    /// Those of the table `runs`, which the manifest vouches for.
    Table,
    /// None: they are not all here. The manifest alone says which trials were chosen.
    Unknown,
}

/// Makes the choice again, by records that were come `by` so, or else by the table; `tasks` are those that the manifest lists.
pub fn choice(
    network: &dyn Prepared,
    tasks: &[Task],
    records: &BTreeMap<Digest, Record>,
    by: ChosenBy,
    (folder, manifest): (&Path, &Manifest),
) -> (ChosenBy, Option<Difference>) {
    let study = network.study();
    let Some(confirm) = study.confirm else { return (ChosenBy::Nothing, None) };
    let listed = stages::again(study, tasks);
    let (by, chosen) = if by == ChosenBy::Unknown {
        let briefs = reading::briefs(folder, study, manifest, tasks);
        let all = stages::of_briefs(network, tasks, &|id| briefs.get(id));
        (ChosenBy::Table, stages::again(study, &all))
    } else {
        (by, stages::again(study, &stages::of_records(network, tasks, records)))
    };
    let of = |trials: &std::collections::BTreeSet<usize>| {
        let names: Vec<_> = trials.iter().map(usize::to_string).collect();
        if names.is_empty() { "no trial".to_owned() } else { format!("trials {}", names.join(", ")) }
    };
    if chosen.is_empty() {
        // Nothing says which they should be, only how many.
        let asked = (confirm.best as usize).saturating_mul(study.folds);
        let count = listed.len() != asked;
        let how = || format!("its runs that confirm are of {}, and the specification asks for {asked}", of(&listed));
        return (ChosenBy::Unknown, count.then(|| Difference::new("manifest.json", how())));
    }
    let how = || {
        format!("its runs that confirm are of {}, and the runs of the first stage choose {}", of(&listed), of(&chosen))
    };
    (by, (listed != chosen).then(|| Difference::new("manifest.json", how())))
}
