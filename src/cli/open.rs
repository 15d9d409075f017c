use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{CliError, Common, Exit, custom, remedies, text};
use crate::{
    digest::Digest,
    results::{
        Manifest, ManifestError,
        reading::{self, Finding, Health, Shown, edited},
        stages, study_text,
    },
    run::{Prepared, Task},
    store::{self, Checkpoints, index::Brief},
    sweep::{self, Study},
    table::{self, Summary},
};

/// A results folder to look at, whether or not a sweep has finished there. Nothing in it is proven, and little of it is read.
pub(super) struct Look {
    pub(super) path: PathBuf,
    pub(super) study: Study,
    /// The specification, if that was named and not the folder: `study` is what it asks now.
    pub(super) specification: Option<PathBuf>,
    /// The manifest without its runs, if a sweep has finished.
    pub(super) manifest: Option<Manifest>,
}

/// The runs of a study that are in its folder.
pub(super) struct Found {
    /// Every run of the study, by trial, then seed in the order of the study.
    pub(super) tasks: Vec<Task>,
    /// What is there of each of them, and what is wrong in the folder.
    pub(super) shown: Shown,
    /// The manifest with its runs, if there is one.
    pub(super) manifest: Option<Manifest>,
    /// Whether the folder for stored runs is there, whatever is in it.
    has_folder: bool,
}

impl Found {
    /// How many of the runs that are not there go on where they were when they were interrupted.
    pub(super) fn half_done(&self, folder: &Path) -> usize {
        let kept = Checkpoints::of(folder);
        let missing = self.tasks.iter().filter(|task| self.shown.get(&task.id).is_none());
        missing.filter(|task| kept.step(&task.id).is_some_and(|step| step > 0)).count()
    }
}

impl Look {
    /// Looks at the folder `path`, or at that of the specification `path`.
    pub(super) fn at(path: &Path, common: &Common) -> Result<Self, CliError> {
        let help = "give the folder of one study, such as results/hidden, or its specification";
        if path.is_file() && path.extension().is_some_and(|extension| extension == "toml") {
            let study = sweep::load(path, &[])?;
            let specification = Some(path.into());
            let path = common.results.join(&study.name);
            let manifest = head(&path)?;
            return Ok(Self { path, study, specification, manifest });
        }
        if path.is_file() {
            return Err(CliError::usage(format!("{} is a file, not a results folder", path.display()), help));
        }
        if !path.exists() {
            return Err(CliError::usage(format!("there is no folder {}", path.display()), help));
        }
        let manifest = head(path)?;
        let file = path.join("study.toml");
        // A sweep writes its specification first, and its manifest last.
        let name = match &manifest {
            Some(manifest) => manifest.study.clone(),
            None if file.exists() => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            None if path.join("segments").is_dir() => {
                return Err(CliError::usage(
                    format!("the study in {} is not finished: there is no report yet", path.display()),
                    custom::by(
                        path,
                        "name its specification instead of the folder, or go on with `restudy sweep` on it",
                    ),
                ));
            }
            None => return Err(ManifestError::Missing { folder: path.display().to_string() }.into()),
        };
        let mut study = sweep::parse(&name, &file, &sweep::read_kept(&file)?, &[])?;
        if let Some(manifest) = &manifest {
            study = reading::as_stored(study, path, manifest);
        }
        Ok(Self { path: path.into(), study, specification: None, manifest })
    }

    /// The specification that is kept in the folder, if it can be read.
    pub(super) fn kept(&self) -> Option<Study> {
        let file = self.path.join("study.toml");
        sweep::parse(&self.study.name, &file, &sweep::read_kept(&file).ok()?, &[]).ok()
    }

    /// Looks for the runs of the study, without its data. With `thorough`, every copy of them is looked at.
    pub(super) fn find(&self, thorough: bool) -> Result<Found, CliError> {
        let manifest = self.manifest.as_ref().map(|_| Manifest::read(&self.path)).transpose()?;
        let network = match &self.specification {
            Some(_) => reading::data::network_now(&self.study, &self.path, manifest.as_ref())?,
            None => reading::data::network(&self.study, &self.path, manifest.as_ref())?,
        };
        let first = custom::tasks(&self.path, &*network);
        let mut tasks = self.confirming(&*network, first, manifest.as_ref());
        let mut shown = reading::shown(&self.path, &self.study, manifest.as_ref(), &tasks, thorough);
        // What is here may say more of them than the manifest, or something else.
        let by_runs = stages::of_briefs(&*network, &tasks, &|id| shown.get(id));
        if by_runs != tasks && by_runs.len() == self.study.run_count() {
            shown = reading::shown(&self.path, &self.study, manifest.as_ref(), &by_runs, thorough);
            tasks = by_runs;
        }
        shown.findings.splice(0..0, reading::purpose(&self.path));
        shown.findings.extend(manifest.as_ref().and_then(|manifest| reading::declared(&self.path, manifest)));
        let has_folder = self.path.join("segments").is_dir();
        Ok(Found { tasks, shown, manifest, has_folder })
    }

    /// The runs of the first stage, and those that confirm, if the manifest is of this study and lists them.
    fn confirming(&self, network: &dyn Prepared, first: Vec<Task>, manifest: Option<&Manifest>) -> Vec<Task> {
        match manifest {
            Some(own) if self.study.confirm.is_some() && study_text(&self.study, &self.path).1 == own.specification => {
                stages::listed(network, &first, own)
            }
            _ => first,
        }
    }

    /// What is wrong with the files of the folder, and which were not looked at; `study.toml` is left out where it asks something else.
    pub(super) fn health(&self, manifest: &Manifest) -> Health {
        if store::is_busy(&self.path) {
            return Health {
                unlooked: vec!["any file, since a sweep is working here now".into()],
                ..Health::default()
            };
        }
        let kept = self.kept().filter(|kept| study_text(kept, &self.path).1 == manifest.specification);
        let but: &[&str] = if kept.is_some() { &[] } else { &["study.toml"] };
        let mut health = reading::files(&self.path, manifest, but);
        health.findings.extend(kept.and_then(|kept| reading::unlisted(&kept, manifest)));
        // That table is read for what it says, of whatever size.
        health.unlooked.retain(|name| name != "runs.parquet");
        health
    }

    /// The summary as `summary.csv` has it, which is the only table that goes into every repository, if it is the one of the manifest.
    pub(super) fn summary(&self) -> Option<Summary> {
        let bytes = store::read(&self.path.join("summary.csv")).ok()?;
        let known = self.manifest.as_ref()?.files.get("summary.csv");
        let summary = table::summary_of_csv(&self.study, std::str::from_utf8(&bytes).ok()?)?;
        (known == Some(&Digest::of(&bytes))).then_some(summary)
    }

    /// What is made from runs and is in the folder, though no manifest says what it should be.
    pub(super) fn unbound(&self) -> Vec<&'static str> {
        const MADE: [&str; 7] = [
            "summary.csv",
            "runs.parquet",
            "metrics.parquet",
            "points.parquet",
            "weights.parquet",
            "report.md",
            "report.html",
        ];
        MADE.into_iter().filter(|name| self.path.join(name).exists()).collect()
    }

    /// The command that computes what is missing.
    pub(super) fn sweep(&self) -> String {
        remedies::sweep(&self.path, &self.study, self.specification.as_deref())
    }
}

impl Look {
    /// What was changed since the results of the manifest were made, so that they are no answer to what is asked now; nothing if they are, or if there are none.
    pub(super) fn changed(&self, found: &Found) -> Option<String> {
        // Which runs another version of an experiment has, only its author knows.
        let manifest = self.manifest.as_ref().filter(|manifest| manifest.experiment.is_none())?;
        let claimed: BTreeSet<_> = found.manifest.iter().flat_map(|own| &own.runs).map(|run| run.id).collect();
        // Question, answer and figures may be others.
        if found.tasks.iter().all(|task| claimed.contains(&task.id)) {
            return None;
        }
        let same = study_text(&self.study, &self.path).1 == manifest.specification;
        if !same {
            return Some("its specification was changed".into());
        }
        let files = found.manifest.as_ref().map(|manifest| edited::edited(&self.study, &found.tasks, manifest));
        let files = files.unwrap_or_default();
        Some(match files.len() {
            0 => "its data was changed".into(),
            1 => format!("its data file {} was changed", edited::names(&files)),
            _ => format!("its data files {} were changed", edited::names(&files)),
        })
    }
}

fn head(folder: &Path) -> Result<Option<Manifest>, CliError> {
    match Manifest::read_head(folder) {
        Ok(manifest) => Ok(Some(manifest)),
        Err(ManifestError::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl Found {
    /// The runs that are there, by trial, then seed.
    pub(super) fn runs(&self) -> Vec<(&Task, &Brief)> {
        let found = self.tasks.iter().filter_map(|task| Some((task, self.shown.get(&task.id)?)));
        let mut runs: Vec<_> = found.collect();
        runs.sort_by_key(|(task, _)| (task.trial, task.seed));
        runs
    }

    /// How many runs of each trial are missing, by trial; trials that are complete are left out.
    pub(super) fn missing(&self) -> Vec<(usize, usize)> {
        let mut missing: Vec<(usize, usize)> = Vec::new();
        for task in self.tasks.iter().filter(|task| self.shown.get(&task.id).is_none()) {
            match missing.last_mut() {
                Some((trial, runs)) if *trial == task.trial => *runs += 1,
                _ => missing.push((task.trial, 1)),
            }
        }
        missing
    }

    /// Tells of copies that are damaged or contradict the manifest, of runs that are known from a table alone, and of those that are lost.
    pub(super) fn warn(&self) {
        self.shown.findings.iter().for_each(text::warn);
        if self.manifest.is_none() && !self.shown.is_empty() {
            text::warn("manifest.json is not here: nothing vouches for what is shown");
        }
        self.warn_of_runs();
    }

    /// The same without the copies, for a command that names them in what it prints.
    pub(super) fn warn_of_runs(&self) {
        let Shown { findings, of_table, has_segments, lost, unvouched, .. } = &self.shown;
        if *of_table > 0 && !has_segments {
            let why = if self.has_folder { "segments/ holds none" } else { "segments/ is missing" };
            text::warn(format!("known from runs.parquet, for the runs themselves are not here: {why}"));
        }
        if *of_table > 0
            && findings.iter().any(|found| found.file.starts_with("segments") && found.file != store::OWNER)
        {
            text::warn("what is shown comes from runs.parquet, which is the table of the manifest");
        }
        if *lost > 0 {
            text::warn(format!(
                "not shown: {} of the manifest, of which no whole copy is here",
                text::count(*lost, "run")
            ));
        }
        if *unvouched > 0 {
            text::warn(
                "what is shown is as it is stored, and nothing vouches for it: `restudy verify` says what is right",
            );
        }
    }

    /// What a program is told of what is wrong; nothing where nothing is.
    pub(super) fn told(&self, more: &[Finding]) -> Option<serde_json::Value> {
        let Shown { findings, lost, .. } = &self.shown;
        let all: Vec<_> = findings.iter().chain(more).collect();
        let has_manifest = self.manifest.is_some();
        let vouched = has_manifest && self.shown.is_vouched_for();
        (!all.is_empty() || !vouched).then(
            || serde_json::json!({ "findings": all, "vouched-for": vouched, "lost": lost, "manifest": has_manifest }),
        )
    }

    /// How a command ends that tells of these runs: whatever is stored and was found damaged or contradicted is a difference.
    pub(super) fn exit(&self) -> Exit {
        let whole = self.shown.is_vouched_for() && self.shown.findings.is_empty();
        if whole { Exit::Done } else { Exit::Difference }
    }
}
