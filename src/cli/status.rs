mod failed;
mod since;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{
    CliError, Command, Common, Exit, remedies, removed,
    open::{StoredRuns, OpenStudy},
    tables, text, verdict,
};
use failed::FailedRuns;
use since::{Presence, Since};
use crate::{
    experiment::Promise,
    results::{
        Manifest,
        reading::{self, Finding, Health, edited_files},
        study_text,
    },
    store::{
        self,
        journal,
        version::{self, DirtyMark},
    },
    sweep::Study,
};

/// Show the state of a results folder: stored and missing runs, changes, damage, and the next command.
///
/// Computes and proves nothing. For a specification, shows how many of its runs are stored, and whether the
/// specification or its data changed since the results were made.
///
/// Compares every file and every stored run with the manifest, except large tables and segments, which are listed as
/// unread. Words in capitals: MISSING runs; FAILED runs, which are results, too; CHANGED specification or data; WRONG
/// for files that contradict the manifest; DAMAGED for files that cannot be read; UNBOUND for files without a manifest;
/// REFUSED if a sweep would refuse to continue.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Status {
    /// Results folder of a study, such as results/hidden, or its specification.
    folder: PathBuf,
}

const EXAMPLES: &str = "\
Exit codes:
  0  nothing is damaged; also for an unfinished or CHANGED study
  2  there is no such folder or study
  4  something stored is WRONG or DAMAGED

Examples:
  restudy status results/hidden
  restudy status experiments/hidden.toml --json";

impl Command for Status {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let opened = OpenStudy::open(&self.folder, common)?;
        match &opened.manifest {
            Some(manifest) => finished(&opened, manifest, common),
            None => unfinished(&opened, common),
        }
    }
}

fn finished(opened: &OpenStudy, manifest: &Manifest, common: &Common) -> Result<Exit, CliError> {
    let OpenStudy { path, study, .. } = opened;
    let unchanged = study_text(study, path).1 == manifest.specification;
    let files = manifest.files.keys().cloned().chain(manifest.tables.keys().map(|name| format!("{name}.parquet")));
    let absent: Vec<_> = files.filter(|file| !path.join(file).exists()).collect();
    let origins = origins(path);
    let journal = origins.entries();
    let found = opened.find(true).ok();
    let whole = match found.as_ref().and_then(|found| found.manifest.clone()) {
        Some(manifest) => manifest,
        None => Manifest::read(path)?,
    };
    let presence = Presence::of(opened, found.as_ref());
    let failed = FailedRuns::of(opened, found.as_ref());
    let again = origins.replications(whole.runs.iter().map(|run| (run.id, run.digest)));
    let since = opened.specification.as_ref().map(|file| Since::of(file, opened, found.as_ref(), &whole, &presence));
    let kept = opened.kept().filter(|_| manifest.experiment.is_none());
    let kept = kept.filter(|kept| study_text(kept, path).1 == manifest.specification);
    let data_unchanged = kept.as_ref().and_then(|kept| reading::data::is_as_it_was(kept, &whole));
    let edited = kept.filter(|_| data_unchanged == Some(false)).map(|kept| edited_files::edited_now(&kept, &whole)).unwrap_or_default();
    let listed = manifest.tables.get("runs").map_or(0, |table| table.rows);
    let runs = since.as_ref().and_then(|since| since.runs.as_ref()).map_or(listed, |runs| runs.stored);
    let held = (since.is_none() && presence.is_known()).then(|| presence.count(&whole));
    let Health { findings: of_files, mut unchecked, other } = opened.health(&whole);
    let of_runs = || reading::owner_finding(path).into_iter().collect();
    let mut findings = found.as_ref().map_or_else(of_runs, |found| found.shown.findings.clone());
    findings.extend(of_files.into_iter().filter(|found| !findings.contains(found)).collect::<Vec<_>>());
    unchecked.extend(presence.is_of_index().then(|| "the runs in segments/".to_owned()));
    let exit = if findings.is_empty() { Exit::Done } else { Exit::Difference };
    if common.json() {
        let mut object = json!({
            "study": manifest.study, "question": study.spec.study.question, "trials": study.compared(),
            "runs": runs, "root": manifest.root, "restudy": manifest.restudy, "finished": true,
            "specification-unchanged": unchanged, "absent": absent, "replications": again, "journal": journal,
            "findings": findings, "in-other-bytes": other, "not-looked-at": unchecked,
        });
        object["failed"] = json!(failed.count);
        opened.add_experiment(&mut object);
        if let Some((held, _)) = held {
            object["held"] = json!(held);
        }
        object["removed"] = removed::of(path).len().into();
        object["data-unchanged"] = json!(data_unchanged);
        object["data-edited"] = json!(edited);
        if let Some(since) = &since {
            object["missing"] = json!(since.runs.as_ref().map(|runs| runs.missing));
        }
        text::say_json(object);
        return Ok(exit);
    }
    head(&manifest.study, study, runs);
    opened.say_experiment();
    if let Some(name) = remedies::renamed(path, study).filter(|_| opened.specification.is_none()) {
        text::say(format!("  renamed   the folder is named {name} and its study {}: a sweep here renames the study to {name}", study.name));
    }
    text::say(format!("  root      {}", manifest.root));
    text::say(format!("  made by   restudy {}, contract {}", manifest.restudy, manifest.contract));
    if version::mark(&manifest.restudy) == Some(DirtyMark::Unknown) {
        text::say("  unknown   no journal says which process computed some of the runs");
    }
    failed.say();
    if let Some(since) = &since {
        since.say();
        found.iter().for_each(|found| print_following(study, found));
    } else if !unchanged {
        text::say("  CHANGED   study.toml is not the specification of the manifest: it was edited, or its sweep is not finished");
    }
    if data_unchanged == Some(false) {
        let (files, have) = match edited.len() {
            0 => ("its files".into(), "have"),
            1 => (edited_files::names(&edited), "has"),
            _ => (edited_files::names(&edited), "have"),
        };
        let read = if study.declaration().external { "inputs are not those" } else { "data is not that" };
        text::say(format!("  CHANGED   the {read} of these results: {files} {have} changed since"));
    }
    print_findings(&findings);
    let refused = opened.refused(&findings);
    if refused.is_some() {
        text::say(format!("  REFUSED   {}", opened.how("continue with", &findings)));
    }
    if let Some((_, absent @ 1..)) = held {
        let all = whole.runs.len();
        let what = if absent == all { "compute them again with" } else { "compute the others again with" };
        let (held, listed) = (text::thousands((all - absent) as u64), text::count(all, "run"));
        // The REFUSED line above has the first step.
        let again = opened.how(what, &[]);
        text::say(format!("  MISSING   segments/ has {held} of {listed}; {again}"));
    }
    let runs = (!path.join("segments").exists()).then(|| "segments/ (the stored runs)".to_owned());
    let absent: Vec<_> = runs.into_iter().chain(absent).collect();
    if !absent.is_empty() {
        text::say(format!("  absent    {}", absent.join(", ")));
    }
    if !other.is_empty() {
        let have = if other.len() == 1 { "has" } else { "have" };
        let how = "but not the bytes that this restudy writes: another build made it, or a part that restudy does not read is damaged";
        text::say(format!("  other     {} {have} every value, {how}", other.join(", ")));
    }
    last(journal.last());
    if again > 0 {
        let was = if again == 1 { "was" } else { "were" };
        text::say(format!("  repeated  {} {was} computed by more than one process, with the same digest", text::count(again, "run")));
    }
    removed::say(path);
    let asks_more = since.map_or(!unchanged, |since| {
        since.runs.is_some_and(|runs| runs.missing > runs.known + runs.refused) || !since.specification_unchanged
    });
    if asks_more && refused.is_none() {
        print_continuation(opened, &findings);
    }
    if !unchecked.is_empty() {
        text::say(format!("  unread    too large for status; `restudy verify` reads: {}", unchecked.join(", ")));
    }
    // An experiment without the promise of equal bits can be verified, but not proven.
    let word = if opened.study.declaration().promise == Promise::Bits { "prove    " } else { "verify   " };
    text::say(format!("  {word} {}", opened.prove()));
    Ok(exit)
}

/// The most trials with missing runs that are listed.
const MOST_LISTED: usize = 5;

fn unfinished(opened: &OpenStudy, common: &Common) -> Result<Exit, CliError> {
    let study = &opened.study;
    let found = opened.find(false)?;
    found.warn_of_runs();
    let mut missing = found.missing();
    let absent: usize = missing.iter().map(|(_, runs)| runs).sum();
    let there = found.tasks.len() - absent;
    let (half, failed) = (found.half_done(&opened.path), FailedRuns::of(opened, Some(&found)));
    // A stable sort: trials with equally many missing runs keep their order.
    missing.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
    let journal = origins(&opened.path).entries();
    let running = store::is_busy(&opened.path);
    // A running sweep writes its manifest last.
    let unbound = if running { Vec::new() } else { tables::unbound(&opened.path) };
    let is_other = opened.specification.is_some()
        && opened.kept().is_some_and(|kept| kept.canonical_toml() != study.canonical_toml());
    if common.json() {
        let trials = missing.iter().map(|(trial, runs)| json!({ "trial": trial, "missing": runs }));
        let mut object = json!({
            "study": study.name, "question": study.spec.study.question, "trials": study.compared(),
            "runs": there, "missing": absent, "half-done": half, "finished": false, "missing-by-trial": trials.collect::<Vec<_>>(),
            "running": running, "sweep": opened.experiment().is_none().then(|| opened.sweep()), "journal": journal,
            "findings": found.shown.findings, "specification-unchanged": !is_other, "unbound": unbound,
            "removed": removed::of(&opened.path).len(),
        });
        object["failed"] = json!(failed.count);
        if study.confirm.is_some() {
            object["following"] = (study.run_count() - found.tasks.len()).into();
        }
        opened.add_experiment(&mut object);
        text::say_json(object);
        return Ok(found.exit());
    }
    head(&study.name, study, there);
    opened.say_experiment();
    if running {
        text::say("  RUNNING   a sweep is working here now");
    }
    if is_other {
        text::say("  CHANGED   this is not the specification of the earlier sweep");
    }
    failed.say();
    print_findings(&found.shown.findings);
    let missing = text::by_trial(study, &missing);
    let trials = text::count(missing.len(), "trial");
    match absent {
        0 if unbound.is_empty() => text::say("  NOT MADE  all runs are stored, but tables and report are missing"),
        0 => {}
        _ => text::say(format!("  MISSING   {} in {trials}{}", text::count(absent, "run"), text::half_done_note(half))),
    }
    for (trial, runs) in missing.iter().take(MOST_LISTED) {
        let values = study.compared_axes().iter().zip(&study.trials[*trial].values);
        let place: Vec<_> = values.map(|(axis, value)| format!("{} = {}", axis.path, value.brief())).collect();
        let place = if place.is_empty() { "the only trial".into() } else { place.join(", ") };
        let of = found.tasks.iter().filter(|task| study.first_fold(task.trial) == *trial).count();
        let noun = if study.folds > 1 { "run" } else { "seed" };
        text::say(format!("            {} of {} at {place}", text::thousands(*runs as u64), text::count(of, noun)));
    }
    if missing.len() > MOST_LISTED {
        text::say(format!("            and {} more", text::count(missing.len() - MOST_LISTED, "trial")));
    }
    print_following(study, &found);
    if !unbound.is_empty() {
        text::say(format!(
            "  UNBOUND   manifest.json is missing: nothing vouches for the runs and for {}",
            unbound.join(", ")
        ));
    }
    last(journal.last());
    removed::say(&opened.path);
    print_continuation(opened, &found.shown.findings);
    Ok(found.exit())
}

/// Prints the findings about stored files.
fn print_findings(findings: &[Finding]) {
    for found in findings {
        text::say(format!("  {}   {found}", if found.contradicts { "WRONG  " } else { "DAMAGED" }));
    }
}

/// Prints the command that continues, and the step before it.
fn print_continuation(opened: &OpenStudy, findings: &[Finding]) {
    if let Some(first) = opened.refused(findings) {
        text::say(format!("  first     {first}"));
    }
    text::say(format!("  continue  {}", opened.continuation()));
}

fn head(name: &str, study: &Study, runs: usize) {
    text::say(format!("{name}: {}", study.spec.study.question));
    let (runs, all) = (text::thousands(runs as u64), text::thousands(study.run_count() as u64));
    text::say(format!("  runs      {runs} of {all}"));
    for axis in study.compared_axes() {
        text::say(format!("  axis      {} = {}", axis.path, text::values(&axis.values)));
    }
    if study.folds > 1 {
        text::say(format!("  folds     {}", study.folds));
    }
    text::say(format!("  seeds     {}", study.seeds.len()));
    if study.confirm.is_some() {
        text::say(format!("  then      {}", verdict::second_stage(study)));
    }
}

/// Prints the number of confirming runs that are not yet determined.
fn print_following(study: &Study, found: &StoredRuns) {
    let following = study.run_count() - found.tasks.len();
    if following > 0 {
        text::say(format!("  TO COME   {}, chosen once the first stage is complete", text::count(following, "run")));
    }
}

/// The journal of `folder`; prints notices about damaged lines.
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
