//! What the studies learned from: files are compared by what they held when the runs were trained, never by where they are.

use std::collections::{BTreeMap, BTreeSet};

use super::Line;
use crate::{
    cli::folder::Folder,
    digest::Digest,
    results::reading,
    run::{Contents, DataFacts, contents},
    seed::Seed,
    sweep::{AxisValue, Study},
};

/// The kind of these lines.
const DATA: &str = "data";

/// The settings of a trial without its data files, whose names are no part of what a study asks.
pub(super) fn without_files(study: &Study, trial: usize) -> Vec<(String, AxisValue)> {
    let files = study.files(&study.trials[trial]);
    let mut settings = study.settings(&study.trials[trial]);
    settings.retain(|(path, _)| !files.iter().any(|(file, _)| file == path));
    settings
}

/// How the data of the two studies differ.
pub(super) fn compare(a: &Folder, b: &Folder) -> Vec<Line> {
    let sides = [a, b].map(Side::of);
    if sides.iter().all(|side| side.files.is_empty()) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    if let [Some(ours), Some(theirs)] = sides.each_ref().map(Side::told) {
        let names: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
        for name in names {
            let [one, other] = [&ours, &theirs].map(|side| side.get(name).cloned());
            if one.as_ref().map(|one| &one.0) != other.as_ref().map(|other| &other.0) {
                lines.push(Line(DATA, name.clone(), one.map(|one| one.1), other.map(|other| other.1)));
            }
        }
        return lines;
    }
    // Of a run with the same settings and the same seed, only the data can be another.
    match same_data(a, b) {
        Some(true) => {}
        Some(false) => lines.push(Line(
            DATA,
            "runs of the same settings and seed are not the same runs: their data files held something else".into(),
            None,
            None,
        )),
        None => lines.push(Line(
            DATA,
            "whether their data is the same cannot be told: a manifest does not say what its files held, and no run has the settings and seed of another"
                .into(),
            None,
            None,
        )),
    }
    lines
}

/// A study, and what its files held.
struct Side<'a> {
    folder: &'a Folder,
    files: BTreeSet<String>,
    contents: Contents,
}

impl<'a> Side<'a> {
    fn of(folder: &'a Folder) -> Self {
        let contents = reading::data::kept(&folder.study, &folder.path, Some(&folder.manifest)).contents;
        Self { folder, files: contents::names(&folder.study), contents }
    }

    /// Each of its data sets by what tells it from the others, as digests and in words; none if it is not known what a file held.
    fn told(&self) -> Option<BTreeMap<String, (Vec<Digest>, String)>> {
        let study = &self.folder.study;
        let mut sets = BTreeMap::new();
        for (place, trial) in study.trials.iter().enumerate() {
            let named = study.files(trial);
            if named.is_empty() {
                continue;
            }
            let axes = study.compared_axes().iter().zip(&trial.values).filter(|(axis, _)| axis.path.starts_with("data."));
            let place_on_axes: Vec<_> = axes.map(|(axis, value)| format!("{} = {value}", axis.path)).collect();
            let name = if place_on_axes.is_empty() { "what it held".to_owned() } else { place_on_axes.join(", ") };
            if sets.contains_key(&name) {
                continue;
            }
            let digests = named.iter().map(|(_, name)| self.contents.get(name).copied());
            let digests = digests.collect::<Option<Vec<_>>>()?;
            let shown: Vec<_> = named.iter().zip(&digests).map(|((_, name), digest)| file(name, *digest)).collect();
            let facts = self.folder.manifest.data.iter().find(|facts| facts.trial == place);
            sets.insert(name, (digests, shown.join(" and ") + &facts.map_or_else(String::new, points)));
        }
        Some(sets)
    }
}

/// A file in words: where it is does not count, and its name helps to find it.
fn file(name: &str, digest: Digest) -> String {
    let name = std::path::Path::new(name).file_name().unwrap_or_default().to_string_lossy();
    format!("{name} (blake3:{})", digest.short())
}

fn points(facts: &DataFacts) -> String {
    let sum = |[minus, plus]: [u64; 2]| minus.saturating_add(plus);
    format!(", {} points to train with and {} to validate with", sum(facts.train), sum(facts.validation))
}

/// Whether runs with the same settings and seed are the same runs; none if there are none to compare.
fn same_data(a: &Folder, b: &Folder) -> Option<bool> {
    let runs = |folder: &Folder| -> BTreeMap<(String, u64), Digest> {
        let mut keys = BTreeMap::new();
        let runs = folder.manifest.runs.iter().filter(|run| run.trial < folder.study.trials.len());
        runs.map(|run| {
            let key = keys.entry(run.trial).or_insert_with(|| format!("{:?}", without_files(&folder.study, run.trial)));
            ((key.clone(), Seed(run.seed).0), run.id)
        })
        .collect()
    };
    let (ours, theirs) = (runs(a), runs(b));
    let mut pairs = ours.iter().filter_map(|(key, id)| Some((id, theirs.get(key)?))).peekable();
    pairs.peek()?;
    Some(pairs.all(|(one, other)| one == other))
}
