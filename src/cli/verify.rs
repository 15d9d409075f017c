pub(super) mod agreement;
mod badge;
mod bisect;
mod findings;
mod note;
mod repeat;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;

use super::{CliError, Code, Command, Common, Exit, data_overrides, folder::Folder, share::Share, signal, text};
use crate::{
    escape,
    results::{Extent, Sample, VerifyOutcome, verify, resume::Unfinished, stages},
    run::{self, Event, PrepareOptions, Task},
    store,
};

/// Verify results: compute them again and compare every bit.
///
/// Computes every run of the study again, makes tables, figures and report from the runs, and compares all files of the
/// manifest and all stored runs (segments/). Needs study.toml, manifest.json and the data file of the study, if it has
/// one; all other files in the folder are compared too, except the journal, which is not a result. Each difference is
/// listed, for a run with the first epoch that differs. The next sweep repairs stored runs that cannot be read.
///
/// The same command continues an interrupted verification. Computed runs are kept in the cache of the user
/// (~/.cache/restudy), never in the folder, so a folder cannot contain a prepared half of a verification. An
/// interrupted sample starts from the beginning.
///
/// In a study with a confirmation stage, the choice of the confirmed trials is repeated too. A sample repeats it from
/// runs.parquet, and says if it cannot ("choice-by" with --json).
///
/// With --sample, only some runs are computed again. The manifest determines the sample, so changing any result changes
/// the sample. The sampled runs are compared in full, with their stored records and their rows in the tables. All other
/// files are compared with the digests in the manifest, which a forger can change too; the output says so, and gives a
/// bound on the number of wrong runs. --files also makes tables, figures and report again from all stored runs. A
/// forger who makes all results anew can try for a favorable sample; a word of your own with --sample-seed prevents
/// this.
///
/// Report and figures of another version of restudy are compared with the digests in the manifest only, since each
/// version renders them in its own way; runs and tables are computed again.
///
/// With --badge, writes a picture for a README with the number of verified runs and the first digits of their root;
/// after a sample, also how many runs were computed again. An existing badge stays unchanged if the verification fails.
/// --check compares the badge instead of writing it: exit code 4 if it is missing or out of date.
///
/// With --note, writes what this machine found, also if something differs: same bits, or for every measurement how far
/// apart. Send the file to those who have the results: `restudy report` lists the files in verdicts/ of the results
/// folder. It has the system, the processor and the first lines that the commands under `versions` print, without words
/// that are paths or the names of this machine and its user.
///
/// With --bisect, compares the runs of two folders and finds where they differ first. Nothing is trained, unless
/// --steps is given. Tables, figures and reports are not compared: verify each folder for these.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Verify {
    /// Results folder of a study, such as results/hidden.
    folder: PathBuf,
    /// With --bisect: the results folder to compare with.
    #[arg(requires = "bisect")]
    other: Option<PathBuf>,
    /// Verify only N runs, or a percentage of all runs such as 5%.
    #[arg(long, value_name = "N|P%")]
    sample: Option<Share>,
    /// With --sample: also make tables, figures and report again from all stored runs.
    #[arg(long, requires = "sample")]
    files: bool,
    /// Also derive the sample from this word; choose one that could not be known when the results were made.
    #[arg(long, value_name = "WORD", requires = "sample")]
    sample_seed: Option<String>,
    /// Data file of the study, if study.toml names another path; identified by its content; may be repeated.
    #[arg(long, value_name = "FILE")]
    data: Vec<PathBuf>,
    /// Start from the beginning, even if an earlier verification was interrupted.
    #[arg(long)]
    fresh: bool,
    /// Compare the shared runs of two folders, and find the first measurement that differs.
    #[arg(long, requires = "other", conflicts_with_all = ["sample", "fresh"])]
    bisect: bool,
    /// With --bisect: train the first differing run again, and find which result this program computes, and at which
    /// steps they differ.
    #[arg(long, requires = "bisect")]
    steps: bool,
    /// Compute the runs N times, and say whether all computations are the same, whatever is stored. --sample takes some
    /// runs.
    #[arg(long, value_name = "N", value_parser = times, conflicts_with_all = ["bisect", "files", "fresh", "badge"])]
    repeat: Option<usize>,
    /// Find out what the results of a program depend on: compute two runs, or --sample, three times; then in another
    /// folder, with another home, time zone, locale, umask, hash seed and number of threads, each alone and all
    /// together; and name what changes the results.
    #[arg(long, conflicts_with_all = ["repeat", "bisect", "files", "fresh", "badge"])]
    vary: bool,
    /// Train with portable code instead of SIMD instructions, to test that the bits are equal.
    #[arg(long)]
    portable: bool,
    #[command(flatten)]
    badge: badge::Options,
    #[command(flatten)]
    note: note::Options,
}

const EXAMPLES: &str = "\
Exit codes:
  0    proven: all compared bits are equal
  2    no finished study, or --files lacks stored runs
  4    something differs or is damaged
  130  interrupted; the same command continues

Examples:
  restudy verify results/hidden                               all runs and all files
  restudy verify results/hidden --sample 59                   59 runs, and a bound for the rest
  restudy verify results/hidden --sample 59 --files           59 runs, and all files made again
  restudy verify results/hidden --badge results/hidden.svg    also write a badge, if all is proven
  restudy verify results/hidden --note lab.json               also write what this machine found
  restudy verify results/train --repeat 3                     is the program deterministic here?
  restudy verify results/train --vary                         and what does it depend on?
  restudy verify results/hidden --sample 5% --sample-seed \"the day's headline\"
  restudy verify --bisect results/hidden theirs/hidden        where two results differ";

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
                Code::ExperimentOfNotebook,
                format!("{} has runs of `{experiment}`, an experiment of a notebook", path.display()),
                "only the notebook that defines it can compute them again: run `restudy notebook check` on it",
            ));
        }
        let data_overrides = data_overrides::find(&study, &manifest, &self.data, &path)?;
        let network = run::prepare(&study, &PrepareOptions { portable: self.portable, data_overrides: data_overrides.clone(), ..PrepareOptions::default() })?;
        if let Some(other) = &self.other {
            return bisect::run(common, &*network, (&path, &manifest), other, self.steps);
        }
        let subject = note::Subject { study: &study, manifest: &manifest, instructions: network.instructions() };
        let note = self.note.place(&path, subject)?;
        if self.vary || self.repeat.is_some() {
            let repeater = repeat::Repeater {
                study: &study,
                folder: &path,
                manifest: &manifest,
                common,
                data_overrides,
                share: self.sample,
                word: self.sample_seed.as_deref(),
                note,
            };
            return if self.vary { repeater.vary() } else { repeater.repeat(self.repeat.unwrap_or(2)) };
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
            unfinished.iter().for_each(Unfinished::remove);
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
                let proven = proof.differences.is_empty() && proof.not_rendered.is_none();
                // Trials on files with the same content share runs; the badge counts each run once.
                let [computed, all] = proof.different;
                let badge = self.badge.keep(proven, manifest.root, self.sample.map(|_| computed), all);
                let kept = badge.as_ref().ok().and_then(Option::as_ref);
                let noted = note.map(|note| note.of(&proof, &extent, tasks.len())).transpose();
                let written = noted.as_ref().ok().and_then(|noted| noted.as_ref()?.as_ref());
                if common.json() {
                    let beside = (kept, written);
                    findings::print_json(&proof, proven, &extent, (&manifest, study.declaration()), tasks.len(), beside);
                } else if !common.quiet || !proven {
                    findings::print(&proof, &path, &extent, (&manifest, study.declaration()), tasks.len(), started.elapsed().as_secs_f64());
                }
                if let Some(kept) = kept.filter(|_| !common.json()) {
                    kept.say(common.quiet);
                }
                written.filter(|_| !common.json() && !common.quiet).into_iter().for_each(note::Written::say);
                if let Some(None) = noted? {
                    text::warn("no verdict was written: no run was computed");
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
                let sample = if self.sample.is_some() { "; a sample starts from the beginning" } else { "" };
                text::warn(format!("interrupted: nothing is proven{sample}"));
                Ok(Exit::Interrupted)
            }
            VerifyOutcome::Interrupted { kept, asked } => {
                // --fresh would discard the computed runs.
                let command = text::command_line_without_flag("--fresh");
                text::warn(format!(
                    "interrupted: nothing is proven yet; {} of {} {} computed and kept; the same command continues from there:\n  {command}",
                    text::thousands(kept as u64),
                    text::count(asked, "run"),
                    if kept == 1 { "is" } else { "are" }
                ));
                Ok(Exit::Interrupted)
            }
        }
    }
}

fn times(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|times| (2..=1000).contains(times)).ok_or_else(|| "expected a number from 2 to 1000".to_owned())
}

/// Refuses --files without stored runs before anything is trained, unless the sample has every run.
fn require_all(share: Share, tasks: &[Task], folder: &Path) -> Result<(), CliError> {
    // Trials on files with equal content share runs.
    let different = tasks.iter().map(|task| task.id).collect::<BTreeSet<_>>().len();
    if share.size(tasks.len()) >= different {
        return Ok(());
    }
    Err(CliError::usage(
        Code::FolderNoSegments,
        format!("{} has no stored runs (segments/), which --files needs", folder.display()),
        format!(
            "run `restudy verify {}` to compute every run and every file again, or leave out --files to verify the sample only",
            escape::shell_path(folder)
        ),
    ))
}
