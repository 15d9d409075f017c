use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, look::Look, text};
use crate::{
    results::{Manifest, study_text},
    store::journal,
    sweep::{Scalar, Study},
};

/// Say what is in a results folder, or in that of a specification, without computing or proving anything.
///
/// Of a study that is not finished: how many runs are there, which trials miss most, and how to go on.
#[derive(Debug, Args)]
pub(super) struct Status {
    /// The results folder of a study, such as results/hidden, or its specification.
    folder: PathBuf,
}

impl Command for Status {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let look = Look::at(&self.folder, common)?;
        match &look.manifest {
            Some(manifest) => finished(&look, manifest, common),
            None => unfinished(&look, common),
        }
    }
}

fn finished(look: &Look, manifest: &Manifest, common: &Common) -> Result<Exit, CliError> {
    let Look { path, study, .. } = look;
    let unchanged = study_text(study, path).1 == manifest.specification;
    let files = manifest.files.keys().cloned().chain(manifest.tables.keys().map(|name| format!("{name}.parquet")));
    let absent: Vec<_> = files.filter(|file| !path.join(file).exists()).collect();
    let journal = journal::read(path);
    let runs = manifest.tables.get("runs").map_or(0, |table| table.rows);
    if common.json() {
        text::say(json!({
            "study": manifest.study, "question": study.spec.study.question, "trials": study.trials.len(),
            "runs": runs, "root": manifest.root, "restudy": manifest.restudy, "finished": true,
            "specification-unchanged": unchanged, "absent": absent, "journal": journal,
        }));
        return Ok(Exit::Done);
    }
    head(&manifest.study, study, runs);
    text::say(format!("  root      {}", manifest.root));
    text::say(format!("  made by   restudy {}, contract {}", manifest.restudy, manifest.contract));
    if !unchanged {
        text::say("  CHANGED   study.toml is not the specification that the manifest was made from");
    }
    if !absent.is_empty() {
        text::say(format!("  not here  {}", absent.join(", ")));
    }
    last(journal.last());
    text::say(format!("  prove     restudy verify {}", path.display()));
    Ok(Exit::Done)
}

/// Trials that are named of those that miss runs.
const NAMED: usize = 5;

fn unfinished(look: &Look, common: &Common) -> Result<Exit, CliError> {
    let study = &look.study;
    let found = look.find()?;
    found.warn();
    let mut missing = found.missing();
    let absent: usize = missing.iter().map(|(_, runs)| runs).sum();
    let there = found.tasks.len() - absent;
    // Those that miss most, in the order of the study where they miss as many.
    missing.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
    let journal = journal::read(&look.path);
    if common.json() {
        let trials = missing.iter().map(|(trial, runs)| json!({ "trial": trial, "missing": runs }));
        text::say(json!({
            "study": study.name, "question": study.spec.study.question, "trials": study.trials.len(),
            "runs": there, "missing": absent, "finished": false, "missing-by-trial": trials.collect::<Vec<_>>(),
            "sweep": look.sweep(), "journal": journal,
        }));
        return Ok(Exit::Done);
    }
    head(&study.name, study, there);
    let trials = text::count(missing.len(), "trial");
    match absent {
        0 => text::say("  NOT MADE  every run is here, but no table and no report"),
        _ => text::say(format!("  MISSING   {} in {trials}", text::count(absent, "run"))),
    }
    for (trial, runs) in missing.iter().take(NAMED) {
        let values = study.axes.iter().zip(&study.trials[*trial].values);
        let place: Vec<_> = values.map(|(axis, value)| format!("{} = {value}", axis.path)).collect();
        let place = if place.is_empty() { "the only trial".into() } else { place.join(", ") };
        text::say(format!("            {} of {} at {place}", text::thousands(*runs as u64), text::count(study.seeds.len(), "seed")));
    }
    if missing.len() > NAMED {
        text::say(format!("            and in {} more", text::count(missing.len() - NAMED, "trial")));
    }
    last(journal.last());
    text::say(format!("  go on     {}", look.sweep()));
    Ok(Exit::Done)
}

fn head(name: &str, study: &Study, runs: usize) {
    text::say(format!("{name}: {}", study.spec.study.question));
    text::say(format!("  runs      {runs} of {} asked for", study.run_count()));
    for axis in &study.axes {
        text::say(format!("  axis      {} = {}", axis.path, values(&axis.values)));
    }
    text::say(format!("  seeds     {}", study.seeds.len()));
}

/// The values of an axis, as far as a person reads them.
pub(super) fn values(values: &[Scalar]) -> String {
    const MOST: usize = 30;
    let shown = |values: &[Scalar]| values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match values {
        [first @ .., last] if first.len() >= MOST => {
            format!("{}, ... {last} ({} values)", shown(&first[..MOST - 10]), values.len())
        }
        values => shown(values),
    }
}

fn last(entry: Option<&journal::Entry>) {
    if let Some(entry) = entry {
        let (seconds, machine) = (text::duration(entry.seconds), &entry.machine);
        let computed = text::count(entry.computed, "run");
        text::say(format!("  last      {computed} computed in {seconds} on {machine}, {} threads", entry.threads));
    }
}
