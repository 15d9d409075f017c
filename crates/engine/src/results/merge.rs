//! Folders of one study, from different machines, into one.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use super::{Computation, ComputeError, SweepOutcome, compute::mend, dirty_mark::KnownRuns};
use crate::{
    digest::{Digest, Record},
    run::Event,
    store::{self, Runs, StoreError, journal},
};

/// What a merge took over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// Runs that were not there.
    pub taken: usize,
    /// Runs that were in several of the folders, the same to the last bit.
    pub agreed: usize,
    /// Runs that were taken and that the study does not ask for.
    pub unasked: usize,
}

impl Computation<'_> {
    /// Takes over the runs and the journals of other folders, and, if the study is complete then, writes what is made of it.
    /// Nothing in the other folders is touched.
    ///
    /// # Errors
    /// A folder is of another version, experiment or study, or has another result of a run: then nothing is touched at all.
    /// Or the folder cannot be worked in.
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
        let (earlier, runs) = self.look(notice)?;
        if earlier.as_ref().is_some_and(|manifest| !manifest.has_root_of_runs()) {
            notice(&wrong_root(self.folder, "it is made anew"));
        }
        let asked: BTreeSet<_> = self.tasks.iter().map(|task| task.id).collect();
        let known = &mut session.known;
        let sources =
            from.iter().map(|folder| self.source(folder, &asked, known, notice)).collect::<Result<Vec<_>, _>>()?;

        let mut known: BTreeMap<Digest, (&Record, &Path)> = BTreeMap::new();
        let (mut new, mut agreed) = (BTreeSet::new(), BTreeSet::new());
        let here = std::iter::once((self.folder, &runs));
        for (folder, source) in here.chain(from.iter().map(PathBuf::as_path).zip(&sources)) {
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
        // The manifest here may list runs that are not stored here any more.
        if let Some(manifest) = &earlier {
            sources.iter().try_for_each(|source| self.require_agreement(self.folder, manifest, source.records()))?;
        }
        let mut left = new.clone();
        // Each from the first folder that has it. They are taken out of there, for they fill the memory.
        let all = sources.into_iter().flat_map(Runs::into_records);
        let taken: Vec<Record> = all.filter(|(id, _)| left.remove(id)).map(|(_, record)| record).collect();

        let store = self.open(notice)?;
        let mut runs = mend(&store, runs, &mut session, notice)?;
        self.announce()?;
        if !taken.is_empty() {
            let segments = store.commit_all(&taken)?.into_iter().map(|segment| segment.path);
            runs.committed(self.folder, segments, taken)?;
            session.changed = true;
        }
        // Which runs confirm, only all folders together may say.
        let tasks = self.known(runs.records());
        let whole = self.of(&tasks);
        let asked: BTreeSet<_> = tasks.iter().map(|task| task.id).collect();
        let merged = Merged { taken: new.len(), agreed: agreed.len(), unasked: new.difference(&asked).count() };
        {
            // Whoever finishes may be putting journals together, and would remove what is copied meanwhile.
            let _finishing = store.finish(stop, notice)?;
            from.iter().try_for_each(|folder| journal::copy(folder, self.folder))?;
        }
        let answer = match whole.unrendered(&runs) {
            Some(why) => {
                notice(&why);
                whole.without_report(session, runs)
            }
            None => whole.finish(&store, runs, session, events, notice, stop),
        };
        events(Event::Stopped);
        Ok((merged, answer?))
    }

    /// Why there can be no report, although every run is here: the data is needed for it, and neither here nor kept in any folder.
    fn unrendered(&self, runs: &Runs) -> Option<String> {
        if !self.network.is_without_data() || self.kept(runs) < self.network.study().run_count() {
            return None;
        }
        let error = super::facts(self.network).and_then(|_| super::points(self.network)).err()?;
        Some(format!("the runs are merged, but tables, figures and report are not made: {error}"))
    }

    /// The end of a merge whose report cannot be made here.
    fn without_report(&self, mut session: super::finish::Session, runs: Runs) -> Result<SweepOutcome, ComputeError> {
        session.end()?;
        let (kept, entry) = (self.kept(&runs), Box::new(session.entry));
        Ok(SweepOutcome::Partial { kept, computed: 0, entry, records: runs.into_records() })
    }

    /// The runs of a folder that is to be taken over.
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
                "it has the answers of its runs, as a repository has them, but not the runs themselves, which are in `segments`: take \
                 the folder of the machine that computed them, or compute them again with `restudy sweep`"
                    .into(),
            ));
        }
        if !folder.join("segments").is_dir() {
            return Err(foreign("it has no folder `segments`, in which runs are kept".into()));
        }
        let manifest = self.manifest(folder, &|error| notice(&format!("{error}; its runs are taken nevertheless")))?;
        manifest.iter().for_each(|manifest| known.manifest(manifest));
        let mut runs = Runs::load(folder)?;
        for damage in runs.take_damage() {
            notice(&format!("{}: {}; its intact runs are taken", damage.file.display(), damage.reason));
        }
        if let Some(manifest) = &manifest {
            self.require_agreement(folder, manifest, runs.records())?;
            if !manifest.has_root_of_runs() {
                notice(&wrong_root(folder, "its runs are taken nevertheless"));
            }
        }
        let own = runs.records().keys().filter(|id| asked.contains(id)).count();
        match runs.records().len() {
            0 => notice(&format!("{} holds no runs yet", folder.display())),
            all if own == 0 => {
                return Err(foreign(format!("of the {all} runs it holds, this study asks for none")));
            }
            _ => {}
        }
        Ok(runs)
    }
}

/// What is said of a manifest that binds none of its runs, and what follows.
fn wrong_root(folder: &Path, then: &str) -> String {
    let file = folder.join("manifest.json");
    format!("{}: its root is not that of the runs it lists, so that it vouches for nothing; {then}", file.display())
}
