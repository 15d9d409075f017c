//! The tables that reports and figures are made from: those that the manifest of a finished study lists, or those of
//! the stored runs of an unfinished study, which prove nothing.

use std::{borrow::Cow, collections::BTreeMap, path::Path, sync::atomic::AtomicBool};

use polars::prelude::DataFrame;

use super::{CliError, Code, Common, Exit, custom, folder::Folder, open::OpenStudy, remedies, text};
use crate::{
    escape, report,
    results::{self, Maker, Manifest, RenderError, Unfinished, reading, study_text},
    run::{self, PrepareOptions, Prepared},
    store,
    sweep::Study,
    table::{self, Summary},
};

/// The name of the manifest.
pub(super) const MANIFEST: &str = "manifest.json";

/// Where the made files go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Into the results folder.
    Results,
    /// Into another folder, or nowhere.
    Elsewhere,
}

/// The tables of a study.
pub(super) struct Tables {
    /// The folder; the manifest of an unfinished study is that of its stored runs, and is stored nowhere.
    pub(super) folder: Folder,
    pub(super) tables: BTreeMap<&'static str, DataFrame>,
    /// How far the study is, if it is not finished.
    pub(super) unfinished: Option<Unfinished>,
    /// The exit code of a command that reads the tables and does all of its work.
    pub(super) exit: Exit,
}

impl Tables {
    /// Reads the tables of a finished study, or makes those of an unfinished one, for `command`. `path` is that of its
    /// folder, or of its specification.
    pub(super) fn of(path: &Path, target: Target, command: &str, common: &Common) -> Result<Self, CliError> {
        if path.is_file() && path.extension().is_some_and(|extension| extension == "toml") {
            let opened = OpenStudy::open(path, common)?;
            let is_its_own = |manifest: &Manifest| study_text(&opened.study, &opened.path).1 == manifest.specification;
            return match opened.manifest.as_ref().map(is_its_own) {
                Some(true) => Self::finished(&opened.path),
                Some(false) if target == Target::Results => Err(other_specification(path, &opened.path, command)),
                _ => Self::of_stored_runs(opened, common),
            };
        }
        if path.join(MANIFEST).exists() || !path.is_dir() {
            return Self::finished(path);
        }
        Self::of_stored_runs(OpenStudy::open(path, common)?, common)
    }

    fn finished(path: &Path) -> Result<Self, CliError> {
        let folder = Folder::open(path)?;
        folder.require_unchanged()?;
        let tables = folder.tables()?;
        Ok(Self { folder, tables, unfinished: None, exit: Exit::Done })
    }

    fn of_stored_runs(opened: OpenStudy, common: &Common) -> Result<Self, CliError> {
        let found = opened.find(true)?;
        found.shown.findings.iter().for_each(text::warn);
        let runs = found.runs();
        let wanted = runs.iter().map(|(task, run)| (task.id, run.digest)).collect();
        let trusted = found.manifest.as_ref().filter(|manifest| manifest.has_root_of_runs());
        let records = reading::records(&opened.path, &opened.study, trusted, &wanted);
        let tasks: Vec<_> = runs.iter().map(|(task, _)| **task).collect();
        let rows = results::rows(&tasks, &records);
        if rows.is_empty() {
            return Err(CliError::usage(
                Code::RunNotStored,
                format!("no run of {} is stored", opened.study.name),
                opened.how("compute them with", &found.shown.findings),
            ));
        }
        let study = &opened.study;
        let network = with_data(study, reading::data::network(study, &opened.path, opened.manifest.as_ref())?)?;
        let tables = common.on_threads(|| results::tables(&*network, &rows))??;
        let owner = opened.experiment();
        let maker = Maker { experiment: owner.as_ref().and_then(|owner| owner.title()), ..Maker::OURS };
        let mut manifest = Manifest::new(&study.name, study_text(study, &opened.path).1, maker, &rows);
        manifest.data = results::facts(&*network).unwrap_or_default();
        manifest.declared = study.title();
        let unfinished = Unfinished::of(study, rows.iter().map(|row| (row.trial, row.seed)));
        let exit = found.exit();
        drop(network);
        let OpenStudy { path, study, .. } = opened;
        Ok(Self { folder: Folder { path, study, manifest }, tables, unfinished: Some(unfinished), exit })
    }

    /// The summary of the trials.
    pub(super) fn summary(&self) -> Result<Summary, CliError> {
        let Folder { path, study, manifest } = &self.folder;
        let summary = table::summary_of_table(study, &self.tables["runs"]).ok_or_else(|| {
            CliError::usage(
                Code::TableOtherStudy,
                format!("{} is not a table of this study", path.join("runs.parquet").display()),
                remedies::compute(path, study),
            )
        })?;
        Ok(summary.with_baseline(run::baseline(study, &manifest.data)))
    }

    /// The study as figures name it in their headings: an unfinished one with the number of its stored runs.
    pub(super) fn drawn(&self) -> Cow<'_, Study> {
        let study = &self.folder.study;
        let Some(Unfinished { stored, runs, .. }) = self.unfinished else { return Cow::Borrowed(study) };
        let mut marked = study.clone();
        marked.spec.study.question += &format!(" (unfinished: {stored} of {runs} runs)");
        Cow::Owned(marked)
    }

    /// The figures of the results folder: path and bytes.
    pub(super) fn figures(&self) -> Result<BTreeMap<String, Vec<u8>>, RenderError> {
        results::figures(&self.drawn(), &self.tables)
    }

    /// Writes files into the results folder, while no other process does; `command` is for the message if that is not
    /// allowed. Returns whether it wrote: an unfinished study may have been finished meanwhile, with files of its own,
    /// or a manifest that is to be replaced is another one by now.
    pub(super) fn write(&self, files: &[(&str, &[u8])], command: &str) -> Result<bool, CliError> {
        let folder = &self.folder.path;
        let unwritable = |error| remedies::unwritable(error, folder, command);
        let store = custom::open(folder).map_err(unwritable)?;
        let _finishing = store.finish(&AtomicBool::new(false), &|notice| text::warn(notice)).map_err(unwritable)?;
        let replaces = files.iter().any(|(name, _)| *name == MANIFEST);
        if replaces && Manifest::read(folder).ok().as_ref() != Some(&self.folder.manifest) {
            return Ok(false);
        }
        if self.unfinished.is_some() {
            if folder.join(MANIFEST).exists() {
                return Ok(false);
            }
            self.require_own_files(command)?;
        }
        for (name, bytes) in files {
            let file = folder.join(name);
            let above = file.parent().filter(|above| above != folder);
            let created = above.map_or(Ok(()), store::create_folder);
            created.and_then(|()| store::write(&file, bytes)).map_err(unwritable)?;
        }
        Ok(true)
    }

    /// Refuses to replace what a finished sweep has left behind without its manifest.
    fn require_own_files(&self, command: &str) -> Result<(), CliError> {
        let Folder { path, study, .. } = &self.folder;
        let unbound = unbound(path);
        if unbound.is_empty() {
            return Ok(());
        }
        Err(CliError::usage(
            Code::FolderUnbound,
            format!("{} has results of a finished study without a manifest: {}", path.display(), unbound.join(", ")),
            format!(
                "write to another folder with `restudy {command} {} --output DIR`, or finish the study with `{}`; nothing was changed",
                escape::shell_path(path),
                remedies::sweep(path, study, None)
            ),
        ))
    }

    /// Prints how far an unfinished study is.
    pub(super) fn say_progress(&self) {
        self.unfinished.iter().for_each(|unfinished| text::say(unfinished.sentence()));
    }

    /// Adds to JSON how far an unfinished study is.
    pub(super) fn add_progress(&self, object: &mut serde_json::Value) {
        if let Some(Unfinished { stored, runs, .. }) = self.unfinished {
            object["unfinished"] = serde_json::json!({ "stored": stored, "runs": runs });
        }
    }
}

/// The error of a report that would replace that of the results of another specification.
fn other_specification(file: &Path, folder: &Path, command: &str) -> CliError {
    CliError::usage(
        Code::FolderSpecification,
        format!("the results in {} are those of another specification than {}", folder.display(), file.display()),
        format!(
            "show the runs that are stored so far in another folder, with `restudy {command} {} --output DIR`; the sweep replaces the results at its end; \
             nothing was changed",
            escape::shell_path(file)
        ),
    )
}

/// Files that are made from runs and are in a folder without a manifest. A report of an unfinished study is not one of
/// them, since it says itself that nothing proves it.
pub(super) fn unbound(folder: &Path) -> Vec<&'static str> {
    const MADE: [&str; 5] = ["summary.csv", "runs.parquet", "metrics.parquet", "points.parquet", "weights.parquet"];
    let is_unfinished = |name: &&str| {
        let text = store::read(&folder.join(name)).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        text.is_some_and(|text| report::is_unfinished(&text))
    };
    let reports = ["report.md", "report.html"].into_iter().filter(|name| !is_unfinished(name));
    MADE.into_iter().chain(reports).filter(|name| folder.join(name).exists()).collect()
}

/// The study with its data, if a report needs more of it than the folder has. Without the data, or if it has changed
/// since, the report has no facts about it; only figures that draw points need it.
fn with_data<'a>(study: &'a Study, network: Box<dyn Prepared + 'a>) -> Result<Box<dyn Prepared + 'a>, CliError> {
    let has_points = results::points(&*network).is_ok();
    if has_points && results::facts(&*network).is_ok() {
        return Ok(network);
    }
    match run::prepare(study, &PrepareOptions::default()) {
        Ok(prepared) if (0..study.trials.len()).all(|trial| prepared.contents(trial) == network.contents(trial)) => {
            Ok(prepared)
        }
        Err(error) if !has_points => Err(error.into()),
        _ => Ok(network),
    }
}
