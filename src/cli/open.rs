use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{CliError, Code, Common, Exit, custom, remedies, text};
use crate::{
    digest::Digest,
    results::{
        Manifest, ManifestError,
        reading::{self, Finding, Health, Shown, edited_files},
        stages, study_text,
    },
    run::{Prepared, Task},
    store::{self, Checkpoints, index::Brief},
    sweep::{self, Study},
    table::{self, Summary},
};

/// A study with its results folder, finished or not. Opening it verifies nothing and reads little.
pub(super) struct OpenStudy {
    pub(super) path: PathBuf,
    pub(super) study: Study,
    /// The specification, if its file was given instead of the folder; `study` is then read from it.
    pub(super) specification: Option<PathBuf>,
    /// The manifest without its runs, if there is one.
    pub(super) manifest: Option<Manifest>,
}

pub(super) struct StoredRuns {
    /// Every run of the study, by trial, then seed in the order of the study.
    pub(super) tasks: Vec<Task>,
    /// The stored runs, and the findings about the folder.
    pub(super) shown: Shown,
    /// The manifest with its runs.
    pub(super) manifest: Option<Manifest>,
    /// Whether the folder `segments` exists.
    has_folder: bool,
}

impl StoredRuns {
    /// The number of missing runs with a checkpoint.
    pub(super) fn half_done(&self, folder: &Path) -> usize {
        let checkpoints = Checkpoints::of(folder);
        let missing = self.tasks.iter().filter(|task| self.shown.get(&task.id).is_none());
        missing.filter(|task| checkpoints.step(&task.id).is_some_and(|step| step > 0)).count()
    }
}

impl OpenStudy {
    /// Opens the folder `path`, or the folder of the specification `path`.
    pub(super) fn open(path: &Path, common: &Common) -> Result<Self, CliError> {
        let help = "give the folder of one study, such as results/hidden, or its specification";
        if path.is_file() && path.extension().is_some_and(|extension| extension == "toml") {
            let study = sweep::load(path, &[])?;
            let specification = Some(path.into());
            let path = common.results.join(&study.name);
            let manifest = head(&path)?;
            return Ok(Self { path, study, specification, manifest });
        }
        if path.is_file() {
            return Err(CliError::usage(
                Code::FolderNotResults,
                format!("{} is a file, not a results folder", path.display()),
                help,
            ));
        }
        if !path.exists() {
            return Err(CliError::usage(Code::FolderMissing, format!("there is no folder {}", path.display()), help));
        }
        let manifest = head(path)?;
        let file = path.join("study.toml");
        // A sweep writes its specification first, and its manifest last.
        let name = match &manifest {
            Some(manifest) => manifest.study.clone(),
            None if file.exists() => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            None if path.join("segments").is_dir() => {
                return Err(CliError::usage(
                    Code::FolderUnfinished,
                    format!("the study in {} is not finished: it has no manifest yet", path.display()),
                    custom::remedy(
                        path,
                        "give its specification instead of the folder, or continue with `restudy sweep` on it",
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

    /// The specification in the folder, if it can be read.
    pub(super) fn kept(&self) -> Option<Study> {
        let file = self.path.join("study.toml");
        sweep::parse(&self.study.name, &file, &sweep::read_kept(&file).ok()?, &[]).ok()
    }

    /// Finds the stored runs of the study, without its data. If `thorough`, all copies of each run are read.
    pub(super) fn find(&self, thorough: bool) -> Result<StoredRuns, CliError> {
        let manifest = self.manifest.as_ref().map(|_| Manifest::read(&self.path)).transpose()?;
        let network = match &self.specification {
            Some(_) => reading::data::network_now(&self.study, &self.path, manifest.as_ref())?,
            None => reading::data::network(&self.study, &self.path, manifest.as_ref())?,
        };
        let first = custom::tasks(&self.path, &*network);
        let mut tasks = self.confirming(&*network, first, manifest.as_ref());
        let mut shown = reading::shown(&self.path, &self.study, manifest.as_ref(), &tasks, thorough);
        // Stored runs may determine other confirming runs than the manifest lists.
        let by_runs = stages::of_briefs(&*network, &tasks, &|id| shown.get(id));
        if by_runs != tasks && by_runs.len() == self.study.run_count() {
            shown = reading::shown(&self.path, &self.study, manifest.as_ref(), &by_runs, thorough);
            tasks = by_runs;
        }
        shown.findings.splice(0..0, reading::owner_finding(&self.path));
        shown.findings.extend(manifest.as_ref().and_then(|manifest| reading::declared(&self.path, manifest)));
        let has_folder = self.path.join("segments").is_dir();
        Ok(StoredRuns { tasks, shown, manifest, has_folder })
    }

    /// The runs of the first stage, and the confirming runs if the manifest belongs to this study and lists them.
    fn confirming(&self, network: &dyn Prepared, first: Vec<Task>, manifest: Option<&Manifest>) -> Vec<Task> {
        match manifest {
            Some(own) if self.study.confirm.is_some() && study_text(&self.study, &self.path).1 == own.specification => {
                stages::listed(network, &first, own)
            }
            _ => first,
        }
    }

    /// Findings about the files of the folder, and the files that were not read. Skips `study.toml` if it was changed.
    pub(super) fn health(&self, manifest: &Manifest) -> Health {
        if store::is_busy(&self.path) {
            return Health {
                unchecked: vec!["any file, because a sweep is working here now".into()],
                ..Health::default()
            };
        }
        let kept = self.kept().filter(|kept| study_text(kept, &self.path).1 == manifest.specification);
        let but: &[&str] = if kept.is_some() { &[] } else { &["study.toml"] };
        let mut health = reading::files(&self.path, manifest, but);
        health.findings.extend(kept.and_then(|kept| reading::unlisted(&kept, manifest)));
        // That table is always read.
        health.unchecked.retain(|name| name != "runs.parquet");
        health
    }

    /// The summary of `summary.csv`, if the manifest lists its digest. Repositories usually have no other table.
    pub(super) fn summary(&self) -> Option<Summary> {
        let bytes = store::read(&self.path.join("summary.csv")).ok()?;
        let listed = self.manifest.as_ref()?.files.get("summary.csv");
        let summary = table::summary_of_csv(&self.study, std::str::from_utf8(&bytes).ok()?)?;
        (listed == Some(&Digest::of(&bytes))).then_some(summary)
    }

    /// The command that computes what is missing.
    pub(super) fn sweep(&self) -> String {
        remedies::sweep(&self.path, &self.study, self.specification.as_deref())
    }
}

impl OpenStudy {
    /// The change since the manifest was written because of which it lacks runs of the study; none without such a
    /// change.
    pub(super) fn changed(&self, found: &StoredRuns) -> Option<String> {
        // The runs of a notebook experiment cannot be derived here.
        let manifest = self.manifest.as_ref().filter(|manifest| manifest.experiment.is_none())?;
        let claimed: BTreeSet<_> = found.manifest.iter().flat_map(|own| &own.runs).map(|run| run.id).collect();
        // Question, answer and figures may differ without other runs.
        if found.tasks.iter().all(|task| claimed.contains(&task.id)) {
            return None;
        }
        let same = study_text(&self.study, &self.path).1 == manifest.specification;
        if !same {
            return Some("its specification was changed".into());
        }
        let files =
            found.manifest.as_ref().map(|manifest| edited_files::edited_files(&self.study, &found.tasks, manifest));
        let files = files.unwrap_or_default();
        let (all, one) =
            if self.study.declaration().external { ("an input", "input") } else { ("its data", "data file") };
        Some(match files.len() {
            0 => format!("{all} was changed"),
            1 => format!("its {one} {} was changed", edited_files::names(&files)),
            _ => format!("its {one}s {} were changed", edited_files::names(&files)),
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

impl StoredRuns {
    /// The stored runs, by trial, then seed.
    pub(super) fn runs(&self) -> Vec<(&Task, &Brief)> {
        let found = self.tasks.iter().filter_map(|task| Some((task, self.shown.get(&task.id)?)));
        let mut runs: Vec<_> = found.collect();
        runs.sort_by_key(|(task, _)| (task.trial, task.seed));
        runs
    }

    /// The number of missing runs of each incomplete trial.
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

    /// Prints notices about damaged or contradicting copies, runs known from a table only, and lost runs.
    pub(super) fn warn(&self) {
        if self.manifest.is_none() && !self.shown.is_empty() {
            text::warn("manifest.json is missing: nothing vouches for these results");
        }
        self.warn_of_files();
    }

    /// As [`Self::warn`], without a notice about a missing manifest.
    pub(super) fn warn_of_files(&self) {
        self.shown.findings.iter().for_each(text::warn);
        self.warn_of_runs();
    }

    /// As [`Self::warn`] without the copies, for commands that list them in their results.
    pub(super) fn warn_of_runs(&self) {
        let Shown { findings, of_table, has_segments, lost, untrusted, .. } = &self.shown;
        if *of_table > 0 && !has_segments {
            let why = if self.has_folder { "segments/ has none" } else { "segments/ is missing" };
            text::warn(format!("read from runs.parquet, because the stored runs are missing: {why}"));
        }
        if *of_table > 0
            && findings.iter().any(|found| found.file.starts_with("segments") && found.file != store::OWNER)
        {
            text::warn("read from runs.parquet, which is the table that the manifest lists");
        }
        if *lost > 0 {
            text::warn(format!("not shown: {} of the manifest without an intact copy", text::count(*lost, "run")));
        }
        if *untrusted > 0 {
            text::warn(
                "these are the stored results, and nothing vouches for them: run `restudy verify` to check them",
            );
        }
    }

    /// The findings as JSON, and the number of stored runs if the study is not finished; none without both.
    pub(super) fn to_json(&self, more: &[Finding], unfinished: Option<Value>) -> Option<Value> {
        let Shown { findings, lost, .. } = &self.shown;
        let all: Vec<_> = findings.iter().chain(more).collect();
        let has_manifest = self.manifest.is_some();
        let vouched = has_manifest && self.shown.is_trusted();
        let mut object = json!({ "findings": all, "vouched-for": vouched, "lost": lost, "manifest": has_manifest });
        let says = !all.is_empty() || !vouched || unfinished.is_some();
        if let Some(unfinished) = unfinished {
            object["unfinished"] = unfinished;
        }
        says.then_some(object)
    }

    /// The exit code of a command that shows these runs: any damaged or contradicting copy is a difference.
    pub(super) fn exit(&self) -> Exit {
        let whole = self.shown.is_trusted() && self.shown.findings.is_empty();
        if whole { Exit::Done } else { Exit::Difference }
    }
}
