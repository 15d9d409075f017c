//! Makes tables, figures, report and manifest of a complete study, in one process at a time.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::{Instant, SystemTime},
};

use rayon::prelude::*;

use super::{
    Adoptions, Attachments, Computation, ComputeError, CutOff, Maker, Manifest, SweepOutcome,
    compute::repair,
    dirty_mark::{self, KnownRuns},
    render,
    render::FEW,
    rows, study_text,
};
use crate::{
    digest::{Digest, Record},
    experiment,
    run::{self, Event},
    store::{
        self, Origin, Runs, Store, StoreError, journal,
        version::{self, DirtyMark},
    },
    table,
};

/// The state of one sweep or merge of this process.
pub(super) struct Session {
    pub began: Instant,
    pub entry: journal::Entry,
    pub journal: journal::Journal,
    /// Seconds until the last run was trained.
    pub trained: f64,
    /// Whether it has changed anything in the folder that belongs in the journal.
    pub changed: bool,
    /// The modification time of the manifest at the start.
    pub manifest: Option<SystemTime>,
    /// The runs that it computed, and those of manifests that it read.
    pub known: KnownRuns,
}

/// The modification time of the manifest of a folder.
pub(super) fn written(folder: &Path) -> Option<SystemTime> {
    fs::metadata(folder.join("manifest.json")).and_then(|file| file.modified()).ok()
}

impl Session {
    /// Writes the final journal entry if anything changed.
    pub(super) fn end(&mut self) -> Result<(), StoreError> {
        self.entry.seconds = self.began.elapsed().as_secs_f64();
        if self.changed { self.journal.finish(&self.entry) } else { Ok(()) }
    }
}

impl Computation<'_> {
    /// Finishes the study if no run is missing, unless another process has just done so.
    pub(super) fn finish(
        &self,
        store: &Store,
        mut runs: Runs,
        mut session: Session,
        events: &(dyn Fn(Event<'_>) + Sync),
        notice: &dyn Fn(&str),
        stop: &AtomicBool,
    ) -> Result<SweepOutcome, ComputeError> {
        runs.refresh(self.folder)?;
        // With `confirm`, further runs may be required by now.
        let known = self.known(runs.records());
        let whole = self.of(&known);
        let kept = whole.kept(&runs);
        let computed = session.entry.computed;
        if kept < self.network.study().run_count() {
            dirty_mark::journal(self.folder, notice);
            session.end()?;
            let entry = Box::new(session.entry);
            return Ok(SweepOutcome::Partial { kept, computed, entry, records: runs.into_records() });
        }
        let Some(_finishing) = store.finish(stop, notice)? else {
            return self.interrupted(session, kept, CutOff::default());
        };
        runs.refresh(self.folder)?;
        // New damage is repaired too, so that one intact segment is left.
        let runs = repair(store, runs, &mut session, notice)?;
        // The runs that confirm may have changed with it.
        let known = self.known(runs.records());
        let whole = self.of(&known);
        self.require_fit(self.folder, &runs)?;
        let earlier = self.earlier(notice)?;
        let journal = dirty_mark::journal(self.folder, notice);
        // A process that finished meanwhile has checked every file.
        let now = written(self.folder);
        let fresh = now.is_some() && now != session.manifest;
        let is_dirty = |version: &str| matches!(version::mark(version), Some(DirtyMark::Dirty(_)));
        // Runs that changed sources computed must be marked.
        let origin = Origin::of(self.network.instructions());
        let origin = if computed > 0 || self.render { origin.complete() } else { origin };
        let unmarked = |manifest: &Manifest| origin.is_dirty() && !is_dirty(&manifest.restudy);
        let is_current = |manifest: &&Manifest| {
            !self.render
                && !unmarked(manifest)
                && whole.is_up_to_date(manifest, runs.records())
                && (fresh || self.files_match(manifest))
        };
        let current = earlier.as_ref().filter(is_current);
        let (root, summary, left_out) = if let Some(manifest) = current {
            store.compact(&runs)?;
            if computed == 0 {
                return Ok(SweepOutcome::Current { root: manifest.root, records: runs.into_records() });
            }
            let study = self.network.study();
            let summary = table::summary(study, &rows(whole.tasks, runs.records()));
            let summary = summary.with_baseline(run::baseline(study, &manifest.data));
            (manifest.root, summary, 0)
        } else {
            events(Event::Rendering);
            session.changed = true;
            // Other runs may be by the maker of the earlier manifest, or by any process in the journal.
            let mut known = std::mem::take(&mut session.known);
            earlier.iter().for_each(|manifest| known.manifest(manifest));
            let others = (computed < whole.tasks.len()).then(|| known.mark(&journal, whole.stored(&runs))).flatten();
            let version = version::marked(self.maker.version, &origin.complete(), others.as_ref());
            let maker = Maker { version: &version, ..self.maker };
            if let Some(manifest) = &earlier {
                self.require_agreement(self.folder, manifest, runs.records())?;
            }
            let attachments = Attachments::here(self.folder, notice);
            let draw = || render(self.network, &rows(whole.tasks, runs.records()), self.folder, &attachments, maker);
            // Rendering and compaction need only the runs; for many runs, each takes most of the available memory.
            let (rendered, compacted) =
                if kept <= FEW { rayon::join(draw, || store.compact(&runs)) } else { (on_few(draw), Ok(())) };
            let mut rendered = rendered?;
            if let Some(manifest) = earlier.as_ref().filter(|manifest| manifest.measurements.is_none()) {
                require_table(self.folder, manifest, &rendered.manifest)?;
            }
            if stop.load(Ordering::Relaxed) {
                return self.interrupted(session, kept, CutOff::default());
            }
            // Freed as soon as they are written: they take as much memory as the runs.
            let files = std::mem::take(&mut rendered.files);
            if earlier.as_ref() == Some(&rendered.manifest) {
                report_changed(self.folder, &files, notice);
            }
            write(self.folder, files, earlier.as_ref())?;
            // Files that can be written are written before an error of compaction is returned.
            if kept > FEW {
                store.compact(&runs)?
            } else {
                compacted?
            };
            let left_out = earlier.as_ref().map_or(0, |manifest| dropped_runs(manifest, &rendered.manifest));
            (rendered.manifest.root, rendered.summary, left_out)
        };
        session.end()?;
        let Session { entry, trained, .. } = session;
        let (summary, entry) = (Box::new(summary), Box::new(entry));
        Ok(SweepOutcome::Computed { root, summary, records: runs.into_records(), computed, left_out, entry, trained })
    }

    /// Ends a stopped session with its journal entry.
    pub(super) fn interrupted(
        &self,
        mut session: Session,
        kept: usize,
        cut_off: CutOff,
    ) -> Result<SweepOutcome, ComputeError> {
        session.end()?;
        Ok(SweepOutcome::Interrupted { kept, cut_off })
    }

    fn stored<'b>(&self, runs: &'b Runs) -> impl Iterator<Item = &'b Record> {
        self.tasks.iter().filter_map(|task| runs.records().get(&task.id))
    }

    pub(super) fn kept(&self, runs: &Runs) -> usize {
        self.tasks.iter().filter(|task| runs.contains(&task.id)).count()
    }

    /// Writes `study.toml`, the declaration and the data digests if there is no manifest yet: a merge needs them.
    pub(super) fn write_study(&self) -> Result<(), StoreError> {
        let file = self.folder.join("study.toml");
        let text = study_text(self.network.study(), self.folder).0;
        if let Some(declaration) = render::declaration(self.network.study()) {
            let file = self.folder.join(experiment::FILE);
            if !store::read(&file).is_ok_and(|own| own == declaration) {
                store::write(&file, &declaration)?;
            }
        }
        store::keep_data(self.folder, &super::reading::data::held(self.network, self.folder))?;
        let known =
            self.folder.join("manifest.json").exists() || store::read(&file).is_ok_and(|own| own == text.as_bytes());
        if known { Ok(()) } else { store::write(&file, text.as_bytes()) }
    }

    /// Whether the folder has exactly the files that rendering would give: for the same specification, runs and
    /// program.
    pub(super) fn is_current(&self, manifest: &Manifest, known: &BTreeMap<Digest, Record>) -> bool {
        self.is_up_to_date(manifest, known) && self.files_match(manifest)
    }

    /// Whether the manifest is the one that rendering would give, except for the digests of files.
    fn is_up_to_date(&self, manifest: &Manifest, known: &BTreeMap<Digest, Record>) -> bool {
        let (folder, study) = (self.folder, self.network.study());
        let (text, specification) = study_text(study, folder);
        let same = version::plain(&manifest.restudy) == self.maker.version;
        let maker = Maker { version: if same { &manifest.restudy } else { self.maker.version }, ..self.maker };
        let own = Manifest::new(&study.name, specification, maker, &rows(self.tasks, known));
        let Ok(data) = super::facts(self.network) else { return false };
        let own = Manifest {
            data,
            declared: study.title(),
            tables: manifest.tables.clone(),
            files: manifest.files.clone(),
            ..own
        };
        own == *manifest
            && Adoptions::read(folder).are_listed(manifest)
            && Attachments::here(folder, &|_| {}).are_listed(manifest)
            && has_bytes(folder, "manifest.json", &|bytes| bytes == own.to_text().as_bytes())
            && has_bytes(folder, "study.toml", &|bytes| bytes == text.as_bytes())
    }

    /// Whether every file matches the manifest.
    fn files_match(&self, manifest: &Manifest) -> bool {
        let matches = |path: &str, is: &dyn Fn(&[u8]) -> bool| has_bytes(self.folder, path, is);
        manifest.files.iter().all(|(path, digest)| matches(path, &|bytes| Digest::of(bytes) == *digest))
            && manifest.tables.iter().all(|(name, entry)| {
                matches(&format!("{name}.parquet"), &|bytes| {
                    table::read(bytes).is_ok_and(|table| {
                        // Other programs may not read bytes that this one accepts as equal.
                        table.height() == entry.rows
                            && table::logical_digest(&table) == entry.digest
                            && table::write(&table) == bytes
                    })
                })
            })
    }
}

/// The thread limit for the files of a large study. Each thread that encodes a column takes the memory of a part of a
/// table, and the total must stay below the memory limit of a study, however many threads have trained it.
const MOST_THREADS: usize = 2;

/// Runs `work` on at most [`MOST_THREADS`] threads.
pub(super) fn on_few<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if rayon::current_num_threads() <= MOST_THREADS {
        return work();
    }
    match rayon::ThreadPoolBuilder::new().num_threads(MOST_THREADS).build() {
        Ok(few) => few.install(work),
        Err(_) => work(),
    }
}

fn has_bytes(folder: &Path, path: &str, is: &dyn Fn(&[u8]) -> bool) -> bool {
    store::read(&folder.join(path)).is_ok_and(|bytes| is(&bytes))
}

/// Refuses runs whose table `metrics` differs from that of an earlier manifest of the same runs; only for manifests
/// without digests of measurements.
fn require_table(folder: &Path, earlier: &Manifest, now: &Manifest) -> Result<(), ComputeError> {
    let same = earlier.specification == now.specification && earlier.runs == now.runs;
    if !same || earlier.tables.get("metrics") == now.tables.get("metrics") {
        return Ok(());
    }
    let names = "metrics.parquet is missing, which would show them".to_owned();
    Err(ComputeError::Contradiction { folder: folder.display().to_string(), runs: "some runs".into(), names })
}

/// The number of runs of an earlier manifest that this one does not list.
fn dropped_runs(earlier: &Manifest, now: &Manifest) -> usize {
    let asked: BTreeSet<_> = now.runs.iter().map(|run| run.id).collect();
    earlier.runs.iter().filter(|run| !asked.contains(&run.id)).count()
}

/// Reports files that differ from those of the current manifest, and are written again.
fn report_changed(folder: &Path, files: &BTreeMap<String, Vec<u8>>, notice: &dyn Fn(&str)) {
    let other =
        |(path, bytes): &(&String, &Vec<u8>)| store::read(&folder.join(path)).is_ok_and(|stored| stored != **bytes);
    let names: Vec<_> = files.iter().filter(other).map(|(path, _)| path.as_str()).collect();
    if !names.is_empty() {
        notice(&format!(
            "{}: these files did not match the manifest and were written again: {}",
            folder.display(),
            names.join(", ")
        ));
    }
}

/// Writes changed files, the manifest last, and removes figures that only an earlier manifest lists.
fn write(folder: &Path, files: BTreeMap<String, Vec<u8>>, earlier: Option<&Manifest>) -> Result<(), StoreError> {
    let figures = folder.join("figures");
    store::create_folder(&figures)?;
    let changed = |path: &str, bytes: &[u8]| {
        let file = folder.join(path);
        let same = store::read(&file).is_ok_and(|stored| stored == bytes);
        (!same).then_some(file)
    };
    let write = |files: &[(&String, &Vec<u8>)]| {
        let changed = files.par_iter().filter_map(|&(path, bytes)| Some((changed(path, bytes)?, bytes.as_slice())));
        store::write_all(changed)
    };
    let (manifest, others): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| *path == "manifest.json");
    write(&others)?;
    write(&manifest)?;
    let kept: BTreeSet<_> = files.keys().collect();
    let stale = earlier.into_iter().flat_map(|manifest| manifest.files.keys()).filter(|path| !kept.contains(path));
    // Paths of a manifest are untrusted: only figures ever become stale, and their names have no folders.
    for name in stale.filter_map(|path| path.strip_prefix("figures/")).filter(|name| !name.contains(['/', '\\'])) {
        let _ = fs::remove_file(figures.join(name));
    }
    Ok(())
}
