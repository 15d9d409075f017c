use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{CliError, Code, Command, Common, Exit, any_proof::AnyProof, data_overrides, folder::Folder, text};
use crate::{
    escape,
    results::{
        reading,
        select::{require_length, select},
        stages,
    },
    run::{self, PrepareOptions, Prepared, Task},
    store::{self, StoreError},
};

/// Write the proof of one run, a small file that links its numbers to the root of the study.
///
/// The file contains every setting of the run, its final numbers and parameters, and the hashes that lead to the root.
/// With a published root, `restudy check-proof` checks the file offline and without the rest of the study.
///
/// Select the run by the first digits of its identity, or by settings: hidden=7,learning-rate=0.02,seed=3. A run
/// without a stored record is trained again.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Proof {
    /// Run: the first digits of its identity, or settings that select only this run.
    run: String,
    /// Results folder of the study [default: the one under --results that has the run].
    folder: Option<PathBuf>,
    /// File to write; `-` prints only the proof, also with --json [default: STUDY-RUN.proof.json].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Data file of the study, if the run is trained again and study.toml names another path; identified by its
    /// content; may be repeated.
    #[arg(long, value_name = "FILE")]
    data: Vec<PathBuf>,
}

const EXAMPLES: &str = "\
Exit codes:
  0  written
  2  no such run, several such runs, or a data file is missing or was changed

Examples:
  restudy proof hidden=7,seed=3 results/hidden
  restudy proof 5d11ec1b -o table-2.proof.json
  restudy check-proof table-2.proof.json --root ROOT";

impl Command for Proof {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let folder = match &self.folder {
            Some(folder) => Folder::open(folder)?,
            None => find(&common.results, &self.run)?,
        };
        folder.require_unchanged()?;
        let network = reading::data::network(&folder.study, &folder.path, Some(&folder.manifest))?;
        let task = select(&folder.study, &stages::listed(&*network, &network.tasks(), &folder.manifest), &self.run)?;
        let proof = make(&folder, &*network, &task, &self.data)?;
        let text = proof.to_text();
        if self.output.as_deref() == Some(Path::new("-")) {
            text::say_json(text.trim_end());
            return Ok(Exit::Done);
        }
        let default = || PathBuf::from(format!("{}-{}.proof.json", folder.study.name, task.id.short()));
        let file = self.output.unwrap_or_else(default);
        // A pipe or device receives the proof only.
        let is_pipe = store::write_out(&file, text.as_bytes()).map_err(StoreError::of_named)?;
        if common.json() && !is_pipe {
            text::say_json(json!({
                "file": file.to_string_lossy(), "study": folder.study.name, "run": task.id, "trial": task.trial, "seed": task.seed,
                "root": folder.manifest.root,
            }));
        } else if !common.quiet && !is_pipe {
            let place = crate::results::verify::place(&folder.study, &task);
            text::say(format!("proof  {} ({place})", file.display()));
            text::say(format!("root   {}", folder.manifest.root));
            text::say(format!("check  restudy check-proof {} --root {}", escape::shell_path(&file), folder.manifest.root));
        }
        Ok(Exit::Done)
    }
}

/// The proof of a run, from its stored record or from the run trained again.
fn make(folder: &Folder, network: &dyn Prepared, task: &Task, data: &[PathBuf]) -> Result<AnyProof, CliError> {
    if let Some(experiment) = &folder.manifest.experiment {
        return Err(CliError::usage(
            Code::ExperimentOfNotebook,
            format!("{} has runs of `{experiment}`, an experiment of a notebook", folder.path.display()),
            "proofs exist only for runs that a program can compute again",
        ));
    }
    if network.contents(task.trial).is_empty()
        && let Some((_, name)) = network.study().files(&network.study().trials[task.trial]).into_iter().next()
    {
        return Err(CliError::usage(
            Code::ProofNoDigest,
            format!("the manifest of {} does not list the digest of {name}, which a proof needs", folder.path.display()),
            format!("an early version of restudy wrote it: put the data file at {name}, and run the same command again"),
        ));
    }
    let record = match reading::record(&folder.path, &folder.study, &folder.manifest, task.id) {
        Some(record) => Some(record),
        None => {
            if data.is_empty() {
                require_data_as_it_was(folder, network, task)?;
            }
            let files = data_overrides::find(&folder.study, &folder.manifest, data, &folder.path)?;
            let network = run::prepare(&folder.study, &PrepareOptions { data_overrides: files, ..PrepareOptions::default() })?;
            network.require_memory()?;
            let records = network.run(&[*task], &mut |_, _| ControlFlow::Continue(()), &|| false)?;
            records.and_then(|mut records| records.pop())
        }
    };
    let proof = record.and_then(|record| AnyProof::new(network, task, &record, &folder.manifest));
    let proof = proof.filter(|proof| proof.validate().is_empty());
    proof.ok_or_else(|| {
        CliError::usage(
            Code::ManifestOtherRun,
            format!("the manifest of {} contradicts run {}", folder.path.display(), task.id.short()),
            format!("run `restudy verify {}` to see what is wrong; nothing was written", escape::shell_path(&folder.path)),
        )
    })
}

/// Refuses to train a run again on changed data: its result would differ for this reason alone.
fn require_data_as_it_was(folder: &Folder, network: &dyn Prepared, task: &Task) -> Result<(), CliError> {
    let changed = reading::data::changed(network, task.trial).join(" and ");
    if changed.is_empty() {
        return Ok(());
    }
    let (computed, again) = match network.study().declaration().external {
        true => ("computed with", "computed again with the original inputs"),
        false => ("trained on", "trained again on the original data"),
    };
    Err(CliError::usage(
        Code::DataChanged,
        format!("{changed} has changed since run {} was {computed} it", task.id.short()),
        format!(
            "the record of the run is not in {}, so it must be {again}: restore the file, or give the path of a copy with \
             --data FILE; it is identified by its content, not by its name",
            folder.path.display()
        ),
    ))
}

/// The study under `results` that has the selected run.
fn find(results: &Path, words: &str) -> Result<Folder, CliError> {
    require_length(words)?;
    let mut folders: Vec<_> = fs::read_dir(results).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let found: Vec<_> = folders
        .iter()
        .filter(|path| path.join("manifest.json").is_file())
        .filter_map(|path| Folder::open(path).ok())
        .filter(|folder| {
            if !words.contains('=') {
                return folder.manifest.runs.iter().any(|run| run.id.to_string().starts_with(&words.to_lowercase()));
            }
            reading::data::network(&folder.study, &folder.path, Some(&folder.manifest))
                .is_ok_and(|network| select(&folder.study, &stages::listed(&*network, &network.tasks(), &folder.manifest), words).is_ok())
        })
        .collect();
    let names: Vec<_> = found.iter().map(|folder| folder.path.display().to_string()).collect();
    match <[Folder; 1]>::try_from(found) {
        Ok([folder]) => Ok(folder),
        Err(_) if names.is_empty() => Err(CliError::usage(
            Code::RunUnknown,
            format!("no study in {} has exactly one run `{words}`", results.display()),
            "give the folder of the study too, for an error that says more: `restudy proof RUN results/NAME`",
        )),
        Err(_) => Err(CliError::usage(
            Code::RunManyStudies,
            format!("several studies have a run `{words}`: {}", names.join(", ")),
            "add one of these folders to the command",
        )),
    }
}
