use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Mutex, atomic::AtomicBool},
    time::{Duration, Instant},
};

use super::super::{
    ComputeError, Maker, Manifest, VERSION, claims,
    finish::on_few,
    reading, render,
    resume::Unfinished,
    rows, sample, stages,
    verify::{self, ChosenBy, Difference, Files, Stored},
    witness::Witness,
};
use crate::{
    digest::{Digest, Record},
    run::{self, Event, Experiment, Prepared, Task},
    store::{self, Store, version},
};

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// What is not as it is claimed to be; nothing if the results are proven.
    pub differences: Vec<Difference>,
    /// Files that are not there, and need not be.
    pub absent: Vec<String>,
    /// Tables that say what they should in other bytes than are written here: damaged where only readers of others look, or by another build.
    pub other: Vec<String>,
    /// Runs that were computed again, `resumed` among them.
    pub computed: usize,
    /// Runs that an earlier verification, which was interrupted, had computed again.
    pub resumed: usize,
    /// How many different runs were computed again, and how many there are: trials on files of one content have theirs in common.
    pub different: [usize; 2],
    /// What tables, figures and reports were compared with.
    pub against: Against,
    /// Why these could not be made again from the stored runs, if that was asked for and could not be done: then they are not proven.
    pub unmade: Option<String>,
    /// The stored records; nothing if there are none, or if they were not looked at since the data is other data.
    pub stored: Option<Stored>,
    /// By which runs the choice of the trials that run again was made again.
    pub chosen_by: ChosenBy,
    /// The version that rendered reports and figures, if it is not this one: then they were held against the manifest alone.
    pub rendered_by: Option<String>,
}

/// What the files of a folder were compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// With those made from the runs, all of which were computed again.
    Computed,
    /// With those made from the runs: a sample computed again, the others as they are stored. They are what the manifest claims, by which the sample was chosen.
    Stored,
    /// With their digests in the manifest, which are under no root: whoever can write the files can write these.
    Manifest,
}

/// How a verification ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifyOutcome {
    /// It came to its end.
    Complete(Box<Verification>),
    /// It was stopped, and so many of the runs to be computed are kept for the next one; nothing is proven.
    Interrupted {
        /// Runs that the next verification need not compute.
        kept: usize,
        /// Runs to be computed.
        asked: usize,
    },
}

/// How much is to be verified.
#[derive(Debug)]
pub enum Extent<'a> {
    /// Everything; what an interrupted verification has computed is taken from there, if anywhere, and kept there.
    Whole(Option<&'a Unfinished>),
    /// Some runs.
    Sample(Sample<'a>),
}

/// A part of the runs.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// How many.
    pub runs: usize,
    /// They are chosen by what the manifest claims and, where there is one, by a word of the verifier's own.
    pub word: Option<&'a str>,
    /// Whether to make every file again, from these runs and from the others as they are stored. That takes as long as for a whole verification.
    pub files: bool,
}

/// How long computed runs may wait to be kept. A verification that is through before leaves nothing behind.
const PATIENCE: Duration = Duration::from_secs(1);

/// Computed runs, and where they are kept until the verification is through.
struct Kept<'a> {
    records: BTreeMap<Digest, Record>,
    pending: Vec<Digest>,
    since: Instant,
    place: Option<&'a Unfinished>,
    store: Option<Store>,
    safe: usize,
}

impl Kept<'_> {
    fn take(&mut self, done: Vec<Record>) {
        self.pending.extend(done.iter().map(|record| record.id));
        self.records.extend(done.into_iter().map(|record| (record.id, record)));
        if self.since.elapsed() >= PATIENCE {
            self.keep();
        }
    }

    /// What cannot be kept is computed again by the next verification: no reason to end this one.
    fn keep(&mut self) {
        self.store = self.store.take().or_else(|| self.place.take()?.open());
        if let Some(store) = self.store.as_ref().filter(|_| !self.pending.is_empty())
            && store.commit(self.pending.iter().map(|id| &self.records[id])).is_ok()
        {
            self.safe += self.pending.len();
        }
        self.pending.clear();
        self.since = Instant::now();
    }
}

/// Computes runs of a study again, on the threads of the current rayon pool, and compares them with its folder: every run, every stored record and
/// every file; or some runs with their records and rows, and all the rest by the digests of the manifest.
///
/// # Errors
/// Data cannot be had, or figures not be drawn.
pub fn verify(
    network: &dyn Prepared,
    experiment: &dyn Experiment,
    tasks: &[Task],
    (folder, manifest): (&Path, &Manifest),
    extent: &Extent<'_>,
    events: &(dyn Fn(Event<'_>) + Sync),
    stop: &AtomicBool,
) -> Result<VerifyOutcome, ComputeError> {
    network.require_memory()?;
    let study = network.study();
    // Which runs confirm, the manifest says first; that they are the right ones is proven below.
    let tasks = &stages::listed(network, tasks, manifest);
    let mut differences = verify::claims(study, tasks, manifest, folder);
    let ours = version::plain(&manifest.restudy) == VERSION;
    let rendered_by = (!ours).then(|| version::plain(&manifest.restudy).to_owned());
    if verify::is_other_data(&differences) {
        return Ok(VerifyOutcome::Complete(Box::new(Verification {
            differences,
            absent: Vec::new(),
            other: Vec::new(),
            computed: 0,
            resumed: 0,
            different: [0, tasks.len()],
            against: Against::Manifest,
            unmade: None,
            stored: None,
            chosen_by: ChosenBy::Nothing,
            rendered_by,
        })));
    }
    let (chosen, place, again) = match extent {
        Extent::Whole(place) => (tasks.to_vec(), *place, true),
        Extent::Sample(Sample { runs, word, files }) => {
            // Trials on files of one content have runs in common.
            let chosen: BTreeSet<_> =
                sample(tasks, *runs, claims(manifest), *word).iter().map(|task| task.id).collect();
            (tasks.iter().filter(|task| chosen.contains(&task.id)).copied().collect(), None, *files)
        }
    };
    let known = place.map(Unfinished::records).unwrap_or_default();
    let missing: Vec<_> = chosen.iter().filter(|task| !known.contains_key(&task.id)).copied().collect();
    let resumed = chosen.len() - missing.len();
    let steps = missing.iter().map(|task| experiment.steps(task)).sum();
    let cost = missing.iter().map(|task| experiment.cost(task)).sum();
    events(Event::Started { runs: tasks.len(), cached: tasks.len() - missing.len(), steps, cost });
    let kept = Kept { records: known, pending: Vec::new(), since: Instant::now(), place, store: None, safe: resumed };
    let kept = Mutex::new(kept);
    let keep = |done: Vec<Record>| {
        kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take(done);
        Ok::<_, ComputeError>(())
    };
    let done = run::verify(experiment, &missing, &keep, events, stop);
    let mut kept = kept.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    if !done? {
        events(Event::Stopped);
        kept.keep();
        return Ok(VerifyOutcome::Interrupted { kept: kept.safe, asked: chosen.len() });
    }
    events(Event::Rendering);
    let records = kept.records;
    let claimed = manifest.runs.iter().map(|run| (verify::Place::of_entry(run), run)).collect();
    differences.extend(chosen.iter().filter_map(|task| verify::run(study, task, &records[&task.id], &claimed)));
    let computed = chosen.len();
    let different = [&chosen, tasks].map(|tasks| tasks.iter().map(|task| task.id).collect::<BTreeSet<_>>().len());
    let mut witness = Witness::new(folder, study, manifest);
    if computed == tasks.len() {
        // Each is the one of the manifest, or named above.
        witness.ask_all(study, manifest, &records);
    }
    differences
        .extend(chosen.iter().filter_map(|task| verify::measurements(study, task, &records[&task.id], &witness)));
    let stored = store::has_segments(folder).then(|| verify::stored(folder, study, tasks, &records, &witness));
    differences.extend(stored.iter().flat_map(|stored| stored.found.iter().cloned()));
    let purpose = reading::purpose(folder);
    differences.extend(purpose.map(|found| Difference { what: found.file, how: found.reason }));
    let again = again && computed < tasks.len();
    let all = if again { complete(&records, tasks, &witness, folder) } else { None };
    let unmade = (again && all.is_none()).then(|| unmade(stored.as_ref(), different[1]));
    let (against, records) = match &all {
        Some(all) => (Against::Stored, all),
        None if computed == tasks.len() => (Against::Computed, &records),
        None => (Against::Manifest, &records),
    };
    let chosen_by = match &all {
        Some(_) => ChosenBy::Stored,
        None if computed == tasks.len() => ChosenBy::Computed,
        None => ChosenBy::Unknown,
    };
    let (chosen_by, other_choice) = verify::choice(network, tasks, records, chosen_by, (folder, manifest));
    // Of a specification that was edited, no choice is that of the manifest.
    let edited = differences.iter().any(|found| found.what == "study.toml");
    differences.extend(other_choice.filter(|_| !edited));
    let Files { found, absent, other } = match against {
        Against::Manifest => verify::sampled_files(folder, manifest, network, &rows(&chosen, records))?,
        _ => {
            let maker = if ours { manifest.maker() } else { Maker { version: VERSION, ..manifest.maker() } };
            let rows = rows(tasks, records);
            let study = (!ours).then(|| reading::as_tabled(study, &rows, manifest)).flatten();
            let named = study.as_ref().map(|study| network.of(study));
            let draw = || render(named.as_deref().unwrap_or(network), &rows, folder, maker);
            let rendered = if tasks.len() <= render::FEW { draw() } else { on_few(draw) }?;
            if ours {
                verify::files(folder, &rendered)
            } else {
                let study = named.as_deref().unwrap_or(network).study();
                verify::files_of_other_version(folder, study, manifest, &rendered)
            }
        }
    };
    events(Event::Stopped);
    differences.extend(found);
    drop(kept.store);
    place.into_iter().for_each(Unfinished::forget);
    Ok(VerifyOutcome::Complete(Box::new(Verification {
        differences,
        absent,
        other,
        computed,
        resumed,
        different,
        against,
        unmade,
        stored,
        chosen_by,
        rendered_by,
    })))
}

/// Why there are no files made from the stored runs, of which a study has so many different ones. A run that was computed again is none of them for that.
fn unmade(stored: Option<&Stored>, all: usize) -> String {
    match stored {
        Some(Stored { unreadable: Some(error), .. }) => format!("the stored runs cannot be read: {error}"),
        Some(stored) if stored.unstored < all => {
            format!("{} of its {all} runs are not stored here whole", stored.unstored)
        }
        _ => format!("none of its {all} runs is stored here whole"),
    }
}

/// A sample, and beside it every other run as it is stored, if that is what the manifest lists; nothing if one is not here, as in a clone.
fn complete(
    sample: &BTreeMap<Digest, Record>,
    tasks: &[Task],
    witness: &Witness,
    folder: &Path,
) -> Option<BTreeMap<Digest, Record>> {
    let keep = |_: &Path, record: Record| {
        let known = witness.lists(&record.id) && witness.contradiction(&record).is_none();
        known.then_some((record.id, record))
    };
    let (records, _) = store::each(folder, keep).ok()?;
    let mut records: BTreeMap<_, _> = records.into_iter().flatten().collect();
    records.extend(sample.iter().map(|(id, record)| (*id, record.clone())));
    tasks.iter().all(|task| records.contains_key(&task.id)).then_some(records)
}
