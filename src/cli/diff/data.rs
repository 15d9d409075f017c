//! The data of the studies: files are compared by their content when the runs were trained, never by their path.

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

const DATA: &str = "data";

/// The settings of a trial without the paths of its data files.
pub(super) fn without_files(study: &Study, trial: usize) -> Vec<(String, AxisValue)> {
    let files = study.files(&study.trials[trial]);
    let mut settings = study.settings(&study.trials[trial]);
    settings.retain(|(path, _)| !files.iter().any(|(file, _)| file == path));
    settings
}

/// The differences between the data of two studies.
pub(super) fn compare(a: &Folder, b: &Folder) -> Vec<Line> {
    let sides = [a, b].map(Side::of);
    if sides.iter().all(|side| side.files.is_empty()) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    if let [Some(ours), Some(theirs)] = sides.each_ref().map(Side::sets) {
        let names: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
        for name in names {
            let [one, other] = [&ours, &theirs].map(|side| side.get(name).cloned());
            if one.as_ref().map(|one| &one.0) != other.as_ref().map(|other| &other.0) {
                lines.push(Line(DATA, name.clone(), one.map(|one| one.1), other.map(|other| other.1)));
            }
        }
        return lines;
    }
    // Runs with the same settings and seed but different identities have different data.
    match same_data(a, b) {
        Some(true) => {}
        Some(false) => lines.push(Line(
            DATA,
            "runs with the same settings and seed have different identities: their data files had different content".into(),
            None,
            None,
        )),
        None => lines.push(Line(
            DATA,
            "cannot compare the data: a manifest does not list the content of its files, and the studies share no settings and seed"
                .into(),
            None,
            None,
        )),
    }
    lines
}

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

    /// The data sets by the axes that distinguish them, as digests and as text; none if the content of a file is
    /// unknown.
    fn sets(&self) -> Option<BTreeMap<String, (Vec<Digest>, String)>> {
        let study = &self.folder.study;
        let mut found = BTreeMap::new();
        for (place, trial) in study.trials.iter().enumerate() {
            let named = study.files(trial);
            if named.is_empty() {
                continue;
            }
            let axes = study.compared_axes().iter().zip(&trial.values).filter(|(axis, _)| axis.path.starts_with("data."));
            let place_on_axes: Vec<_> = axes.map(|(axis, value)| format!("{} = {value}", axis.path)).collect();
            let name = if place_on_axes.is_empty() { "content".to_owned() } else { place_on_axes.join(", ") };
            if found.contains_key(&name) {
                continue;
            }
            let digests = named.iter().map(|(_, name)| self.contents.get(name).copied());
            let digests = digests.collect::<Option<Vec<_>>>()?;
            let shown: Vec<_> = named.iter().zip(&digests).map(|((_, name), digest)| file(name, *digest)).collect();
            let facts = self.folder.manifest.data.iter().find(|facts| facts.trial == place);
            found.insert(name, (digests, shown.join(" and ") + &facts.map_or_else(String::new, points)));
        }
        Some(found)
    }
}

/// A file as text, without its folder.
fn file(name: &str, digest: Digest) -> String {
    let name = std::path::Path::new(name).file_name().unwrap_or_default().to_string_lossy();
    format!("{name} (blake3:{})", digest.short())
}

fn points(facts: &DataFacts) -> String {
    let sum = |[minus, plus]: [u64; 2]| minus.saturating_add(plus);
    format!(", {} training points and {} validation points", sum(facts.train), sum(facts.validation))
}

/// Whether runs with the same settings and seed have the same identity; none if there are no such runs.
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
