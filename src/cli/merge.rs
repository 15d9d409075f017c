use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;

use super::{CliError, Command, Common, Exit, signal, sweep::SweepSummary, text};
use crate::{
    results::{Computation, Maker, Manifest, Merged, reading},
    run::{self, Event, PrepareOptions, Prepared, contents},
    store::journal,
    sweep::{self, Study},
};

/// Join results folders of one study, as of its shards on different machines, and make the report if the study is complete then.
///
/// The runs of all folders are kept, and so are their journals; nothing in FROM is touched. A run that is in several folders must be
/// the same to the last bit in all of them, and the one that their manifests list: otherwise nothing is changed, the two origins and the first epoch that differs are named, and the exit code is 4; `restudy verify --bisect A B --steps` on two finished folders trains the run
/// again, and says which of the two this program computes and at which steps they part. The data is not needed, but for figures that show its
/// points, where no folder has a table of them. Folders of a newer
/// format, another arithmetic contract, another experiment or another study are refused with exit code 2, and so are folders whose runs learned from other data: its files are named.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The results folder that the others are joined into, such as results/hidden; it is made if it is not there.
    into: PathBuf,
    /// The results folders that are taken over.
    #[arg(required = true)]
    from: Vec<PathBuf>,
}

impl Command for Merge {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let started = Instant::now();
        let same = |from: &&PathBuf| from.canonicalize().is_ok_and(|from| self.into.canonicalize().is_ok_and(|into| into == from));
        if let Some(same) = self.from.iter().find(same) {
            let message = format!("{} cannot be merged into itself", same.display());
            return Err(CliError::usage(message, "name the folder to join the others into first, then the others"));
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
            asked: journal::Asked { command: text::words().collect(), ..Default::default() },
        };
        let progress = common.mode().start(&study);
        let stop = signal::stop_flag()?;
        let events = |event: Event<'_>| progress.event(&event);
        let merge = || computation.merge(&self.from, &events, &|notice| text::warn(notice), &stop);
        let (Merged { taken, agreed, unasked }, answer) = common.on_threads(merge)??;
        if !common.quiet && !common.json() {
            let folders = text::count(self.from.len(), "folder");
            text::say(format!("{} taken over from {folders}", text::count(taken, "run")));
            if agreed > 0 {
                let (runs, was) = (text::count(agreed, "run"), if agreed == 1 { "was" } else { "were" });
                text::say(format!("{runs} {was} in more than one folder, the same to the last bit"));
            }
        }
        if unasked > 0 && !common.quiet {
            let (runs, are) = (text::count(unasked, "run"), if unasked == 1 { "is" } else { "are" });
            text::warn(format!("{runs} {are} kept that the specification does not ask for"));
        }
        let rest = match network.is_without_data() {
            true => "put its data file back, and `restudy sweep` makes it without training anything again",
            false => "merge more folders, or do all that is missing with `restudy sweep`",
        };
        let telling = SweepSummary { network: &*network, tasks: &tasks, folder: &self.into, shard: None, common, started };
        Ok(telling.tell(answer, "merged", rest))
    }
}

impl Merge {
    /// Refuses folders whose runs learned from other data: whichever comes first, they are not of one study.
    fn require_same_data(&self, study: &Study) -> Result<(), CliError> {
        let folders: Vec<_> = std::iter::once(&self.into).chain(&self.from).map(PathBuf::as_path).collect();
        let Some(reading::data::OtherData { folders: [one, other], files }) = reading::data::differing(&study.name, &folders) else {
            return Ok(());
        };
        Err(CliError::usage(
            format!("the data of {} are not those of {}: {}", other.display(), one.display(), files.join(", ")),
            "its runs learned from a file of the same name that held something else: sweep both on the same data, or merge folders of one alone; nothing was changed",
        ))
    }

    /// The study with its data, or, where this is not the one of the folders, or not here, without it.
    fn network<'a>(&self, study: &'a Study) -> Result<Box<dyn Prepared + 'a>, CliError> {
        let folders: Vec<_> = std::iter::once(&self.into).chain(&self.from).map(PathBuf::as_path).collect();
        let told = reading::data::of_folders(study, &folders);
        if contents::names(study).is_empty() || contents::now(study) == told.contents || told.contents.is_empty() && told.runs.is_empty() {
            return Ok(run::prepare(study, &PrepareOptions::default())?);
        }
        Ok(run::without_data(study, told)?)
    }

    /// The study of the folder, or, where it has none yet, that of the first of the others.
    fn study(&self) -> Result<Study, CliError> {
        for folder in std::iter::once(&self.into).chain(&self.from) {
            if folder != &self.into && !folder.is_dir() {
                let message = format!("there is no folder {}", folder.display());
                return Err(CliError::usage(message, "give results folders of one study, such as results/hidden"));
            }
        }
        let folders = std::iter::once(&self.into).chain(&self.from);
        let Some(folder) = folders.into_iter().find(|folder| folder.join("study.toml").is_file()) else {
            return Err(CliError::usage(
                "none of the folders has a study.toml that says what is asked",
                "give the results folders of a study; those of a restudy before 0.1.0 have it once their sweep is complete",
            ));
        };
        let file = folder.join("study.toml");
        let name = Manifest::read(folder).map_or_else(|_| name(&self.into), |manifest| manifest.study);
        Ok(sweep::parse(&name, &file, &sweep::read_kept(&file)?, &[])?)
    }
}

/// The last part of the path of a folder.
fn name(folder: &Path) -> String {
    let last = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    last.unwrap_or_else(|| "study".into())
}
