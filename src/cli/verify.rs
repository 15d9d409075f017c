mod badge;
mod bisect;
mod findings;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;

use super::{CliError, Command, Common, Exit, data_overrides, folder::Folder, signal, text};
use crate::{
    escape,
    results::{Extent, Sample, VerifyOutcome, verify, resume::Unfinished, stages},
    run::{self, Event, How, Task},
    store,
};

/// Prove results: run them again and compare every bit.
///
/// Runs every run of the study again, makes every table, figure and report from them, and compares all that the manifest lists, and every stored run (segments/) from which
/// other commands read. How it went (journal/) is no part of a result. A stored run that cannot be read is a difference, and mended by the next sweep.
/// study.toml and manifest.json are enough, with the data file where the study has one; whatever else is there is compared too. Exit code 4 if anything
/// differs or is damaged; each difference is named, a run with the first epoch that differs.
///
/// A verification of all runs that is interrupted goes on where it was when the same command is given again. What it has computed is kept in your own cache
/// (~/.cache/restudy), never in the folder: nobody can hand over half a proof. A sample that is interrupted begins anew.
///
/// Of a study that confirms, it is also made again which trials the first seeds choose, and compared with those that ran again; a sample does so from runs.parquet, and says so where it cannot
/// ("choice-by" with --json).
///
/// With --sample only some runs are run again, and it costs little more than these. They are chosen by what the manifest claims: a change of any result changes the sample. The chosen runs
/// are compared in full, with their stored records and their rows in the tables; everything else is held against the digests of the manifest, which whoever changes a
/// file can change too. It says so, and how many runs can be wrong all the same; --files also makes tables, figures and report again from all stored runs: where these are
/// not all here whole, it does not end with 0, but with 4 if a segment is damaged, and with 2 if runs are not stored, as in a clone. Somebody who makes all results
/// anew could still try for a sample that spares him; add a word of your own with --sample-seed, and he cannot.
///
/// In results that another version of restudy wrote, runs and tables are computed again all the same, while report and figures are held against the digests of the manifest:
/// how they look is that version's own.
///
/// With --badge, what was proven is written into a picture for a README: the number of runs and the first digits of their
/// root. After a sample it says how many of the runs were computed again. An existing badge stays as it is where nothing
/// is proven. --check compares the badge instead of writing it: exit code 4 if it is missing or out of date.
///
/// With --bisect, two folders are compared instead: where do their runs part? Nothing is trained, unless --steps asks which of the two this program
/// computes. Tables, figures and reports are not looked at: that they are those of the runs, `restudy verify` proves of either folder alone.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Verify {
    /// The results folder of a study, such as results/hidden.
    folder: PathBuf,
    /// With --bisect: the other results folder.
    #[arg(requires = "bisect")]
    other: Option<PathBuf>,
    /// Run only so many runs again: a number, or a percentage such as 5%.
    #[arg(long, value_name = "N|P%")]
    sample: Option<Share>,
    /// With --sample: make tables, figures and report again, too, from all runs as they are stored.
    #[arg(long, requires = "sample")]
    files: bool,
    /// Choose the sample by this word, too: anything that nobody could know before the results were published.
    #[arg(long, value_name = "WORD", requires = "sample")]
    sample_seed: Option<String>,
    /// A data file of the study, if it is not where study.toml names it; found by its content, whatever its name. May be given several times.
    #[arg(long, value_name = "FILE")]
    data: Vec<PathBuf>,
    /// Begin anew, even if an earlier verification was interrupted.
    #[arg(long)]
    fresh: bool,
    /// Compare two folders: the runs that both have, and the first measurement that is not the same.
    #[arg(long, requires = "other", conflicts_with_all = ["sample", "fresh"])]
    bisect: bool,
    /// With --bisect: train the run that parts first again, and say which of the two this program computes, and between which steps they part.
    #[arg(long, requires = "bisect")]
    steps: bool,
    /// Train with the portable kernel, to see that it gives the same bits.
    #[arg(long)]
    portable: bool,
    #[command(flatten)]
    badge: badge::Options,
}

const EXAMPLES: &str = "\
Examples:
  restudy verify results/hidden                               every run, every file
  restudy verify results/hidden --sample 59                   some runs, and what that proves
  restudy verify results/hidden --sample 59 --files           the same, and every file made again
  restudy verify results/hidden --badge results/hidden.svg    and a badge for the README, where all is proven
  restudy verify results/hidden --sample 5% --sample-seed \"the day's headline\"
  restudy verify --bisect results/hidden theirs/hidden        where two machines part";

/// How many runs of a study.
#[derive(Debug, Clone, Copy)]
enum Share {
    Runs(usize),
    Percent(f64),
}

impl std::str::FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected a number of runs from 1, or a percentage above 0% up to 100%".to_owned();
        if let Some(percent) = text.strip_suffix('%') {
            let percent: f64 = percent.trim().parse().map_err(|_| expected())?;
            return if percent > 0.0 && percent <= 100.0 { Ok(Self::Percent(percent)) } else { Err(expected()) };
        }
        text.parse().ok().filter(|&runs| runs > 0).map(Self::Runs).ok_or_else(expected)
    }
}

impl Share {
    fn size(self, runs: usize) -> usize {
        match self {
            Self::Runs(n) => n.min(runs),
            Self::Percent(percent) => ((runs as f64 * percent / 100.0).ceil() as usize).clamp(1, runs),
        }
    }
}

impl Command for Verify {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let started = Instant::now();
        let folder = Folder::open(&self.folder)?;
        if self.bisect {
            folder.require_root()?;
        }
        let Folder { path, study, manifest } = folder;
        if let Some(experiment) = &manifest.experiment {
            return Err(CliError::usage(
                format!("{} holds runs of a reader's own experiment, `{experiment}`", path.display()),
                "only the notebook that defines it can compute them again: `restudy notebook check`",
            ));
        }
        let data_overrides = data_overrides::find(&study, &manifest, &self.data, &path)?;
        let network = run::prepare(&study, &How { portable: self.portable, data_overrides })?;
        if let Some(other) = &self.other {
            return bisect::run(common, &*network, (&path, &manifest), other, self.steps);
        }
        let promised = study.declaration().promise;
        self.badge.require_promise(promised)?;
        self.badge.require_place(&path)?;
        let tasks = stages::listed(&*network, &network.tasks(), &manifest);
        if let Some(share) = self.sample.filter(|_| self.files && !store::has_segments(&path)) {
            require_all(share, &tasks, &path)?;
        }
        let unfinished = Unfinished::of(manifest.root, network.instructions());
        if self.fresh {
            unfinished.iter().for_each(Unfinished::forget);
        }
        let extent = match self.sample {
            Some(share) => Extent::Sample(Sample {
                runs: share.size(tasks.len()),
                word: self.sample_seed.as_deref(),
                files: self.files,
            }),
            None => Extent::Whole(unfinished.as_ref()),
        };
        let progress = common.mode().start_proof(&study);
        let stop = signal::stop_flag()?;
        let events = |event: Event<'_>| progress.event(&event);
        match common.on_threads(|| verify(&*network, &*network, &tasks, (&path, &manifest), &extent, &events, &stop))?? {
            VerifyOutcome::Complete(proof) => {
                let proven = proof.differences.is_empty() && proof.unmade.is_none();
                let sampled = self.sample.map(|_| proof.computed);
                let badge = self.badge.keep(proven, manifest.root, sampled, tasks.len());
                let kept = badge.as_ref().ok().and_then(Option::as_ref);
                if common.json() {
                    findings::tell(&proof, proven, &extent, (&manifest, promised), tasks.len(), kept);
                } else if !common.quiet || !proven {
                    findings::say(&proof, &path, &extent, (&manifest, promised), tasks.len(), started.elapsed().as_secs_f64());
                }
                if let Some(kept) = kept.filter(|_| !common.json()) {
                    kept.say(common.quiet);
                }
                let is_stale = badge?.is_some_and(|kept| kept.is_stale());
                Ok(match proven {
                    true if is_stale => Exit::Difference,
                    true => Exit::Done,
                    false if proof.differences.is_empty() => Exit::Usage,
                    false => Exit::Difference,
                })
            }
            VerifyOutcome::Interrupted { kept: 0, .. } => {
                let sample = if self.sample.is_some() { "; a sample begins anew" } else { "" };
                text::warn(format!("interrupted: nothing is proven{sample}"));
                Ok(Exit::Interrupted)
            }
            VerifyOutcome::Interrupted { kept, asked } => {
                // --fresh would throw away what is kept.
                let command = text::command_line_without_flag("--fresh");
                text::warn(format!(
                    "interrupted: nothing is proven yet; {} of {} {} computed and kept, the same command goes on from there:\n  {command}",
                    text::thousands(kept as u64),
                    text::count(asked, "run"),
                    if kept == 1 { "is" } else { "are" }
                ));
                Ok(Exit::Interrupted)
            }
        }
    }
}

/// Refuses to make files again from stored runs where none are stored, unless the sample has every run, before anything is trained.
fn require_all(share: Share, tasks: &[Task], folder: &Path) -> Result<(), CliError> {
    // Trials on files of one content have runs in common.
    let different = tasks.iter().map(|task| task.id).collect::<BTreeSet<_>>().len();
    if share.size(tasks.len()) >= different {
        return Ok(());
    }
    Err(CliError::usage(
        format!("{} holds no stored runs (segments/), from which --files could make the files again", folder.display()),
        format!(
            "`restudy verify {}` computes every run again and makes every file from them; leave out --files to verify the sample alone",
            escape::shell_path(folder)
        ),
    ))
}
