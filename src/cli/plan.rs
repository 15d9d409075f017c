use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::Args;
use miette::Diagnostic;
use serde_json::json;

use super::{CliError, Command, Common, Exit, remedies, custom, text, usable::{REFUSED, Usable}, verdict};
use crate::{
    progress,
    results::{
        Manifest, reading, stages,
        why::{Change, DATA, MANIFEST, SPECIFICATION, Stored},
    },
    run::{self, PrepareOptions, Prepared, Shard, Task},
    store::{Checkpoints, index::Briefs},
    sweep,
};

/// Show what a sweep would run, why these runs are missing, and how long they take.
///
/// Computes nothing. Lists the axes, the stored runs, and the missing runs with the reason: never run, a new seed, a
/// changed setting, changed data.
///
/// In a study with a confirmation stage, the trials to confirm are chosen once the first stage is complete; until then,
/// steps and time cover the first stage (with --json, "following" counts the runs to come). Stored runs are compared
/// with the manifest, unless the folder is too large.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Plan {
    /// Specification (TOML).
    #[arg(value_name = "SPEC")]
    file: PathBuf,
    /// Override a setting, as in `restudy sweep`; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Plan only shard I of N, as in `restudy sweep`.
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
}

const EXAMPLES: &str = "\
Exit codes:
  0  planned
  2  the specification or its data is wrong
  4  a sweep would refuse to continue from the stored runs

Examples:
  restudy plan experiments/hidden.toml
  restudy plan experiments/hidden.toml --set sweep.seeds=100";

impl Command for Plan {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let study = sweep::load(&self.file, &self.sets)?;
        let folder = common.results.join(&study.name);
        custom::require_own(&folder, &study)?;
        let (network, briefs) = rayon::join(|| run::prepare(&study, &PrepareOptions::default()), || Briefs::load(&folder));
        let (network, briefs) = (network?, briefs?);
        // A large manifest takes longer to read than the plan to make.
        let manifest = reading::is_small(&folder).then(|| Manifest::read(&folder).ok()).flatten();
        let usable = Usable::of(&folder, &study, manifest.as_ref());
        let is_stored = |task: &Task| usable.has(&task.id).unwrap_or_else(|| briefs.get(&task.id).is_some());
        let all = stages::of_briefs(&*network, &network.tasks(), &|id| briefs.get(id));
        let tasks = self.shard.map_or_else(|| all.clone(), |shard| stages::share(shard, &study, &*network, &all));
        let missing: Vec<_> = tasks.iter().filter(|task| !is_stored(task)).copied().collect();
        // Any trial may be confirmed; which ones depends on runs that are missing.
        let following = study.run_count() - all.len();
        let further = if following > 0 { study.further_seeds() } else { Vec::new() };
        common.on_threads(|| network.require_seeds(&missing, &further))??;
        let notices = run::require_figures(&*network)?;
        if !common.quiet {
            notices.iter().for_each(text::warn);
            verdict::warn(&study);
        }
        let (refused, absent): (Vec<_>, Vec<_>) = missing.iter().copied().partition(|task| usable.refuses(&task.id));
        let mut reasons = if absent.is_empty() { BTreeMap::new() } else { reasons(&*network, &absent, (&folder, &self.file), !briefs.is_empty()) };
        if !refused.is_empty() {
            reasons.insert(REFUSED.into(), refused.len());
        }
        let exit = if usable.refused.is_some() { Exit::Difference } else { Exit::Done };
        let checkpoints = Checkpoints::of(&folder);
        let half = missing.iter().filter(|task| checkpoints.step(&task.id).is_some()).count();
        let left = |task: &Task| network.steps(task).saturating_sub(checkpoints.step(&task.id).unwrap_or(0));
        let steps = missing.iter().fold(0_u64, |steps, task| steps.saturating_add(left(task)));
        let threads = common.on_threads(rayon::current_num_threads)?;
        let seconds = if missing.is_empty() { 0.0 } else { network.seconds(&missing).unwrap_or(f64::NAN) } / threads.min(missing.len().div_ceil(8).max(1)) as f64;
        if common.json() {
            let mut object = json!({
                "study": study.name, "trials": study.compared(), "seeds": study.seeds.len(), "runs": tasks.len(),
                "cached": tasks.len() - missing.len(), "missing": missing.len(), "half-done": half, "steps": progress::counts_steps(&study).then_some(steps),
                "seconds": seconds,
                "reasons": reasons, "folder": folder.to_string_lossy(), "refused": usable.refused,
            });
            if study.folds > 1 {
                object["folds"] = study.folds.into();
            }
            if study.confirm.is_some() {
                object["following"] = following.into();
            }
            text::say_json(object);
            return Ok(exit);
        }
        text::say(format!("{}: {}", study.name, study.spec.study.question));
        for axis in study.compared_axes() {
            text::say(format!("  {} = {}", axis.path, text::values(&axis.values)));
        }
        let (trials, seeds) = (text::trials(&study), text::count(study.seeds.len(), "seed"));
        let first = tasks.iter().filter(|task| !study.confirms(task.seed)).count();
        text::say(format!("  {trials} under {seeds}: {}", text::count(first, "run")));
        if study.confirm.is_some() {
            let (named, second) = (tasks.len() - first, verdict::second_stage(&study));
            text::say(match (following, self.shard) {
                (0, _) => format!("  then {second}: {}", text::count(named, "run")),
                (_, None) => format!("  then {second}: {}, chosen once the first stage is complete", text::count(study.confirming_count(), "run")),
                (_, Some(shard)) => format!(
                    "  then shard {shard} of {}, chosen once the first stage is complete: {second}",
                    text::count(study.confirming_count(), "run")
                ),
            });
        }
        text::say(format!("  {} stored in {}", text::count(tasks.len() - missing.len(), "run"), folder.display()));
        for (reason, runs) in reasons.iter().take(MOST_REASONS) {
            text::say(format!("  {} to do: {reason}", text::count(*runs, "run")));
        }
        if half > 0 {
            text::say(format!("  {} to do{}", text::count(missing.len(), "run"), text::half_done_note(half)));
        }
        if reasons.len() > MOST_REASONS {
            let rest: usize = reasons.values().skip(MOST_REASONS).sum();
            let more = text::count(reasons.len() - MOST_REASONS, "more reason");
            text::say(format!("  {} to do for {more}; --json lists all", text::count(rest, "run")));
        }
        if let Err(error) = network.require_memory() {
            let help = error.help().map_or_else(String::new, |help| format!("; {help}"));
            text::warn(format!("`restudy sweep` refuses this study: {error}{help}"));
        }
        usable.warn(&folder);
        for damage in briefs.damage.iter().filter(|_| !usable.is_known()) {
            text::warn(format!("{}: {}", damage.file.display(), damage.reason));
        }
        if missing.is_empty() && usable.refused.is_none() {
            text::say(if study.kind.is_default() { "  nothing to train" } else { "  nothing to do" });
        } else if usable.refused.is_none() {
            let threads = text::count(threads, "thread");
            let steps = progress::counts_steps(&study).then(|| format!("{} step{}", text::thousands(steps), if steps == 1 { "" } else { "s" }));
            let time = (!seconds.is_nan()).then(|| format!("{} on {threads}", text::about(seconds)));
            let more = (following > 0).then(|| "plus the runs that follow".to_owned());
            let parts: Vec<_> = [steps, time, more].into_iter().flatten().collect();
            if !parts.is_empty() {
                text::say(format!("  {}", parts.join(", ")));
            }
        }
        Ok(exit)
    }
}

/// The most reasons that are printed one by one.
const MOST_REASONS: usize = 40;

/// The number of missing runs for each reason, by the settings that differ from those of the nearest stored runs.
fn reasons(network: &dyn Prepared, missing: &[Task], (folder, file): (&Path, &Path), any: bool) -> BTreeMap<String, usize> {
    let nothing = if any { "not yet run (the study is not finished)" } else { "nothing has been run yet" };
    let Some(stored) = stored(folder, file) else { return [(nothing.to_owned(), missing.len())].into() };
    let mut reasons = BTreeMap::new();
    let external = network.study().declaration().external;
    let trials = || missing.chunk_by(|one, other| one.trial == other.trial);
    let of = trials().count();
    for tasks in trials() {
        let (_, near) = stored.nearest(network, tasks[0].trial, of);
        for task in tasks {
            let reason = match near.as_slice() {
                [] if !stored.has_seed(task.seed) => "a new seed".into(),
                [] if stored.claims(&task.id) => "computed before, but its file in segments/ is missing".into(),
                [] => describe(&stored.unlisted(network, task.trial), external),
                [one] => describe(one, external),
                [one, _] => format!("{}, and 1 more setting differs", describe(one, external)),
                [one, more @ ..] => format!("{}, and {} more settings differ", describe(one, external), more.len()),
            };
            *reasons.entry(reason).or_insert(0) += 1;
        }
    }
    reasons
}

fn stored(folder: &Path, file: &Path) -> Option<Stored> {
    let manifest = Manifest::read(folder).ok()?;
    let (study, certain) = remedies::made_from(folder, &manifest, Some(file)).ok()?;
    let network = reading::data::network(&study, folder, Some(&manifest)).ok()?;
    let claimed = manifest.runs.iter().map(|run| run.id).collect();
    let tasks = stages::listed(&*network, &network.tasks(), &manifest);
    Some(Stored::new(&*network, &tasks, claimed, certain))
}

fn describe(Change { path, old, new }: &Change, external: bool) -> String {
    match path.as_str() {
        DATA if external => return "an input has changed".into(),
        DATA => return "its data has changed".into(),
        SPECIFICATION => {
            return "study.toml was changed since the results were made, or its sweep is not finished".into();
        }
        MANIFEST => return "the manifest was edited: it does not list this run".into(),
        _ => {}
    }
    let [old, new] = [old, new].map(|value| value.as_deref().unwrap_or("nothing"));
    format!("{path} is {new}, was {old}")
}
