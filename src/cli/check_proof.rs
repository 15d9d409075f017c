use std::{
    fs,
    io::Read,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, any_proof::AnyProof, text};
use crate::{
    digest::Digest,
    experiment::Promise,
    results::proof::Unreadable,
    run::{self, PrepareOptions},
    store::{self, StoreError},
};

/// Check the proof of one run, offline and without the rest of the study.
///
/// Settings and seed must give the identity, final numbers and parameters the digest, and identity and digest the root. Give the root that was published with
/// --root: a file alone can be consistent and of another study. With --recompute the run is trained again from the settings in the file.
/// The settings must be those of a run that this restudy knows, and numbers and parameters as many as they ask for. What is not checked is said.
/// Exit code 4 if anything does not hold, 2 if the file is no proof.
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
        let published = self.root.as_deref().map(published).transpose()?;
        let (proof, mut faults) = match read(&self.file)? {
            Ok(proof) => {
                let faults = proof.validate();
                (Some(proof), faults)
            }
            Err(faults) => (None, faults),
        };
        if let (Some(proof), Some(published)) = (&proof, published)
            && published != proof.root()
        {
            faults.push(format!("root: it is {}, not the published one", proof.root()));
        }
        if let Some(proof) = proof.as_ref().filter(|_| self.recompute && faults.is_empty()) {
            if let Some(unknown) = proof.unknown() {
                return Err(CliError::usage(
                    format!("the run was not computed again: this program does not have {unknown}"),
                    "use the program of the experiment; without --recompute, the file is checked against the root",
                ));
            }
            faults.extend(recompute(proof, &self.data)?);
        }
        let holds = faults.is_empty();
        if common.json() {
            let mut told = proof.as_ref().map_or_else(|| json!({}), AnyProof::summary);
            let open = proof.as_ref().filter(|_| holds).map(|proof| proof.unchecked(self.recompute));
            told["holds"] = json!(holds);
            told["faults"] = json!(faults);
            told["root-given"] = json!(self.root.is_some());
            told["recomputed"] = json!(self.recompute && holds);
            told["not-checked"] = json!(open.unwrap_or_default());
            text::say_json(told);
        } else if let Some(proof) = proof.filter(|_| holds) {
            if !common.quiet {
                say(&proof, self.root.is_some(), self.recompute);
            }
        } else {
            faults.iter().for_each(text::say);
            text::say(format!("NOT proven: {}", self.file.display()));
        }
        Ok(if holds { Exit::Done } else { Exit::Difference })
    }
}

/// The root that was published, as it was typed.
fn published(root: &str) -> Result<Digest, CliError> {
    root.trim().parse().map_err(|expected| {
        CliError::usage(format!("{root} is not a root"), format!("expected {expected}, as `restudy status` shows them"))
    })
}

/// Tells a person what was proven, and what was not.
fn say(proof: &AnyProof, published: bool, recomputed: bool) {
    let how = match (recomputed, proof.promise(), proof) {
        (false, ..) => "it is",
        (true, Some(Promise::Nothing), _) => "computed again, it was the same this time; it is",
        (true, _, AnyProof::Network(_)) => "trained again, every bit is the same; it is",
        (true, ..) => "computed again, every bit is the same; it is",
    };
    // Under a root of its own anything can be.
    let (word, root) = if published { ("proven", "the root") } else { ("consistent", "the root in the file") };
    text::say(format!("{word}: run {}: {how} under {root}", proof.run()[0].short()));
    proof.say();
    text::say(format!("root   {}", proof.root()));
    if !published {
        text::say("this root stands in the file itself: compare it with the published one, or give that with --root");
    }
    proof.unchecked(recomputed).iter().for_each(|open| text::say(format!("not checked: {open}")));
}

/// Trains the run again from the settings in the file.
fn recompute(proof: &AnyProof, data: &[PathBuf]) -> Result<Option<String>, CliError> {
    let file = |path: &PathBuf| {
        let bytes = store::read(path).map_err(|error| StoreError::io("read", path, error))?;
        Ok((Digest::of(&bytes), path.display().to_string()))
    };
    let files = data.iter().map(file).collect::<Result<Vec<_>, CliError>>()?;
    let study = proof.study(&files).map_err(|wanted| {
        CliError::usage(
            format!("the run needs a data file with the BLAKE3 digest {wanted}"),
            "give the file with --data FILE; it is found by its content, whatever its name",
        )
    })?;
    let fault = |error: &dyn std::fmt::Display| Ok(Some(format!("run: it cannot be trained from its settings: {error}")));
    let study = match study {
        Ok(study) => study,
        Err(error) => return fault(&error),
    };
    // Its data are there, with the digest that the run has for them: where they give no points, there was no such run.
    let network = match run::prepare(&study, &PrepareOptions::default()) {
        Ok(network) => network,
        Err(error) => return fault(&error),
    };
    let [task] = network.tasks()[..] else {
        return Ok(Some("run: its settings are not those of one run".into()));
    };
    let [id, digest_of] = proof.run();
    if task.id != id {
        return Ok(Some(format!("run: this restudy gives its settings the identity {}", task.id.short())));
    }
    network.require_memory()?;
    let records = network.run(&[task], &mut |_, _| ControlFlow::Continue(()), &|| false)?;
    let digest = records.and_then(|records| Some(records.first()?.digest()));
    Ok((digest != Some(digest_of)).then(|| "digest: trained again, the run has another one".into()))
}

/// The proof in a file, or why what is meant as one is none.
fn read(file: &Path) -> Result<Result<AnyProof, Vec<String>>, CliError> {
    const HELP: &str = "give a file that `restudy proof` wrote, as it wrote it";
    let name = file.display();
    let mut bytes = Vec::new();
    let opened = fs::File::open(file).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    opened.map_err(|error| CliError::usage(format!("cannot read {name}: {error}"), "check the path"))?;
    let other = |reason: &dyn std::fmt::Display| CliError::usage(format!("{name} is not the proof of a run: {reason}"), HELP);
    if bytes.len() as u64 > MOST_BYTES {
        return Err(other(&format!("it has more than {} MB", MOST_BYTES >> 20)));
    }
    let text = str::from_utf8(&bytes).map_err(|_| other(&"it is no text in UTF-8"))?;
    match AnyProof::parse(text) {
        Ok(proof) => Ok(Ok(proof)),
        Err(Unreadable::Spoilt(faults)) => Ok(Err(faults)),
        Err(error @ Unreadable::Version { .. }) => {
            Err(CliError::usage(format!("{name}: {error}"), "use the restudy that wrote it, or a newer one"))
        }
        Err(Unreadable::Other(reason)) => Err(other(&reason)),
    }
}
