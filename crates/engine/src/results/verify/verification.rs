use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Mutex, atomic::AtomicBool},
    time::Instant,
};

use super::super::{
    Attachments, ComputeError, Maker, Manifest, VERSION, claims,
    finish::on_few,
    reading, render,
    resume::Unfinished,
    rows, sample, stages,
    verify::{self, Agreement, ChosenBy, Compared, Difference, Files, Stored, agreement},
    witness::Witness,
};
use super::computed::ComputedRuns;
use crate::{
    digest::{Digest, Record},
    run::{self, Event, Experiment, Prepared, Task},
    store::{self, version},
};

/// The result of a verification.
#[derive(Debug, Clone, PartialEq)]
pub struct Verification {
    /// The differences; empty if the results are proven.
    pub differences: Vec<Difference>,
    /// Missing files, which are not required.
    pub absent: Vec<String>,
    /// Tables with the right content, in other bytes than this program writes: damaged where only other readers look,
    /// or from another build.
    pub other: Vec<String>,
    /// The number of recomputed runs, including `resumed`.
    pub computed: usize,
    /// The number of runs that an earlier, interrupted verification recomputed.
    pub resumed: usize,
    /// The number of different recomputed runs, and of all different runs: trials on files with the same content share
    /// runs.
    pub different: [usize; 2],
    /// What tables, figures and reports were compared with.
    pub compared_with: ComparedWith,
    /// Why the files could not be made again from the stored runs, if that was requested: then they are not proven.
    pub not_rendered: Option<String>,
    /// The stored records; `None` if there are none, or if the data differs.
    pub stored: Option<Stored>,
    /// The source of the runs for repeating the choice of the trials that confirm.
    pub chosen_by: ChosenBy,
    /// The version that rendered reports and figures, if it is not this one: then they were compared only with the
    /// manifest.
    pub rendered_by: Option<String>,
    /// How far the recomputed runs of a custom experiment agree with the stored ones, if they are not the same.
    pub agreement: Option<Agreement>,
    /// How far the recomputed runs of any experiment agree with those of the manifest, measurement by measurement.
    pub compared: Compared,
}

/// What the files of a folder were compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComparedWith {
    /// Files made from recomputed runs.
    Computed,
    /// Files made from a recomputed sample and the other stored runs. These match the manifest, by which the sample was
    /// chosen.
    Stored,
    /// Digests in the manifest, which the root does not cover: a forger of the files can forge these too.
    Manifest,
}

/// How a verification ended.
#[derive(Debug, Clone, PartialEq)]
pub enum VerifyOutcome {
    /// The verification was completed.
    Complete(Box<Verification>),
    /// The verification was stopped; nothing is proven, and the computed runs are kept for the next one.
    Interrupted {
        /// The number of runs that the next verification need not compute.
        kept: usize,
        /// The number of runs to compute.
        asked: usize,
    },
}

/// The extent of a verification.
#[derive(Debug)]
pub enum Extent<'a> {
    /// All runs, with the cache of an interrupted verification, if there is one.
    Whole(Option<&'a Unfinished>),
    /// Some runs.
    Sample(Sample<'a>),
}

/// A sample of the runs.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    /// The number of runs.
    pub runs: usize,
    /// An additional text of the verifier that the choice of the runs depends on.
    pub word: Option<&'a str>,
    /// Whether to make every file again, from these runs and the other stored runs. That takes as long as for a full
    /// verification.
    pub files: bool,
}

/// Computes runs of a study again, on the threads of the current rayon pool, and compares them with its folder: all
/// runs with every stored record and file; or some runs with their records and rows, and everything else with the
/// digests of the manifest.
///
/// # Errors
/// Data is not available, or a figure cannot be drawn.
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
    // The manifest lists the runs that confirm; the choice is checked below.
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
            compared_with: ComparedWith::Manifest,
            not_rendered: None,
            stored: None,
            chosen_by: ChosenBy::Nothing,
            rendered_by,
            agreement: None,
            compared: Compared::default(),
        })));
    }
    let (chosen, place, again) = match extent {
        Extent::Whole(place) => (tasks.to_vec(), *place, true),
        Extent::Sample(Sample { runs, word, files }) => {
            // Trials on files with the same content share runs.
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
    let kept =
        ComputedRuns { records: known, pending: Vec::new(), since: Instant::now(), place, store: None, safe: resumed };
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
    let mut records = kept.records;
    let mut witness = Witness::new(folder, study, manifest);
    if chosen.len() == tasks.len() {
        // Each run matches the manifest, or is a difference already.
        witness.check_all(study, manifest, &records);
    }
    let mut compared = Compared::of(study, &chosen, &records, &witness, folder);
    let agreement = agreement::accept(study, &chosen, &mut records, folder, &mut differences);
    let is_stored = agreement.as_ref().is_some_and(|agreement| agreement.is_accepted(study));
    let claimed = manifest.runs.iter().map(|run| (verify::Place::of_entry(run), run)).collect();
    differences.extend(chosen.iter().filter_map(|task| verify::run(study, task, &records[&task.id], &claimed)));
    let computed = chosen.len();
    let different = [&chosen, tasks].map(|tasks| tasks.iter().map(|task| task.id).collect::<BTreeSet<_>>().len());
    differences
        .extend(chosen.iter().filter_map(|task| verify::measurements(study, task, &records[&task.id], &witness)));
    let stored = store::has_segments(folder).then(|| verify::stored(folder, study, tasks, &records, &witness));
    differences.extend(stored.iter().flat_map(|stored| stored.found.iter().cloned()));
    let owner = reading::owner_finding(folder);
    differences.extend(owner.map(|found| Difference { what: found.file, how: found.reason }));
    let again = again && computed < tasks.len();
    let all = if again { complete(&records, tasks, &witness, folder) } else { None };
    let not_rendered = (again && all.is_none()).then(|| reason_not_rendered(stored.as_ref(), different[1]));
    let (compared_with, records) = match &all {
        Some(all) => (ComparedWith::Stored, all),
        None if computed == tasks.len() && is_stored => (ComparedWith::Stored, &records),
        None if computed == tasks.len() => (ComparedWith::Computed, &records),
        None => (ComparedWith::Manifest, &records),
    };
    let chosen_by = match &all {
        Some(_) => ChosenBy::Stored,
        None if computed == tasks.len() && is_stored => ChosenBy::Stored,
        None if computed == tasks.len() => ChosenBy::Computed,
        None => ChosenBy::Unknown,
    };
    let (chosen_by, other_choice) = verify::choice(network, tasks, records, chosen_by, (folder, manifest));
    // With an edited specification, the choice always differs.
    let edited = differences.iter().any(|found| found.what == "study.toml");
    differences.extend(other_choice.filter(|_| !edited));
    let Files { found, absent, other } = match compared_with {
        ComparedWith::Manifest => verify::sampled_files(folder, manifest, network, &rows(&chosen, records))?,
        _ => {
            let maker = if ours { manifest.maker() } else { Maker { version: VERSION, ..manifest.maker() } };
            let rows = rows(tasks, records);
            let study = (!ours).then(|| reading::as_tabled(study, &rows, manifest)).flatten();
            let named = study.as_ref().map(|study| network.of(study));
            let (attachments, lost) = Attachments::listed(folder, manifest);
            let draw = || render(named.as_deref().unwrap_or(network), &rows, folder, &attachments, maker);
            let rendered = if tasks.len() <= render::FEW { draw() } else { on_few(draw) }?;
            let mut rendered = rendered.with_digests_of_absent_pages(folder, manifest);
            if ours {
                let left_out = lost.leave_out(&mut rendered, manifest, folder);
                left_out.and(verify::files(folder, &rendered))
            } else {
                let study = named.as_deref().unwrap_or(network).study();
                verify::files_of_other_version(folder, study, manifest, &rendered)
            }
        }
    };
    events(Event::Stopped);
    differences.extend(found);
    // Of runs that were computed, `compared` has the differences.
    let of_run = |found: &Difference| compared.different > 0 && found.what.starts_with("run ");
    compared.beside = differences.iter().filter(|found| !of_run(found)).count();
    drop(kept.store);
    place.into_iter().for_each(Unfinished::remove);
    Ok(VerifyOutcome::Complete(Box::new(Verification {
        differences,
        absent,
        other,
        computed,
        resumed,
        different,
        compared_with,
        not_rendered,
        stored,
        chosen_by,
        rendered_by,
        agreement: agreement.filter(|agreement| !agreement.is_same()),
        compared,
    })))
}

/// Why files could not be made from the stored runs of a study with `all` different runs. A recomputed run may be
/// missing from the store, too.
fn reason_not_rendered(stored: Option<&Stored>, all: usize) -> String {
    match stored {
        Some(Stored { unreadable: Some(error), .. }) => format!("the stored runs cannot be read: {error}"),
        Some(stored) if stored.unstored < all => {
            format!("{} of its {all} runs have no valid record in segments/", stored.unstored)
        }
        _ => format!("none of its {all} runs has a valid record in segments/"),
    }
}

/// The sample and all other stored runs that match the manifest; `None` if one is missing, as in a clone.
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
