mod bisect;
mod elsewhere;

use std::{path::PathBuf, time::Instant};

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, folder::Folder, signal, text};
use crate::{
    results::{Against, Extent, Manifest, Proof, VERSION, Verified, bound, prove, resume::Unfinished},
    run::{Event, Network},
    store::{self, version},
    train::Kernel,
};

/// Prove results: run them again and compare every bit.
///
/// Runs every run of the study again, makes every table, figure and report from them, and compares all that the manifest lists. What a sweep
/// resumes from (segments/) and how it went (journal/) are no part of a result: damage there is told, and mended by the next sweep.
/// study.toml and manifest.json are enough, with the data file where the study has one; whatever else is there is compared too. Exit code 4 if anything
/// differs; each difference is named, a run with the first epoch that differs.
///
/// A verification of all runs that is interrupted goes on where it was when the same command is given again. What it has computed is kept in your own cache
/// (~/.cache/restudy), never in the folder: nobody can hand over half a proof. A sample that is interrupted begins anew.
///
/// With --sample only some runs are run again, chosen by the root of the study and the digests of its tables: whoever changes a result changes the sample. It says how many runs can be
/// wrong all the same. Tables, figures and report are made from all runs as they are stored; where these are not here, as in a clone, they are compared
/// with their digests in the manifest, which whoever changes them can change too: it says so. Somebody who makes all results anew could still try for a sample that spares him; add a word of your own with --sample-seed, and he cannot.
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
    sample: Option<Sample>,
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
}

const EXAMPLES: &str = "\
Examples:
  restudy verify results/hidden                               every run, every file
  restudy verify results/hidden --sample 59                   some runs, and what that proves
  restudy verify results/hidden --sample 5% --sample-seed \"the day's headline\"
  restudy verify --bisect results/hidden theirs/hidden        where two machines part";

/// How many runs of a study.
#[derive(Debug, Clone, Copy)]
enum Sample {
    Runs(usize),
    Percent(f64),
}

impl std::str::FromStr for Sample {
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

impl Sample {
    fn size(self, runs: usize) -> usize {
        match self {
            Self::Runs(n) => n.min(runs),
            Self::Percent(percent) => ((runs as f64 * percent / 100.0).ceil() as usize).clamp(1, runs),
        }
    }
}

/// So many differences are enough to know what is wrong.
const MOST_SHOWN: usize = 20;

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
        let kernel = if self.portable { Kernel::Portable } else { Kernel::best() };
        let elsewhere = elsewhere::find(&study, &manifest, &self.data, &path)?;
        let network = Network::with_files(&study, kernel, elsewhere)?;
        if let Some(other) = &self.other {
            return bisect::run(common, &network, (&path, &manifest), other, self.steps);
        }
        let tasks = network.tasks();
        let unfinished = Unfinished::of(manifest.root, kernel);
        if self.fresh {
            unfinished.iter().for_each(Unfinished::forget);
        }
        let extent = match self.sample {
            Some(sample) => Extent::Sample(sample.size(tasks.len()), self.sample_seed.as_deref()),
            None => Extent::Whole(unfinished.as_ref()),
        };
        let progress = common.mode().start_proof(&study);
        let stop = signal::stop_flag()?;
        let events = |event: Event<'_>| progress.event(&event);
        match common.on_threads(|| prove(&network, &network, &tasks, (&path, &manifest), &extent, &events, &stop))?? {
            Verified::Proof(proof) => {
                let proven = proof.differences.is_empty();
                if common.json() {
                    tell(&proof, &extent, &manifest, tasks.len());
                } else if !common.quiet || !proven {
                    say(&proof, &extent, &manifest, tasks.len(), started.elapsed().as_secs_f64());
                }
                match proof.damage.map_or_else(|| store::load(&path).map(|(_, damaged)| damaged), Ok) {
                    Ok(damaged) => damaged.iter().for_each(|damage| {
                        let (file, reason) = (damage.file.display(), &damage.reason);
                        text::warn(format!("{file}: {reason}; it is no part of the proof, and `restudy sweep` mends it"));
                    }),
                    Err(error) => text::warn(format!(
                        "the stored runs, which are no part of the proof, cannot be used, and `restudy sweep` does not go on with them: {error}"
                    )),
                }
                Ok(if proven { Exit::Done } else { Exit::Difference })
            }
            Verified::Interrupted { kept: 0, .. } => {
                let sample = if self.sample.is_some() { "; a sample begins anew" } else { "" };
                text::warn(format!("interrupted: nothing is proven{sample}"));
                Ok(Exit::Interrupted)
            }
            Verified::Interrupted { kept, asked } => {
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

/// Tells a person what was found.
fn say(proof: &Proof, extent: &Extent<'_>, manifest: &Manifest, runs: usize, seconds: f64) {
    let Proof { differences, absent, other, computed, resumed, against, .. } = proof;
    let mut checked = format!("{} of {} computed again in {}", text::thousands(*computed as u64), text::count(runs, "run"), text::duration(seconds));
    if *resumed > 0 {
        checked.push_str(&format!(" ({} of them by an earlier verification, which was interrupted)", text::thousands(*resumed as u64)));
    }
    differences.iter().take(MOST_SHOWN).for_each(text::say);
    if differences.len() > MOST_SHOWN {
        text::say(format!("and {} more; --json names them all", differences.len() - MOST_SHOWN));
    }
    if differences.is_empty() {
        let what = match against {
            Against::Computed => "every bit is the same",
            Against::Stored => "every bit of these is the same, and every file is made from the runs as they are stored",
            Against::Manifest => "every bit of these is the same, and every file is the one of the manifest",
        };
        text::say(format!("proven: {checked}; {what}"));
        if let Extent::Sample(..) = extent {
            text::say(format!("that is: {}", promise(runs, *computed)));
        }
        if *against == Against::Manifest {
            text::say(
                "for tables, figures and report the manifest alone vouches, and whoever changes them can change it too: without --sample they are made again",
            );
        }
        text::say(format!("root   {}", manifest.root));
    } else {
        text::say(format!("NOT proven: {checked}; {}", text::count(differences.len(), "difference")));
    }
    if !absent.is_empty() {
        text::say(format!("not here, and not needed: {}", absent.join(", ")));
    }
    if !other.is_empty() {
        text::say(format!(
            "in other bytes: {} {} every value, but not as this restudy writes it: made by another build of it, or damaged where only readers of \
             others look; a sweep of the study writes it anew",
            other.join(", "),
            if other.len() == 1 { "holds" } else { "hold" }
        ));
    }
    if version::plain(&manifest.restudy) != VERSION {
        text::say(format!(
            "these results were made by restudy {}, this is {VERSION}: figures and report may be drawn differently",
            manifest.restudy
        ));
    }
}

/// What a sample without a fault proves.
fn promise(runs: usize, computed: usize) -> String {
    match bound::most_wrong(runs, computed) {
        0 => format!("none of {} can be wrong", text::count(runs, "run")),
        wrong => format!(
            "at most {:.1} % of all runs ({} of {}) can be wrong, at 95 % confidence",
            bound::percent(wrong, runs),
            text::thousands(wrong as u64),
            text::thousands(runs as u64)
        ),
    }
}

/// Tells a program what was found.
fn tell(proof: &Proof, extent: &Extent<'_>, manifest: &Manifest, runs: usize) {
    let Proof { differences, absent, other, computed, resumed, against, .. } = proof;
    let against = match against {
        Against::Computed => "runs computed again",
        Against::Stored => "stored runs",
        Against::Manifest => "manifest",
    };
    let sample = match extent {
        Extent::Sample(_, word) if differences.is_empty() => {
            let wrong = bound::most_wrong(runs, *computed);
            json!({ "seed": word, "most-wrong": wrong, "most-wrong-percent": bound::percent(wrong, runs), "confidence": 0.95 })
        }
        Extent::Sample(_, word) => json!({ "seed": word }),
        Extent::Whole(_) => json!(null),
    };
    let named: Vec<_> = differences.iter().map(|d| json!({ "what": d.what, "how": d.how })).collect();
    text::say_json(json!({
        "proven": differences.is_empty(), "runs": runs, "computed": computed, "resumed": resumed, "sample": sample,
        "root": manifest.root, "differences": named, "absent": absent, "in-other-bytes": other, "files-against": against,
    }));
}
