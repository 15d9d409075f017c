//! Computes a study into its results folder: trains the missing runs, then writes tables, figures, report and manifest.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::atomic::AtomicBool,
    time::Instant,
};

use super::{
    ComputeError, Maker, adopt,
    dirty_mark::KnownRuns,
    finish::{Session, written},
    owner,
    work_queue::{CutOff, WorkQueue, WorkResult},
};
use crate::{
    digest::{Digest, Record},
    run::{Event, Experiment, Prepared, Shard, Task, groups_at, work_at},
    store::{self, Checkpoints, Origin, Owner, Runs, Store, StoreError, journal},
    table::{RunRow, Summary},
};

/// A study to compute, and its results folder.
pub struct Computation<'a> {
    /// The study with its data.
    pub network: &'a dyn Prepared,
    /// The experiment: that of the study, or a custom experiment on its data.
    pub experiment: &'a dyn Experiment,
    /// Every run, by trial, then seed in the order of the study; with `confirm`, those of the first stage.
    pub tasks: &'a [Task],
    /// The shard to compute here; `None` for all runs.
    pub shard: Option<Shard>,
    /// The results folder of the study.
    pub folder: &'a Path,
    /// The maker for the manifest.
    pub maker: Maker<'a>,
    /// Whether to make tables, figures and report again even if they are current.
    pub render: bool,
    /// The request, for the journal.
    pub request: journal::Request,
}

/// How a computation ended.
#[derive(Debug)]
pub enum SweepOutcome {
    /// All runs and files were there already.
    Current {
        /// The root of the study.
        root: Digest,
        /// Every run in the store, by identity.
        records: BTreeMap<Digest, Record>,
    },
    /// The missing runs have been computed and all files written, here or by other processes.
    Computed {
        /// The root of the study.
        root: Digest,
        /// The summary of the trials.
        summary: Box<Summary>,
        /// Every run in the store, by identity.
        records: BTreeMap<Digest, Record>,
        /// The number of runs that this process trained.
        computed: usize,
        /// The number of runs that an earlier manifest lists and this one does not; the store keeps them.
        left_out: usize,
        /// The final journal entry.
        entry: Box<journal::Entry>,
        /// Seconds until the last run was trained.
        trained: f64,
    },
    /// The requested shard is complete, but not the study: there are no tables and no report yet.
    Partial {
        /// The number of stored runs of the study.
        kept: usize,
        /// The number of runs that this process trained.
        computed: usize,
        /// The final journal entry.
        entry: Box<journal::Entry>,
        /// Every run in the store, by identity.
        records: BTreeMap<Digest, Record>,
    },
    /// The computation was stopped; finished runs are committed.
    Interrupted {
        /// The number of stored runs of the study.
        kept: usize,
        /// The runs that were being trained.
        cut_off: CutOff,
    },
}

impl Computation<'_> {
    /// Trains the missing runs on the threads of the current rayon pool, commits them as they finish, and, once the
    /// study is complete, writes tables, figures, report and manifest. Other processes may do the same at the same
    /// time.
    ///
    /// Calls `notice` with messages for the user. If `stop` becomes true, ends within moments: finished runs are
    /// committed, and runs in progress keep their checkpoints.
    ///
    /// # Errors
    /// The folder cannot be used, data is not available, or the manifest contradicts the stored runs.
    pub fn run(
        &self,
        events: &(dyn Fn(Event<'_>) + Sync),
        notice: &dyn Fn(&str),
        stop: &AtomicBool,
    ) -> Result<SweepOutcome, ComputeError> {
        self.require_stages()?;
        self.network.require_memory()?;
        let mut session = self.begin();
        let (earlier, runs) = self.read_existing(notice)?;
        let known = self.known(runs.records());
        let whole = self.of(&known);
        if !self.render
            && whole.kept(&runs) == self.network.study().run_count()
            && runs.damage().is_empty()
            && store::is_tidy(self.folder)
            && store::checkpoint::is_tidy(self.folder, runs.records())
            && let Some(manifest) = earlier.as_ref().filter(|manifest| whole.is_current(manifest, runs.records()))
        {
            return Ok(SweepOutcome::Current { root: manifest.root, records: runs.into_records() });
        }
        let unchecked = whole.unchecked(earlier.as_ref(), &runs);
        let store = self.open(notice)?;
        let mut runs = repair(&store, runs, &mut session, notice)?;
        runs.refresh(self.folder)?;
        self.write_study()?;

        let outcome = self.by_stages(&store, runs, session, events, notice, stop);
        events(Event::Stopped);
        if unchecked > 0 && matches!(outcome, Ok(SweepOutcome::Computed { .. })) {
            notice(&self.unchecked_notice(unchecked));
        }
        outcome
    }

    /// The remaining steps of a run with a checkpoint after `kept` steps, and their cost.
    pub(super) fn remaining(&self, task: &Task, kept: Option<u64>) -> (u64, f64) {
        let (steps, cost) = (self.experiment.steps(task), self.experiment.cost(task));
        let remaining = steps.saturating_sub(kept.unwrap_or(0));
        (remaining, cost * (remaining as f64 / steps.max(1) as f64))
    }

    /// Trains the missing runs; returns the stored runs, and, if stopped, the runs that were cut off.
    #[expect(clippy::too_many_arguments, reason = "the parts of one session")]
    pub(super) fn train(
        &self,
        store: &Store,
        checkpoints: &Checkpoints,
        runs: Runs,
        session: &mut Session,
        missing: &[Task],
        events: &(dyn Fn(Event<'_>) + Sync),
        stop: &AtomicBool,
    ) -> Result<(Runs, Option<CutOff>), ComputeError> {
        if missing.is_empty() {
            return Ok((runs, None));
        }
        Origin::look_ahead();
        let journal = std::mem::replace(&mut session.journal, journal::Journal::new(self.folder, &session.entry));
        // Before the training: steps up to a checkpoint were not trained here.
        let kept: BTreeMap<_, _> =
            missing.iter().filter_map(|task| Some((task.id, checkpoints.step(&task.id)?))).collect();
        let kept = |task: &Task| kept.get(&task.id).copied();
        let queue = WorkQueue::new(store, checkpoints, runs, journal, events);
        let mut groups = groups_at(self.experiment, missing, session.entry.threads, &kept);
        if queue.is_shared() {
            // Processes that begin at different places of the list interfere less.
            let place = std::process::id() as usize * 7919 % groups.len();
            groups.rotate_left(place);
        }
        let done = work_at(&queue, self.experiment, groups, events, stop);
        let result = queue.close();
        let done = done?;
        let WorkResult { runs, journal, own, cut_off, failure } = result?;
        session.journal = journal;
        session.trained = session.began.elapsed().as_secs_f64();
        session.entry.computed += own.len();
        session.known.computed(own.iter().copied());
        session.changed |= !own.is_empty();
        let own: BTreeSet<_> = own.into_iter().collect();
        if !own.is_empty() {
            adopt::computed(self.folder, &own)?;
        }
        let mine = missing.iter().filter(|task| own.contains(&task.id));
        session.entry.steps += mine.map(|task| self.remaining(task, kept(task)).0).sum::<u64>();
        match failure {
            Some(failure) if missing.iter().any(|task| !runs.contains(&task.id)) => Err(failure.into()),
            _ => Ok((runs, (!done).then_some(cut_off))),
        }
    }

    pub(super) fn begin(&self) -> Session {
        let threads = rayon::current_num_threads();
        let request = journal::Request { experiment: self.maker.experiment.map(Into::into), ..self.request.clone() };
        let own = journal::Entry::of_this_machine(self.maker.version, self.network.instructions(), &request);
        let entry = journal::Entry { threads, ..own };
        let journal = journal::Journal::new(self.folder, &entry);
        // Their origin is known under other identities.
        let mut known = KnownRuns::default();
        known.computed(adopt::adopted(self.folder));
        Session {
            began: Instant::now(),
            entry,
            journal,
            trained: 0.0,
            changed: false,
            manifest: written(self.folder),
            known,
        }
    }

    pub(super) fn open(&self, notice: &dyn Fn(&str)) -> Result<Store, StoreError> {
        let store = Store::open_for(self.folder, &self.owner())?;
        if let Some(reason) = store.lockless() {
            let folder = self.folder.display();
            notice(&format!(
                "{folder} is on a file system without locks ({reason}): several processes may work there, but compute some runs twice, \
                     and the files of killed processes are not removed"
            ));
        }
        Ok(store)
    }

    /// The owner that the folder must have.
    pub(super) fn owner(&self) -> Owner {
        match self.maker.experiment {
            Some(title) => Owner::of(Some(title)),
            None => owner::of(self.network.study()),
        }
    }
}

/// Returns the finished runs as rows of tables, by trial, then seed.
#[must_use]
pub fn rows<'a>(tasks: &[Task], records: &'a BTreeMap<Digest, Record>) -> Vec<RunRow<'a>> {
    let found = tasks.iter().filter_map(|task| Some((task, records.get(&task.id)?)));
    let mut rows: Vec<_> = found.map(|(task, record)| RunRow { trial: task.trial, seed: task.seed, record }).collect();
    rows.sort_by_key(|row| (row.trial, row.seed));
    rows
}

/// Sets damaged segments aside, with a notice and a line in the journal; their lost runs are computed again.
pub(super) fn repair(
    store: &Store,
    mut runs: Runs,
    session: &mut Session,
    notice: &dyn Fn(&str),
) -> Result<Runs, StoreError> {
    let damaged = runs.take_damage();
    if !damaged.is_empty() {
        session.journal.lost(journal::Origins::read(store.folder()).lacking(runs.records()));
        session.changed = true;
    }
    // Intact runs go into a new segment before the old one is renamed; both may have the same name.
    let kept = if damaged.is_empty() { Vec::new() } else { store.commit_all(runs.records().values())? };
    for damage in damaged {
        let replaced = kept.iter().any(|segment| segment.path == damage.file);
        let aside = if replaced { None } else { store.set_aside(&damage.file)? };
        let aside = aside.as_ref().and_then(|file| file.file_name()).map_or_else(String::new, |name| {
            format!("; the file was renamed to {} for inspection, and can be deleted", name.display())
        });
        let file = damage.file.display();
        notice(&format!("{file}: {}; its intact runs are kept, the others are computed again{aside}", damage.reason));
    }
    Ok(runs)
}
