use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, custom, text};
use crate::{
    digest::Digest,
    results::{Manifest, ManifestError, study_text},
    store::{self, StoreError, journal},
    sweep,
};

/// List the studies of a results folder: what they ask, how far they are, and the root of each.
///
/// States: `complete`; `running` (a sweep is working there now); `unfinished` (a sweep, or the notebook of its experiment, goes on with it: one was stopped, or only some of its shards are there); `changed` (study.toml is not what its results were made from: it was edited, or a sweep of it is not finished); `newer format` or `other contract` (another
/// restudy wrote it); `damaged` (the manifest or the study cannot be read to its end). Nothing is verified.
#[derive(Debug, Args)]
pub(super) struct Ls {
    /// The folder that holds the results of studies; that of --results without it.
    folder: Option<PathBuf>,
}

/// One study.
struct Entry {
    name: String,
    question: Option<String>,
    done: Option<usize>,
    asked: Option<usize>,
    root: Option<Digest>,
    state: &'static str,
    computed: Option<u64>,
}

impl Command for Ls {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let folder = self.folder.as_ref().unwrap_or(&common.results);
        let help = "give the folder that holds the results of studies, such as results; `restudy sweep SPEC` makes it";
        if folder.exists() && !folder.is_dir() {
            return Err(CliError::usage(format!("{} is a file, not a folder with results", folder.display()), help));
        }
        if !folder.exists() {
            return Err(CliError::usage(format!("there is no folder {}", folder.display()), help));
        }
        let listed = fs::read_dir(folder).map_err(|error| StoreError::io("list", folder, error))?;
        let mut paths: Vec<_> = listed.flatten().map(|entry| entry.path()).filter(|path| is_study(path)).collect();
        paths.sort();
        let entries: Vec<_> = paths.iter().map(|path| Entry::of(path, common)).collect();
        if common.json() {
            for (path, entry) in paths.iter().zip(&entries) {
                text::say_json(json!({
                    "study": entry.name, "folder": path.to_string_lossy(), "question": entry.question, "done": entry.done, "asked": entry.asked,
                    "root": entry.root, "state": entry.state, "computed": entry.computed,
                }));
            }
            return Ok(Exit::Done);
        }
        if entries.is_empty() {
            text::say(format!("no study in {}", folder.display()));
            return Ok(Exit::Done);
        }
        let header = ["study", "runs", "of", "state", "root", "computed", "question"];
        let number = |n: Option<usize>| n.map_or("–".into(), |n| text::thousands(n as u64));
        let row = |entry: &Entry| {
            vec![
                entry.name.clone(),
                number(entry.done),
                number(entry.asked),
                entry.state.into(),
                entry.root.map_or("–".into(), |root| root.short()),
                entry.computed.map_or("–".into(), journal::utc),
                entry.question.as_deref().map_or_else(|| "–".into(), shortened),
            ]
        };
        let rows: Vec<_> = entries.iter().map(row).collect();
        let give_up = ["computed", "root", "question", "of"];
        text::table_within(common.output_style().width, &header, &rows, Some("question"), &give_up);
        Ok(Exit::Done)
    }
}

/// A question as one line of a listing has room for it, whatever the width of the terminal; `--json` has all of it.
fn shortened(question: &str) -> String {
    const MOST: usize = 120;
    match question.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", question[..end].trim_end()),
        None => question.to_owned(),
    }
}

fn is_study(path: &Path) -> bool {
    ["manifest.json", "study.toml", "segments"].iter().any(|name| path.join(name).exists())
}

/// What a study is that is not complete.
fn unfinished(path: &Path) -> &'static str {
    if store::is_busy(path) { "running" } else { "unfinished" }
}

impl Entry {
    fn of(path: &Path, common: &Common) -> Self {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let file = path.join("study.toml");
        let study = sweep::read_kept(&file).and_then(|text| sweep::parse(&name, &file, &text, &[])).ok();
        let mut entry = Self {
            name,
            question: study.as_ref().map(|study| study.spec.study.question.clone()),
            done: None,
            asked: study.as_ref().map(sweep::Study::run_count),
            root: None,
            state: "damaged",
            computed: journal::read(path).last().map(|entry| entry.started),
        };
        let manifest = match Manifest::read(path) {
            Ok(manifest) => manifest,
            // Written last: where it is missing, a sweep did not come to its end.
            Err(ManifestError::Missing { .. }) => {
                entry.state = unfinished(path);
                entry.done = custom::stored(path, common);
                return entry;
            }
            Err(ManifestError::Version { what: "format", found, own, .. }) if found > own => {
                entry.state = "newer format";
                return entry;
            }
            Err(ManifestError::Version { what: "arithmetic contract", .. }) => {
                entry.state = "other contract";
                return entry;
            }
            Err(_) => return entry,
        };
        if let Some(study) = study {
            entry.root = Some(manifest.root);
            entry.done = manifest.tables.get("runs").map(|table| table.rows);
            entry.state = match () {
                () if study_text(&study, path).1 != manifest.specification => "changed",
                () if entry.done != entry.asked => unfinished(path),
                () if store::is_busy(path) => "running",
                () => "complete",
            };
        }
        entry
    }
}
