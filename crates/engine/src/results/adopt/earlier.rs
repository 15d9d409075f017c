//! The earlier study in a results folder, and its runs that correspond to runs of a new one.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{
    digest::{Digest, Outcome, Record},
    results::{Manifest, reading, study_text, witness::Witness},
    run::{self, Contents, Kept, Prepared, Task, value_names},
    seed::Seed,
    store,
    sweep::{self, Study},
};

/// The earlier study.
pub(super) struct Earlier {
    study: Study,
    /// Its runs: trial, seed and identity.
    runs: BTreeSet<(usize, Seed, Digest)>,
    /// The digests of its files, by their names, as far as they are stored.
    contents: BTreeMap<String, Digest>,
    witness: Option<Witness>,
}

/// What must be the same in both studies for runs to correspond: settings and seed.
type Key = (Vec<(String, String)>, Seed);

impl Earlier {
    /// Reads the earlier study; `None` if the specification of its runs is not known.
    pub(super) fn of(folder: &Path, now: &Study) -> Option<Self> {
        let file = folder.join("study.toml");
        let text = sweep::read_kept(&file).ok()?;
        let study = sweep::parse(&now.name, &file, &text, &[]).ok()?;
        let manifest = Manifest::read(folder).ok().filter(Manifest::has_root_of_runs);
        let is_other = |own: &Manifest| study_text(&study, folder).1 != own.specification;
        if study.title() != now.title() || manifest.as_ref().is_some_and(is_other) {
            return None;
        }
        let kept = reading::data::kept(&study, folder, manifest.as_ref());
        // A sweep that has not finished may have stored the digests of the changed files already.
        let noted = if manifest.is_none() { store::former_data(folder) } else { BTreeMap::new() };
        let names = run::contents::names(&study).into_iter();
        let former: Contents =
            names.filter_map(|name| Some((name.clone(), *noted.get(&Study::written(folder, &name))?))).collect();
        let contents = if former.is_empty() { kept.contents.clone() } else { former.clone() };
        let mut runs = BTreeSet::new();
        for kept in [kept, Kept { contents: former, ..Kept::default() }] {
            let Ok(network) = run::without_data(&study, kept) else { continue };
            let confirming = (0..study.trials.len()).flat_map(|trial| network.confirming(trial));
            runs.extend(network.tasks().into_iter().chain(confirming).map(|task| (task.trial, task.seed, task.id)));
        }
        // Identities can depend on more than the folder has: what commands print.
        let listed = manifest.iter().flat_map(|own| &own.runs).filter(|run| run.trial < study.trials.len());
        runs.extend(listed.map(|run| (run.trial, Seed(run.seed), run.id)));
        let witness = manifest.map(|manifest| Witness::new(folder, &study, &manifest));
        Some(Self { study, runs, contents, witness })
    }

    /// The runs of `tasks` that correspond to stored ones, with these. Failed runs are left out: a change may be meant
    /// to end a failure.
    pub(super) fn pairs<'a>(
        &self,
        now: &Study,
        tasks: &[Task],
        records: &'a BTreeMap<Digest, Record>,
    ) -> Vec<(Task, &'a Record)> {
        let axes: BTreeSet<&str> =
            [&self.study, now].into_iter().flat_map(|study| &study.axes).map(|axis| axis.path.as_str()).collect();
        let mut stored: BTreeMap<Key, &Record> = BTreeMap::new();
        for (trial, seed, id) in &self.runs {
            let vouched =
                |record: &&Record| self.witness.as_ref().is_none_or(|own| own.contradiction(record).is_none());
            let is_failed = |record: &&Record| matches!(record.outcome, Outcome::Failed { .. });
            if let Some(record) = records.get(id).filter(vouched).filter(|record| !is_failed(record)) {
                stored.insert((key(&self.study, *trial, &axes), *seed), record);
            }
        }
        let mut seen = BTreeSet::new();
        let pair = |task: &Task| Some((*task, *stored.get(&(key(now, task.trial, &axes), task.seed))?));
        // A run that has kept its identity has not changed.
        let is_other = |(task, record): &(Task, &Record)| task.id != record.id;
        tasks.iter().filter(|task| seen.insert(task.id)).filter_map(pair).filter(is_other).collect()
    }

    /// What differs from the new study, by the first trial: settings, and files by their names.
    pub(super) fn changed(&self, network: &dyn Prepared) -> Vec<String> {
        let now = network.study();
        let adoptable = |study: &Study| -> BTreeMap<String, String> {
            let settings = study.all_settings(&study.trials[0]).into_iter();
            let own = settings.filter(|(path, _)| study.kind.is_adoptable(path) && !study.kind.names_file(path));
            own.map(|(path, value)| (path, format!("{value:?}"))).collect()
        };
        let (old, new) = (adoptable(&self.study), adoptable(now));
        let other = |path: &&String| old.get(*path) != new.get(*path);
        let settings: BTreeSet<String> = old.keys().chain(new.keys()).filter(other).map(|path| short(path)).collect();
        let [old, new] = [&self.study, now].map(|study| study.files(&study.trials[0]));
        let before: BTreeMap<&String, Option<&Digest>> =
            old.iter().map(|(path, file)| (path, self.contents.get(file))).collect();
        let after: BTreeMap<&String, Digest> = new.iter().map(|(path, _)| path).zip(network.contents(0)).collect();
        let other = |(path, _): &&(String, String)| {
            before.get(path).map(|digest| digest.copied()) != after.get(path).map(|digest| Some(*digest))
        };
        let files: BTreeSet<String> = old.iter().chain(&new).filter(other).map(|(_, file)| last_name(file)).collect();
        settings.into_iter().chain(files).collect()
    }
}

/// The settings of a trial that decide whether runs correspond, and what is measured and kept.
fn key(study: &Study, trial: usize, axes: &BTreeSet<&str>) -> Vec<(String, String)> {
    let trial = &study.trials[trial];
    let settings = study.all_settings(trial).into_iter();
    let own = settings.filter(|(path, _)| axes.contains(path.as_str()) || !study.kind.is_adoptable(path));
    let mut key: Vec<_> = own.map(|(path, value)| (path, format!("{value:?}"))).collect();
    key.push(("measured".into(), value_names(&study.measured(trial)).join(" ")));
    key.push(("kept".into(), study.declaration().keeps.join(" ")));
    key.sort();
    key
}

/// The name of a setting without the place in a list.
fn short(path: &str) -> String {
    let parts: Vec<&str> = path.split('.').take_while(|part| part.parse::<usize>().is_err()).collect();
    parts.join(".")
}

fn last_name(file: &str) -> String {
    Path::new(file).file_name().unwrap_or_default().to_string_lossy().into_owned()
}
