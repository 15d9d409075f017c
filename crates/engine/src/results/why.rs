//! Explains why a run is not reused: the parts of its identity that differ from the nearest stored run.

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

/// The path in a change of the content of a data file: names of files are no part of an identity.
pub const DATA: &str = "data";

/// The path in a change of the specification whose previous text is unknown.
pub const SPECIFICATION: &str = "specification";

/// The path in a change where nothing differs but the manifest does not list the run.
pub const MANIFEST: &str = "manifest";

/// A part of an identity that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The path of the setting, or `seed`, `data`, `specification` or `manifest`.
    pub path: String,
    /// The previous value; `None` if there was none, or if it is unknown.
    pub old: Option<String>,
    /// The new value; `None` if there is none.
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
                "specification: study.toml is not that of the results, and the previous one is unknown: it was edited, or its sweep is not finished",
            ),
            MANIFEST => f.write_str("manifest: it was edited: it does not list this run, though it was made from these settings"),
            path => write!(f, "{path}: {} → {}", shown(&self.old), shown(&self.new)),
        }
    }
}

/// Why a run must be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The trial and seed of the nearest stored run.
    pub nearest: (usize, Seed),
    /// The differences; empty if the run was computed before, and its record is lost.
    pub changes: Vec<Change>,
}

/// Returns the differences between `theirs` and `ours`, both sorted by path.
#[must_use]
pub fn changes(theirs: &[(String, AxisValue)], ours: &[(String, AxisValue)]) -> Vec<Change> {
    let text = |value: Option<&AxisValue>| value.map(ToString::to_string);
    let is_content = |value: Option<&AxisValue>| matches!(value, Some(AxisValue::String(text)) if text.starts_with("blake3:") || text == UNKNOWN_FILE);
    let change = |(path, old, new): Difference<'_>| {
        let path = if is_content(old) && is_content(new) { DATA } else { path };
        Change { path: path.into(), old: text(old), new: text(new) }
    };
    differences(theirs, ours).map(change).collect()
}

/// Replaces a file whose content is unknown.
const UNKNOWN_FILE: &str = "file:";

/// The settings of a trial with digests of its files, or [`UNKNOWN_FILE`] where unknown: names of files are no part of
/// an identity.
fn by_content(network: &dyn Prepared, trial: usize, contents_known: bool) -> Vec<(String, AxisValue)> {
    let mut settings = network.settings(trial);
    if !contents_known || network.contents(trial).is_empty() {
        let named = network.study().files(&network.study().trials[trial]);
        for (_, value) in settings.iter_mut().filter(|(path, _)| named.iter().any(|(own, _)| own == path)) {
            *value = AxisValue::String(UNKNOWN_FILE.into());
        }
    }
    settings
}

/// A path, and the values of two trials.
type Difference<'a> = (&'a str, Option<&'a AxisValue>, Option<&'a AxisValue>);

/// The differences between two trials, both sorted by path.
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

/// The largest number of pairs of trials that are compared, which takes about a second.
pub const MOST_PAIRS: usize = 4_000_000;

/// A trial of the stored study.
#[derive(Debug)]
struct StoredTrial {
    /// Its index in that study.
    place: usize,
    files: Vec<String>,
    settings: Vec<(String, AxisValue)>,
}

/// The study of a results folder, for finding the nearest run.
#[derive(Debug)]
pub struct Stored {
    trials: Vec<StoredTrial>,
    /// The first trial with these settings, by their text.
    known: BTreeMap<String, usize>,
    seeds: BTreeSet<Seed>,
    runs: BTreeMap<(usize, Seed), Digest>,
    claimed: BTreeSet<Digest>,
    /// Whether the content of its files is known.
    contents_known: bool,
}

impl Stored {
    /// Takes the study of results, its runs, and the runs that the manifest lists as `claimed`. Unless it is `certain`
    /// that the manifest was made from this study, only their common runs count, whose identities prove it.
    #[must_use]
    pub fn new(network: &dyn Prepared, tasks: &[Task], claimed: BTreeSet<Digest>, certain: bool) -> Self {
        let study = network.study();
        let contents_known = (0..study.trials.len())
            .all(|trial| !network.contents(trial).is_empty() || study.files(&study.trials[trial]).is_empty());
        let own: Vec<_> = tasks.iter().filter(|task| certain || claimed.contains(&task.id)).collect();
        let places: BTreeSet<_> = own.iter().map(|task| task.trial).collect();
        let of = |place: usize| StoredTrial {
            place,
            files: study.files(&study.trials[place]).into_iter().map(|(_, name)| name).collect(),
            settings: by_content(network, place, contents_known),
        };
        let trials: Vec<_> = places.into_iter().map(of).collect();
        let known = trials.iter().rev().map(|trial| (format!("{:?}", trial.settings), trial.place)).collect();
        let seeds = own.iter().map(|task| task.seed).collect();
        let runs = own.iter().map(|task| ((task.trial, task.seed), task.id)).collect();
        Self { trials, known, seeds, runs, claimed, contents_known }
    }

    /// Whether the stored study has this seed.
    #[must_use]
    pub fn has_seed(&self, seed: Seed) -> bool {
        self.seeds.contains(&seed)
    }

    /// Whether the manifest lists this run.
    #[must_use]
    pub fn claims(&self, id: &Digest) -> bool {
        self.claimed.contains(id)
    }

    /// Returns the run with this trial and seed, if the manifest lists it.
    #[must_use]
    pub fn run(&self, (trial, seed): (usize, Seed)) -> Option<Digest> {
        self.runs.get(&(trial, seed)).copied().filter(|id| self.claims(id))
    }

    /// Returns the stored trial with the fewest differences to this one, of equal ones the first, and the differences.
    /// `of` is the number of trials of the study; for large studies only the first stored trials are compared.
    #[must_use]
    pub fn nearest(&self, network: &dyn Prepared, trial: usize, of: usize) -> (usize, Vec<Change>) {
        let ours = by_content(network, trial, self.contents_known);
        // Equal settings first: mostly only the seed is new.
        if let Some(&place) = self.known.get(&format!("{ours:?}")) {
            return (place, Vec::new());
        }
        let compared = self.trials.iter().take((MOST_PAIRS / of.max(1)).max(1));
        // Of equal ones, the trial with the same file names: their content was changed.
        let files: Vec<_> =
            network.study().files(&network.study().trials[trial]).into_iter().map(|(_, name)| name).collect();
        let near = compared.min_by_key(|theirs| (differences(&theirs.settings, &ours).count(), theirs.files != files));
        match near {
            Some(theirs) => (theirs.place, changes(&theirs.settings, &ours)),
            None => (0, vec![Change { path: SPECIFICATION.into(), old: None, new: None }]),
        }
    }

    /// Returns why a run must be computed, given the nearest trial.
    #[must_use]
    pub fn why(&self, network: &dyn Prepared, task: &Task, (place, changes): &(usize, Vec<Change>)) -> Why {
        let mut changes = changes.clone();
        let neighbors = [self.seeds.range(..=task.seed).next_back(), self.seeds.range(task.seed..).next()];
        let nearest = neighbors.into_iter().flatten().min_by_key(|seed| seed.0.abs_diff(task.seed.0)).copied();
        if nearest.is_some_and(|nearest| nearest != task.seed) {
            let old = nearest.map(|seed| seed.0.to_string());
            changes.push(Change { path: "seed".into(), old, new: Some(task.seed.0.to_string()) });
        }
        if changes.is_empty() && !self.claimed.contains(&task.id) {
            changes.push(self.unlisted(network, task.trial));
        }
        Why { nearest: (*place, nearest.unwrap_or(task.seed)), changes }
    }

    /// Returns the difference of a run that the manifest does not list, though its settings and seed are those of the
    /// results.
    #[must_use]
    pub fn unlisted(&self, network: &dyn Prepared, trial: usize) -> Change {
        // If the contents are known, they are equal, too.
        if self.contents_known {
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
