//! What a results folder says of the data that its runs learned from.
//!
//! The identity of a run has the content of the files of its data. A manifest notes their digests; before there is one, `segments/data` does. The first versions
//! noted neither: then the runs are those that the manifest lists, or the files as they are now.

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

/// What the data files of a study hold, by their names in the `study.toml` of `folder`.
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

/// The study of a results folder without its data, by what is kept there.
///
/// # Errors
/// Nothing says which runs are those of the study.
pub fn network<'a>(
    study: &'a Study,
    folder: &Path,
    manifest: Option<&Manifest>,
) -> Result<Box<dyn Prepared + 'a>, RunError> {
    run::without_data(study, kept(study, folder, manifest))
}

/// The study of a specification as its files are now; what is not here is taken to be what the results in `folder` say.
///
/// # Errors
/// As [`network`].
pub fn network_now<'a>(
    study: &'a Study,
    folder: &Path,
    manifest: Option<&Manifest>,
) -> Result<Box<dyn Prepared + 'a>, RunError> {
    let mut told = kept(study, folder, manifest);
    let now = contents::now(study);
    if now.iter().any(|(name, digest)| told.contents.get(name) != Some(digest)) {
        told.facts.clear();
        // Listed runs are those of the files as they were.
        told.runs.clear();
    }
    told.contents.extend(now);
    run::without_data(study, told)
}

/// What is kept in a results folder of the data of its study.
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
        // They are the files of these runs if the runs say so.
        let claimed: BTreeSet<_> = kept.runs.iter().map(|run| (run.id, run.trial)).collect();
        let told = Kept { contents: now.clone(), ..Kept::default() };
        let network = run::without_data(study, told);
        if network.is_ok_and(|network| network.tasks().iter().any(|task| claimed.contains(&(task.id, task.trial)))) {
            kept.contents = now;
        }
    }
    kept
}

/// Whether the data files of a study, whose specification is that of the manifest, hold what they held; none where one is not there.
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
    // The digests of the files decide, since the runs of an edited manifest may be at other places without any other data.
    if of_facts(study, manifest) == contents {
        return Some(true);
    }
    // In its trial: two files that were exchanged give the same runs in other trials. A seed is no matter of data.
    let claimed: BTreeSet<_> = manifest.runs.iter().map(|run| (run.id, run.trial)).collect();
    let told = Kept { contents, ..Kept::default() };
    let network = run::without_data(study, told).ok()?;
    Some(network.tasks().iter().all(|task| claimed.contains(&(task.id, task.trial))))
}

/// The data files of a trial that hold something else now than `network` says that they held when its runs were trained.
#[must_use]
pub fn changed(network: &dyn Prepared, trial: usize) -> Vec<String> {
    let now = contents::now(network.study());
    let held = network.study().files(&network.study().trials[trial]).into_iter().zip(network.contents(trial));
    let is_other = |(name, held): &(String, Digest)| now.get(name).is_some_and(|now| now != held);
    held.map(|((_, name), held)| (name, held)).filter(is_other).map(|(name, _)| name).collect()
}

/// The digests of the files of a study whose specification is that of the manifest, as far as it notes them.
#[must_use]
pub fn of_facts(study: &Study, manifest: &Manifest) -> Contents {
    let mut contents = Contents::new();
    for facts in &manifest.data {
        let named = study.trials.get(facts.trial).map(|trial| study.files(trial)).unwrap_or_default();
        contents.extend(named.into_iter().map(|(_, name)| name).zip(facts.files.iter().copied()));
    }
    contents
}

/// The runs that a manifest lists.
fn listed(study: &Study, manifest: &Manifest) -> Vec<Task> {
    let runs = manifest.runs.iter().filter(|run| run.trial < study.trials.len());
    runs.map(|run| Task { trial: run.trial, seed: Seed(run.seed), id: run.id }).collect()
}

/// The points of a study as its table keeps them, where that is the table of the manifest: those of a trial under a seed.
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

/// What several folders of one study say of its data together, points too: each only of the same specification.
#[must_use]
pub fn of_folders(study: &Study, folders: &[&Path]) -> Kept {
    let mut all = Kept::default();
    for folder in folders {
        let file = folder.join("study.toml");
        let own = sweep::read_kept(&file).and_then(|text| sweep::parse(&study.name, &file, &text, &[]));
        let Some(own) = own.ok().filter(|own| own.canonical_toml() == study.canonical_toml()) else { continue };
        let manifest = Manifest::read(folder).ok().filter(|manifest| manifest.has_root_of_runs());
        let kept = kept_there(&own, folder, manifest.as_ref());
        // Each names the files from where it is.
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

/// Two folders whose runs did not learn from the same data, and the files of one name that they have with other contents.
#[derive(Debug, PartialEq, Eq)]
pub struct OtherData<'a> {
    /// The folders, in the order in which they were given.
    pub folders: [&'a Path; 2],
    /// The files, as the specifications name them.
    pub files: Vec<String>,
}

/// The first two of some folders whose data differ, as far as it is noted in them what their data files held.
#[must_use]
pub fn differing<'a>(name: &str, folders: &[&'a Path]) -> Option<OtherData<'a>> {
    let noted = |folder: &&'a Path| {
        let file = folder.join("study.toml");
        let own = sweep::read_kept(&file).and_then(|text| sweep::parse(name, &file, &text, &[])).ok()?;
        let manifest = Manifest::read(folder).ok().filter(Manifest::has_root_of_runs);
        let contents = kept_there(&own, folder, manifest.as_ref()).contents;
        // By the name alone, as in the canonical text: each folder may be anywhere. Several files may have one name.
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

/// What is kept in a folder, and not what the files are now.
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
