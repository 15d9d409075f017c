mod since;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{
    CliError, Command, Common, Exit, remedies,
    open::{Found, Look},
    text, verdict,
};
use since::{Presence, Since};
use crate::{
    experiment::Promise,
    results::{
        Manifest,
        reading::{self, Finding, Health, edited},
        study_text,
    },
    store::{
        self,
        journal,
        version::{self, DirtyMark},
    },
    sweep::{AxisValue, Study},
};

/// Say what is in a results folder, or in that of a specification, without computing or proving anything.
///
/// Of a study that is not finished: how many runs are there, which trials miss most, and how to go on; UNBOUND is what is there without a manifest that says what it should be. Of a specification: how many of the runs that
/// it asks for now are there, and whether it or its data has been changed since its results were made.
///
/// Every file and every stored run is held against the manifest: WRONG is what says something else, DAMAGED what cannot be read. Large tables and large segments are named, and not
/// looked at. Exit code 4 if anything stored is WRONG or DAMAGED, as of `show` and `verify`; `compare` reads the runs alone, and ends so for what is wrong with these. Exit code 0 for a study that is not finished, and for a
/// specification or data that was CHANGED since: that is no damage, and `restudy verify` says whether the results are proven. A line of the journal that is cut off is a notice.
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
    let origins = origins(path);
    let journal = origins.entries();
    let found = look.find(true).ok();
    let whole = match found.as_ref().and_then(|found| found.manifest.clone()) {
        Some(manifest) => manifest,
        None => Manifest::read(path)?,
    };
    let presence = Presence::of(look, found.as_ref());
    let again = origins.replications(whole.runs.iter().map(|run| (run.id, run.digest)));
    let since = look.specification.as_ref().map(|file| Since::of(file, look, found.as_ref(), &whole, &presence));
    let kept = look.kept().filter(|_| manifest.experiment.is_none());
    let kept = kept.filter(|kept| study_text(kept, path).1 == manifest.specification);
    let data_unchanged = kept.as_ref().and_then(|kept| reading::data::is_as_it_was(kept, &whole));
    let edited = kept.filter(|_| data_unchanged == Some(false)).map(|kept| edited::edited_now(&kept, &whole)).unwrap_or_default();
    let listed = manifest.tables.get("runs").map_or(0, |table| table.rows);
    let runs = since.as_ref().and_then(|since| since.runs.as_ref()).map_or(listed, |runs| runs.stored);
    let held = (since.is_none() && presence.is_known()).then(|| presence.count(&whole));
    let Health { findings: of_files, mut unlooked, other } = look.health(&whole);
    let of_runs = || reading::purpose(path).into_iter().collect();
    let mut findings = found.as_ref().map_or_else(of_runs, |found| found.shown.findings.clone());
    findings.extend(of_files.into_iter().filter(|found| !findings.contains(found)).collect::<Vec<_>>());
    unlooked.extend(presence.is_of_index().then(|| "the runs in segments/".to_owned()));
    let exit = if findings.is_empty() { Exit::Done } else { Exit::Difference };
    if common.json() {
        let mut told = json!({
            "study": manifest.study, "question": study.spec.study.question, "trials": study.compared(),
            "runs": runs, "root": manifest.root, "restudy": manifest.restudy, "finished": true,
            "specification-unchanged": unchanged, "absent": absent, "replications": again, "journal": journal,
            "findings": findings, "in-other-bytes": other, "not-looked-at": unlooked,
        });
        look.tell_experiment(&mut told);
        if let Some((held, _)) = held {
            told["held"] = json!(held);
        }
        told["data-unchanged"] = json!(data_unchanged);
        told["data-edited"] = json!(edited);
        if let Some(since) = &since {
            told["missing"] = json!(since.runs.as_ref().map(|runs| runs.missing));
        }
        text::say_json(told);
        return Ok(exit);
    }
    head(&manifest.study, study, runs);
    look.say_experiment();
    if let Some(name) = remedies::renamed(path, study).filter(|_| look.specification.is_none()) {
        text::say(format!("  renamed   the folder is called {name}, and its study {}: a sweep here calls the study {name}", study.name));
    }
    text::say(format!("  root      {}", manifest.root));
    text::say(format!("  made by   restudy {}, contract {}", manifest.restudy, manifest.contract));
    if version::mark(&manifest.restudy) == Some(DirtyMark::Unknown) {
        text::say("  unknown   who computed a part of the runs is not known: no journal has them");
    }
    if let Some(since) = &since {
        since.say();
        found.iter().for_each(|found| say_following(study, found));
    } else if !unchanged {
        text::say("  CHANGED   study.toml is not the specification that the manifest was made from: it was edited, or a sweep of it is not finished");
    }
    if data_unchanged == Some(false) {
        let (files, have) = match edited.len() {
            0 => ("its files".into(), "have"),
            1 => (edited::names(&edited), "has"),
            _ => (edited::names(&edited), "have"),
        };
        text::say(format!("  CHANGED   the data is not that of these results: {files} {have} been edited since"));
    }
    say_findings(&findings);
    let refused = look.refused(&findings);
    if refused.is_some() {
        text::say(format!("  REFUSED   {}", look.how("go on with", &findings)));
    }
    if let Some((_, absent @ 1..)) = held {
        let all = whole.runs.len();
        let what = if absent == all { "compute them again with" } else { "compute the others again with" };
        let (held, listed) = (text::thousands((all - absent) as u64), text::count(all, "run"));
        // What comes first is said above.
        let again = look.how(what, &[]);
        text::say(format!("  MISSING   segments/ holds {held} of its {listed}; {again}"));
    }
    let runs = (!path.join("segments").exists()).then(|| "segments/ (the stored runs)".to_owned());
    let absent: Vec<_> = runs.into_iter().chain(absent).collect();
    if !absent.is_empty() {
        text::say(format!("  not here  {}", absent.join(", ")));
    }
    if !other.is_empty() {
        let hold = if other.len() == 1 { "holds" } else { "hold" };
        let how = "but not as this restudy writes it: made by another build, or damaged where only readers of others look";
        text::say(format!("  other     {} {hold} every value, {how}", other.join(", ")));
    }
    last(journal.last());
    if again > 0 {
        let was = if again == 1 { "was" } else { "were" };
        text::say(format!("  repeated  {} {was} computed by more than one process, with the same digest", text::count(again, "run")));
    }
    let asks_more = since.map_or(!unchanged, |since| {
        since.runs.is_some_and(|runs| runs.missing > runs.known + runs.refused) || !since.specification_unchanged
    });
    if asks_more && refused.is_none() {
        go_on(look, &findings);
    }
    if !unlooked.is_empty() {
        text::say(format!("  unread    what would take longer, and `restudy verify` reads: {}", unlooked.join(", ")));
    }
    // What is not promised is computed again, and proven of nothing.
    let word = if look.study.declaration().promise == Promise::Bits { "prove    " } else { "verify   " };
    text::say(format!("  {word} {}", look.prove()));
    Ok(exit)
}

/// What is said of missing runs that go on where they were.
pub(super) fn said_half_done(half: usize) -> String {
    match half {
        0 => String::new(),
        1 => ", of which 1 is half done and goes on from there".into(),
        half => format!(", of which {} are half done and go on from there", text::thousands(half as u64)),
    }
}

/// Trials that are named of those that miss runs.
const NAMED: usize = 5;

fn unfinished(look: &Look, common: &Common) -> Result<Exit, CliError> {
    let study = &look.study;
    let found = look.find(false)?;
    found.warn_of_runs();
    let mut missing = found.missing();
    let absent: usize = missing.iter().map(|(_, runs)| runs).sum();
    let there = found.tasks.len() - absent;
    let half = found.half_done(&look.path);
    // Those that miss most, in the order of the study where they miss as many.
    missing.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
    let journal = origins(&look.path).entries();
    let running = store::is_busy(&look.path);
    // A sweep that works here writes its manifest last.
    let unbound = if running { Vec::new() } else { look.unbound() };
    let is_other = look.specification.is_some()
        && look.kept().is_some_and(|kept| kept.canonical_toml() != study.canonical_toml());
    if common.json() {
        let trials = missing.iter().map(|(trial, runs)| json!({ "trial": trial, "missing": runs }));
        let mut told = json!({
            "study": study.name, "question": study.spec.study.question, "trials": study.compared(),
            "runs": there, "missing": absent, "half-done": half, "finished": false, "missing-by-trial": trials.collect::<Vec<_>>(),
            "running": running, "sweep": look.experiment().is_none().then(|| look.sweep()), "journal": journal,
            "findings": found.shown.findings, "specification-unchanged": !is_other, "unbound": unbound,
        });
        if study.confirm.is_some() {
            told["following"] = (study.run_count() - found.tasks.len()).into();
        }
        look.tell_experiment(&mut told);
        text::say_json(told);
        return Ok(found.exit());
    }
    head(&study.name, study, there);
    look.say_experiment();
    if running {
        text::say("  RUNNING   a sweep is working here now");
    }
    if is_other {
        text::say("  CHANGED   this is not the specification that the sweep before was given");
    }
    say_findings(&found.shown.findings);
    let missing = text::by_trial(study, &missing);
    let trials = text::count(missing.len(), "trial");
    match absent {
        0 if unbound.is_empty() => text::say("  NOT MADE  every run is here, but no table and no report"),
        0 => {}
        _ => text::say(format!("  MISSING   {} in {trials}{}", text::count(absent, "run"), said_half_done(half))),
    }
    for (trial, runs) in missing.iter().take(NAMED) {
        let values = study.compared_axes().iter().zip(&study.trials[*trial].values);
        let place: Vec<_> = values.map(|(axis, value)| format!("{} = {}", axis.path, value.brief())).collect();
        let place = if place.is_empty() { "the only trial".into() } else { place.join(", ") };
        let of = found.tasks.iter().filter(|task| study.first_fold(task.trial) == *trial).count();
        let noun = if study.folds > 1 { "run" } else { "seed" };
        text::say(format!("            {} of {} at {place}", text::thousands(*runs as u64), text::count(of, noun)));
    }
    if missing.len() > NAMED {
        text::say(format!("            and in {} more", text::count(missing.len() - NAMED, "trial")));
    }
    say_following(study, &found);
    if !unbound.is_empty() {
        text::say(format!(
            "  UNBOUND   manifest.json is missing: nothing vouches for the runs here, nor for what is beside them: {}",
            unbound.join(", ")
        ));
    }
    last(journal.last());
    go_on(look, &found.shown.findings);
    Ok(found.exit())
}

/// What is stored and was found wrong; any of it is exit code 4.
fn say_findings(findings: &[Finding]) {
    for found in findings {
        text::say(format!("  {}   {found}", if found.contradicts { "WRONG  " } else { "DAMAGED" }));
    }
}

/// How to go on, and what has to be done first.
fn go_on(look: &Look, findings: &[Finding]) {
    if let Some(first) = look.refused(findings) {
        text::say(format!("  first     {first}"));
    }
    text::say(format!("  go on     {}", look.go_on()));
}

fn head(name: &str, study: &Study, runs: usize) {
    text::say(format!("{name}: {}", study.spec.study.question));
    let (runs, all) = (text::thousands(runs as u64), text::thousands(study.run_count() as u64));
    text::say(format!("  runs      {runs} of {all} asked for"));
    for axis in study.compared_axes() {
        text::say(format!("  axis      {} = {}", axis.path, values(&axis.values)));
    }
    if study.folds > 1 {
        text::say(format!("  folds     {}", study.folds));
    }
    text::say(format!("  seeds     {}", study.seeds.len()));
    if study.confirm.is_some() {
        text::say(format!("  then      {}", verdict::second_stage(study)));
    }
}

/// Says of runs that confirm, and are not known one by one yet.
fn say_following(study: &Study, found: &Found) {
    let following = study.run_count() - found.tasks.len();
    if following > 0 {
        text::say(format!("  TO COME   {} that follow from the others: which ones, is known once the first stage is here", text::count(following, "run")));
    }
}

/// The values of an axis, as far as a person reads them.
pub(super) fn values(values: &[AxisValue]) -> String {
    const MOST: usize = 30;
    let shown = |values: &[AxisValue]| values.iter().map(AxisValue::brief).collect::<Vec<_>>().join(", ");
    match values {
        [first @ .., last] if first.len() >= MOST => {
            format!("{}, ... {} ({} values)", shown(&first[..MOST - 10]), last.brief(), values.len())
        }
        values => shown(values),
    }
}

/// What the journal in `folder` says; tells of lines that were changed.
fn origins(folder: &Path) -> journal::Origins {
    let origins = journal::Origins::read(folder);
    for damage in &origins.damage {
        text::warn(format!("{}: {}", damage.file.display(), damage.reason));
    }
    origins
}

fn last(entry: Option<&journal::Entry>) {
    if let Some(entry) = entry {
        let (seconds, machine) = (text::duration(entry.seconds), &entry.machine);
        let computed = text::count(entry.computed, "run");
        text::say(format!("  last      {computed} computed in {seconds} on {machine}, {} threads", entry.threads));
    }
}
