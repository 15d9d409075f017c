use std::{fs, io, path::PathBuf};

use clap::Args;
use restudy_programs::run::{LOGS, kept};
use serde_json::json;

use super::{CliError, Code, Command, Common, Exit, folder::Folder, text};
use crate::store;

/// Remove the kept files of runs, to free space.
///
/// Programs can keep files with every run (`keep` under [command]): models, pictures. This command removes these files.
/// Their names, sizes and digests stay in files/*.json, and their digests in the records, so `restudy verify` still
/// compares the files that it computes again with what was there. Measurements, tables, figures and the report stay.
///
/// With --logs, what the runs printed is removed instead.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes:
  0  removed, or nothing to remove
  1  a file cannot be removed
  2  no such folder, or a sweep works in it

Examples:
  restudy gc results/train --dry-run
  restudy gc results/train
  restudy gc results/train --logs")]
pub(super) struct Gc {
    /// Results folder of a study, such as results/train.
    folder: PathBuf,
    /// Only say what would be removed.
    #[arg(long)]
    dry_run: bool,
    /// Remove what the runs printed, instead of their files.
    #[arg(long)]
    logs: bool,
}

impl Command for Gc {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let path = Folder::open(&self.folder)?.path;
        if store::is_busy(&path) {
            return Err(CliError::usage(
                Code::GcBusy,
                format!("a sweep works in {}", path.display()),
                "wait until it has ended, and run the same command again",
            ));
        }
        let what = path.join(if self.logs { LOGS } else { kept::FILES });
        let found = removable(&what, self.logs).map_err(|error| failed(&what, &error))?;
        let mut bytes = 0;
        for place in &found {
            bytes += size(place).map_err(|error| failed(place, &error))?;
            if !self.dry_run {
                let removed = if place.is_dir() { fs::remove_dir_all(place) } else { fs::remove_file(place) };
                removed.map_err(|error| failed(place, &error))?;
            }
        }
        if common.json() {
            text::say_json(json!({ "folder": path.to_string_lossy(), "runs": found.len(), "bytes": bytes, "removed": !self.dry_run }));
        } else if !common.quiet {
            let (runs, did) = (text::count(found.len(), "run"), if self.dry_run { "would be removed" } else { "removed" });
            let kind = if self.logs { "output" } else { "files" };
            text::say(format!("{did}: {kind} of {runs}, {:.1} MB in {}", bytes as f64 / 1e6, what.display()));
        }
        Ok(Exit::Done)
    }
}

/// The folders with kept files, or the files with output; the lists of kept files are neither.
fn removable(folder: &std::path::Path, logs: bool) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        if if logs { kind.is_file() } else { kind.is_dir() } {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// The bytes of a file, or of all files in a folder.
fn size(path: &std::path::Path) -> io::Result<u64> {
    let about = fs::symlink_metadata(path)?;
    if !about.is_dir() {
        return Ok(about.len());
    }
    fs::read_dir(path)?.map(|entry| size(&entry?.path())).sum()
}

fn failed(path: &std::path::Path, error: &io::Error) -> CliError {
    CliError::machine(
        Code::GcFailed,
        format!("cannot remove {}: {error}", path.display()),
        "what was removed before stays removed; check the permissions, and run the same command again",
    )
}
