//! Merges results folders of one study.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use super::{Computation, ComputeError, SweepOutcome, adopt, compute::repair, dirty_mark::KnownRuns};
use crate::{
    digest::{Digest, Record},
    run::Event,
    store::{self, Runs, StoreError, journal},
};

/// The counts of a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// The number of runs that were new.
    pub taken: usize,
    /// The number of runs that several folders have, with the same bits.
    pub agreed: usize,
    /// The number of new runs that are not part of the study.
    pub unasked: usize,
}

impl Computation<'_> {
    /// Copies the runs and the journals of other folders, and, if the study is complete then, finishes it. The other
    /// folders are not changed.
    ///
    /// # Errors
    /// A folder is of another version, experiment or study, or has another result of a run: then nothing is changed. Or
    /// the folder cannot be used.
    pub fn merge(
        &self,
        from: &[PathBuf],
        events: &(dyn Fn(Event<'_>) + Sync),
        notice: &dyn Fn(&str),
        stop: &AtomicBool,
    ) -> Result<(Merged, SweepOutcome), ComputeError> {
        self.require_stages()?;
        self.network.require_memory()?;
        let mut session = self.begin();
        let (earlier, runs) = self.read_existing(notice)?;
        if earlier.as_ref().is_some_and(|manifest| !manifest.has_root_of_runs()) {
            notice(&wrong_root(self.folder, "it is written again"));
        }
        let asked: BTreeSet<_> = self.tasks.iter().map(|task| task.id).collect();
        let known = &mut session.known;
        let sources =
            from.iter().map(|folder| self.source(folder, &asked, known, notice)).collect::<Result<Vec<_>, _>>()?;

        let mut known: BTreeMap<Digest, (&Record, &Path)> = BTreeMap::new();
        let (mut new, mut agreed) = (BTreeSet::new(), BTreeSet::new());
        let here = std::iter::once((self.folder, &runs));
        // What any folder has computed is adopted in none.
        let mut computed = BTreeSet::new();
        for (folder, source) in here.chain(from.iter().map(PathBuf::as_path).zip(&sources)) {
            let adopted = adopt::adopted(folder);
            computed.extend(source.records().keys().filter(|id| !adopted.contains(id)));
            for record in source.records().values() {
                match known.get(&record.id) {
                    Some((other, place)) if other.first_difference(record).is_some() => {
                        return Err(StoreError::disagreement(record, folder, other, place).into());
                    }
                    Some(_) => _ = agreed.insert(record.id),
                    None => {
                        known.insert(record.id, (record, folder));
                        if folder != self.folder {
                            new.insert(record.id);
                        }
                    }
                }
            }
        }
        drop(known);
        from.iter().zip(&sources).try_for_each(|(folder, source)| self.require_fit(folder, source))?;
        // The manifest may list runs that are no longer stored here.
        if let Some(manifest) = &earlier {
            sources.iter().try_for_each(|source| self.require_agreement(self.folder, manifest, source.records()))?;
        }
        let mut left = new.clone();
        // Each run comes from the first folder that has it. The runs are moved, since they fill the memory.
        let all = sources.into_iter().flat_map(Runs::into_records);
        let taken: Vec<Record> = all.filter(|(id, _)| left.remove(id)).map(|(_, record)| record).collect();

        let store = self.open(notice)?;
        let mut runs = repair(&store, runs, &mut session, notice)?;
        self.write_study()?;
        if !taken.is_empty() {
            let segments = store.commit_all(&taken)?.into_iter().map(|segment| segment.path);
            runs.committed(self.folder, segments, taken)?;
            session.changed = true;
        }
        // Only all folders together determine which runs confirm.
        let tasks = self.known(runs.records());
        let whole = self.of(&tasks);
        let asked: BTreeSet<_> = tasks.iter().map(|task| task.id).collect();
        let merged = Merged { taken: new.len(), agreed: agreed.len(), unasked: new.difference(&asked).count() };
        {
            // A process that finishes may be gathering journals, and would remove files that are copied meanwhile.
            let _finishing = store.finish(stop, notice)?;
            from.iter().try_for_each(|folder| journal::copy(folder, self.folder))?;
            from.iter().try_for_each(|folder| store::beside::copy(folder, self.folder))?;
            adopt::computed(self.folder, &computed)?;
        }
        let outcome = match whole.unrendered(&runs) {
            Some(why) => {
                notice(&why);
                whole.without_report(session, runs)
            }
            None => whole.finish(&store, runs, session, events, notice, stop),
        };
        events(Event::Stopped);
        Ok((merged, outcome?))
    }

    /// Why there can be no report although no run is missing: it needs the data, which no folder has.
    fn unrendered(&self, runs: &Runs) -> Option<String> {
        if !self.network.is_without_data() || self.kept(runs) < self.network.study().run_count() {
            return None;
        }
        let error = super::facts(self.network).and_then(|_| super::points(self.network)).err()?;
        Some(format!("the runs are merged, but tables, figures and report could not be made: {error}"))
    }

    /// Ends a merge without a report.
    fn without_report(&self, mut session: super::finish::Session, runs: Runs) -> Result<SweepOutcome, ComputeError> {
        session.end()?;
        let (kept, entry) = (self.kept(&runs), Box::new(session.entry));
        Ok(SweepOutcome::Partial { kept, computed: 0, entry, records: runs.into_records() })
    }

    /// The runs of a folder to merge.
    fn source(
        &self,
        folder: &Path,
        asked: &BTreeSet<Digest>,
        known: &mut KnownRuns,
        notice: &dyn Fn(&str),
    ) -> Result<Runs, ComputeError> {
        let foreign = |reason: String| ComputeError::Foreign { folder: folder.display().to_string(), reason };
        if !store::has_segments(folder) && folder.join("manifest.json").is_file() {
            return Err(foreign(
                "it has the results of its runs, as in a repository, but not the runs themselves, which are in `segments`: copy \
                     the folder of the machine that computed them, or compute them again with `restudy sweep`"
                    .into(),
            ));
        }
        if !folder.join("segments").is_dir() {
            return Err(foreign("it has no folder `segments`, where runs are stored".into()));
        }
        let manifest = self.manifest(folder, &|error| notice(&format!("{error}; its runs are merged nevertheless")))?;
        manifest.iter().for_each(|manifest| known.manifest(manifest));
        let mut runs = Runs::load(folder)?;
        for damage in runs.take_damage() {
            notice(&format!("{}: {}; its intact runs are merged", damage.file.display(), damage.reason));
        }
        if let Some(manifest) = &manifest {
            self.require_agreement(folder, manifest, runs.records())?;
            if !manifest.has_root_of_runs() {
                notice(&wrong_root(folder, "its runs are merged nevertheless"));
            }
        }
        let own = runs.records().keys().filter(|id| asked.contains(id)).count();
        match runs.records().len() {
            0 => notice(&format!("{} has no runs yet", folder.display())),
            all if own == 0 => {
                return Err(foreign(format!("none of its {all} runs are part of this study")));
            }
            _ => {}
        }
        Ok(runs)
    }
}

/// The notice about a manifest with a wrong root, which proves none of its runs.
fn wrong_root(folder: &Path, then: &str) -> String {
    let file = folder.join("manifest.json");
    format!("{}: its root is not that of the runs it lists, so it proves nothing; {then}", file.display())
}
