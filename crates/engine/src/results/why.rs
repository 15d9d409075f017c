//! Why a run is not reused: what in its identity is new, compared with the nearest run of the folder.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::{
    digest::Digest,
    run::{Prepared, Task},
    seed::Seed,
    sweep::AxisValue,
};

/// What stands for the path of the setting in a change of what a file holds: its name is no part of an identity.
pub const DATA: &str = "data";

/// What stands for the path of the setting where the specification was changed, and nothing says what it was.
pub const SPECIFICATION: &str = "specification";

/// What stands for the path of the setting where nothing is new, and the manifest does not list the run.
pub const MANIFEST: &str = "manifest";

/// One part of an identity that is not the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The path of the setting, or `seed`, `data`, `specification` or `manifest`.
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
            DATA => {
                let was = self.old.as_ref().map_or_else(String::new, |old| format!(", and was {old}"));
                write!(f, "data: the file was changed; it is now {}{was}", shown(&self.new))
            }
            SPECIFICATION => f.write_str(
                "specification: study.toml is not the one that the results were made from, and that is not here: it was edited, or a sweep of it is not finished",
            ),
            MANIFEST => f.write_str("manifest: it does not list this run, though it was made from these settings: it was edited"),
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

/// What `ours` and `theirs`, both sorted by path, do not have in common.
#[must_use]
pub fn changes(theirs: &[(String, AxisValue)], ours: &[(String, AxisValue)]) -> Vec<Change> {
    let text = |value: Option<&AxisValue>| value.map(ToString::to_string);
    let is_content = |value: Option<&AxisValue>| matches!(value, Some(AxisValue::String(text)) if text.starts_with("blake3:") || text == UNTOLD);
    let change = |(path, old, new): Difference<'_>| {
        let path = if is_content(old) && is_content(new) { DATA } else { path };
        Change { path: path.into(), old: text(old), new: text(new) }
    };
    differences(theirs, ours).map(change).collect()
}

/// What stands for a file of which nothing says what it held.
const UNTOLD: &str = "file:";

/// The settings of a trial with the content of its files; with nothing in its place where that is not known, for their names are no part of an identity.
fn by_content(network: &dyn Prepared, trial: usize, told: bool) -> Vec<(String, AxisValue)> {
    let mut settings = network.settings(trial);
    if !told || network.contents(trial).is_empty() {
        let named = network.study().files(&network.study().trials[trial]);
        for (_, value) in settings.iter_mut().filter(|(path, _)| named.iter().any(|(own, _)| own == path)) {
            *value = AxisValue::String(UNTOLD.into());
        }
    }
    settings
}

/// A path, and what two trials have there.
type Difference<'a> = (&'a str, Option<&'a AxisValue>, Option<&'a AxisValue>);

/// Where two trials differ; both are sorted by path.
fn differences<'a>(
    theirs: &'a [(String, AxisValue)],
    ours: &'a [(String, AxisValue)],
) -> impl Iterator<Item = Difference<'a>> {
    let (mut theirs, mut ours) = (theirs.iter().peekable(), ours.iter().peekable());
    std::iter::from_fn(move || {
        loop {
            let order = match (theirs.peek(), ours.peek()) {
                (Some((one, _)), Some((other, _))) => one.cmp(other),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return None,
            };
            let old = if order.is_le() { theirs.next() } else { None };
            let new = if order.is_ge() { ours.next() } else { None };
            if old != new {
                let path = old.or(new).map_or("", |(path, _)| path);
                return Some((path, old.map(|(_, value)| value), new.map(|(_, value)| value)));
            }
        }
    })
}

/// Pairs of trials that are compared at most: a second's work.
pub const MOST_PAIRS: usize = 4_000_000;

/// A trial of the study that a folder holds.
#[derive(Debug)]
struct KnownRun {
    /// Its place in that study.
    place: usize,
    /// The names of its data files.
    files: Vec<String>,
    settings: Vec<(String, AxisValue)>,
}

/// The study that a folder holds, to look for the nearest in.
#[derive(Debug)]
pub struct Stored {
    trials: Vec<KnownRun>,
    /// The first trial with these settings, by their text.
    known: BTreeMap<String, usize>,
    seeds: BTreeSet<Seed>,
    runs: BTreeMap<(usize, Seed), Digest>,
    claimed: BTreeSet<Digest>,
    /// Whether it is known what its files held.
    told: bool,
}

impl Stored {
    /// The study of results, with its runs, whose manifest names the runs of `claimed`. Unless it is `certain` that the manifest was made from it, only what it has in
    /// common with the manifest counts, which the identities of the runs prove.
    #[must_use]
    pub fn new(network: &dyn Prepared, tasks: &[Task], claimed: BTreeSet<Digest>, certain: bool) -> Self {
        let study = network.study();
        let told = (0..study.trials.len())
            .all(|trial| !network.contents(trial).is_empty() || study.files(&study.trials[trial]).is_empty());
        let own: Vec<_> = tasks.iter().filter(|task| certain || claimed.contains(&task.id)).collect();
        let places: BTreeSet<_> = own.iter().map(|task| task.trial).collect();
        let of = |place: usize| KnownRun {
            place,
            files: study.files(&study.trials[place]).into_iter().map(|(_, name)| name).collect(),
            settings: by_content(network, place, told),
        };
        let trials: Vec<_> = places.into_iter().map(of).collect();
        let known = trials.iter().rev().map(|trial| (format!("{:?}", trial.settings), trial.place)).collect();
        let seeds = own.iter().map(|task| task.seed).collect();
        let runs = own.iter().map(|task| ((task.trial, task.seed), task.id)).collect();
        Self { trials, known, seeds, runs, claimed, told }
    }

    /// Whether the study has this seed.
    #[must_use]
    pub fn has_seed(&self, seed: Seed) -> bool {
        self.seeds.contains(&seed)
    }

    /// Whether its manifest names this run.
    #[must_use]
    pub fn claims(&self, id: &Digest) -> bool {
        self.claimed.contains(id)
    }

    /// The run at this place, if the manifest names it.
    #[must_use]
    pub fn run(&self, (trial, seed): (usize, Seed)) -> Option<Digest> {
        self.runs.get(&(trial, seed)).copied().filter(|id| self.claims(id))
    }

    /// The trial with the fewest changes to this one, which is one of so many, the lowest of these, and the changes. Of large
    /// studies only the first trials are compared.
    #[must_use]
    pub fn nearest(&self, network: &dyn Prepared, trial: usize, of: usize) -> (usize, Vec<Change>) {
        let ours = by_content(network, trial, self.told);
        // The same trial first: mostly it is only the seed that is new.
        if let Some(&place) = self.known.get(&format!("{ours:?}")) {
            return (place, Vec::new());
        }
        let compared = self.trials.iter().take((MOST_PAIRS / of.max(1)).max(1));
        // Among equals the one that learns from files of the same names: what these hold was changed.
        let files: Vec<_> =
            network.study().files(&network.study().trials[trial]).into_iter().map(|(_, name)| name).collect();
        let near = compared.min_by_key(|theirs| (differences(&theirs.settings, &ours).count(), theirs.files != files));
        match near {
            Some(theirs) => (theirs.place, changes(&theirs.settings, &ours)),
            None => (0, vec![Change { path: SPECIFICATION.into(), old: None, new: None }]),
        }
    }

    /// Why a run has to be computed, whose trial has this nearest one.
    #[must_use]
    pub fn why(&self, network: &dyn Prepared, task: &Task, (place, changes): &(usize, Vec<Change>)) -> Why {
        let mut changes = changes.clone();
        let beside = [self.seeds.range(..=task.seed).next_back(), self.seeds.range(task.seed..).next()];
        let nearest = beside.into_iter().flatten().min_by_key(|seed| seed.0.abs_diff(task.seed.0)).copied();
        if nearest.is_some_and(|nearest| nearest != task.seed) {
            let old = nearest.map(|seed| seed.0.to_string());
            changes.push(Change { path: "seed".into(), old, new: Some(task.seed.0.to_string()) });
        }
        if changes.is_empty() && !self.claimed.contains(&task.id) {
            changes.push(self.unlisted(network, task.trial));
        }
        Why { nearest: (*place, nearest.unwrap_or(task.seed)), changes }
    }

    /// What is new in a run that the manifest does not list, though its settings and seed are those of the results.
    #[must_use]
    pub fn unlisted(&self, network: &dyn Prepared, trial: usize) -> Change {
        // Where it is known what the files held, that is the same, too.
        if self.told {
            return Change { path: MANIFEST.into(), old: None, new: None };
        }
        let files = network.settings(trial).into_iter().filter_map(|(_, value)| match value {
            AxisValue::String(text) if text.starts_with("blake3:") => Some(text),
            _ => None,
        });
        let new = files.collect::<Vec<_>>().join(", ");
        Change { path: DATA.into(), old: None, new: Some(new).filter(|new| !new.is_empty()) }
    }
}
