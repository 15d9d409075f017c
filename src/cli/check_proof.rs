use std::{
    fs,
    io::Read,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{CliError, Code, Command, Common, Exit, any_proof::AnyProof, text};
use crate::{
    digest::Digest,
    experiment::Promise,
    results::proof::Unreadable,
    run::{self, PrepareOptions},
    store::{self, StoreError},
};

/// Check the proof of one run, offline and without the rest of the study.
///
/// Checks that settings and seed give the identity of the run, that final numbers and parameters give its digest, and
/// that identity and digest lead to the root. The settings must be valid for this version, with the right number of
/// values. Give the published root with --root: without it, a consistent file of another study passes too. With
/// --recompute the run is also trained again from the settings in the file. The output lists what was not checked.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct CheckProof {
    /// File that `restudy proof` wrote.
    file: PathBuf,
    /// Published root of the study, as `restudy status` prints it.
    #[arg(long, value_name = "ROOT")]
    root: Option<String>,
    /// Train the run again and compare its digest.
    #[arg(long)]
    recompute: bool,
    /// With --recompute: a data file of the run, identified by its content; may be repeated.
    #[arg(long, value_name = "FILE", requires = "recompute")]
    data: Vec<PathBuf>,
}

const EXAMPLES: &str = "\
Exit codes:
  0  the proof is valid
  2  the file is not a proof, or --recompute lacks a data file or the experiment
  4  the proof is not valid

Examples:
  restudy check-proof table-2.proof.json --root ROOT
  restudy check-proof table-2.proof.json --root ROOT --recompute";

const MOST_BYTES: u64 = 64 * 1024 * 1024;

impl Command for CheckProof {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let published = self.root.as_deref().map(published).transpose()?;
        let (proof, mut problems) = match read(&self.file)? {
            Ok(proof) => {
                let problems = proof.validate();
                (Some(proof), problems)
            }
            Err(problems) => (None, problems),
        };
        if let (Some(proof), Some(published)) = (&proof, published)
            && published != proof.root()
        {
            problems.push(format!("root: the file has {}, not the published root", proof.root()));
        }
        if let Some(proof) = proof.as_ref().filter(|_| self.recompute && problems.is_empty()) {
            if let Some(unknown) = proof.unknown() {
                return Err(CliError::usage(
                    Code::ExperimentUnknown,
                    format!("cannot compute the run again: this program does not have {unknown}"),
                    "use the program of that experiment, or leave out --recompute to check the file against the root",
                ));
            }
            problems.extend(recompute(proof, &self.data)?);
        }
        let holds = problems.is_empty();
        if common.json() {
            let mut object = proof.as_ref().map_or_else(|| json!({}), AnyProof::summary);
            let open = proof.as_ref().filter(|_| holds).map(|proof| proof.unchecked(self.recompute));
            object["holds"] = json!(holds);
            object["faults"] = json!(problems);
            object["root-given"] = json!(self.root.is_some());
            object["recomputed"] = json!(self.recompute && holds);
            object["not-checked"] = json!(open.unwrap_or_default());
            text::say_json(object);
        } else if let Some(proof) = proof.filter(|_| holds) {
            if !common.quiet {
                say(&proof, self.root.is_some(), self.recompute);
            }
        } else {
            problems.iter().for_each(text::say);
            text::say(format!("NOT proven: {}", self.file.display()));
        }
        Ok(if holds { Exit::Done } else { Exit::Difference })
    }
}

fn published(root: &str) -> Result<Digest, CliError> {
    root.trim().parse().map_err(|expected| {
        CliError::usage(Code::RootMalformed, format!("{root} is not a root"), format!("expected {expected}, as `restudy status` prints it"))
    })
}

fn say(proof: &AnyProof, published: bool, recomputed: bool) {
    let how = match (recomputed, proof.promise(), proof) {
        (false, ..) => "",
        (true, Some(Promise::Nothing), _) => "computed again with the same result this time, ",
        (true, _, AnyProof::Network(_)) => "trained again with the same bits, ",
        (true, ..) => "computed again with the same bits, ",
    };
    // A forged file can be consistent with the root that it names itself.
    let (word, root) = if published { ("proven", "the root") } else { ("consistent", "the root in the file") };
    text::say(format!("{word}: run {}: {how}included in {root}", proof.run()[0].short()));
    proof.say();
    text::say(format!("root   {}", proof.root()));
    if !published {
        text::say("the root comes from the file itself: compare it with the published root, or give that with --root");
    }
    proof.unchecked(recomputed).iter().for_each(|open| text::say(format!("not checked: {open}")));
}

fn recompute(proof: &AnyProof, data: &[PathBuf]) -> Result<Option<String>, CliError> {
    let file = |path: &PathBuf| {
        let bytes = store::read(path).map_err(|error| StoreError::io("read", path, error))?;
        Ok((Digest::of(&bytes), path.display().to_string()))
    };
    let files = data.iter().map(file).collect::<Result<Vec<_>, CliError>>()?;
    let study = proof.study(&files).map_err(|wanted| {
        CliError::usage(
            Code::ProofNeedsData,
            format!("the run needs a data file with the BLAKE3 digest {wanted}"),
            "give the file with --data FILE; it is identified by its content, so its name does not matter",
        )
    })?;
    let problem = |error: &dyn std::fmt::Display| Ok(Some(format!("run: cannot be trained from its settings: {error}")));
    let study = match study {
        Ok(study) => study,
        Err(error) => return problem(&error),
    };
    // The data has the digest that the proof names, so a failure here means that the settings are not those of a run.
    let network = match run::prepare(&study, &PrepareOptions::default()) {
        Ok(network) => network,
        Err(error) => return problem(&error),
    };
    let [task] = network.tasks()[..] else {
        return Ok(Some("run: the settings do not describe exactly one run".into()));
    };
    let [id, digest_of] = proof.run();
    if task.id != id {
        return Ok(Some(format!("run: the settings give the identity {}", task.id.short())));
    }
    network.require_memory()?;
    let records = network.run(&[task], &mut |_, _| ControlFlow::Continue(()), &|| false)?;
    let digest = records.and_then(|records| Some(records.first()?.digest()));
    Ok((digest != Some(digest_of)).then(|| "digest: the run, trained again, has a different one".into()))
}

/// The proof in a file, or the problems of a file that is meant as a proof.
fn read(file: &Path) -> Result<Result<AnyProof, Vec<String>>, CliError> {
    const HELP: &str = "give an unchanged file of `restudy proof`";
    let name = file.display();
    let mut bytes = Vec::new();
    let opened = fs::File::open(file).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    opened.map_err(|error| CliError::usage(Code::ProofUnreadable, format!("cannot read {name}: {error}"), "check the path"))?;
    let not_a_proof = |reason: &dyn std::fmt::Display| CliError::usage(Code::ProofMalformed, format!("{name} is not the proof of a run: {reason}"), HELP);
    if bytes.len() as u64 > MOST_BYTES {
        return Err(not_a_proof(&format!("it has more than {} MB", MOST_BYTES >> 20)));
    }
    let text = str::from_utf8(&bytes).map_err(|_| not_a_proof(&"it is not UTF-8 text"))?;
    match AnyProof::parse(text) {
        Ok(proof) => Ok(Ok(proof)),
        Err(Unreadable::Invalid(problems)) => Ok(Err(problems)),
        Err(error @ Unreadable::Version { .. }) => {
            Err(CliError::usage(Code::ProofVersion, format!("{name}: {error}"), "use the restudy that wrote it, or a newer one"))
        }
        Err(Unreadable::Other(reason)) => Err(not_a_proof(&reason)),
    }
}
