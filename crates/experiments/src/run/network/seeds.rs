//! Data that is divided anew for every seed: whether each of them leaves both classes on either side.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::Network;
use crate::{
    data::{Data, DataSeed, Source},
    experiments::OfNetwork,
    run::{RunError, Task},
    seed::Seed,
};

/// More seeds than these are not named.
const MOST_NAMED: usize = 12;

impl Network<'_> {
    /// Refuses tasks whose data cannot be had under their seeds, and names all of these; every data set has to be had under `further` seeds, too. What is
    /// drawn always can.
    ///
    /// # Errors
    /// There are some.
    pub(super) fn require_seeds(&self, tasks: &[Task], further: &[Seed]) -> Result<(), RunError> {
        let is_divided = |trial: usize| {
            let data = self.study.trials[trial].data();
            data.seeding() == DataSeed::PerRun && data.dimension().is_none()
        };
        let (mut seen, mut asked) = (BTreeSet::new(), Vec::new());
        for task in tasks.iter().filter(|task| is_divided(task.trial)) {
            if seen.insert((self.data_of[task.trial], task.seed)) {
                asked.push((task.trial, task.seed));
            }
        }
        let mut sets = BTreeSet::new();
        let trials = (0..self.study.trials.len()).filter(|_| !further.is_empty());
        for trial in trials.filter(|trial| sets.insert(self.data_of[*trial]) && is_divided(*trial)) {
            let new = further.iter().filter(|seed| !seen.contains(&(self.data_of[trial], **seed)));
            asked.extend(new.map(|seed| (trial, *seed)));
        }
        let fault = |(trial, seed): &(usize, Seed)| Some((*trial, *seed, self.split(*trial, *seed).err()?));
        let found: Vec<(usize, Seed, RunError)> = asked.par_iter().filter_map(fault).collect();
        let seeds: BTreeSet<u64> = found.iter().map(|(_, seed, _)| seed.0).collect();
        let (trial, first, code, message) = match found.into_iter().next() {
            None => return Ok(()),
            Some((trial, first, RunError::Source { code, message, .. })) => (trial, first, code, message),
            Some((_, _, other)) => return Err(other),
        };
        let is_stratified = match self.study.trials[trial].data() {
            Data::Csv(csv) => csv.stratified,
            Data::Mat(mat) => mat.stratified,
            _ => true,
        };
        let each = if code == "data.one-class" && !is_stratified {
            "take the share from each class by itself: stratified = true in its section; or "
        } else {
            ""
        };
        let works = asked.iter().map(|(_, seed)| seed.0).find(|seed| !seeds.contains(seed));
        let once = works.map_or_else(String::new, |seed| {
            format!(", or divide the data once for all runs: seed = {seed} in its section")
        });
        let named: Vec<_> = seeds.iter().take(MOST_NAMED).map(u64::to_string).collect();
        let more = if seeds.len() > MOST_NAMED { ", ..." } else { "" };
        let of = if seeds.len() == 1 { "seed" } else { "the seeds" };
        Err(RunError::Source {
            code,
            message: format!(
                "under {of} {}{more} the data cannot be had as asked. Seed {}: {message}",
                named.join(", "),
                first.0
            ),
            help: format!("{each}leave these seeds out, or take another share for validation{once}"),
        })
    }
}
