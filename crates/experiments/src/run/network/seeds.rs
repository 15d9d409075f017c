//! Checks data that is divided for every seed: each seed must give valid splits.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rayon::prelude::*;

use super::{
    NetworkExperiment, found,
    opened::{divided, reopened},
};
use crate::{
    data::{Data, DataSeed, Opened, Source, Validation},
    experiments::OfNetwork,
    run::{RunError, Task, of_data},
    seed::Seed,
};

/// Errors that depend on the division rather than the file.
const OF_DIVISION: [&str; 5] =
    ["data.one-class", "data.no-rows", "data.unknown-category", "data.no-mean", "data.standardise"];

/// The most seeds that a message names.
const MOST_NAMED: usize = 12;

impl NetworkExperiment<'_> {
    /// Refuses tasks whose data cannot be divided under their seeds. Every data set must also be divisible under the
    /// `further` seeds. Generators always pass.
    ///
    /// # Errors
    /// Names all seeds that fail.
    pub(super) fn require_seeds(&self, tasks: &[Task], further: &[Seed]) -> Result<(), RunError> {
        let is_divided = |trial: usize| {
            let data = self.study.trials[trial].data();
            data.seeding() == DataSeed::PerRun && data.dimension().is_none()
        };
        let (mut seen, mut checks) = (BTreeSet::new(), Vec::new());
        for task in tasks.iter().filter(|task| is_divided(task.trial)) {
            if seen.insert((self.data_of[task.trial], task.seed)) {
                checks.push((task.trial, task.seed));
            }
        }
        let mut sets = BTreeSet::new();
        let trials = (0..self.study.trials.len()).filter(|_| !further.is_empty());
        for trial in trials.filter(|trial| sets.insert(self.data_of[*trial]) && is_divided(*trial)) {
            let new = further.iter().filter(|seed| !seen.contains(&(self.data_of[trial], **seed)));
            checks.extend(new.map(|seed| (trial, *seed)));
        }
        // Files that are too large to be kept are read once for all these seeds.
        let mut opened: BTreeMap<usize, Option<Arc<Opened>>> = BTreeMap::new();
        for (trial, _) in &checks {
            let known = &self.data[self.data_of[*trial]];
            if known.opened.is_none() && !known.absent && !opened.contains_key(&self.data_of[*trial]) {
                let found = found(&self.study.trials[*trial], &self.data_overrides);
                opened.insert(self.data_of[*trial], reopened(self.study, &found, &known.files)?);
            }
        }
        let split = |trial: usize, seed: Seed| match opened.get(&self.data_of[trial]) {
            Some(Some(opened)) => {
                divided(found(&self.study.trials[trial], &self.data_overrides).data(), Some(opened), seed)
            }
            _ => self.load_split(trial, seed),
        };
        let fault = |(trial, seed): &(usize, Seed)| Some((*trial, *seed, split(*trial, *seed).err()?));
        let found: Vec<(usize, Seed, RunError)> = checks.par_iter().filter_map(fault).collect();
        let Some(trial) = found.first().map(|(trial, ..)| *trial) else { return Ok(()) };
        let seeds: Vec<Seed> = checks.into_iter().map(|(_, seed)| seed).collect();
        let found = found.into_iter().map(|(_, seed, fault)| (seed, fault)).collect();
        Err(of_seeds(self.study.trials[trial].data(), &seeds, found))
    }
}

/// Turns an error under the first seed into one that names all failing seeds, unless it is an error of the file.
pub(super) fn of_first(data: &Data, opened: &Opened, seeds: &[Seed], fault: RunError) -> RunError {
    let RunError::Source { code, help, .. } = &fault else { return fault };
    if data.seeding() != DataSeed::PerRun || !OF_DIVISION.contains(code) {
        return fault;
    }
    let other = |seed: &Seed| Some((*seed, of_data(data.divide(opened, *seed).err()?)));
    let found: Vec<(Seed, RunError)> = seeds.par_iter().filter_map(other).collect();
    let is_of_file = found.len() == seeds.len() && !help.contains("`seed`");
    if found.is_empty() || is_of_file { fault } else { of_seeds(data, seeds, found) }
}

/// Turns an error of a division under one of the seeds into one that names the seed.
pub(super) fn of_one(data: &Data, seeds: &[Seed], seed: Seed, fault: RunError) -> RunError {
    let is_of_division = matches!(&fault, RunError::Source { code, .. } if OF_DIVISION.contains(code));
    if data.seeding() == DataSeed::PerRun && is_of_division {
        of_seeds(data, seeds, vec![(seed, fault)])
    } else {
        fault
    }
}

/// The error that names the seeds, among `checked`, under which data cannot be divided.
fn of_seeds(data: &Data, checked: &[Seed], found: Vec<(Seed, RunError)>) -> RunError {
    let seeds: BTreeSet<u64> = found.iter().map(|(seed, _)| seed.0).collect();
    let (first, code, message) = match found.into_iter().next() {
        Some((first, RunError::Source { code, message, .. })) => (first, code, message),
        Some((_, other)) => return other,
        None => unreachable!("at least one seed fails"),
    };
    let (is_stratified, validation) = match data {
        Data::Csv(csv) => (csv.stratified, Some(&csv.validation)),
        Data::Mat(mat) => (mat.stratified, Some(&mat.validation)),
        _ => (true, None),
    };
    let other =
        if matches!(validation, Some(Validation::Folds(_))) { "fewer folds" } else { "another share for validation" };
    let each = match code {
        "data.one-class" if !is_stratified => {
            "take the share from each class by itself: stratified = true in its section; or "
        }
        "data.unknown-category" => "group texts that few rows have, or leave their column out; or ",
        "data.no-mean" => "leave the column out; or ",
        _ => "",
    };
    let works = checked.iter().map(|seed| seed.0).find(|seed| !seeds.contains(seed));
    let once = works.map_or_else(String::new, |seed| {
        format!(", or divide the data once for all runs: seed = {seed} in its section")
    });
    let leave = match (works.is_some(), seeds.len()) {
        (false, _) => "sweep other seeds",
        (true, 1) => "leave this seed out",
        (true, _) => "leave these seeds out",
    };
    let named: Vec<_> = seeds.iter().take(MOST_NAMED).map(u64::to_string).collect();
    let more = if seeds.len() > MOST_NAMED { ", ..." } else { "" };
    let (of, whose) = match seeds.len() {
        1 => ("seed", String::new()),
        _ => ("the seeds", format!("Seed {}: ", first.0)),
    };
    let end = if seeds.len() == 1 { ':' } else { '.' };
    RunError::Source {
        code,
        message: format!(
            "under {of} {}{more} the data cannot be divided as set{end} {whose}{message}",
            named.join(", ")
        ),
        help: format!("{each}{leave}, or take {other}{once}"),
    }
}
