use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{CliError, Code, Command, Common, Exit, custom, text};
use crate::{
    digest::Digest,
    results::{Manifest, ManifestError, study_text},
    store::{self, StoreError, journal},
    sweep,
};

/// List the studies of a results folder: question, number of runs, state and root.
///
/// Nothing is verified. States:
///
/// complete: all runs and the report are stored.
///
/// running: a sweep is working there now.
///
/// unfinished: a sweep was stopped, or shards are missing; `restudy sweep` or the notebook of the experiment continues.
///
/// changed: study.toml was edited after the results were made, or its sweep is not finished.
///
/// newer format, other contract: another version of restudy wrote the results.
///
/// damaged: the manifest or the specification cannot be read.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Ls {
    /// Folder with the results of studies [default: that of --results].
    folder: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Exit codes:
  0  listed, whatever the states
  2  there is no such folder

Examples:
  restudy ls
  restudy ls other/results --json";

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
        let help = "give a folder with the results of studies, such as results; `restudy sweep SPEC` creates it";
        if folder.exists() && !folder.is_dir() {
            return Err(CliError::usage(Code::FolderNotResults, format!("{} is a file, not a results folder", folder.display()), help));
        }
        if !folder.exists() {
            return Err(CliError::usage(Code::FolderMissing, format!("there is no folder {}", folder.display()), help));
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

/// A question shortened for one line; `--json` has the full text.
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
            // A sweep writes the manifest last, so without it the sweep is not finished.
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
