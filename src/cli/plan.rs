use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    path::PathBuf,
    time::Instant,
};

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, text};
use crate::{
    digest::Digest,
    results::Manifest,
    run::{Experiment, Network, Task},
    seed::Seed,
    store,
    sweep::{self, Scalar, Study},
    train::{Job, Kernel, Train},
};

/// Say what a sweep would run, what is there already and why the rest is not, and how long it takes.
#[derive(Debug, Args)]
pub(super) struct Plan {
    /// The specification.
    #[arg(value_name = "SPEC")]
    file: PathBuf,
    /// Override a setting, as for sweep.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
}

impl Command for Plan {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let study = sweep::load(&self.file, &self.sets)?;
        let network = Network::new(&study, Kernel::best())?;
        let folder = common.results.join(&study.name);
        let (known, damage) = store::load(&folder)?;
        let tasks = network.tasks();
        let missing: Vec<_> = tasks.iter().filter(|task| !known.contains_key(&task.id)).copied().collect();
        let reasons = reasons(&study, &missing, &folder, !known.is_empty());
        let steps: u64 = missing.iter().map(|task| network.steps(task)).sum();
        let threads = common.on_threads(rayon::current_num_threads)?;
        let seconds = estimate(&network, &missing) / threads.min(missing.len().div_ceil(8).max(1)) as f64;
        if common.json() {
            text::say(json!({
                "study": study.name, "trials": study.trials.len(), "seeds": study.seeds.len(), "runs": tasks.len(),
                "cached": tasks.len() - missing.len(), "missing": missing.len(), "steps": steps, "seconds": seconds,
                "reasons": reasons, "folder": folder,
            }));
            return Ok(Exit::Done);
        }
        text::say(format!("{}: {}", study.name, study.spec.study.question));
        for axis in &study.axes {
            let values: Vec<_> = axis.values.iter().map(ToString::to_string).collect();
            text::say(format!("  {} = {}", axis.path, values.join(", ")));
        }
        let (trials, seeds) = (text::count(study.trials.len(), "trial"), text::count(study.seeds.len(), "seed"));
        text::say(format!("  {trials} under {seeds}: {}", text::count(tasks.len(), "run")));
        text::say(format!("  {} in {} already", text::count(tasks.len() - missing.len(), "run"), folder.display()));
        for (reason, runs) in &reasons {
            text::say(format!("  {} to do: {reason}", text::count(*runs, "run")));
        }
        for damage in damage {
            text::warn(format!("{}: {}", damage.file.display(), damage.reason));
        }
        if missing.is_empty() {
            text::say("  nothing to train");
        } else {
            let threads = text::count(threads, "thread");
            text::say(format!("  {} steps, about {} on {threads}", text::thousands(steps), text::duration(seconds)));
        }
        Ok(Exit::Done)
    }
}

/// Why runs are missing, and how many for each reason: which settings differ from those of the runs that are there.
fn reasons(study: &Study, missing: &[Task], folder: &std::path::Path, any: bool) -> BTreeMap<String, usize> {
    let mut reasons = BTreeMap::new();
    let stored = Stored::read(folder);
    for task in missing {
        let reason = match &stored {
            None if any => "not yet run (the sweep before was cut off)".to_owned(),
            None => "nothing has been run yet".to_owned(),
            Some(stored) => nearest(study, task, stored),
        };
        *reasons.entry(reason).or_insert(0) += 1;
    }
    reasons
}

/// What the folder was made from.
struct Stored {
    study: Study,
    claimed: BTreeSet<Digest>,
}

impl Stored {
    fn read(folder: &std::path::Path) -> Option<Self> {
        let manifest = Manifest::read(folder).ok()?;
        let file = folder.join("study.toml");
        file.is_file().then_some(())?;
        let study = sweep::parse(&manifest.study, &file, &sweep::read(&file).ok()?, &[]).ok()?;
        Some(Self { study, claimed: manifest.runs.iter().map(|run| run.id).collect() })
    }
}

/// How the stored trial that is nearest to this one differs from it.
fn nearest(study: &Study, task: &Task, stored: &Stored) -> String {
    let settings = study.trials[task.trial].settings();
    let differences = |trial: &sweep::Trial| -> Vec<String> {
        let theirs: BTreeMap<_, _> = trial.settings().into_iter().collect();
        let ours: BTreeMap<_, _> = settings.iter().cloned().collect();
        let shown = |value: Option<&Scalar>| value.map_or("nothing".to_owned(), ToString::to_string);
        let paths: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
        let differing = paths.into_iter().filter(|path| ours.get(*path) != theirs.get(*path));
        differing.map(|path| format!("{path} is {}, was {}", shown(ours.get(path)), shown(theirs.get(path)))).collect()
    };
    let nearest = stored.study.trials.iter().map(differences).min_by_key(Vec::len).unwrap_or_default();
    match nearest.as_slice() {
        [] if !stored.study.seeds.contains(&task.seed) => "a new seed".into(),
        [] if stored.claimed.contains(&task.id) => "its segment is not here".into(),
        [] => "its data has changed".into(),
        [one] => one.clone(),
        several => format!("{} and {} more settings differ", several[0], several.len() - 1),
    }
}

/// Seconds that the tasks take on one thread: their cost, scaled by a short run that is timed.
fn estimate(network: &Network<'_>, tasks: &[Task]) -> f64 {
    let Some(task) = tasks.first() else { return 0.0 };
    let mut setting = network.study().trials[task.trial].setting.clone();
    let Ok(split) = network.split(task.trial, task.seed) else { return 0.0 };
    setting.train = Train { epochs: (20_000 / split.train.len() as u64).clamp(1, setting.train.epochs), ..setting.train };
    setting.model.hidden = setting.model.hidden.min(20);
    setting.evaluate.every = crate::train::Every::Epochs(1);
    let jobs: Vec<_> = (0..8).map(|seed| Job { setting: &setting, split: &split, seed: Seed(seed) }).collect();
    let started = Instant::now();
    let watch = &mut |_: usize, _: &_| if started.elapsed().as_millis() < 20 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    let done = crate::digest::record(Kernel::best(), &jobs, &[Digest([0; 32]); 8], watch);
    let cost = |setting: &crate::train::Setting, split: &crate::data::Split| crate::run::cost(setting, split.train.d, split.train.len(), split.validation.len());
    let timed = if done.is_some() { 8.0 * cost(&setting, &split) } else { return tasks.iter().map(|task| network.cost(task)).sum::<f64>() * 1e-9 };
    tasks.iter().map(|task| network.cost(task)).sum::<f64>() * started.elapsed().as_secs_f64() / timed
}
