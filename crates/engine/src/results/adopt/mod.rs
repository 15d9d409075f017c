//! Adopts runs of a program that were computed before a change that should not matter: a comment in a script, a newer
//! package.
//!
//! Such a change gives every run another identity. Runs of the earlier study with the same parameters and seed
//! correspond to runs of the new one. A sample of these is computed again. If it agrees with the earlier results, as
//! closely as the experiment promises, the other runs get the new identities, and a [document](Adoption) says so.

mod document;
mod earlier;

pub(super) use document::computed;
pub use document::{ADOPTED, Adoption, Adoptions};

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::atomic::AtomicBool,
};

use super::{
    Computation, ComputeError, owner, sample,
    verify::{Agreement, agreement},
};
use crate::{
    digest::{Digest, Kept, Record, own_link},
    run::{Event, Task},
    store::{self, Checkpoints, Runs},
};
use earlier::Earlier;

/// How an adoption ended.
#[derive(Debug, Clone, PartialEq)]
pub enum AdoptOutcome {
    /// There is nothing to adopt, for this reason.
    Nothing(String),
    /// No earlier run corresponds to a run of the study.
    Unknown,
    /// These runs were adopted.
    Adopted(Adoption),
    /// Runs that were computed again differ; nothing was adopted.
    Refused {
        /// What has changed.
        changed: Vec<String>,
        /// The number of runs that could have been adopted.
        runs: usize,
        /// How far the runs that were computed again agree.
        agreement: Box<Agreement>,
    },
    /// The computation was stopped; nothing was adopted.
    Interrupted,
}

impl Computation<'_> {
    /// Adopts the runs of the earlier study in the folder, after computing `size` of them again; `size` gets the number
    /// of runs that correspond.
    ///
    /// # Errors
    /// The folder cannot be used, or a run cannot be computed.
    pub fn adopt(
        &self,
        size: &dyn Fn(usize) -> usize,
        events: &(dyn Fn(Event<'_>) + Sync),
        notice: &dyn Fn(&str),
        stop: &AtomicBool,
    ) -> Result<AdoptOutcome, ComputeError> {
        let nothing = |reason: String| Ok(AdoptOutcome::Nothing(reason));
        if !self.folder.is_dir() {
            return nothing(format!("there is no folder {}", self.folder.display()));
        }
        owner::require(self.folder, &self.owner())?;
        let study = self.network.study();
        let Some(earlier) = Earlier::of(self.folder, study) else {
            return nothing(
                "study.toml in the folder is not the specification that its runs were computed with".into(),
            );
        };
        let runs = Runs::load(self.folder)?;
        let confirming = (0..study.trials.len()).flat_map(|trial| self.network.confirming(trial));
        let tasks: Vec<Task> = self.tasks.iter().copied().chain(confirming).collect();
        // Runs that were computed since the change are compared, too: also those of an adoption that was refused.
        let adopted_before = Adoptions::read(self.folder).runs();
        let all = earlier.pairs(study, &tasks, runs.records());
        let (stored, pairs): (Vec<_>, Vec<_>) = all.into_iter().partition(|(task, _)| runs.contains(&task.id));
        let stored: Vec<_> = stored.into_iter().filter(|(task, _)| !adopted_before.contains(&task.id)).collect();
        if pairs.is_empty() {
            let is_whole = tasks.iter().all(|task| runs.contains(&task.id));
            let is_known = tasks.iter().any(|task| adopted_before.contains(&task.id));
            return if is_whole || is_known {
                nothing("every run that corresponds to an earlier one is stored".into())
            } else {
                Ok(AdoptOutcome::Unknown)
            };
        }
        let changed = self.changed(&earlier, &pairs);
        let old: BTreeMap<Digest, Record> =
            pairs.iter().chain(&stored).map(|(task, record)| (task.id, under(record, task.id))).collect();
        let known: Vec<Task> = stored.iter().map(|(task, _)| *task).collect();
        let former: BTreeMap<Digest, Digest> = pairs.iter().map(|(task, record)| (task.id, record.id)).collect();
        let corresponding: Vec<Task> = pairs.into_iter().map(|(task, _)| task).collect();
        let again = sample(&corresponding, size(corresponding.len()), claims(&old), None);

        self.network.require_memory()?;
        self.require_data(&again, true)?;
        let store = self.open(notice)?;
        let mut session = self.begin();
        let (steps, cost) = again.iter().map(|task| self.remaining(task, None)).fold((0, 0.0), add);
        events(Event::Started { runs: again.len(), cached: 0, steps, cost });
        let checkpoints = Checkpoints::of(self.folder);
        let trained = self.train(&store, &checkpoints, runs, &mut session, &again, events, stop);
        events(Event::Stopped);
        let (runs, cut_off) = trained?;
        if cut_off.is_some() {
            session.end()?;
            return Ok(AdoptOutcome::Interrupted);
        }
        let again: Vec<Task> = again.into_iter().chain(known).collect();
        let new = again.iter().filter_map(|task| Some((task.id, runs.records().get(&task.id)?.clone()))).collect();
        let agreement = agreement::of(study, &again, &old, &new, self.folder);
        let is_agreed = agreement.is_same() || agreement.is_accepted(study);
        if agreement.runs < again.len() || !is_agreed {
            session.end()?;
            return Ok(AdoptOutcome::Refused { changed, runs: corresponding.len(), agreement: Box::new(agreement) });
        }
        let checked: BTreeSet<Digest> = again.iter().map(|task| task.id).collect();
        let adopted: BTreeMap<_, _> = former.into_iter().filter(|(run, _)| !checked.contains(run)).collect();
        store::beside::copy_runs(self.folder, &adopted)?;
        // The document first: a run that it lists and that is not stored is computed, and taken out of it.
        let adoption = Adoption::new(changed, checked, agreement.is_same(), adopted);
        if !adoption.runs.is_empty() {
            adoption.write(self.folder)?;
            store.commit_all(adoption.runs.keys().map(|id| &old[id]))?;
        }
        session.end()?;
        Ok(AdoptOutcome::Adopted(adoption))
    }
}

impl Computation<'_> {
    /// What has changed since these runs were computed: now, and before they were adopted an earlier time.
    fn changed(&self, earlier: &Earlier, pairs: &[(Task, &Record)]) -> Vec<String> {
        let mut changed: BTreeSet<String> = earlier.changed(self.network).into_iter().collect();
        if changed.is_empty() {
            // Settings and files are the same, so what the commands print is not.
            changed.insert("command.versions".into());
        }
        let all = Adoptions::read(self.folder).all;
        let concerns = |adoption: &&Adoption| pairs.iter().any(|(_, record)| adoption.runs.contains_key(&record.id));
        changed.extend(all.into_values().flatten().filter(|own| concerns(&own)).flat_map(|own| own.changed));
        changed.into_iter().collect()
    }
}

fn add((steps, cost): (u64, f64), (further, more): (u64, f64)) -> (u64, f64) {
    (steps + further, cost + more)
}

/// The digest that determines the sample: of the identities and results of all runs that could be adopted.
fn claims(records: &BTreeMap<Digest, Record>) -> Digest {
    let mut bytes = b"restudy/adopt".to_vec();
    for record in records.values() {
        bytes.extend([record.id.0, record.digest().0, record.measurements().0].concat());
    }
    Digest::of(&bytes)
}

/// The record of a run under another identity, with which its chain begins.
fn under(record: &Record, id: Digest) -> Record {
    let mut moved = Record { id, ..record.clone() };
    let mut previous = id;
    for (link, observation) in moved.chain.iter_mut().zip(&moved.observations) {
        previous = own_link(previous, observation, &Kept::default());
        *link = previous;
    }
    moved.close();
    moved
}

/// Returns the adopted runs of a results folder whose origin no journal has under their new identities.
pub(super) fn adopted(folder: &Path) -> BTreeSet<Digest> {
    Adoptions::read(folder).runs()
}
