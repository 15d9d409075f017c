use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
};

use super::super::{
    Manifest,
    manifest::RunEntry,
    reading::edited,
    study_text,
    witness::{Contradiction, VouchedBy, Witness},
};
use crate::{
    digest::{Digest, Record, root},
    run::Task,
    seed::Seed,
    sweep::Study,
    table::RunRow,
};

/// One thing that is not as it is claimed to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What: a file, a table or a run.
    pub what: String,
    /// How it differs.
    pub how: String,
}

impl Difference {
    pub(super) fn new(what: impl Into<String>, how: impl Into<String>) -> Self {
        Self { what: what.into(), how: how.into() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.how)
    }
}

/// What the manifest says against what the specification asks, before anything is computed.
#[must_use]
pub fn claims(study: &Study, tasks: &[Task], manifest: &Manifest, folder: &Path) -> Vec<Difference> {
    let mut found = Vec::new();
    if study_text(study, folder).1 != manifest.specification {
        found.push(Difference::new("study.toml", "it is not the specification that the manifest was made from"));
    }
    if root(manifest.runs.iter().map(|run| (run.id, run.digest))) != manifest.root {
        found.push(Difference::new("manifest.json", "its root is not that of the runs it lists"));
    }
    // Two files of one content on an axis give two trials the same runs.
    let claimed: BTreeMap<Place<'_>, &RunEntry> = manifest.runs.iter().map(|run| (Place::of_entry(run), run)).collect();
    let listed: BTreeSet<&Digest> = manifest.runs.iter().map(|run| &run.id).collect();
    let is_misplaced = tasks.iter().any(|task| !claimed.contains_key(&Place::of_task(task)));
    if is_misplaced
        && !found.iter().any(|difference| difference.what == "study.toml")
        && let Some(other) = other_data(study, tasks, manifest)
    {
        found.insert(0, other);
        if is_other_data(&found) {
            return found;
        }
    }
    let times = |ids: &mut dyn Iterator<Item = Digest>| {
        ids.fold(BTreeMap::new(), |mut times: BTreeMap<Digest, usize>, id| {
            *times.entry(id).or_default() += 1;
            times
        })
    };
    let in_study = times(&mut tasks.iter().map(|task| task.id));
    let in_manifest = times(&mut manifest.runs.iter().map(|run| run.id));
    if in_manifest.iter().any(|(id, times)| *times > in_study.get(id).copied().unwrap_or(1)) {
        // The root would bind a result that nothing below looks at.
        found.push(Difference::new("manifest.json", "it lists a run more than once"));
    }
    let asked: BTreeSet<Digest> = tasks.iter().map(|task| task.id).collect();
    let unknown: Vec<_> = manifest.runs.iter().filter(|run| !asked.contains(&run.id)).collect();
    if found.is_empty() && !unknown.is_empty() && unknown.len() == manifest.runs.len() {
        found.push(Difference::new(
            "data",
            "the specification is unchanged, but its data files are not those of the runs; nothing was trained, since nothing could come out the same",
        ));
        return found;
    }
    let missing = tasks.iter().filter(|task| !listed.contains(&task.id)).count();
    if unknown.len() + missing > 0 && found.iter().any(|difference| difference.what == "study.toml") {
        // It was edited, or its sweep is not finished: one line for all that follows from it.
        let how = format!(
            "the manifest has {} that the changed study.toml does not ask for, and lacks {missing} that it does",
            unknown.len()
        );
        found.push(Difference::new("runs", how));
        return found;
    }
    found.extend(
        unknown
            .iter()
            .map(|run| Difference::new(format!("run {}", run.id.short()), "the specification does not ask for it")),
    );
    for task in tasks {
        if claimed.contains_key(&Place::of_task(task)) {
            continue;
        }
        let how = match listed.contains(&task.id) {
            true => "the manifest gives it another trial or seed".into(),
            false => format!("the manifest has no answer for it ({})", place(study, task)),
        };
        found.push(Difference::new(format!("run {}", task.id.short()), how));
    }
    found
}

/// The data files that were edited since, and what follows: one line instead of one for each of their runs.
fn other_data(study: &Study, tasks: &[Task], manifest: &Manifest) -> Option<Difference> {
    let files = edited::edited(study, tasks, manifest);
    if files.is_empty() {
        return None;
    }
    let learns = |trial: usize| study.trials.get(trial).is_some_and(|trial| edited::learns_from(study, trial, &files));
    let runs = manifest.runs.iter().filter(|run| learns(run.trial)).count();
    let how = format!(
        "the specification is unchanged, but its data files are not those of the runs: {} changed since {runs} of {} runs learned from {}; nothing was \
         trained: restore what was changed, or say where the file of the runs is with --data FILE",
        edited::names(&files),
        manifest.runs.len(),
        if files.len() == 1 { "it" } else { "them" },
    );
    Some(Difference::new("data", how))
}

/// A run at its place in a study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place<'a>(&'a Digest, usize, u64);

impl<'a> Place<'a> {
    /// The place of an entry of a manifest.
    #[must_use]
    pub fn of_entry(run: &'a RunEntry) -> Self {
        Self(&run.id, run.trial, run.seed)
    }

    /// The place of a task.
    #[must_use]
    pub fn of_task(task: &'a Task) -> Self {
        Self(&task.id, task.trial, task.seed.0)
    }
}

/// Whether what was found is that the data is other data: then every run and every file would differ, and say no more than that.
#[must_use]
pub fn is_other_data(found: &[Difference]) -> bool {
    matches!(found, [one] if one.what == "data")
}

/// A computed run against the manifest.
#[must_use]
pub fn run(
    study: &Study,
    task: &Task,
    record: &Record,
    manifest: &BTreeMap<Place<'_>, &RunEntry>,
) -> Option<Difference> {
    let entry = *manifest.get(&Place::of_task(task))?;
    let computed = RunEntry::new(&RunRow { trial: entry.trial, seed: Seed(entry.seed), record });
    if *entry == computed {
        return None;
    }
    // What ends the same was the same all the way, and so were the links of its chain.
    let is_trace_alone = entry.digest == computed.digest;
    let how = match entry.first_difference(record) {
        (_, epoch) if is_trace_alone => format!(
            "the manifest has another trace of it than the one computed, from epoch {epoch} on, though its digest is the one computed: the \
             trace in manifest.json is wrong"
        ),
        _ if entry.trace == computed.trace => "its digest is not the one computed, though every measurement is".into(),
        (Some(before), epoch) if epoch > before + 1 => {
            format!("it agrees to epoch {before} and differs at epoch {epoch}")
        }
        (_, epoch) => format!("it differs from epoch {epoch} on"),
    };
    Some(Difference::new(format!("run {} ({})", task.id.short(), place(study, task)), how))
}

/// The measurements of a computed run against the digest of them that the manifest lists. Where the table `metrics` stands for that, its rows are compared
/// by themselves.
#[must_use]
pub fn measurements(study: &Study, task: &Task, record: &Record, witness: &Witness) -> Option<Difference> {
    let other = witness.vouched_by() == VouchedBy::Manifest
        && witness.contradiction(record) == Some(Contradiction::Measurements);
    other.then(|| {
        let how = "the manifest lists another digest of its measurements than the one computed again";
        Difference::new(format!("run {} ({})", task.id.short(), place(study, task)), how)
    })
}

/// Trial and seed of a task, for people.
#[must_use]
pub fn place(study: &Study, task: &Task) -> String {
    let values = study.axes.iter().zip(&study.trials[task.trial].values);
    let mut text: String = values.map(|(axis, value)| format!("{} = {}, ", axis.path, value.brief())).collect();
    text.push_str(&format!("seed {}", task.seed.0));
    text
}
