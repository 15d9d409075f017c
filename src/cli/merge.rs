use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;

use super::{CliError, Code, Command, Common, Exit, signal, sweep::SweepSummary, text};
use crate::{
    results::{Computation, Maker, Manifest, Merged, reading},
    run::{self, Event, PrepareOptions, Prepared, contents},
    store::journal,
    sweep::{self, Study},
};

/// Join results folders of one study, such as shards from several machines.
///
/// Copies the runs and journals of all FROM folders into INTO, and writes tables, figures and report if the study is
/// then complete. The FROM folders stay unchanged.
///
/// A run that several folders have must be the same to the last bit in all of them, and in their manifests. Otherwise
/// nothing is changed, and the error names both origins and the first epoch that differs; `restudy verify --bisect A B
/// --steps` on two finished folders then trains the run again and finds the first step that differs.
///
/// The data files are needed only for figures that show points, if no folder has a table of points.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Merge {
    /// Results folder to merge into, such as results/hidden; it is created if it does not exist.
    into: PathBuf,
    /// Results folders to merge from.
    #[arg(required = true)]
    from: Vec<PathBuf>,
}

const EXAMPLES: &str = "\
Exit codes:
  0  merged
  2  the folders belong to different studies, experiments, data, formats or contracts
  3  merged; some runs failed
  4  a run differs between folders, or from a manifest; nothing was changed

Example:
  restudy merge results/hidden machine-a/results/hidden machine-b/results/hidden";

impl Command for Merge {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let started = Instant::now();
        let same = |from: &&PathBuf| from.canonicalize().is_ok_and(|from| self.into.canonicalize().is_ok_and(|into| into == from));
        if let Some(same) = self.from.iter().find(same) {
            let message = format!("{} cannot be merged into itself", same.display());
            return Err(CliError::usage(Code::MergeItself, message, "give the folder to merge into first, then the folders to merge from"));
        }
        let study = self.study()?;
        self.require_same_data(&study)?;
        let network = self.network(&study)?;
        let tasks = network.tasks();
        let computation = Computation {
            network: &*network,
            experiment: &*network,
            tasks: &tasks,
            shard: None,
            folder: &self.into,
            maker: Maker::OURS,
            render: false,
            request: journal::Request { command: text::words().collect(), ..Default::default() },
        };
        let progress = common.mode().start(&study);
        let stop = signal::stop_flag()?;
        let events = |event: Event<'_>| progress.event(&event);
        let merge = || computation.merge(&self.from, &events, &|notice| text::warn(notice), &stop);
        let (Merged { taken, agreed, unasked }, outcome) = common.on_threads(merge)??;
        if !common.quiet && !common.json() {
            let folders = text::count(self.from.len(), "folder");
            text::say(format!("{} merged from {folders}", text::count(taken, "run")));
            if agreed > 0 {
                let (runs, was) = (text::count(agreed, "run"), if agreed == 1 { "was" } else { "were" });
                text::say(format!("{runs} {was} in more than one folder, the same to the last bit"));
            }
        }
        if unasked > 0 && !common.quiet {
            let (runs, are) = (text::count(unasked, "run"), if unasked == 1 { "is" } else { "are" });
            text::warn(format!("{runs} {are} kept although the specification does not include them"));
        }
        let rest = match network.is_without_data() {
            true if study.declaration().external => "restore its inputs and run `restudy sweep`, which makes it without running the program",
            true => "restore its data file and run `restudy sweep`, which makes it without training again",
            false => "merge more folders, or compute the missing runs with `restudy sweep`",
        };
        let summary = SweepSummary { network: &*network, tasks: &tasks, folder: &self.into, shard: None, common, started };
        Ok(summary.print(outcome, "merged", rest))
    }
}

impl Merge {
    /// Refuses folders whose runs use different data.
    fn require_same_data(&self, study: &Study) -> Result<(), CliError> {
        let folders: Vec<_> = std::iter::once(&self.into).chain(&self.from).map(PathBuf::as_path).collect();
        let Some(reading::data::OtherData { folders: [one, other], files }) = reading::data::differing(&study.name, &folders) else {
            return Ok(());
        };
        let (other, one, files) = (other.display(), one.display(), files.join(", "));
        let (message, help) = match study.declaration().external {
            true => (
                format!("the inputs of {other} differ from those of {one}: {files}"),
                "the runs were computed with inputs of the same name but different content: sweep both with the same inputs, or merge only folders with equal ones; nothing was changed",
            ),
            false => (
                format!("the data of {other} differs from that of {one}: {files}"),
                "the runs were trained on files of the same name but different content: sweep both on the same data, or merge only folders with equal data; nothing was changed",
            ),
        };
        Err(CliError::usage(Code::MergeOtherData, message, help))
    }

    /// The study with its data, or without data if the files are missing or differ from those of the folders.
    fn network<'a>(&self, study: &'a Study) -> Result<Box<dyn Prepared + 'a>, CliError> {
        let folders: Vec<_> = std::iter::once(&self.into).chain(&self.from).map(PathBuf::as_path).collect();
        let kept = reading::data::of_folders(study, &folders);
        if contents::names(study).is_empty() || contents::now(study) == kept.contents || kept.contents.is_empty() && kept.runs.is_empty() {
            return Ok(run::prepare(study, &PrepareOptions::default())?);
        }
        Ok(run::without_data(study, kept)?)
    }

    /// The study of the folder to merge into, or that of the first other folder that has one.
    fn study(&self) -> Result<Study, CliError> {
        for folder in std::iter::once(&self.into).chain(&self.from) {
            if folder != &self.into && !folder.is_dir() {
                let message = format!("there is no folder {}", folder.display());
                return Err(CliError::usage(Code::FolderMissing, message, "give results folders of one study, such as results/hidden"));
            }
        }
        let folders = std::iter::once(&self.into).chain(&self.from);
        let Some(folder) = folders.into_iter().find(|folder| folder.join("study.toml").is_file()) else {
            return Err(CliError::usage(
                Code::MergeNoStudy,
                "none of the folders has a study.toml",
                "give results folders of a study; before version 0.1.0, restudy wrote this file only at the end of a sweep",
            ));
        };
        let file = folder.join("study.toml");
        let name = Manifest::read(folder).map_or_else(|_| name(&self.into), |manifest| manifest.study);
        Ok(sweep::parse(&name, &file, &sweep::read_kept(&file)?, &[])?)
    }
}

/// The last component of a path.
fn name(folder: &Path) -> String {
    let last = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    last.unwrap_or_else(|| "study".into())
}
