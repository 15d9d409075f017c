//! The two stages of a study with `confirm`: which of its trials run again, and so which runs it has.
//!
//! Every trial runs under `sweep.seeds`: that is the first stage, which is the same as without `confirm`. Once it is
//! complete, the trials with the best means of the objective run again under the seeds of `confirm`, which are
//! different. The chosen trials follow from the results of the first stage alone, so a resumed sweep, a merge and a
//! verification determine them again.
//!
//! The choice: for each trial, the mean over the runs that did not fail, by ascending seed; the best trials in the
//! direction of the objective, of equal ones the first in the study; trials without a mean come last. A trial on folds
//! has under each seed the mean over its folds, and is chosen with all of them.
//!
//! A run is of the second stage if and only if its seed is one of `confirm`; stores and tables do not mark the stages
//! otherwise.

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

/// The result of a run of the first stage, for the choice.
enum StageResult {
    /// The run is not stored.
    Missing,
    /// The run failed, and is not counted.
    Failed,
    /// The last value of the objective; NaN if it was not measured.
    Value(f64),
}

/// Reads the objective from runs.
struct Reader<'a> {
    study: &'a Study,
    /// The last requested trial, and the slot of the objective in its records.
    last: Option<(usize, Option<usize>)>,
}

impl Reader<'_> {
    fn result(&mut self, trial: usize, outcome: &Outcome, finals: &[f64]) -> StageResult {
        if matches!(outcome, Outcome::Failed { .. }) {
            return StageResult::Failed;
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
        // As in the summary: a run without a value of the objective is not counted.
        slot.and_then(|slot| finals.get(slot)).map_or(StageResult::Failed, |value| StageResult::Value(*value))
    }
}

/// Returns every run of a study that follows from these records, by trial, then seed in the order of the study. `first`
/// are the runs of the first stage.
#[must_use]
pub fn of_records(network: &dyn Prepared, first: &[Task], records: &BTreeMap<Digest, Record>) -> Vec<Task> {
    let mut reader = Reader { study: network.study(), last: None };
    all(network, first, &mut |task| {
        records.get(&task.id).map_or(StageResult::Missing, |record| {
            let finals = record.observations.last().map_or(&[][..], |point| &point.values);
            reader.result(task.trial, &record.outcome, finals)
        })
    })
}

/// Returns the same from summaries of runs.
#[must_use]
pub fn of_briefs<'a>(
    network: &dyn Prepared,
    first: &[Task],
    brief: &dyn Fn(&Digest) -> Option<&'a Brief>,
) -> Vec<Task> {
    let mut reader = Reader { study: network.study(), last: None };
    all(network, first, &mut |task| {
        brief(&task.id).map_or(StageResult::Missing, |run| reader.result(task.trial, &run.outcome, &run.values()))
    })
}

/// Returns the same as a manifest lists it, unproven: the chosen trials are those with a run under a seed of `confirm`.
#[must_use]
pub fn listed(network: &dyn Prepared, first: &[Task], manifest: &Manifest) -> Vec<Task> {
    let study = network.study();
    let runs = manifest.runs.iter().filter(|run| study.confirms(Seed(run.seed)) && run.trial < study.trials.len());
    let trials: BTreeSet<usize> = runs.map(|run| run.trial).collect();
    // A study never has more trials run again; an edited manifest may list very many.
    let most = study.confirm.map_or(0, |confirm| (confirm.best as usize).saturating_mul(study.folds));
    with(network, first, &trials.into_iter().take(most).collect())
}

/// Returns the runs of the first stage, and those of `chosen` trials under the seeds of `confirm`.
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

/// Returns the trials that run again among these tasks.
#[must_use]
pub fn confirmed_trials(study: &Study, tasks: &[Task]) -> BTreeSet<usize> {
    tasks.iter().filter(|task| study.confirms(task.seed)).map(|task| task.trial).collect()
}

fn all(network: &dyn Prepared, first: &[Task], result: &mut dyn FnMut(&Task) -> StageResult) -> Vec<Task> {
    let study = network.study();
    with(network, first, &chosen(study, first, result).unwrap_or_default())
}

/// The trials that run again; `None` if a run of the first stage is missing, or without `confirm`.
fn chosen(study: &Study, first: &[Task], result: &mut dyn FnMut(&Task) -> StageResult) -> Option<BTreeSet<usize>> {
    let best = study.confirm?.best as usize;
    let folds = study.folds;
    // The values of the folds of each trial and seed.
    let mut found: Vec<BTreeMap<Seed, Vec<f64>>> = vec![BTreeMap::new(); study.compared()];
    for task in first.iter().filter(|task| !study.confirms(task.seed)) {
        match result(task) {
            StageResult::Missing => return None,
            StageResult::Failed => {}
            StageResult::Value(value) => found[task.trial / folds].entry(task.seed).or_default().push(value),
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

/// Returns the runs of a shard: its part of the first stage, as without `confirm`, and its part of the second.
#[must_use]
pub fn share(shard: Shard, study: &Study, experiment: &dyn Experiment, tasks: &[Task]) -> Vec<Task> {
    let (again, first): (Vec<_>, Vec<_>) = tasks.iter().copied().partition(|task| study.confirms(task.seed));
    let mut own = shard.of(experiment, &first);
    own.extend(shard.of(experiment, &again));
    own
}
