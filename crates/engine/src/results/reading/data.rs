//! The information in a results folder about the data of its runs.
//!
//! The identity of a run covers the content of its data files. A manifest has the digests of the files; before there is
//! one, `segments/data` has them. The first versions stored neither: then the runs that the manifest lists, or the
//! current files, decide.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use crate::{
    digest::Digest,
    results::{Manifest, study_text},
    run::{
        self, Contents, Kept, Prepared, RunError, Task,
        contents::{self, KeptPart, KeptSplit},
    },
    seed::Seed,
    store,
    sweep::{self, Study},
    table,
};

/// Returns the digests of the data files of a study, by their names in the `study.toml` of `folder`.
#[must_use]
pub fn held(network: &dyn Prepared, folder: &Path) -> BTreeMap<String, Digest> {
    let mut held = BTreeMap::new();
    for (place, trial) in network.study().trials.iter().enumerate() {
        for ((_, name), digest) in network.study().files(trial).into_iter().zip(network.contents(place)) {
            held.entry(Study::written(folder, &name)).or_insert(digest);
        }
    }
    held
}

/// Prepares the study of a results folder without its data, from the stored information.
///
/// # Errors
/// The runs of the study cannot be determined.
pub fn network<'a>(
    study: &'a Study,
    folder: &Path,
    manifest: Option<&Manifest>,
) -> Result<Box<dyn Prepared + 'a>, RunError> {
    run::without_data(study, kept(study, folder, manifest))
}

/// Prepares the study of a specification with the digests of its current files; for missing files, those stored in
/// `folder` count.
///
/// # Errors
/// As [`network`].
pub fn network_now<'a>(
    study: &'a Study,
    folder: &Path,
    manifest: Option<&Manifest>,
) -> Result<Box<dyn Prepared + 'a>, RunError> {
    let mut kept = kept(study, folder, manifest);
    let now = contents::now(study);
    if now.iter().any(|(name, digest)| kept.contents.get(name) != Some(digest)) {
        kept.facts.clear();
        // Listed runs are those of the previous files.
        kept.runs.clear();
    }
    kept.contents.extend(now);
    run::without_data(study, kept)
}

/// Returns the stored information about the data of a study.
#[must_use]
pub fn kept(study: &Study, folder: &Path, manifest: Option<&Manifest>) -> Kept {
    let names = contents::names(study);
    if names.is_empty() {
        return Kept::default();
    }
    let mut kept = kept_there(study, folder, manifest);
    if kept.contents.len() == names.len() {
        return kept;
    }
    let now = contents::now(study);
    if kept.runs.is_empty() {
        kept.contents = now.into_iter().chain(kept.contents).collect();
    } else if now.len() == names.len() {
        // The current files are those of the runs if they give the same identities.
        let claimed: BTreeSet<_> = kept.runs.iter().map(|run| (run.id, run.trial)).collect();
        let current = Kept { contents: now.clone(), ..Kept::default() };
        let network = run::without_data(study, current);
        if network.is_ok_and(|network| network.tasks().iter().any(|task| claimed.contains(&(task.id, task.trial)))) {
            kept.contents = now;
        }
    }
    kept
}

/// Whether the data files of a study are unchanged; `None` if one is missing. The specification must be that of the
/// manifest.
#[must_use]
pub fn is_as_it_was(study: &Study, manifest: &Manifest) -> Option<bool> {
    let names = contents::names(study);
    if names.is_empty() {
        return Some(true);
    }
    let contents = contents::now(study);
    if contents.len() < names.len() {
        return None;
    }
    // The digests of the files decide, since an edited manifest may list its runs with other trials although the data
    // is the same.
    if of_facts(study, manifest) == contents {
        return Some(true);
    }
    // Compared with the trial: exchanging two files gives the same runs in other trials. Seeds do not depend on data.
    let claimed: BTreeSet<_> = manifest.runs.iter().map(|run| (run.id, run.trial)).collect();
    let current = Kept { contents, ..Kept::default() };
    let network = run::without_data(study, current).ok()?;
    Some(network.tasks().iter().all(|task| claimed.contains(&(task.id, task.trial))))
}

/// Returns the data files of a trial whose current content differs from that in `network`.
#[must_use]
pub fn changed(network: &dyn Prepared, trial: usize) -> Vec<String> {
    let now = contents::now(network.study());
    let held = network.study().files(&network.study().trials[trial]).into_iter().zip(network.contents(trial));
    let is_other = |(name, held): &(String, Digest)| now.get(name).is_some_and(|now| now != held);
    held.map(|((_, name), held)| (name, held)).filter(is_other).map(|(name, _)| name).collect()
}

/// Returns the digests of the data files in the manifest. The specification must be that of the manifest.
#[must_use]
pub fn of_facts(study: &Study, manifest: &Manifest) -> Contents {
    let mut contents = Contents::new();
    for facts in &manifest.data {
        let named = study.trials.get(facts.trial).map(|trial| study.files(trial)).unwrap_or_default();
        contents.extend(named.into_iter().map(|(_, name)| name).zip(facts.files.iter().copied()));
    }
    contents
}

fn listed(study: &Study, manifest: &Manifest) -> Vec<Task> {
    let runs = manifest.runs.iter().filter(|run| run.trial < study.trials.len());
    runs.map(|run| Task { trial: run.trial, seed: Seed(run.seed), id: run.id }).collect()
}

/// Returns the points in the table `points`, by trial and seed; empty if the table does not match the manifest.
#[must_use]
pub fn splits(folder: &Path, manifest: &Manifest) -> BTreeMap<(usize, Seed), Arc<KeptSplit>> {
    try_splits(folder, manifest).unwrap_or_default()
}

fn try_splits(folder: &Path, manifest: &Manifest) -> Option<BTreeMap<(usize, Seed), Arc<KeptSplit>>> {
    let table = table::read(&store::read(&folder.join("points.parquet")).ok()?).ok()?;
    if manifest.tables.get("points")?.digest != table::logical_digest(&table) {
        return None;
    }
    let (data, parts) = (table::texts(&table, "data")?, table::texts(&table, "split")?);
    let (trials, seeds, y) =
        (table::wholes(&table, "trial")?, table::wholes(&table, "seed")?, table::floats(&table, "y")?);
    let inputs: Vec<_> = (1..).map_while(|input| table::floats(&table, &format!("x{input}"))).collect();
    let mut splits = BTreeMap::new();
    let mut start = 0;
    for rows in data.chunk_by(|one, next| one == next) {
        let rows = start..start + rows.len();
        start = rows.end;
        let d = inputs.iter().take_while(|input| rows.clone().any(|row| !input[row].is_nan())).count();
        let part = |name: &str| {
            let own: Vec<_> = rows.clone().filter(|&row| parts[row] == name).collect();
            let x = own.iter().flat_map(|&row| inputs[..d].iter().map(move |input| input[row])).collect();
            KeptPart { d, x, y: own.iter().map(|&row| y[row]).collect() }
        };
        let split = KeptSplit(["train", "validation"].map(part));
        if Digest::of_split(&split).to_string() == data[rows.start] {
            splits.insert((trials[rows.start] as usize, Seed(seeds[rows.start])), Arc::new(split));
        }
    }
    Some(splits)
}

/// Returns the stored information of several folders of one study about its data, including points; folders with
/// another specification are skipped.
#[must_use]
pub fn of_folders(study: &Study, folders: &[&Path]) -> Kept {
    let mut all = Kept::default();
    for folder in folders {
        let file = folder.join("study.toml");
        let own = sweep::read_kept(&file).and_then(|text| sweep::parse(&study.name, &file, &text, &[]));
        let Some(own) = own.ok().filter(|own| own.canonical_toml() == study.canonical_toml()) else { continue };
        let manifest = Manifest::read(folder).ok().filter(|manifest| manifest.has_root_of_runs());
        let kept = kept_there(&own, folder, manifest.as_ref());
        // Each folder has its own relative paths.
        let names = own.trials.iter().zip(&study.trials).flat_map(|(theirs, ours)| {
            own.files(theirs).into_iter().zip(study.files(ours)).map(|((_, own), (_, ours))| (own, ours))
        });
        for (own, ours) in names {
            if let Some(digest) = kept.contents.get(&own) {
                all.contents.entry(ours).or_insert(*digest);
            }
        }
        if all.facts.is_empty() {
            all.facts = kept.facts;
        }
        if all.runs.is_empty() {
            all.runs = kept.runs;
        }
        if all.splits.is_empty()
            && let Some(manifest) = &manifest
        {
            all.splits = splits(folder, manifest);
        }
    }
    all
}

/// Two folders whose runs learned from different data, and the files with equal names and different content.
#[derive(Debug, PartialEq, Eq)]
pub struct OtherData<'a> {
    /// The folders, in the given order.
    pub folders: [&'a Path; 2],
    /// The names of the files in the specifications.
    pub files: Vec<String>,
}

/// Returns the first two folders whose data files differ, by the stored digests.
#[must_use]
pub fn differing<'a>(name: &str, folders: &[&'a Path]) -> Option<OtherData<'a>> {
    let noted = |folder: &&'a Path| {
        let file = folder.join("study.toml");
        let own = sweep::read_kept(&file).and_then(|text| sweep::parse(name, &file, &text, &[])).ok()?;
        let manifest = Manifest::read(folder).ok().filter(Manifest::has_root_of_runs);
        let contents = kept_there(&own, folder, manifest.as_ref()).contents;
        // Compared by file name, as in the canonical text: the folders may be anywhere. Several files may have one
        // name.
        let mut named: BTreeMap<String, BTreeSet<Digest>> = BTreeMap::new();
        for (file, digest) in contents {
            named.entry(name_of(&file)).or_default().insert(digest);
        }
        Some((*folder, named))
    };
    let noted: Vec<_> = folders.iter().filter_map(noted).collect();
    let mut pairs =
        noted.iter().enumerate().flat_map(|(place, one)| noted[place + 1..].iter().map(move |other| (one, other)));
    pairs.find_map(|((one, held), (other, theirs))| {
        let is_other = |(file, digests): &(&String, &BTreeSet<Digest>)| {
            theirs.get(*file).is_some_and(|other| other.is_disjoint(digests))
        };
        let files: Vec<_> = held.iter().filter(is_other).map(|(file, _)| file.clone()).collect();
        (!files.is_empty()).then_some(OtherData { folders: [*one, *other], files })
    })
}

fn name_of(file: &str) -> String {
    Path::new(file).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The stored information, without the current files.
fn kept_there(study: &Study, folder: &Path, manifest: Option<&Manifest>) -> Kept {
    let noted = store::kept_data(folder);
    let written = |name: String| Some((name.clone(), *noted.get(&Study::written(folder, &name))?));
    let noted: Contents = contents::names(study).into_iter().filter_map(written).collect();
    let Some(manifest) = manifest.filter(|own| study_text(study, folder).1 == own.specification) else {
        return Kept { contents: noted, ..Kept::default() };
    };
    let mut contents = of_facts(study, manifest);
    if contents.is_empty() {
        contents = noted;
    }
    Kept { contents, facts: manifest.data.clone(), runs: listed(study, manifest), ..Kept::default() }
}
