//! A study into its results folder: train what is missing, write what is made from it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{Mutex, atomic::AtomicBool},
    time::{Duration, Instant},
};

use super::{ComputeError, Maker, Manifest, ManifestError, Rendered, render, study_text};
use crate::{
    digest::{Digest, Record},
    run::{Event, Experiment, Network, Task, execute},
    store::{self, Store, StoreError, journal},
    table::{self, RunRow},
};

/// What is to be computed, and where to.
pub struct Computation<'a, E> {
    /// The study with its data.
    pub network: &'a Network<'a>,
    /// What is run: the network itself, or an experiment of a reader's own on its data.
    pub experiment: &'a E,
    /// Every run, by trial, then seed in the order of the study.
    pub tasks: &'a [Task],
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
pub enum Answer {
    /// Everything was there already.
    Current {
        /// The root of the study.
        root: Digest,
        /// Every run in the store, by identity.
        records: BTreeMap<Digest, Record>,
    },
    /// What was missing has been computed and written.
    Computed {
        /// What was written.
        rendered: Box<Rendered>,
        /// Every run in the store, by identity.
        records: BTreeMap<Digest, Record>,
        /// Runs that were trained now.
        computed: usize,
        /// Runs that an earlier manifest had and this one has not; they are kept in the store.
        left_out: usize,
        /// How long it took.
        entry: Box<journal::Entry>,
        /// Seconds until the last run was trained.
        trained: f64,
    },
    /// It was stopped; what was finished is safe.
    Interrupted {
        /// Runs of the study that are in the store.
        kept: usize,
    },
}

/// Finished runs on their way to the disk.
struct Batch {
    pending: Vec<Record>,
    committed: Instant,
    all: BTreeMap<Digest, Record>,
}

/// How long finished runs may wait to be committed together.
const PATIENCE: Duration = Duration::from_millis(500);

impl<E: Experiment> Computation<'_, E> {
    /// Trains the missing runs on the threads of the current rayon pool, commits them as they come, and writes tables,
    /// figures, report and manifest.
    ///
    /// `notice` is told what a person should know; a `stop` ends at the next measurement, with everything finished committed.
    ///
    /// # Errors
    /// The folder cannot be worked in, data cannot be had, or the folder claims other results.
    pub fn run(
        &self,
        events: &(dyn Fn(Event<'_>) + Sync),
        notice: &dyn Fn(&str),
        stop: &AtomicBool,
    ) -> Result<Answer, ComputeError> {
        let started = (Instant::now(), journal::now());
        let store = Store::open(self.folder)?;
        let earlier = self.earlier(notice)?;
        let known = load(&store, notice)?;
        let missing: Vec<_> = self.tasks.iter().filter(|task| !known.contains_key(&task.id)).copied().collect();
        if missing.is_empty()
            && !self.render
            && let Some(manifest) = earlier.as_ref().filter(|manifest| self.is_current(manifest, &known))
        {
            // A sweep that was killed at its very end may have left several segments.
            store.compact(known.values())?;
            return Ok(Answer::Current { root: manifest.root, records: known });
        }

        let steps: u64 = missing.iter().map(|task| self.experiment.steps(task)).sum();
        events(Event::Started { runs: self.tasks.len(), cached: self.tasks.len() - missing.len(), steps });
        let batch = Mutex::new(Batch { pending: Vec::new(), committed: Instant::now(), all: known });
        let commit = |records: Vec<Record>| accept(&store, &batch, records, events);
        let done = execute(self.experiment, &missing, &commit, events, stop);
        let mut batch = batch.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        flush(&store, &mut batch, events)?;
        if !done? {
            events(Event::Stopped);
            let kept = self.tasks.iter().filter(|task| batch.all.contains_key(&task.id)).count();
            return Ok(Answer::Interrupted { kept });
        }

        events(Event::Rendering);
        let trained = started.0.elapsed().as_secs_f64();
        let rendered = render(self.network, &rows(self.tasks, &batch.all), self.folder, self.maker)?;
        self.require_agreement(earlier.as_ref(), &rendered.manifest).inspect_err(|_| events(Event::Stopped))?;
        let left_out = earlier.as_ref().map_or(0, |manifest| no_longer_asked_for(manifest, &rendered.manifest));
        write(self.folder, &rendered, earlier.as_ref())?;
        store.compact(batch.all.values())?;
        events(Event::Stopped);
        let entry = journal::Entry {
            started: started.1,
            seconds: started.0.elapsed().as_secs_f64(),
            computed: missing.len(),
            cached: self.tasks.len() - missing.len(),
            steps,
            threads: rayon::current_num_threads(),
            ..journal::Entry::of_this_machine(self.maker.version, self.network.kernel(), &self.asked)
        };
        entry.write(self.folder)?;
        Ok(Answer::Computed {
            rendered: Box::new(rendered),
            records: batch.all,
            computed: missing.len(),
            left_out,
            entry: Box::new(entry),
            trained,
        })
    }

    /// The manifest that is in the folder. One that cannot be read is made anew, one of another version or experiment is not
    /// ours to replace.
    fn earlier(&self, notice: &dyn Fn(&str)) -> Result<Option<Manifest>, ComputeError> {
        let manifest = match Manifest::read(self.folder) {
            Ok(manifest) => manifest,
            Err(ManifestError::Missing { .. }) => return Ok(None),
            Err(error @ ManifestError::Malformed { .. }) => {
                notice(&format!("{error}; it is made anew"));
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        if manifest.maker().experiment_name() == self.maker.experiment_name() {
            return Ok(Some(manifest));
        }
        let words =
            |name: Option<&str>| name.map_or("the network".to_owned(), |name| format!("the experiment `{name}`"));
        Err(ComputeError::Experiment {
            folder: self.folder.display().to_string(),
            found: words(manifest.experiment.as_deref()),
            own: words(self.maker.experiment),
        })
    }

    /// Whether the folder holds exactly what a render would give: the same question, the same runs, the same program, every
    /// file.
    fn is_current(&self, manifest: &Manifest, known: &BTreeMap<Digest, Record>) -> bool {
        let (folder, study) = (self.folder, self.network.study());
        let (text, specification) = study_text(study, folder);
        let own = Manifest::new(&study.name, specification, self.maker, &rows(self.tasks, known));
        let own = Manifest { tables: manifest.tables.clone(), files: manifest.files.clone(), ..own };
        let holds =
            |path: &str, is: &dyn Fn(&[u8]) -> bool| store::read(&folder.join(path)).is_ok_and(|bytes| is(&bytes));
        own == *manifest
            && holds("manifest.json", &|bytes| bytes == own.to_text().as_bytes())
            && holds("study.toml", &|bytes| bytes == text.as_bytes())
            && manifest.files.iter().all(|(path, digest)| holds(path, &|bytes| Digest::of(bytes) == *digest))
            && manifest.tables.iter().all(|(name, entry)| {
                holds(&format!("{name}.parquet"), &|bytes| {
                    table::read(bytes).is_ok_and(|table| table::logical_digest(&table) == entry.digest)
                })
            })
    }

    /// Refuses runs that an earlier manifest has with other digests: one of the two programs broke the contract.
    fn require_agreement(&self, earlier: Option<&Manifest>, now: &Manifest) -> Result<(), ComputeError> {
        let claimed: BTreeMap<_, _> =
            earlier.into_iter().flat_map(|manifest| &manifest.runs).map(|run| (run.id, run.digest)).collect();
        let differ = now.runs.iter().filter(|run| claimed.get(&run.id).is_some_and(|digest| *digest != run.digest));
        let names: Vec<_> = differ.map(|run| run.id.short()).collect();
        if names.is_empty() {
            return Ok(());
        }
        let folder = self.folder.display().to_string();
        let runs = if names.len() == 1 { "1 run".into() } else { format!("{} runs", names.len()) };
        Err(ComputeError::Contradiction { folder, runs, names: names.join(", ") })
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

/// The committed runs; what is damaged is set aside, with a notice, and computed again.
fn load(store: &Store, notice: &dyn Fn(&str)) -> Result<BTreeMap<Digest, Record>, StoreError> {
    let (known, damaged) = store::load(store.folder())?;
    // What could be read goes into a new segment before the old one goes out of the way; they may be of one name.
    let kept = if damaged.is_empty() || known.is_empty() { None } else { Some(store.commit(known.values())?) };
    for damage in damaged {
        if kept.as_ref() != Some(&damage.file) {
            store.set_aside(&damage.file)?;
        }
        let file = damage.file.display();
        notice(&format!("{file}: {}; its intact runs are kept, the others are computed again", damage.reason));
    }
    Ok(known)
}

/// Takes finished runs in, and commits what has waited long enough.
fn accept(
    store: &Store,
    batch: &Mutex<Batch>,
    records: Vec<Record>,
    events: &(dyn Fn(Event<'_>) + Sync),
) -> Result<(), ComputeError> {
    let mut batch = batch.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    batch.pending.extend(records);
    if batch.committed.elapsed() < PATIENCE { Ok(()) } else { Ok(flush(store, &mut batch, events)?) }
}

fn flush(store: &Store, batch: &mut Batch, events: &(dyn Fn(Event<'_>) + Sync)) -> Result<(), StoreError> {
    if !batch.pending.is_empty() {
        store.commit(&batch.pending)?;
        events(Event::Committed { runs: batch.pending.len() });
    }
    let pending = std::mem::take(&mut batch.pending);
    batch.all.extend(pending.into_iter().map(|record| (record.id, record)));
    batch.committed = Instant::now();
    Ok(())
}

/// How many runs of an earlier manifest this one has not.
fn no_longer_asked_for(earlier: &Manifest, now: &Manifest) -> usize {
    let asked: BTreeSet<_> = now.runs.iter().map(|run| run.id).collect();
    earlier.runs.iter().filter(|run| !asked.contains(&run.id)).count()
}

/// Writes what has changed, the manifest last, and removes what an earlier manifest had and this one has not.
fn write(folder: &Path, rendered: &Rendered, earlier: Option<&Manifest>) -> Result<(), StoreError> {
    let figures = folder.join("figures");
    fs::create_dir_all(&figures).map_err(|error| StoreError::io("create", &figures, error))?;
    let (manifest, others): (Vec<_>, Vec<_>) = rendered.files.iter().partition(|(path, _)| *path == "manifest.json");
    for (path, bytes) in others.into_iter().chain(manifest) {
        let file = folder.join(path);
        if !store::read(&file).is_ok_and(|stored| stored == *bytes) {
            store::write(&file, bytes)?;
        }
    }
    let kept: BTreeSet<_> = rendered.files.keys().collect();
    let stale = earlier.into_iter().flat_map(|manifest| manifest.files.keys()).filter(|path| !kept.contains(path));
    // Paths of a manifest are not trusted: only figures ever become stale, and they have no folders in their names.
    for name in stale.filter_map(|path| path.strip_prefix("figures/")).filter(|name| !name.contains(['/', '\\'])) {
        let _ = fs::remove_file(figures.join(name));
    }
    Ok(())
}
