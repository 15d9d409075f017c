//! Why a run is not reused: what in its identity is new, compared with the nearest run of the folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{
    digest::Digest,
    run::{Network, Task},
    seed::Seed,
    sweep::{Scalar, Study, Trial},
};

/// One part of an identity that is not the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The path of the setting, or `seed`, or `data`.
    pub path: String,
    /// What it was; none if it was not there, or if nobody wrote it down.
    pub old: Option<String>,
    /// What it is; none if it is there no more.
    pub new: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".into());
        match self.path.as_str() {
            "data" => write!(f, "data: the file was changed; it is now {}", shown(&self.new)),
            path => write!(f, "{path}: {} → {}", shown(&self.old), shown(&self.new)),
        }
    }
}

/// Why a run has to be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The trial and seed of the nearest run of the folder.
    pub nearest: (usize, Seed),
    /// What is new; nothing if the run was there once, and its record is lost.
    pub changes: Vec<Change>,
}

/// What `ours` and `theirs` do not have in common.
#[must_use]
pub fn changes(theirs: &[(String, Scalar)], ours: &[(String, Scalar)]) -> Vec<Change> {
    let [old, new] = [theirs, ours].map(|settings| settings.iter().cloned().collect::<BTreeMap<_, _>>());
    let paths: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let text = |settings: &BTreeMap<String, Scalar>, path: &str| settings.get(path).map(ToString::to_string);
    paths
        .into_iter()
        .filter(|path| old.get(*path) != new.get(*path))
        .map(|path| Change { path: path.clone(), old: text(&old, path), new: text(&new, path) })
        .collect()
}

/// The study that a folder holds, to look for the nearest in.
#[derive(Debug)]
pub struct Stored<'a> {
    study: &'a Study,
    settings: Vec<Vec<(String, Scalar)>>,
    claimed: BTreeSet<Digest>,
}

impl<'a> Stored<'a> {
    /// The `study`, whose manifest names the runs of `claimed`.
    #[must_use]
    pub fn new(study: &'a Study, claimed: BTreeSet<Digest>) -> Self {
        Self { study, settings: study.trials.iter().map(Trial::settings).collect(), claimed }
    }

    /// The trial with the fewest changes to this one, the lowest of these, and the changes.
    #[must_use]
    pub fn nearest(&self, trial: &Trial) -> (usize, Vec<Change>) {
        let ours = trial.settings();
        let all = self.settings.iter().map(|theirs| changes(theirs, &ours)).enumerate();
        all.min_by_key(|(_, changes)| changes.len()).unwrap_or_default()
    }

    /// Why a run has to be computed, whose trial has this nearest one.
    #[must_use]
    pub fn why(&self, network: &Network<'_>, task: &Task, (place, changes): &(usize, Vec<Change>)) -> Why {
        let mut changes = changes.clone();
        let seeds = || self.study.seeds.iter().copied();
        let seed = seeds().find(|seed| *seed == task.seed);
        let nearest = seed.or_else(|| seeds().min_by_key(|seed| seed.0.abs_diff(task.seed.0)));
        if seed.is_none() {
            let old = nearest.map(|seed| seed.0.to_string());
            changes.push(Change { path: "seed".into(), old, new: Some(task.seed.0.to_string()) });
        }
        // Settings and seed are the same, and still it is another run: its data is. A manifest does not say what it was.
        if changes.is_empty() && !self.claimed.contains(&task.id) {
            let files = network.settings(task.trial).into_iter().filter_map(|(_, value)| match value {
                Scalar::Text(text) if text.starts_with("blake3:") => Some(text),
                _ => None,
            });
            let new = files.collect::<Vec<_>>().join(", ");
            changes.push(Change { path: "data".into(), old: None, new: Some(new).filter(|new| !new.is_empty()) });
        }
        Why { nearest: (*place, nearest.unwrap_or(task.seed)), changes }
    }
}
