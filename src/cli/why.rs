use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, remedies, custom, text, usable::{REFUSED, Usable}};
use crate::{
    digest::Digest,
    results::{
        Manifest, ManifestError, reading,
        select::select,
        stages,
        verify::place,
        why::{self, Change},
    },
    run::{Prepared, Task},
    store,
    sweep::{self, Study},
};

/// Explain why runs are missing: which part of their identity differs from the nearest stored run.
///
/// The identity of a run consists of every setting, the data, the seed and the version of the arithmetic contract. A
/// run with a new identity must be trained. `restudy plan` counts these runs; this command prints the old and the new
/// value of each change.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Why {
    /// Specification (TOML), or results folder of a study.
    #[arg(value_name = "SPEC")]
    study: PathBuf,
    /// Run: the first digits of its identity, or settings that select only this run [default: all missing runs].
    run: Option<String>,
    /// Override a setting, as in `restudy sweep`; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
}

const EXAMPLES: &str = "\
Exit codes:
  0  explained, or nothing is missing
  2  the specification or its data is wrong, or there is no such run
  4  a sweep would refuse to continue from the stored runs

Examples:
  restudy why experiments/hidden.toml
  restudy why experiments/hidden.toml hidden=9,seed=3
  restudy why experiments/hidden.toml --set train.epochs=200";

/// Missing runs with the same reasons.
struct Group {
    first: Task,
    nearest: Option<String>,
    runs: usize,
}

impl Command for Why {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let (study, folder) = self.study(common)?;
        let manifest = Manifest::read(&folder);
        let listed = manifest.as_ref().ok();
        // A sweep reads the current data files, also for a folder.
        let network = match reading::data::network_now(&study, &folder, listed) {
            Err(_) if self.study.is_dir() => reading::data::network(&study, &folder, listed)?,
            network => network?,
        };
        let (stored, _) = store::load(&folder)?;
        let tasks = stages::of_records(&*network, &custom::tasks(&folder, &*network), &stored);
        let selected = match &self.run {
            Some(words) => vec![select(&study, &tasks, words)?],
            None => tasks.clone(),
        };
        let usable = Usable::of(&folder, &study, listed);
        let is_stored = |task: &Task| usable.has(&task.id).unwrap_or_else(|| stored.contains_key(&task.id));
        let missing: Vec<_> = selected.iter().filter(|task| !is_stored(task)).copied().collect();
        let exit = if usable.refused.is_some() { Exit::Difference } else { Exit::Done };
        let given = (!self.study.is_dir()).then_some(self.study.as_path());
        let groups = groups(&*network, (&missing, &usable), (&folder, manifest), given, !stored.is_empty())?;
        if common.json() {
            let reasons = groups.iter().map(|(reasons, group)| {
                let nearest = &group.nearest;
                json!({ "runs": group.runs, "first": group.first.id, "nearest": nearest, "changed": reasons })
            });
            let reasons: Vec<_> = reasons.collect();
            text::say_json(json!({ "study": study.name, "runs": selected.len(), "missing": missing.len(), "reasons": reasons, "refused": usable.refused }));
            return Ok(exit);
        }
        if missing.is_empty() {
            let all = if self.run.is_some() { "this run is".to_owned() } else { format!("all {} are", text::count(selected.len(), "run")) };
            let then = if usable.refused.is_some() { String::new() } else { format!(": a sweep would {} nothing", if study.kind.is_default() { "train" } else { "compute" }) };
            text::say(format!("{all} in {}{then}", folder.display()));
            usable.warn(&folder);
            return Ok(exit);
        }
        let (lacks, of) = (text::thousands(missing.len() as u64), text::count(selected.len(), "run"));
        text::say(format!("not in {}: {lacks} of {of}", folder.display()));
        for (reasons, Group { first, nearest, runs }) in &groups {
            let (id, where_) = (first.id.short(), place(&study, first));
            text::say(match runs {
                1 => format!("run {id} ({where_})"),
                runs => format!("{}, the first {id} ({where_})", text::count(*runs, "run")),
            });
            if let Some(nearest) = nearest {
                text::say(format!("  nearest  {nearest}"));
            }
            reasons.iter().for_each(|reason| text::say(format!("  {reason}")));
        }
        usable.warn(&folder);
        Ok(exit)
    }
}

impl Why {
    fn study(&self, common: &Common) -> Result<(Study, PathBuf), CliError> {
        if !self.study.is_dir() {
            let study = sweep::load(&self.study, &self.sets)?;
            let folder = common.results.join(&study.name);
            custom::require_own(&folder, &study)?;
            return Ok((study, folder));
        }
        let file = self.study.join("study.toml");
        let canonical = self.study.canonicalize().unwrap_or_else(|_| self.study.clone());
        let name = canonical.file_name().map_or_else(|| "study".into(), |name| name.to_string_lossy().into_owned());
        Ok((sweep::parse(&name, &file, &sweep::read_kept(&file)?, &self.sets)?, self.study.clone()))
    }
}

/// The missing runs grouped by reasons, in the order of their first runs.
fn groups(
    network: &dyn Prepared,
    (missing, usable): (&[Task], &Usable),
    (folder, manifest): (&Path, Result<Manifest, ManifestError>),
    given: Option<&Path>,
    any: bool,
) -> Result<Vec<(Vec<String>, Group)>, CliError> {
    let stored = match manifest {
        Ok(manifest) => {
            let (study, certain) = remedies::made_from(folder, &manifest, given)?;
            Ok((study, certain, manifest))
        }
        Err(ManifestError::Missing { .. }) if any => {
            Err(format!("not yet run: the study is not finished; {}", custom::remedy(folder, "continue with `restudy sweep`")))
        }
        Err(ManifestError::Missing { .. }) => Err("nothing has been run yet".to_owned()),
        Err(ManifestError::Version { what: "arithmetic contract", found, own, .. }) => {
            Err(format!("arithmetic contract: {found} → {own}: all identities change"))
        }
        Err(error) => return Err(error.into()),
    };
    let mut groups: BTreeMap<Vec<String>, Group> = BTreeMap::new();
    let stored = match &stored {
        Ok((study, certain, manifest)) => {
            let theirs = reading::data::network(study, folder, Some(manifest))?;
            let tasks = stages::listed(&*theirs, &custom::tasks(folder, &*theirs), manifest);
            let claimed = manifest.runs.iter().map(|run| run.id).collect();
            Ok((study, why::Stored::new(&*theirs, &tasks, claimed, *certain)))
        }
        Err(reason) => Err(reason),
    };
    let of = missing.chunk_by(|one, other| one.trial == other.trial).count();
    let mut nearest_of: BTreeMap<usize, (usize, Vec<Change>)> = BTreeMap::new();
    for task in missing {
        let (reasons, nearest) = match &stored {
            _ if usable.refuses(&task.id) => (vec![REFUSED.to_owned()], None),
            Err(reason) => (vec![(*reason).clone()], None),
            Ok((study, stored)) => {
                let of_trial =
                    nearest_of.entry(task.trial).or_insert_with(|| stored.nearest(network, task.trial, of));
                let why::Why { nearest, changes } = stored.why(network, task, of_trial);
                let id = stored.run(nearest).map(|id| nearest_words(study, nearest, id));
                (reasons(&changes, missing.len() > 1), id)
            }
        };
        groups.entry(reasons).or_insert(Group { first: *task, nearest, runs: 0 }).runs += 1;
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, group)| (group.first.trial, group.first.seed));
    Ok(groups)
}

/// The changes as text; new seeds of several runs are one reason.
fn reasons(changes: &[Change], several: bool) -> Vec<String> {
    if changes.is_empty() {
        return vec!["nothing changed: it was computed, but its record is missing (segments are usually not under version control)".into()];
    }
    let words = |change: &Change| if several && change.path == "seed" { "seed: new".into() } else { change.to_string() };
    changes.iter().map(words).collect()
}

fn nearest_words(study: &Study, (trial, seed): (usize, crate::seed::Seed), id: Digest) -> String {
    format!("{} ({})", id.short(), place(study, &Task { trial, seed, id }))
}
