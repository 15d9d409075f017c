use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::Args;
use miette::Diagnostic;
use serde_json::json;

use super::{CliError, Command, Common, Exit, remedies, custom, status::{said_half_done, values}, text, usable::{REFUSED, Usable}, verdict};
use crate::{
    results::{
        Manifest, reading, stages,
        why::{Change, DATA, MANIFEST, SPECIFICATION, Stored},
    },
    run::{self, PrepareOptions, Prepared, Shard, Task},
    store::{Checkpoints, index::Briefs},
    sweep,
};

/// Say what a sweep would run, what is there already and why the rest is not, and how long it takes.
///
/// Of a study that confirms, which trials run again is known once all others are there; until then, steps and time are of the others (with --json, "following" counts the runs that follow).
///
/// Stored runs are held against the manifest, unless there is too much to read; exit code 4 if a sweep would refuse to go on from them.
#[derive(Debug, Args)]
pub(super) struct Plan {
    /// The specification.
    #[arg(value_name = "SPEC")]
    file: PathBuf,
    /// Override a setting, as for sweep.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Only one of N parts of the study, as for sweep.
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
}

impl Command for Plan {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let study = sweep::load(&self.file, &self.sets)?;
        let folder = common.results.join(&study.name);
        custom::require_own(&folder, &study)?;
        let (network, known) = rayon::join(|| run::prepare(&study, &PrepareOptions::default()), || Briefs::load(&folder));
        let (network, known) = (network?, known?);
        // A large one takes longer than the plan, and is of no use where nothing is held against it.
        let manifest = reading::is_small(&folder).then(|| Manifest::read(&folder).ok()).flatten();
        let usable = Usable::of(&folder, &study, manifest.as_ref());
        let is_there = |task: &Task| usable.has(&task.id).unwrap_or_else(|| known.get(&task.id).is_some());
        let all = stages::of_briefs(&*network, &network.tasks(), &|id| known.get(id));
        let tasks = self.shard.map_or_else(|| all.clone(), |shard| stages::share(shard, &study, &*network, &all));
        let missing: Vec<_> = tasks.iter().filter(|task| !is_there(task)).copied().collect();
        // Which trials run again is known once the others are there; any may.
        let following = study.run_count() - all.len();
        let further = if following > 0 { study.further_seeds() } else { Vec::new() };
        common.on_threads(|| network.require_seeds(&missing, &further))??;
        let notices = run::require_figures(&*network)?;
        if !common.quiet {
            notices.iter().for_each(text::warn);
            verdict::warn(&study);
        }
        let (refused, absent): (Vec<_>, Vec<_>) = missing.iter().copied().partition(|task| usable.refuses(&task.id));
        let mut reasons = if absent.is_empty() { BTreeMap::new() } else { reasons(&*network, &absent, (&folder, &self.file), !known.is_empty()) };
        if !refused.is_empty() {
            reasons.insert(REFUSED.into(), refused.len());
        }
        let exit = if usable.refused.is_some() { Exit::Difference } else { Exit::Done };
        let kept = Checkpoints::of(&folder);
        let half = missing.iter().filter(|task| kept.step(&task.id).is_some()).count();
        let left = |task: &Task| network.steps(task).saturating_sub(kept.step(&task.id).unwrap_or(0));
        let steps = missing.iter().fold(0_u64, |steps, task| steps.saturating_add(left(task)));
        let threads = common.on_threads(rayon::current_num_threads)?;
        let seconds = if missing.is_empty() { 0.0 } else { network.seconds(&missing).unwrap_or(f64::NAN) } / threads.min(missing.len().div_ceil(8).max(1)) as f64;
        if common.json() {
            let mut told = json!({
                "study": study.name, "trials": study.compared(), "seeds": study.seeds.len(), "runs": tasks.len(),
                "cached": tasks.len() - missing.len(), "missing": missing.len(), "half-done": half, "steps": steps, "seconds": seconds,
                "reasons": reasons, "folder": folder.to_string_lossy(), "refused": usable.refused,
            });
            if study.folds > 1 {
                told["folds"] = study.folds.into();
            }
            if study.confirm.is_some() {
                told["following"] = following.into();
            }
            text::say_json(told);
            return Ok(exit);
        }
        text::say(format!("{}: {}", study.name, study.spec.study.question));
        for axis in study.compared_axes() {
            text::say(format!("  {} = {}", axis.path, values(&axis.values)));
        }
        let (trials, seeds) = (text::trials(&study), text::count(study.seeds.len(), "seed"));
        let first = tasks.iter().filter(|task| !study.confirms(task.seed)).count();
        text::say(format!("  {trials} under {seeds}: {}", text::count(first, "run")));
        if study.confirm.is_some() {
            let (named, second) = (tasks.len() - first, verdict::second_stage(&study));
            text::say(match (following, self.shard) {
                (0, _) => format!("  then {second}: {}", text::count(named, "run")),
                (_, None) => format!("  then {second}: {}, which ones, is known once the first stage is there", text::count(study.confirming_count(), "run")),
                (_, Some(shard)) => format!(
                    "  then shard {shard} of {}, known once the first stage is there: {second}",
                    text::count(study.confirming_count(), "run")
                ),
            });
        }
        text::say(format!("  {} in {} already", text::count(tasks.len() - missing.len(), "run"), folder.display()));
        for (reason, runs) in reasons.iter().take(MOST_REASONS) {
            text::say(format!("  {} to do: {reason}", text::count(*runs, "run")));
        }
        if half > 0 {
            text::say(format!("  {} to do{}", text::count(missing.len(), "run"), said_half_done(half)));
        }
        if reasons.len() > MOST_REASONS {
            let rest: usize = reasons.values().skip(MOST_REASONS).sum();
            let more = text::count(reasons.len() - MOST_REASONS, "more reason");
            text::say(format!("  {} to do for {more}; --json has all of them", text::count(rest, "run")));
        }
        if let Err(error) = network.require_memory() {
            let help = error.help().map_or_else(String::new, |help| format!("; {help}"));
            text::warn(format!("`restudy sweep` refuses this study: {error}{help}"));
        }
        usable.warn(&folder);
        for damage in known.damage.iter().filter(|_| !usable.is_known()) {
            text::warn(format!("{}: {}", damage.file.display(), damage.reason));
        }
        if missing.is_empty() && usable.refused.is_none() {
            text::say(if study.kind.is_default() { "  nothing to train" } else { "  nothing to do" });
        } else if usable.refused.is_none() {
            let threads = text::count(threads, "thread");
            let time = if seconds.is_nan() { String::new() } else { format!(", {} on {threads}", text::about(seconds)) };
            let more = if following > 0 { ", and more for the runs that follow" } else { "" };
            text::say(format!("  {} steps{time}{more}", text::thousands(steps)));
        }
        Ok(exit)
    }
}

/// Reasons that are told one by one.
const MOST_REASONS: usize = 40;

/// Why runs are missing, and how many for each reason: which settings differ from those of the runs that are there.
fn reasons(network: &dyn Prepared, missing: &[Task], (folder, file): (&Path, &Path), any: bool) -> BTreeMap<String, usize> {
    let nothing = if any { "not yet run (the study is not finished)" } else { "nothing has been run yet" };
    let Some(stored) = stored(folder, file) else { return [(nothing.to_owned(), missing.len())].into() };
    let mut reasons = BTreeMap::new();
    let trials = || missing.chunk_by(|one, other| one.trial == other.trial);
    let of = trials().count();
    for tasks in trials() {
        let (_, near) = stored.nearest(network, tasks[0].trial, of);
        for task in tasks {
            let reason = match near.as_slice() {
                [] if !stored.has_seed(task.seed) => "a new seed".into(),
                [] if stored.claims(&task.id) => "computed before, but the file that holds it is not here (segments/ is missing, or part of it)".into(),
                [] => tell(&stored.unlisted(network, task.trial)),
                [one] => tell(one),
                [one, _] => format!("{}, and 1 more setting differs", tell(one)),
                [one, more @ ..] => format!("{}, and {} more settings differ", tell(one), more.len()),
            };
            *reasons.entry(reason).or_insert(0) += 1;
        }
    }
    reasons
}

/// What the folder was made from.
fn stored(folder: &Path, file: &Path) -> Option<Stored> {
    let manifest = Manifest::read(folder).ok()?;
    let (study, certain) = remedies::made_from(folder, &manifest, Some(file)).ok()?;
    let network = reading::data::network(&study, folder, Some(&manifest)).ok()?;
    let claimed = manifest.runs.iter().map(|run| run.id).collect();
    let tasks = stages::listed(&*network, &network.tasks(), &manifest);
    Some(Stored::new(&*network, &tasks, claimed, certain))
}

fn tell(Change { path, old, new }: &Change) -> String {
    match path.as_str() {
        DATA => return "its data has changed".into(),
        SPECIFICATION => {
            return "study.toml is not what the results were made from: it was edited, or a sweep of it is not finished".into();
        }
        MANIFEST => return "the manifest does not list it, though it was made from its settings: it was edited".into(),
        _ => {}
    }
    let [old, new] = [old, new].map(|value| value.as_deref().unwrap_or("nothing"));
    format!("{path} is {new}, was {old}")
}
