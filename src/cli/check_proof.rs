use std::{
    fs,
    io::Read,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, proof::summary, text};
use crate::{
    digest::Digest,
    results::run_proof::{Number, RunProof},
    run::{Experiment, Network},
    store::{self, StoreError},
    sweep::{self, Scalar},
    train::Kernel,
};

/// Check the proof of one run, offline and without the rest of the study.
///
/// Settings and seed must give the identity, final numbers and parameters the digest, and identity and digest the root. Give the root that was published with
/// --root: a file alone can be consistent and of another study. With --recompute the run is trained again from the settings in the file.
/// Exit code 4 if anything does not hold.
#[derive(Debug, Args)]
pub(super) struct CheckProof {
    /// The file, as `restudy proof` wrote it.
    file: PathBuf,
    /// The root that was published.
    #[arg(long, value_name = "ROOT")]
    root: Option<String>,
    /// Train the run again, and compare its digest.
    #[arg(long)]
    recompute: bool,
    /// With --recompute: a data file of the run, found by its content. May be given several times.
    #[arg(long, value_name = "FILE", requires = "recompute")]
    data: Vec<PathBuf>,
}

/// The largest proof that is read.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

impl Command for CheckProof {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let proof = read(&self.file)?;
        let mut faults = proof.faults();
        if let Some(root) = &self.root {
            let published = root.trim().to_lowercase();
            published.parse::<Digest>().map_err(|expected| {
                CliError::usage(format!("{root} is not a root"), format!("expected {expected}, as `restudy status` shows them"))
            })?;
            if published != proof.root.to_string() {
                faults.push(format!("root: it is {}, not the published one", proof.root));
            }
        }
        if self.recompute && faults.is_empty() {
            faults.extend(recompute(&proof, &self.data)?);
        }
        let holds = faults.is_empty();
        if common.json() {
            let mut told = summary(&proof);
            told["holds"] = json!(holds);
            told["faults"] = json!(faults);
            told["root-given"] = json!(self.root.is_some());
            told["recomputed"] = json!(self.recompute && holds);
            text::say_json(told);
        } else if !holds {
            faults.iter().for_each(text::say);
            text::say(format!("NOT proven: {}", self.file.display()));
        } else if !common.quiet {
            say(&proof, self.root.is_some(), self.recompute);
        }
        Ok(if holds { Exit::Done } else { Exit::Difference })
    }
}

/// Tells a person what was proven, and what was not.
fn say(proof: &RunProof, published: bool, recomputed: bool) {
    let how = if recomputed { "trained again, every bit is the same; it is" } else { "it is" };
    text::say(format!("proven: run {} of the study `{}`: {how} under the root", proof.run.id.short(), proof.study));
    text::say(format!("  {} at epoch {} (step {}), seed {}", proof.outcome, proof.last.epoch, proof.last.step, proof.run.seed));
    for (part, metrics) in [("training", &proof.last.train), ("validation", &proof.last.validation)] {
        let values: Vec<_> = metrics.iter().map(|(name, Number(value))| format!("{name} {}", Scalar::Float(*value).brief())).collect();
        text::say(format!("  {part:<10} {}", values.join(", ")));
    }
    for (path, value) in &proof.run.settings {
        text::say(format!("  {path} = {value}"));
    }
    text::say(format!("root   {}", proof.root));
    if !published {
        text::say("this root stands in the file itself: compare it with the published one, or give that with --root");
    }
    if !recomputed {
        text::say("that the settings give these numbers is the study's claim; --recompute trains this one run again");
    }
}

/// Trains the run again from the settings in the file.
fn recompute(proof: &RunProof, data: &[PathBuf]) -> Result<Option<String>, CliError> {
    let file = |path: &PathBuf| {
        let bytes = store::read(path).map_err(|error| StoreError::io("read", path, error))?;
        Ok((Digest::of(&bytes), path.display().to_string()))
    };
    let files = data.iter().map(file).collect::<Result<Vec<_>, CliError>>()?;
    let text = proof.specification(&files).map_err(|wanted| {
        CliError::usage(
            format!("the run needs a data file with the BLAKE3 digest {wanted}"),
            "give the file with --data FILE; it is found by its content, whatever its name",
        )
    })?;
    let study = sweep::parse("proof", Path::new("proof.toml"), &text, &[])?;
    let network = Network::new(&study, Kernel::best())?;
    let [task] = network.tasks()[..] else {
        return Ok(Some("run: its settings are not those of one run".into()));
    };
    if task.id != proof.run.id {
        return Ok(Some(format!("run: this restudy gives its settings the identity {}", task.id.short())));
    }
    network.require_room()?;
    let records = network.run(&[task], &mut |_, _| ControlFlow::Continue(()), &|| false)?;
    let digest = records.and_then(|records| Some(records.first()?.digest()));
    Ok((digest != Some(proof.digest)).then(|| "digest: trained again, the run has another one".into()))
}

fn read(file: &Path) -> Result<RunProof, CliError> {
    let mut text = String::new();
    let opened = fs::File::open(file).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text));
    opened.map_err(|error| CliError::usage(format!("cannot read {}: {error}", file.display()), "check the path"))?;
    RunProof::parse(&text).map_err(|error| {
        let help = "give a file that `restudy proof` wrote, as it wrote it";
        CliError::usage(format!("{} is not the proof of a run: {error}", file.display()), help)
    })
}
