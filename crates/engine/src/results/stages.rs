//! The two stages of a study that confirms: which of its trials run again, and so which runs it has.
//!
//! Every trial runs under `sweep.seeds`: that is the first stage, and it is what it would be without `confirm`. Once all of it is
//! there, the trials with the best means of what decides run again under the seeds of `confirm`, which are others. Which trials these are follows from the
//! results of the first stage alone, so that they are found again from these alone: by a sweep that goes on, by a merge, and by a verification, which makes the choice again.
//!
//! The choice: of each trial the mean over the runs that did not fail, by ascending seed; the best ones in the direction of the objective, of equal
//! ones the first in the study; trials without a mean come last. A trial on folds has under each seed the mean over its folds, and is chosen with all
//! of them.
//!
//! A run is of the second stage if its seed is one of `confirm`: nothing else tells the stages apart, neither in a store nor in a table.

use std::collections::{BTreeMap, BTreeSet};

use super::Manifest;
use crate::{
    digest::{Digest, Outcome, Record},
    measure::Direction,
    run::{Experiment, Prepared, Shard, Task},
    seed::Seed,
    stats,
    store::index::Brief,
    sweep::{Study, slot},
};

/// What a run of the first stage came to, as far as its trial is chosen by it.
enum Came {
    /// It is not there.
    Missing,
    /// It failed, and counts for nothing.
    Failed,
    /// Its last value of what decides; NaN where that was not measured.
    To(f64),
}

/// Reads of runs what decides.
struct Reader<'a> {
    study: &'a Study,
    /// The last trial that was asked for, and where its records have what decides.
    last: Option<(usize, Option<usize>)>,
}

impl Reader<'_> {
    fn came(&mut self, trial: usize, outcome: &Outcome, finals: &[f64]) -> Came {
        if matches!(outcome, Outcome::Failed { .. }) {
            return Came::Failed;
        }
        let slot = match self.last {
            Some((own, slot)) if own == trial => slot,
            _ => {
                let objective = self.study.objective();
                let measured = self.study.measured(&self.study.trials[trial]);
                let slot = slot(&measured, objective.part, &objective.measurement);
                self.last = Some((trial, slot));
                slot
            }
        };
        // As in the summary: a run that never came to what decides has no value there.
        slot.and_then(|slot| finals.get(slot)).map_or(Came::Failed, |value| Came::To(*value))
    }
}

/// Every run of a study, as far as these records say which they are, by trial, then seed in the order of the study. `first` are those of its first stage.
#[must_use]
pub fn of_records(network: &dyn Prepared, first: &[Task], records: &BTreeMap<Digest, Record>) -> Vec<Task> {
    let mut reader = Reader { study: network.study(), last: None };
    all(network, first, &mut |task| {
        records.get(&task.id).map_or(Came::Missing, |record| {
            let finals = record.observations.last().map_or(&[][..], |point| &point.values);
            reader.came(task.trial, &record.outcome, finals)
        })
    })
}

/// The same by runs in brief.
#[must_use]
pub fn of_briefs<'a>(
    network: &dyn Prepared,
    first: &[Task],
    brief: &dyn Fn(&Digest) -> Option<&'a Brief>,
) -> Vec<Task> {
    let mut reader = Reader { study: network.study(), last: None };
    all(network, first, &mut |task| {
        brief(&task.id).map_or(Came::Missing, |run| reader.came(task.trial, &run.outcome, &run.values()))
    })
}

/// The same by what a manifest lists, which nothing proves: the trials of which it has any run under a seed that confirms.
#[must_use]
pub fn listed(network: &dyn Prepared, first: &[Task], manifest: &Manifest) -> Vec<Task> {
    let study = network.study();
    let runs = manifest.runs.iter().filter(|run| study.confirms(Seed(run.seed)) && run.trial < study.trials.len());
    let trials: BTreeSet<usize> = runs.map(|run| run.trial).collect();
    // More than the study has run again are no plan of it, and may be very many.
    let most = study.confirm.map_or(0, |confirm| (confirm.best as usize).saturating_mul(study.folds));
    with(network, first, &trials.into_iter().take(most).collect())
}

/// The runs of the first stage, and those of `chosen` trials under the seeds that confirm.
#[must_use]
pub fn with(network: &dyn Prepared, first: &[Task], chosen: &BTreeSet<usize>) -> Vec<Task> {
    let study = network.study();
    let mut tasks: Vec<_> = first.iter().filter(|task| !study.confirms(task.seed)).copied().collect();
    if !chosen.is_empty() {
        tasks.extend(chosen.iter().flat_map(|&trial| network.confirming(trial)));
        tasks.sort_by_key(|task| task.trial);
    }
    tasks
}

/// The trials that run again among these tasks.
#[must_use]
pub fn again(study: &Study, tasks: &[Task]) -> BTreeSet<usize> {
    tasks.iter().filter(|task| study.confirms(task.seed)).map(|task| task.trial).collect()
}

fn all(network: &dyn Prepared, first: &[Task], came: &mut dyn FnMut(&Task) -> Came) -> Vec<Task> {
    let study = network.study();
    with(network, first, &chosen(study, first, came).unwrap_or_default())
}

/// The trials that run again; none where a run of the first stage is not there, and of a study that does not confirm.
fn chosen(study: &Study, first: &[Task], came: &mut dyn FnMut(&Task) -> Came) -> Option<BTreeSet<usize>> {
    let best = study.confirm?.best as usize;
    let folds = study.folds;
    // Of every trial and seed what its folds came to.
    let mut found: Vec<BTreeMap<Seed, Vec<f64>>> = vec![BTreeMap::new(); study.compared()];
    for task in first.iter().filter(|task| !study.confirms(task.seed)) {
        match came(task) {
            Came::Missing => return None,
            Came::Failed => {}
            Came::To(value) => found[task.trial / folds].entry(task.seed).or_default().push(value),
        }
    }
    let whole = |(seed, values): (Seed, Vec<f64>)| (values.len() == folds).then(|| (seed, stats::mean(&values)));
    let values: Vec<BTreeMap<Seed, f64>> =
        found.into_iter().map(|of_seeds| of_seeds.into_iter().filter_map(whole).collect()).collect();
    let own = study.declaration().measurement(&study.objective().measurement);
    let direction = own.map_or(Direction::Lower, |own| own.direction);
    let trials = stats::best(&values, direction, best).into_iter();
    Some(trials.flat_map(|trial| trial * folds..(trial + 1) * folds).collect())
}

/// The part of a shard in these runs: in those of the first stage what it has without `confirm`, and in those that follow as much again.
#[must_use]
pub fn share(shard: Shard, study: &Study, experiment: &dyn Experiment, tasks: &[Task]) -> Vec<Task> {
    let (again, first): (Vec<_>, Vec<_>) = tasks.iter().copied().partition(|task| study.confirms(task.seed));
    let mut own = shard.of(experiment, &first);
    own.extend(shard.of(experiment, &again));
    own
}
