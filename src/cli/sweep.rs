use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
    time::{Duration, Instant},
};

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, show::summary_table, signal, text};
use crate::{
    digest::{Digest, Record},
    progress::Progress,
    results::{self, Manifest, ManifestError, Rendered, VERSION, study_text},
    run::{Event, Experiment, Network, Task, execute},
    store::{self, Store, StoreError, journal},
    sweep::{self, Study},
    table::{self, RunRow},
    train::{Kernel, Outcome},
};

/// Answer the question of a specification: run what is not yet run, make tables, figures and a report.
///
/// Results go to results/NAME/, NAME being the file's name without its ending. Finished runs are found by their content: running
/// again does nothing, adding seeds or values costs only the new runs, and a sweep that was cut off goes on where it was.
#[derive(Debug, Args)]
pub(super) struct Sweep {
    /// The specification.
    #[arg(value_name = "SPEC")]
    file: PathBuf,
    /// Override a setting, such as --set model.hidden=9 or --set 'sweep.seeds=5'. May be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Make tables, figures and report again even where they are current, as after a change of the program.
    #[arg(long)]
    render: bool,
    /// Train with the portable kernel, to see that it gives the same bits.
    #[arg(long)]
    portable: bool,
}

/// Finished runs on their way to the disk.
struct Batch {
    pending: Vec<Record>,
    committed: Instant,
    all: BTreeMap<Digest, Record>,
}

/// How long finished runs may wait to be committed together.
const PATIENCE: Duration = Duration::from_millis(500);

impl Command for Sweep {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let started = (Instant::now(), journal::now());
        let study = sweep::load(&self.file, &self.sets)?;
        let kernel = if self.portable { Kernel::Portable } else { Kernel::best() };
        let network = Network::new(&study, kernel)?;
        let folder = common.results.join(&study.name);
        let tasks = network.tasks();
        let store = Store::open(&folder)?;
        let earlier = earlier(&folder)?;
        let known = load(&store)?;
        let missing: Vec<_> = tasks.iter().filter(|task| !known.contains_key(&task.id)).copied().collect();
        let tell = |computed: usize, root: Digest, seconds: f64| {
            text::say(json!({ "study": study.name, "folder": folder, "runs": tasks.len(), "computed": computed, "root": root, "seconds": seconds }));
        };
        if missing.is_empty()
            && !self.render
            && let Some(manifest) = earlier.as_ref().filter(|manifest| is_current(manifest, &study, &tasks, &known, &folder))
        {
            // A sweep that was killed at its very end may have left several segments.
            store.compact(known.values())?;
            if common.json() {
                tell(0, manifest.root, started.0.elapsed().as_secs_f64());
            } else if !common.quiet {
                let runs = text::count(tasks.len(), "run");
                text::say(format!("nothing to do: all {runs} are in {}, and so is the report", folder.display()));
            }
            return Ok(Exit::Done);
        }

        let steps: u64 = missing.iter().map(|task| network.steps(task)).sum();
        let progress = common.mode().start(&study);
        progress.event(&Event::Started { runs: tasks.len(), cached: tasks.len() - missing.len(), steps });
        let stop = signal::stop_flag()?;
        let batch = Mutex::new(Batch { pending: Vec::new(), committed: Instant::now(), all: known });
        let commit = |records: Vec<Record>| accept(&store, &batch, records, progress.as_ref());
        let done = common.on_threads(|| execute(&network, &missing, &commit, &|event| progress.event(&event), &stop))?;
        let mut batch = batch.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        flush(&store, &mut batch, progress.as_ref())?;
        if !done? {
            progress.event(&Event::Stopped);
            let kept = tasks.iter().filter(|task| batch.all.contains_key(&task.id)).count();
            let runs = text::count(tasks.len(), "run");
            text::warn(format!(
                "interrupted: {kept} of {runs} are safe in {}; the same command goes on from there:\n  {}",
                folder.display(),
                text::command_line()
            ));
            return Ok(Exit::Interrupted);
        }

        progress.event(&Event::Rendering);
        let trained = started.0.elapsed().as_secs_f64();
        let rows = rows(&tasks, &batch.all);
        let rendered = common.on_threads(|| results::render(&network, &rows, &folder, VERSION))??;
        let alarms = earlier.as_ref().map_or(Vec::new(), |manifest| disagreements(manifest, &rendered.manifest));
        if !alarms.is_empty() {
            progress.event(&Event::Stopped);
            return Err(CliError::difference(
                format!(
                    "the manifest in {} claims other results of {}: {}",
                    folder.display(),
                    text::count(alarms.len(), "run"),
                    alarms.join(", ")
                ),
                "nothing was overwritten; `restudy verify` on that folder tells where they differ",
            ));
        }
        let left_out = earlier.as_ref().map_or(0, |manifest| no_longer_asked_for(manifest, &rendered.manifest));
        write(&folder, &rendered, earlier.as_ref())?;
        store.compact(batch.all.values())?;
        progress.event(&Event::Stopped);
        let entry = journal::Entry {
            started: started.1,
            seconds: started.0.elapsed().as_secs_f64(),
            restudy: VERSION.into(),
            profile: if cfg!(debug_assertions) { "debug" } else { "optimised" }.into(),
            machine: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            kernel: format!("{kernel:?}"),
            threads: common.on_threads(rayon::current_num_threads)?,
            computed: missing.len(),
            cached: tasks.len() - missing.len(),
            steps,
            command: std::env::args().skip(1).collect(),
        };
        entry.write(&folder)?;
        if common.json() {
            tell(missing.len(), rendered.manifest.root, entry.seconds);
        } else if !common.quiet {
            let rate = if missing.is_empty() { String::new() } else { format!(", {:.1} million steps/s", steps as f64 / trained / 1e6) };
            summary_table(&table::summary(&study, &rows));
            text::say(format!(
                "\n{} ({} new) in {}{rate}\nroot   {}\nreport {}\nprove  restudy verify {}",
                text::count(tasks.len(), "run"),
                text::thousands(missing.len() as u64),
                text::duration(entry.seconds),
                rendered.manifest.root,
                folder.join("report.md").display(),
                folder.display(),
            ));
        }
        if left_out > 0 && !common.quiet {
            text::warn(format!(
                "{} held {} that this specification does not ask for; they are kept, but no longer in its report",
                folder.display(),
                text::count(left_out, "run")
            ));
        }
        let failed = rows.iter().any(|row| matches!(row.record.outcome, Outcome::Failed { .. }));
        Ok(if failed { Exit::Failed } else { Exit::Done })
    }
}

/// The manifest that is in the folder. One that cannot be read is made anew, one of another version is not ours to replace.
fn earlier(folder: &Path) -> Result<Option<Manifest>, CliError> {
    match Manifest::read(folder) {
        Ok(manifest) => Ok(Some(manifest)),
        Err(ManifestError::Missing { .. }) => Ok(None),
        Err(error @ ManifestError::Malformed { .. }) => {
            text::warn(format!("{error}; it is made anew"));
            Ok(None)
        }
        Err(error @ ManifestError::Version { .. }) => Err(error.into()),
    }
}

/// The committed runs; what is damaged is set aside, with a notice, and computed again.
fn load(store: &Store) -> Result<BTreeMap<Digest, Record>, CliError> {
    let (known, damaged) = store::load(store.folder())?;
    // What could be read goes into a new segment before the old one goes out of the way; they may be of one name.
    let kept = if damaged.is_empty() || known.is_empty() { None } else { Some(store.commit(known.values())?) };
    for damage in damaged {
        if kept.as_ref() != Some(&damage.file) {
            store.set_aside(&damage.file)?;
        }
        text::warn(format!(
            "{}: {}; its intact runs are kept, the others are computed again",
            damage.file.display(),
            damage.reason
        ));
    }
    Ok(known)
}

/// Whether the folder holds exactly what a render would give: the same question, the same runs, the same program, every file.
fn is_current(manifest: &Manifest, study: &Study, tasks: &[Task], known: &BTreeMap<Digest, Record>, folder: &Path) -> bool {
    let (text, specification) = study_text(study, folder);
    let own = Manifest::new(&study.name, specification, VERSION, &rows(tasks, known));
    let own = Manifest { tables: manifest.tables.clone(), files: manifest.files.clone(), ..own };
    own == *manifest
        && fs::read(folder.join("manifest.json")).is_ok_and(|stored| stored == own.to_text().as_bytes())
        && fs::read(folder.join("study.toml")).is_ok_and(|stored| stored == text.as_bytes())
        && manifest.files.iter().all(|(path, digest)| fs::read(folder.join(path)).is_ok_and(|bytes| Digest::of(&bytes) == *digest))
        && manifest.tables.iter().all(|(name, entry)| {
            let bytes = fs::read(folder.join(format!("{name}.parquet")));
            bytes.is_ok_and(|bytes| table::read(&bytes).is_ok_and(|table| table::logical_digest(&table) == entry.digest))
        })
}

/// Takes finished runs in, and commits what has waited long enough.
fn accept(store: &Store, batch: &Mutex<Batch>, records: Vec<Record>, progress: &dyn Progress) -> Result<(), CliError> {
    let mut batch = batch.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    batch.pending.extend(records);
    if batch.committed.elapsed() < PATIENCE { Ok(()) } else { flush(store, &mut batch, progress) }
}

fn flush(store: &Store, batch: &mut Batch, progress: &dyn Progress) -> Result<(), CliError> {
    if !batch.pending.is_empty() {
        store.commit(&batch.pending)?;
        progress.event(&Event::Committed { runs: batch.pending.len() });
    }
    let pending = std::mem::take(&mut batch.pending);
    batch.all.extend(pending.into_iter().map(|record| (record.id, record)));
    batch.committed = Instant::now();
    Ok(())
}

/// The finished runs as tables want them: by trial, then seed.
pub(super) fn rows<'a>(tasks: &[Task], records: &'a BTreeMap<Digest, Record>) -> Vec<RunRow<'a>> {
    let found = tasks.iter().filter_map(|task| Some((task, records.get(&task.id)?)));
    let mut rows: Vec<_> = found.map(|(task, record)| RunRow { trial: task.trial, seed: task.seed, record }).collect();
    rows.sort_by_key(|row| (row.trial, row.seed));
    rows
}

/// How many runs of an earlier manifest this one has not.
fn no_longer_asked_for(earlier: &Manifest, now: &Manifest) -> usize {
    let asked: BTreeSet<_> = now.runs.iter().map(|run| run.id).collect();
    earlier.runs.iter().filter(|run| !asked.contains(&run.id)).count()
}

/// Runs that an earlier manifest and this one both have, with different digests: one of the two programs broke the contract.
fn disagreements(earlier: &Manifest, now: &Manifest) -> Vec<String> {
    let claimed: BTreeMap<_, _> = earlier.runs.iter().map(|run| (run.id, run.digest)).collect();
    let differ = now.runs.iter().filter(|run| claimed.get(&run.id).is_some_and(|digest| *digest != run.digest));
    differ.map(|run| run.id.short()).collect()
}

/// Writes what has changed, the manifest last, and removes what an earlier manifest had and this one has not.
fn write(folder: &Path, rendered: &Rendered, earlier: Option<&Manifest>) -> Result<(), CliError> {
    let figures = folder.join("figures");
    fs::create_dir_all(&figures).map_err(|error| StoreError::io("create", &figures, error))?;
    let (manifest, others): (Vec<_>, Vec<_>) = rendered.files.iter().partition(|(path, _)| *path == "manifest.json");
    for (path, bytes) in others.into_iter().chain(manifest) {
        let file = folder.join(path);
        if !fs::read(&file).is_ok_and(|stored| stored == *bytes) {
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
