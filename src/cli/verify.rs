use std::{path::PathBuf, time::Instant};

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, folder::Folder, signal, text};
use crate::{
    results::{Proof, VERSION, prove},
    run::{Event, Network},
    train::Kernel,
};

/// Prove results: run them again and compare every bit.
///
/// Runs every run of the study again, makes every table, figure and report from them, and compares all that is in the folder.
/// study.toml and manifest.json are enough, with the data file where the study has one; whatever else is there is compared too. With --sample only some runs are run
/// again, chosen by the root of the study. Exit code 4 if anything differs; each difference is named, a run with the
/// first epoch that differs.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The results folder of a study, such as results/hidden.
    folder: PathBuf,
    /// Run only so many runs again: a number, or a percentage such as 5%.
    #[arg(long, value_name = "N|P%")]
    sample: Option<Sample>,
    /// Train with the portable kernel, to see that it gives the same bits.
    #[arg(long)]
    portable: bool,
}

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
        let Folder { path, study, manifest } = Folder::open(&self.folder)?;
        if let Some(experiment) = &manifest.experiment {
            return Err(CliError::usage(
                format!("{} holds runs of a reader's own experiment, `{experiment}`", path.display()),
                "only the notebook that defines it can compute them again: `restudy notebook check`",
            ));
        }
        let kernel = if self.portable { Kernel::Portable } else { Kernel::best() };
        let network = Network::new(&study, kernel)?;
        let tasks = network.tasks();
        let sample = self.sample.map(|sample| sample.size(tasks.len()));
        let whole = sample.is_none();
        let progress = common.mode().start(&study);
        let stop = signal::stop_flag()?;
        let events = |event: Event<'_>| progress.event(&event);
        let proof = common.on_threads(|| prove(&network, &network, &tasks, (&path, &manifest), sample, &events, &stop))??;
        let Some(Proof { differences, absent, computed }) = proof else {
            text::warn("interrupted: nothing is proven");
            return Ok(Exit::Interrupted);
        };
        let proven = differences.is_empty();
        if common.json() {
            let differences: Vec<_> = differences.iter().map(|d| json!({ "what": d.what, "how": d.how })).collect();
            text::say(json!({ "proven": proven, "runs": tasks.len(), "computed": computed, "root": manifest.root, "differences": differences, "absent": absent }));
        } else if !common.quiet || !proven {
            let checked = format!("{} of {} computed again in {}", computed, text::count(tasks.len(), "run"), text::duration(started.elapsed().as_secs_f64()));
            differences.iter().take(MOST_SHOWN).for_each(text::say);
            if differences.len() > MOST_SHOWN {
                text::say(format!("and {} more; --json names them all", differences.len() - MOST_SHOWN));
            }
            if proven {
                let what = if whole {
                    "every bit is the same"
                } else {
                    "every bit of these is the same, and every file is the one of the manifest"
                };
                text::say(format!("proven: {checked}; {what}\nroot   {}", manifest.root));
            } else {
                text::say(format!("NOT proven: {checked}; {}", text::count(differences.len(), "difference")));
            }
            if !absent.is_empty() {
                text::say(format!("not here, and not needed: {}", absent.join(", ")));
            }
            if manifest.restudy != VERSION {
                text::say(format!("these results were made by restudy {}, this is {VERSION}: figures and report may be drawn differently", manifest.restudy));
            }
        }
        Ok(if proven { Exit::Done } else { Exit::Difference })
    }
}
