//! Removes the runs that a study does not ask for.
//!
//! They are first noted in `removed.jsonl`, then removed from the store, and their files last: after a kill, the same
//! command continues.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use restudy_programs::run::{LOGS, kept};
use serde_json::json;

use super::{did, megabytes, remove as remove_files};
use crate::{
    cli::{CliError, Code, Common, Exit, custom, folder::Folder, remedies, text},
    digest::Digest,
    results::{LeftOver, VERSION},
    store::{self, RemovedRun},
};

pub(super) fn remove(folder: &Folder, dry_run: bool, common: &Common) -> Result<Exit, CliError> {
    folder.require_unchanged()?;
    folder.require_root()?;
    let path = &folder.path;
    let mut left = settled(folder)?;
    // A removal that was killed has left files of runs that it had removed.
    let listed: BTreeSet<_> = folder.manifest.runs.iter().map(|run| run.id).collect();
    let is_gone = |id: &Digest| !listed.contains(id) && !left.runs.contains(id);
    let gone: Vec<_> = store::removed(path).into_iter().map(|run| run.run).filter(is_gone).collect();
    if !dry_run && !left.ids.is_empty() {
        let store = custom::open(path)?;
        let _finishing = store.finish(&AtomicBool::new(false), &|notice| text::warn(notice))?;
        // Another process may have stored runs meanwhile.
        left = settled(folder)?;
        let records = left.ids.iter().map(|id| &left.runs.records()[id]);
        let noted = records.map(|record| RemovedRun::now(record, json!(kept::list(path, &record.id)), VERSION));
        store::note_removed(path, &noted.collect::<Vec<_>>())?;
        left.remove(&store)?;
    }
    let places: Vec<_> = left.ids.iter().chain(&gone).flat_map(|id| places(path, id)).collect();
    let bytes = remove_files(&places, dry_run)?;
    let runs = left.ids.len();
    if common.json() {
        text::say_json(json!({ "folder": path.to_string_lossy(), "runs": runs, "bytes": bytes, "removed": !dry_run }));
    } else if !common.quiet {
        text::say(match (runs, places.len()) {
            (0, 0) => format!("nothing to remove: {} has no run that its study does not ask for", path.display()),
            (0, _) => format!("{}: {} of files of runs that were removed before", did(dry_run), megabytes(bytes)),
            _ => format!(
                "{}: {} that the study does not ask for, with {} of files and output; {} {} them",
                did(dry_run),
                text::count(runs, "run"),
                megabytes(bytes),
                path.join(store::REMOVED).display(),
                if dry_run { "would list" } else { "lists" }
            ),
        });
    }
    Ok(Exit::Done)
}

/// Finds the left-over runs, and refuses to tell them from others if a sweep has to end first.
fn settled(folder: &Folder) -> Result<LeftOver, CliError> {
    let left = LeftOver::find(&folder.path, &folder.manifest)?;
    if left.is_settled() {
        return Ok(left);
    }
    let what = match left.runs.damage().first() {
        Some(damage) => format!("{} is damaged, so runs that are needed may be missing", damage.file.display()),
        None => format!(
            "{} has {} that no finished sweep has seen: a study that is not finished may need them",
            folder.path.display(),
            text::count(left.unseen, "run")
        ),
    };
    Err(CliError::usage(
        Code::GcUnsettled,
        what,
        format!(
            "finish the sweep that began there, or run `{}`; nothing was removed",
            remedies::sweep(&folder.path, &folder.study, None)
        ),
    ))
}

/// What a run has beside the store.
fn places(folder: &Path, run: &Digest) -> Vec<PathBuf> {
    let files = folder.join(kept::FILES);
    let places =
        [files.join(run.to_string()), files.join(format!("{run}.json")), folder.join(LOGS).join(format!("{run}.txt"))];
    places.into_iter().filter(|place| place.symlink_metadata().is_ok()).collect()
}
