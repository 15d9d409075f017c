use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, any_proof::AnyProof, data_overrides, folder::Folder, text};
use crate::{
    escape,
    results::{
        reading,
        select::{require_telling, select},
        stages,
    },
    run::{self, PrepareOptions, Prepared, Task},
    store::{self, StoreError},
};

/// Write the proof of one run: a small file that leads from its numbers to the root of the study.
///
/// Whoever has the root, from a paper or a talk, checks the file offline and without the rest of the study, with `restudy check-proof`. The file holds every
/// setting of the run, its final numbers and parameters, and the way to the root.
///
/// The run is named by the beginning of its identity, or by settings: hidden=7,learning-rate=0.02,seed=3. If its record is not in the folder, it is trained again.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Proof {
    /// The run: the beginning of its identity, or settings that only it has.
    run: String,
    /// The results folder of its study; without it, the one under --results that has the run.
    folder: Option<PathBuf>,
    /// Where to write it; `-` prints the proof itself, and nothing else, with --json too. STUDY-RUN.proof.json without it.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A data file of the study, if the run must be trained again and the file is not where study.toml names it; found by its content, whatever its name.
    /// May be given several times.
    #[arg(long, value_name = "FILE")]
    data: Vec<PathBuf>,
}

const EXAMPLES: &str = "\
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
        let own = || PathBuf::from(format!("{}-{}.proof.json", folder.study.name, task.id.short()));
        let file = self.output.unwrap_or_else(own);
        // Into a pipe, the proof goes alone.
        let through = store::write_out(&file, text.as_bytes()).map_err(StoreError::of_named)?;
        if common.json() && !through {
            text::say_json(json!({
                "file": file.to_string_lossy(), "study": folder.study.name, "run": task.id, "trial": task.trial, "seed": task.seed,
                "root": folder.manifest.root,
            }));
        } else if !common.quiet && !through {
            let place = crate::results::verify::place(&folder.study, &task);
            text::say(format!("proof  {} ({place})", file.display()));
            text::say(format!("root   {}", folder.manifest.root));
            text::say(format!("check  restudy check-proof {} --root {}", escape::shell_path(&file), folder.manifest.root));
        }
        Ok(Exit::Done)
    }
}

/// The proof of a run, from its record in the folder, or else from the run trained again.
fn make(folder: &Folder, network: &dyn Prepared, task: &Task, data: &[PathBuf]) -> Result<AnyProof, CliError> {
    if let Some(experiment) = &folder.manifest.experiment {
        return Err(CliError::usage(
            format!("{} holds runs of a reader's own experiment, `{experiment}`", folder.path.display()),
            "a proof is of runs of the network, which anyone can train again",
        ));
    }
    if network.contents(task.trial).is_empty()
        && let Some((_, name)) = network.study().files(&network.study().trials[task.trial]).into_iter().next()
    {
        return Err(CliError::usage(
            format!("the manifest of {} does not say what {name} held, which is a part of a proof", folder.path.display()),
            format!("it is by a first version of restudy: put the data file at {name}, and run the same command again"),
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
            format!("the manifest of {} does not hold for run {}", folder.path.display(), task.id.short()),
            format!("`restudy verify {}` says what is wrong; nothing was written", escape::shell_path(&folder.path)),
        )
    })
}

/// Refuses to train a run again on other data than it was trained on: nothing could come out the same, and the manifest is not to blame.
fn require_data_as_it_was(folder: &Folder, network: &dyn Prepared, task: &Task) -> Result<(), CliError> {
    let changed = reading::data::changed(network, task.trial).join(" and ");
    if changed.is_empty() {
        return Ok(());
    }
    Err(CliError::usage(
        format!("{changed} has changed since run {} was trained on it", task.id.short()),
        format!(
            "the record of the run is not in {}, so it must be trained again, on the data as it was: restore the file, or say where a copy of it is with \
             --data FILE; it is found by its content, whatever its name",
            folder.path.display()
        ),
    ))
}

/// The study under `results` that has a run of these words.
fn find(results: &Path, words: &str) -> Result<Folder, CliError> {
    require_telling(words)?;
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
            format!("no study in {} has one run that is `{words}`", results.display()),
            "name the folder of the study, too: `restudy proof RUN results/NAME` says what is wrong",
        )),
        Err(_) => Err(CliError::usage(
            format!("several studies have a run that is `{words}`: {}", names.join(", ")),
            "name one of these folders after the run",
        )),
    }
}
