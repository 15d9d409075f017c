//! A study into its results folder: train what is missing, write what is made from it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::atomic::AtomicBool,
    time::Instant,
};

use super::{
    ComputeError, Maker,
    dirty_mark::KnownRuns,
    finish::{Session, written},
    owner,
    work_queue::{CutOff, Left, WorkQueue},
};
use crate::{
    digest::{Digest, Record},
    run::{Event, Experiment, Prepared, Shard, Task, groups_at, work_at},
    store::{self, Checkpoints, Origin, Owner, Runs, Store, StoreError, journal},
    table::{RunRow, Summary},
};

/// What is to be computed, and where to.
pub struct Computation<'a> {
    /// The study with its data.
    pub network: &'a dyn Prepared,
    /// What is run: the network itself, or an experiment of a reader's own on its data.
    pub experiment: &'a dyn Experiment,
    /// Every run, by trial, then seed in the order of the study; of a study that confirms, those of its first stage.
    pub tasks: &'a [Task],
    /// The part of them that is to be done here; all of them without one.
    pub shard: Option<Shard>,
    /// The results folder of the study.
    pub folder: &'a Path,
    /// What the manifest says of its maker.
    pub maker: Maker<'a>,
    /// Whether to make tables, figures and report again even where they are current.
    pub render: bool,
    /// How it was asked for, for the journal.
    pub asked: journal::Asked,
}

/// How a computation ended.
#[derive(Debug)]
pub enum SweepOutcome {
    /// Everything was there already.
    Current {
        /// The root of the study.
        root: Digest,
        /// Every run in the store, by identity.
        records: BTreeMap<Digest, Record>,
    },
    /// What was missing has been computed and written, here or by others at the same time.
    Computed {
        /// The root of the study.
        root: Digest,
        /// The answer in numbers.
        summary: Box<Summary>,
        /// Every run in the store, by identity.
        records: BTreeMap<Digest, Record>,
        /// Runs that were trained here and now.
        computed: usize,
        /// Runs that an earlier manifest had and this one has not; they are kept in the store.
        left_out: usize,
        /// How it went.
        entry: Box<journal::Entry>,
        /// Seconds until the last run was trained.
        trained: f64,
    },
    /// The part that was asked for is done, the study is not complete: there are no tables and no report yet.
    Partial {
        /// Runs of the study that are in the store.
        kept: usize,
        /// Runs that were trained here and now.
        computed: usize,
        /// How it went.
        entry: Box<journal::Entry>,
        /// Every run in the store, by identity.
        records: BTreeMap<Digest, Record>,
    },
    /// It was stopped; what was finished is safe.
    Interrupted {
        /// Runs of the study that are in the store.
        kept: usize,
        /// Runs that were being trained.
        cut_off: CutOff,
    },
}

impl Computation<'_> {
    /// Trains the missing runs on the threads of the current rayon pool, commits them as they come, and, once the study is
    /// complete, writes tables, figures, report and manifest. Other processes may do the same at the same time.
    ///
    /// `notice` is told what a person should know; a `stop` ends within moments, with everything finished committed, and runs under way kept where they are.
    ///
    /// # Errors
    /// The folder cannot be worked in, data cannot be had, or the folder claims other results.
    pub fn run(
        &self,
        events: &(dyn Fn(Event<'_>) + Sync),
        notice: &dyn Fn(&str),
        stop: &AtomicBool,
    ) -> Result<SweepOutcome, ComputeError> {
        self.require_stages()?;
        self.network.require_memory()?;
        let mut session = self.begin();
        let (earlier, runs) = self.look(notice)?;
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
        let unheld = whole.unheld(earlier.as_ref(), &runs);
        let store = self.open(notice)?;
        let mut runs = mend(&store, runs, &mut session, notice)?;
        runs.refresh(self.folder)?;
        self.announce()?;

        let answer = self.by_stages(&store, runs, session, events, notice, stop);
        events(Event::Stopped);
        if unheld > 0 && matches!(answer, Ok(SweepOutcome::Computed { .. })) {
            notice(&self.taken_over(unheld));
        }
        answer
    }

    /// What is left of a run that was kept after `step` steps: in steps, and what they cost.
    pub(super) fn left(&self, task: &Task, kept: Option<u64>) -> (u64, f64) {
        let (steps, cost) = (self.experiment.steps(task), self.experiment.cost(task));
        let left = steps.saturating_sub(kept.unwrap_or(0));
        (left, cost * (left as f64 / steps.max(1) as f64))
    }

    /// Trains the missing runs; says what is there then, and, if it was stopped, which of them were half done.
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
        // Before any of it is done: what was kept then is not trained here.
        let kept: BTreeMap<_, _> =
            missing.iter().filter_map(|task| Some((task.id, checkpoints.step(&task.id)?))).collect();
        let kept = |task: &Task| kept.get(&task.id).copied();
        let queue = WorkQueue::new(store, checkpoints, runs, journal, events);
        let mut groups = groups_at(self.experiment, missing, session.entry.threads, &kept);
        if queue.is_shared() {
            // Whoever begins elsewhere in the list is less in the way of others.
            let place = std::process::id() as usize * 7919 % groups.len();
            groups.rotate_left(place);
        }
        let done = work_at(&queue, self.experiment, groups, events, stop);
        let left = queue.close();
        let done = done?;
        let Left { runs, journal, own, cut_off, failure } = left?;
        session.journal = journal;
        session.trained = session.began.elapsed().as_secs_f64();
        session.entry.computed += own.len();
        session.known.computed(own.iter().copied());
        session.changed |= !own.is_empty();
        let own: BTreeSet<_> = own.into_iter().collect();
        let mine = missing.iter().filter(|task| own.contains(&task.id));
        session.entry.steps += mine.map(|task| self.left(task, kept(task)).0).sum::<u64>();
        match failure {
            Some(failure) if missing.iter().any(|task| !runs.contains(&task.id)) => Err(failure.into()),
            _ => Ok((runs, (!done).then_some(cut_off))),
        }
    }

    pub(super) fn begin(&self) -> Session {
        let threads = rayon::current_num_threads();
        let asked = journal::Asked { experiment: self.maker.experiment.map(Into::into), ..self.asked.clone() };
        let own = journal::Entry::of_this_machine(self.maker.version, self.network.instructions(), &asked);
        let entry = journal::Entry { threads, ..own };
        let journal = journal::Journal::new(self.folder, &entry);
        Session {
            began: Instant::now(),
            entry,
            journal,
            trained: 0.0,
            changed: false,
            manifest: written(self.folder),
            known: KnownRuns::default(),
        }
    }

    pub(super) fn open(&self, notice: &dyn Fn(&str)) -> Result<Store, StoreError> {
        let store = Store::open_for(self.folder, &self.owner())?;
        if let Some(reason) = store.lockless() {
            let folder = self.folder.display();
            notice(&format!(
                "{folder} is on a file system without locks ({reason}): several processes may work there, but do some runs twice, \
                 and what a killed one left behind is not removed"
            ));
        }
        Ok(store)
    }

    /// What the folder is to be for.
    pub(super) fn owner(&self) -> Owner {
        match self.maker.experiment {
            Some(title) => Owner::of(Some(title)),
            None => owner::of(self.network.study()),
        }
    }
}

/// The finished runs as tables want them: by trial, then seed.
#[must_use]
pub fn rows<'a>(tasks: &[Task], records: &'a BTreeMap<Digest, Record>) -> Vec<RunRow<'a>> {
    let found = tasks.iter().filter_map(|task| Some((task, records.get(&task.id)?)));
    let mut rows: Vec<_> = found.map(|(task, record)| RunRow { trial: task.trial, seed: task.seed, record }).collect();
    rows.sort_by_key(|row| (row.trial, row.seed));
    rows
}

/// Sets aside what is damaged, with a notice and a line in the journal; it is computed again.
pub(super) fn mend(
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
    // What could be read goes into a new segment before the old one goes out of the way; they may be of one name.
    let kept = if damaged.is_empty() { Vec::new() } else { store.commit_all(runs.records().values())? };
    for damage in damaged {
        let replaced = kept.iter().any(|segment| segment.path == damage.file);
        let aside = if replaced { None } else { store.set_aside(&damage.file)? };
        let aside = aside.as_ref().and_then(|file| file.file_name()).map_or_else(String::new, |name| {
            format!("; the file is called {} now, for you to look at or delete: nothing reads it", name.display())
        });
        let file = damage.file.display();
        notice(&format!("{file}: {}; its intact runs are kept, the others are computed again{aside}", damage.reason));
    }
    Ok(runs)
}
