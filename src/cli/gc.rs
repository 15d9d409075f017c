mod choice;
mod left_over;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Args;
use restudy_programs::run::{LOGS, kept};
use serde_json::json;

use super::{CliError, Code, Command, Common, Exit, folder::Folder, text};
use crate::{digest::Digest, store};
use choice::Choice;

/// Remove the kept files of runs, or runs that are no longer needed, to free space.
///
/// Programs can keep files with every run (`keep` under [command]): models, pictures. This command removes these files.
/// Their names, sizes and digests stay in files/*.json, and their digests in the records, so `restudy verify` still
/// compares the files that it computes again with what was there. Measurements, tables, figures and the report stay.
/// --where and --keep-best restrict this to some of the runs of the study.
///
/// With --logs, what the runs printed is removed instead.
///
/// With --runs, the runs that the study does not ask for are removed, with their files and what they printed: they are
/// left over from an earlier specification, or from earlier inputs. removed.jsonl lists them. Going back to that
/// specification computes them again.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  removed, or nothing to remove
  1  a file cannot be removed
  2  no such folder, a sweep works in it, or has to end first
  4  stored runs contradict each other

Examples:
  restudy gc results/train --dry-run
  restudy gc results/train --keep-best 3
  restudy gc results/train --where 'loss>0.5'
  restudy gc results/train --logs
  restudy gc results/train --runs")]
pub(super) struct Gc {
    /// Results folder of a study, such as results/train.
    folder: PathBuf,
    /// Only say what would be removed.
    #[arg(long)]
    dry_run: bool,
    /// Remove what the runs printed, instead of their files.
    #[arg(long)]
    logs: bool,
    /// Remove the runs that the study does not ask for, with their files and what they printed.
    #[arg(long, conflicts_with_all = ["logs", "conditions", "keep_best"])]
    runs: bool,
    #[command(flatten)]
    choice: Choice,
}

impl Command for Gc {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let folder = Folder::open(&self.folder)?;
        let path = &folder.path;
        if store::is_busy(path) {
            return Err(CliError::usage(
                Code::GcBusy,
                format!("a sweep works in {}", path.display()),
                "wait until it has ended, and run the same command again",
            ));
        }
        if self.runs {
            return left_over::remove(&folder, self.dry_run, common);
        }
        let chosen = self.choice.runs(path, common)?;
        let what = path.join(if self.logs { LOGS } else { kept::FILES });
        let mut found = removable(&what, self.logs).map_err(|error| failed(&what, &error))?;
        // The names of both begin with the identity of the run.
        found.retain(|place| {
            let run = place.file_stem().unwrap_or_default().to_string_lossy();
            chosen.as_ref().is_none_or(|chosen| chosen.contains(&*run))
        });
        let bytes = remove(&found, self.dry_run)?;
        if common.json() {
            text::say_json(json!({ "folder": path.to_string_lossy(), "runs": found.len(), "bytes": bytes, "removed": !self.dry_run }));
        } else if !common.quiet {
            let (runs, did) = (text::count(found.len(), "run"), did(self.dry_run));
            let kind = if self.logs { "output" } else { "files" };
            text::say(format!("{did}: {kind} of {runs}, {} in {}", megabytes(bytes), what.display()));
        }
        Ok(Exit::Done)
    }
}

fn did(dry_run: bool) -> &'static str {
    if dry_run { "would be removed" } else { "removed" }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// Removes files and folders, unless nothing is to be changed, and returns their bytes.
fn remove(places: &[PathBuf], dry_run: bool) -> Result<u64, CliError> {
    let mut bytes = 0;
    for place in places {
        bytes += size(place).map_err(|error| failed(place, &error))?;
        if !dry_run {
            let removed = if place.is_dir() { fs::remove_dir_all(place) } else { fs::remove_file(place) };
            removed.map_err(|error| failed(place, &error))?;
        }
    }
    Ok(bytes)
}

/// The folders with kept files, or the files with output; the lists of kept files are neither.
fn removable(folder: &Path, logs: bool) -> io::Result<Vec<PathBuf>> {
    if folder.is_symlink() {
        return Err(io::Error::other("it is a link, and leads out of the results"));
    }
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        let path = entry.path();
        // Other files are not those of restudy.
        let is_of_run = path.file_stem().and_then(|name| name.to_str()).is_some_and(|name| name.parse::<Digest>().is_ok());
        if is_of_run && if logs { kind.is_file() } else { kind.is_dir() } {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// The bytes of a file, or of all files in a folder.
fn size(path: &Path) -> io::Result<u64> {
    let about = fs::symlink_metadata(path)?;
    if !about.is_dir() {
        return Ok(about.len());
    }
    fs::read_dir(path)?.map(|entry| size(&entry?.path())).sum()
}

fn failed(path: &Path, error: &io::Error) -> CliError {
    CliError::machine(
        Code::GcFailed,
        format!("cannot remove {}: {error}", path.display()),
        "what was removed before stays removed; check the permissions, and run the same command again",
    )
}
