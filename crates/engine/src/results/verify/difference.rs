use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
};

use super::super::{
    Manifest,
    manifest::RunEntry,
    reading::edited_files,
    study_text,
    witness::{Contradiction, Evidence, Witness},
};
use crate::{
    digest::{Digest, Record, root},
    run::Task,
    seed::Seed,
    sweep::Study,
    table::RunRow,
};

/// A difference between a claim and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The file, table or run.
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

/// Compares the manifest with the specification, before anything is computed.
#[must_use]
pub fn claims(study: &Study, tasks: &[Task], manifest: &Manifest, folder: &Path) -> Vec<Difference> {
    let mut found = Vec::new();
    if study_text(study, folder).1 != manifest.specification {
        found.push(Difference::new("study.toml", "it is not the specification of the manifest"));
    }
    if root(manifest.runs.iter().map(|run| (run.id, run.digest))) != manifest.root {
        found.push(Difference::new("manifest.json", "its root is not that of the runs it lists"));
    }
    // Two files with the same content on an axis give one run in two trials.
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
        // The root would cover a result that no check below reads.
        found.push(Difference::new("manifest.json", "it lists a run more than once"));
    }
    let asked: BTreeSet<Digest> = tasks.iter().map(|task| task.id).collect();
    let unknown: Vec<_> = manifest.runs.iter().filter(|run| !asked.contains(&run.id)).collect();
    if found.is_empty() && !unknown.is_empty() && unknown.len() == manifest.runs.len() {
        let how = match study.declaration().external {
            true => {
                "the specification is unchanged, but its inputs are not those of the runs; nothing was computed, since every result would differ"
            }
            false => {
                "the specification is unchanged, but its data files are not those of the runs; nothing was trained, since every result would differ"
            }
        };
        found.push(Difference::new(what_is_read(study), how));
        return found;
    }
    let missing = tasks.iter().filter(|task| !listed.contains(&task.id)).count();
    if unknown.len() + missing > 0 && found.iter().any(|difference| difference.what == "study.toml") {
        // It was edited, or its sweep is not finished: one line for all consequences.
        let how = format!(
            "the manifest lists {} runs that are not part of the changed study.toml, and lacks {missing} that are",
            unknown.len()
        );
        found.push(Difference::new("runs", how));
        return found;
    }
    found.extend(
        unknown
            .iter()
            .map(|run| Difference::new(format!("run {}", run.id.short()), "it is not part of the specification")),
    );
    for task in tasks {
        if claimed.contains_key(&Place::of_task(task)) {
            continue;
        }
        let how = match listed.contains(&task.id) {
            true => "the manifest lists it with another trial or seed".into(),
            false => format!("the manifest does not list it ({})", place(study, task)),
        };
        found.push(Difference::new(format!("run {}", task.id.short()), how));
    }
    found
}

/// The difference of data files that were edited: one line instead of one for each of their runs.
fn other_data(study: &Study, tasks: &[Task], manifest: &Manifest) -> Option<Difference> {
    let files = edited_files::edited_files(study, tasks, manifest);
    if files.is_empty() {
        return None;
    }
    let learns =
        |trial: usize| study.trials.get(trial).is_some_and(|trial| edited_files::learns_from(study, trial, &files));
    let runs = manifest.runs.iter().filter(|run| learns(run.trial)).count();
    let (changed, all, them) =
        (edited_files::names(&files), manifest.runs.len(), if files.len() == 1 { "it" } else { "them" });
    let how = match study.declaration().external {
        true => format!(
            "the specification is unchanged, but its inputs are not those of the runs: {changed} changed since {runs} of {all} runs were computed with \
                 {them}; nothing was computed: restore the changed inputs, or name the file of the runs with --data FILE"
        ),
        false => format!(
            "the specification is unchanged, but its data files are not those of the runs: {changed} changed since {runs} of {all} runs learned from {them}; nothing was \
                 trained: restore the changed data, or name the file of the runs with --data FILE"
        ),
    };
    Some(Difference::new(what_is_read(study), how))
}

/// What the files of a study are called.
fn what_is_read(study: &Study) -> &'static str {
    if study.declaration().external { INPUTS } else { DATA }
}

const DATA: &str = "data";
const INPUTS: &str = "inputs";

/// A run with its trial and seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place<'a>(&'a Digest, usize, u64);

impl<'a> Place<'a> {
    /// Returns the place of an entry of a manifest.
    #[must_use]
    pub fn of_entry(run: &'a RunEntry) -> Self {
        Self(&run.id, run.trial, run.seed)
    }

    /// Returns the place of a task.
    #[must_use]
    pub fn of_task(task: &'a Task) -> Self {
        Self(&task.id, task.trial, task.seed.0)
    }
}

/// Whether the only difference is the data or the inputs: then every run and file would differ.
#[must_use]
pub fn is_other_data(found: &[Difference]) -> bool {
    matches!(found, [one] if [DATA, INPUTS].contains(&one.what.as_str()))
}

/// Compares a recomputed run with the manifest.
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
    // Runs with the same end have the same links, and so the same trace.
    let is_trace_alone = entry.digest == computed.digest;
    let how = match entry.first_difference(record) {
        (_, epoch) if is_trace_alone => format!(
            "its trace in manifest.json is not the one computed, from epoch {epoch} on, though its digest is: \
                 the trace is wrong"
        ),
        _ if entry.trace == computed.trace => "its digest is not the one computed, though its trace is".into(),
        (Some(before), epoch) if epoch > before + 1 => {
            format!("it agrees to epoch {before} and differs at epoch {epoch}")
        }
        (_, epoch) => format!("it differs from epoch {epoch} on"),
    };
    Some(Difference::new(format!("run {} ({})", task.id.short(), place(study, task)), how))
}

/// Compares the measurements of a recomputed run with their digest in the manifest. Without such digests, the rows of
/// the table `metrics` are compared separately.
#[must_use]
pub fn measurements(study: &Study, task: &Task, record: &Record, witness: &Witness) -> Option<Difference> {
    let other =
        witness.evidence() == Evidence::Manifest && witness.contradiction(record) == Some(Contradiction::Measurements);
    other.then(|| {
        let how = "the digest of its measurements in the manifest is not the one computed";
        Difference::new(format!("run {} ({})", task.id.short(), place(study, task)), how)
    })
}

/// Returns the swept settings and seed of a task, for messages.
#[must_use]
pub fn place(study: &Study, task: &Task) -> String {
    let values = study.axes.iter().zip(&study.trials[task.trial].values);
    let mut text: String = values.map(|(axis, value)| format!("{} = {}, ", axis.path, value.brief())).collect();
    text.push_str(&format!("seed {}", task.seed.0));
    text
}
